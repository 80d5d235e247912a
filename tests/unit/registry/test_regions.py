import pytest

from shared.registry.regions import communities_within, level, name_of, prefix_of


@pytest.mark.parametrize(
    ("region", "prefix", "expected_level", "name"),
    [
        ("320000000000", "32", "省", "江苏省"),
        ("320900000000", "3209", "市", "盐城市"),
        ("320900", "3209", "市", "盐城市"),
        ("320902000", "320902", "县区", "亭湖区"),
        ("320902000000", "320902", "县区", "亭湖区"),
        ("320902001000", "320902001", "街道", "五星街道"),
        ("320902001001", "320902001001", "社区", "东闸新村社区居委会"),
        ("320902100000", "320902100", "街道", "南洋镇"),
        ("441900003000", "441900003", "街道", None),  # a city without districts
        ("320903001001", "320903001001", "社区", None),
    ],
)
def test_level_prefix_and_name(region, prefix, expected_level, name):
    assert prefix_of(region) == prefix_of(prefix) == prefix
    assert level(region) == level(prefix) == expected_level
    assert name_of(region) == name_of(prefix) == name


@pytest.mark.parametrize("prefix", ["", "3", "320", "32090", "3209020", "320902x", "３２"])
def test_a_prefix_has_the_length_of_a_level(prefix):
    with pytest.raises(ValueError, match="2, 4, 6, 9 or 12 digits"):
        level(prefix)


def test_the_sample_district_is_whole():
    assert len(communities_within("320902")) == 208
    assert {name_of(code[:9]) for code in communities_within("320902")} >= {"五星街道", "文峰街道", "黄尖镇"}
    assert all(code.startswith("320902") and name_of(code) for code in communities_within("320902"))
    assert communities_within("320903") == ()
