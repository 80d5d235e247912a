import pytest

from shared.registry.plates import normalise_plate, plate_type


@pytest.mark.parametrize(
    ("plate", "expected"),
    [
        ("苏J12345", "ordinary"),
        ("苏JA123B", "ordinary"),
        ("苏JD12345", "new_energy_small"),
        ("苏JFA2345", "new_energy_small"),
        ("苏J12345D", "new_energy_large"),
        ("苏J12345F", "new_energy_large"),
        ("苏J12345K", "new_energy_large"),
        ("苏J1234挂", "trailer"),
        ("苏J1234学", "learner"),
        ("苏J1234警", "police"),
    ],
)
def test_types(plate, expected):
    assert plate_type(plate) == expected


@pytest.mark.parametrize(
    "plate",
    [
        "",
        "J12345",
        "苏I12345",
        "苏J1234O",
        "苏J1234",
        "苏J123456",
        "苏J12345E挂",
        "苏JD1234A",
        "苏j12345",
        "苏J12345\n",
    ],
)
def test_what_is_no_plate_has_no_type(plate):
    assert plate_type(plate) is None


@pytest.mark.parametrize(
    "written", ["苏j·12345", "苏J•12345", "苏J・12345", "苏J-12345", " 苏Ｊ １２３４５ ", "苏J.12345"]
)
def test_normal_form(written):
    assert normalise_plate(written) == "苏J12345"
