from shared.rulebooks.check import check_candidate
from shared.rulebooks.loader import load_bytes


def checked(text, *published):
    return check_candidate(text.encode(), "b.yaml", [load_bytes(each.encode(), "x.yaml") for each in published])


def said(report):
    return [f"{fault.line}: {fault.message}" for fault in report.faults]


def test_one_that_holds(small, second):
    report = checked(second, small)
    assert (report.faults, report.warnings) == ([], [])
    assert [book.version for book in report.books] == [2]


def test_faults_of_form_and_law(small):
    assert checked("id: x\n").books == []
    assert "1: title: is missing" in said(checked("id: x\n"))
    assert said(checked(small.replace("城市绿化条例", "不存在法"))) == [
        "24: X-1: 《不存在法》 is not among the laws in laws.yaml"
    ]


def test_it_is_held_against_the_version_that_it_follows(small, second):
    third = second.replace("version: 2", "version: 3").replace("2026-06-01", "2026-07-01")
    assert said(checked(third.replace("X-1", "X-2"), small, second))[0].endswith(
        "must keep X-1 general of version 2; points '0' abolish it"
    )
    assert said(checked(third.replace("2026-07-01", "2026-05-20"), small, second)) == [
        "5: effective_from: must not be before that of version 2 (2026-06-01)"
    ]


def test_a_kind_keeps_its_id(small):
    assert said(checked(small.replace("id: small", "id: other"), small)) == [
        "7: kinds.shop: has rulebooks of several ids: other, small; one id per kind"
    ]


def test_warnings_stand_by_their_lines(small, second):
    newer = second.replace("general: '4'", "general: '3'").replace("general: 12}", "general: 18}")
    assert [str(warning) for warning in checked(newer, small).warnings] == [
        "b.yaml:26: kinds.shop.violations.0.lasts_months: X-1: fewer points than before for general, but for longer"
    ]
