import pytest

from shared.rulebooks.check import check_directory


def said(path):
    report = check_directory(path)
    return [f"{fault.file.rsplit('/')[-1]}:{fault.line}: {fault.message}" for fault in report.faults]


def warned(path):
    report = check_directory(path)
    assert not report.faults
    return [f"{fault.file.rsplit('/')[-1]}:{fault.line}: {fault.message}" for fault in report.warnings]


def test_versions_that_hold(folder, small, second):
    report = check_directory(folder(a=small, b=second))
    assert report.faults == report.warnings == []
    assert [book.version for book in report.books] == [1, 2]


def test_an_unknown_law_and_one_not_in_force(folder, small):
    bases = "[《城市绿化条例》第二十条, 《不存在法》第一条, 《治安管理处罚法》（主席令第三十八号）]"
    path = folder(a=small.replace("[《城市绿化条例》第二十条]", bases))
    assert said(path) == [
        "a.yaml:24: X-1: 《不存在法》 is not among the laws in laws.yaml",
        "a.yaml:24: X-1: 《治安管理处罚法》 is not in force on 2026-01-01 (in force: 2006-03-01 to 2026-01-01)",
    ]


def test_a_folder_may_bring_its_own_laws(folder, small):
    own = "laws:\n- title: 城市绿化条例\n  texts:\n  - {from: '2026-01-02'}\n"
    assert "not in force on 2026-01-01" in said(folder(a=small, laws=own))[0]
    assert said(folder(a=small, laws="laws: 1\n")) == ["laws.yaml:1: must be a list that is not empty"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("'2026-06-01'", "'2025-12-31'"),
            "b.yaml:5: effective_from: must not be before that of version 1 (2026-01-01)",
        ),
        (("shop:", "hauler:"), "b.yaml:6: kinds: must keep shop, which version 1 has"),
        (("grade: B", "grade: C"), "b.yaml:11: kinds.shop.grades: must have the names of version 1: A, B"),
        (("X-1", "X-2"), "b.yaml:21: kinds.shop.violations: must keep X-1 minor of version 1; points '0' abolish it"),
    ],
)
def test_a_version_must_agree_with_the_one_before(folder, small, second, change, expected):
    newer = second.replace(*change)
    if change[0].startswith("'"):
        newer = newer.replace("'2026-05-01'", "'2025-12-02'")
    assert expected in said(folder(a=small, b=newer))


def test_a_severity_is_not_left_out(folder, small, second):
    newer = second.replace("{minor: '2', general: '4'}", "{general: '4'}").replace(
        "{minor: 3, general: 12}", "{general: 12}"
    )
    newer = newer.replace("{minor: {allowed: true, after_months: 0}, general", "{general")
    assert said(folder(a=small, b=newer)) == [
        "b.yaml:22: kinds.shop.violations.0: must keep X-1 minor of version 1; points '0' abolish it"
    ]


def test_a_kind_has_one_id(folder, small):
    assert said(folder(a=small, b=small.replace("id: small", "id: other"))) == [
        "a.yaml:7: kinds.shop: has rulebooks of several ids: other, small; one id per kind"
    ]


def test_faults_of_form_do_not_hide_those_of_others(folder, small, second):
    lines = said(folder(a=small.replace("rolling", "weekly"), b=second.replace("城市绿化条例", "不存在法"), c=second))
    assert [line.split(":")[0] for line in lines] == ["a.yaml", "b.yaml", "c.yaml"]


def test_an_empty_folder(tmp_path):
    assert [fault.message for fault in check_directory(tmp_path).faults] == ["holds no rulebook (*.yaml)"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            [
                ("general: '4'", "general: '3'"),
                ("lasts_months: {minor: 3, general: 12}", "lasts_months: {minor: 3, general: 18}"),
            ],
            [
                (
                    "b.yaml:26: kinds.shop.violations.0.lasts_months: "
                    "X-1: fewer points than before for general, but for longer"
                )
            ],
        ),
        (
            [("general: '4'", "general: '3'"), ("caps_grade: null", "caps_grade: B")],
            ["b.yaml:30: kinds.shop.violations.0.caps_grade: X-1: fewer points than before for general, but a new cap"],
        ),
        ([("general: '4'", "general: '5'"), ("caps_grade: null", "caps_grade: B")], []),
        ([("'2026-06-01'", "'2026-01-01'"), ("'2026-05-01'", "'2025-12-02'")], []),
        ([("'2026-06-01'", "'2026-03-31'"), ("'2026-05-01'", "'2025-12-02'"), ("general: 6}", "minor: 4}")], []),
        ([("general: '4'", "general: '5'"), ("general: 12}", "general: 18}")], []),
        (
            [("items: {general: 6}", "items: {minor: 4, general: 2, serious: 37}")],
            [
                (
                    "b.yaml:20: kinds.shop.publication.items.general: "
                    "2 months is not 3 to 12, as NDRC Order 36 has it for general"
                ),
                (
                    "b.yaml:20: kinds.shop.publication.items.minor: "
                    "4 months is not 1 to 3, as NDRC Order 36 has it for minor"
                ),
                (
                    "b.yaml:20: kinds.shop.publication.items.serious: "
                    "37 months is not 12 to 36, as NDRC Order 36 has it for serious"
                ),
            ],
        ),
    ],
)
def test_warnings(folder, small, second, changes, expected):
    newer = second
    for change in changes:
        newer = newer.replace(*change)
    assert newer != second
    assert warned(folder(a=small, b=newer)) == expected


def test_a_cap_that_was_there_before_is_no_warning(folder, small, second):
    first, newer = (text.replace("caps_grade: null", "caps_grade: B") for text in (small, second))
    assert warned(folder(a=first, b=newer.replace("general: '4'", "general: '3'"))) == []


def test_an_abolished_violation_that_still_caps(folder, small):
    text = small.replace("{minor: '2', general: '4'}", "{minor: '0', general: '0'}").replace(
        "caps_grade: null", "caps_grade: B"
    )
    assert warned(folder(a=text)) == [
        "a.yaml:30: kinds.shop.violations.0.caps_grade: X-1 is abolished but still caps grades"
    ]
