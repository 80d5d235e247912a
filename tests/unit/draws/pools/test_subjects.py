"""Each rule by which a subject is drawn from, or left out."""

import pytest

from services.draws.pools import subjects
from services.draws.pools.entries import Eligible, LeftOut
from services.draws.pools.subjects import judged
from shared.credit.rulebook import Versions
from tests.support.shops import (
    AS_OF,
    ELSEWHERE,
    HERE,
    LATER,
    SHOP,
    days_before,
    drawn,
    graded,
    inspected,
    registered,
    revoked,
    subject_pool,
    terms,
    withdrawn,
)

AFTER = "2026-06-01T10:00:00+08:00"
UNLIMITED = subject_pool(visits_per_year={})
FINDING = {"violation_code": "SP-03", "severity": "minor"}


def place(facts, by=None):
    """The stratum, or the code, or None."""
    entry = judged(SHOP, facts, by or terms(UNLIMITED))
    assert entry is None or entry.id == SHOP
    return entry and (entry.stratum if isinstance(entry, Eligible) else entry.code)


def test_a_subject_stands_in_the_stratum_of_its_grade_with_its_region():
    assert judged(SHOP, graded("A"), terms()) == Eligible(SHOP, "A", HERE)


@pytest.mark.parametrize("grade", ["C", "D"])
def test_other_grades_are_other_strata(grade):
    assert place(graded(grade)) == grade


def test_a_case_that_is_revoked_gives_no_grade():
    assert place([*graded("D"), revoked(f"{SHOP}-SP-V1")]) == "A"


def test_a_stratum_tells_nothing_that_the_public_may_not_see():
    serious = {"violation_code": "SP-V1", "severity": "serious"}
    assert place([*graded("A"), inspected("i", days_before(30), result="04", findings=[serious])]) == "A"


def test_too_little_evidence_is_a_stratum_of_its_own():
    assert place([registered()]) == "unrated"


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ([], None),
        ([registered(ELSEWHERE)], None),
        ([registered(), registered(ELSEWHERE, time=AFTER)], None),
        ([registered(ELSEWHERE), registered(time=AFTER)], "unrated"),
        ([registered(), registered(ELSEWHERE, time=AFTER, recorded=LATER)], "unrated"),
        ([registered(recorded=LATER)], None),
        ([registered(status="closed")], "closed"),
        ([registered(), registered(status="closed", time=AFTER)], "closed"),
        ([registered(status="closed"), registered(time=AFTER)], "unrated"),
        ([registered(), registered(status="closed", time=AFTER, recorded=LATER)], "unrated"),
    ],
)
def test_the_register_counts_as_it_was_known(facts, found):
    assert place(facts) == found


def test_a_longer_prefix_is_a_smaller_region():
    assert place(graded(), terms(subject_pool(regions=["320902002", "320903"]))) is None
    assert place(graded(), terms(subject_pool(regions=["320902002", "320902001001"]))) == "A"


@pytest.mark.parametrize(("days", "found"), [(0, "drawn-clean"), (179, "drawn-clean"), (180, "A"), (-1, "A")])
def test_who_was_drawn_and_clean_is_left_out_for_so_many_days(days, found):
    assert place([*graded(), drawn("i", days_before(days))]) == found


@pytest.mark.parametrize(
    ("visit", "found"),
    [
        (inspected("i", AS_OF, said={"draw_id": "d"}), "drawn-clean"),
        (inspected("i", AS_OF, said={"origin": "draw"}), "A"),
        (inspected("i", AS_OF, said={"draw_id": "d", "region": ELSEWHERE}), "A"),
        (inspected("i", AS_OF, said={"origin": "complaint"}), "A"),
        (inspected("i", AS_OF), "A"),
        (drawn("i", AS_OF, result="02"), "A"),
        (drawn("i", AS_OF, findings=[FINDING]), "A"),
        (drawn("i", AS_OF, recorded=LATER), "A"),
    ],
)
def test_only_a_drawn_visit_that_found_nothing_leaves_somebody_out(visit, found):
    assert place([*graded(), visit]) == found


def test_a_visit_that_was_withdrawn_or_corrected_by_then_was_none():
    visit = drawn("i", AS_OF)
    corrected = drawn("i", AS_OF, findings=[FINDING], time=AFTER)
    assert place([*graded(), visit, withdrawn(visit)]) == "A"
    assert place([*graded(), visit, withdrawn(visit, recorded=LATER)]) == "drawn-clean"
    assert place([*graded(), visit, corrected]) == "A"


def test_nobody_is_clean_long_enough_in_some_grades_or_by_some_plans():
    visit = drawn("i", AS_OF)
    assert place([*graded("D"), visit]) == "D"
    everybody = subject_pool(clean_days_not_for=[], visits_per_year={})
    assert place([*graded("D"), visit], terms(everybody)) == "drawn-clean"
    assert place([*graded(), visit], terms(subject_pool(clean_days=0, visits_per_year={}))) == "A"


@pytest.mark.parametrize(
    ("grade", "days", "found"),
    [
        ("A", ["2026-01-01"], "yearly-cap"),
        ("A", ["2025-12-31"], "A"),
        ("A", ["2026-10-01"], "A"),
        ("C", ["2026-01-01"], "C"),
        ("C", ["2026-01-01", "2026-02-01"], "yearly-cap"),
        ("D", ["2026-01-01", "2026-02-01", "2026-03-01"], "D"),
        ("D", ["2026-01-01", "2026-02-01", "2026-03-01", "2026-09-30"], "yearly-cap"),
    ],
)
def test_a_year_has_so_many_visits_by_draw_as_the_grade_allows(grade, days, found):
    visits = [drawn(f"i{n}", day, result="02") for n, day in enumerate(days)]
    assert place([*graded(grade), *visits], terms()) == found


def test_a_visit_told_twice_is_one_and_a_visit_outside_draws_is_none():
    assert place([*graded("C"), drawn("i", AS_OF, result="02"), drawn("i", AS_OF, result="02")], terms()) == "C"
    assert place([*graded("A"), inspected("i", AS_OF, result="02")], terms()) == "A"


def test_of_key_items_nobody_is_left_out_for_having_been_drawn():
    visits = [drawn("i", AS_OF), drawn("j", AS_OF)]
    assert place([*graded(), *visits], terms(subject_pool(key_items=True))) == "A"


@pytest.mark.parametrize(
    ("visits", "found"),
    [
        ([], "drawn-pending"),
        ([drawn("i", "2026-09-20", "other")], "drawn-pending"),
        ([drawn("i", "2026-09-20", "d-1", recorded=LATER)], "drawn-pending"),
        ([drawn("i", "2026-09-20", "d-1", result="02")], "A"),
        ([drawn("i", "2026-09-20", "d-1")], "drawn-clean"),
    ],
)
def test_who_is_drawn_already_is_left_out_until_the_outcome_comes(visits, found):
    by = terms(UNLIMITED, {SHOP: frozenset({"d-1"})})
    assert place([*graded(), *visits], by) == found


def test_an_outcome_of_one_draw_is_none_of_another():
    by = terms(UNLIMITED, {SHOP: frozenset({"d-1", "d-2"})})
    assert place([*graded(), drawn("i", "2026-09-20", "d-1", result="02")], by) == "drawn-pending"


def test_key_items_are_not_drawn_twice_at_a_time():
    assert place(graded(), terms(subject_pool(key_items=True), {SHOP: frozenset({"d"})})) == "drawn-pending"


def test_without_a_rulebook_there_is_no_stratum():
    assert place(graded(), terms(versions=Versions((), "shop"))) == "no-score"


def test_a_fault_of_ours_leaves_out_one_subject_and_says_so(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(subjects, "open_account", broken)
    assert judged(SHOP, graded(), terms()) == LeftOut(SHOP, "failed")


def test_the_first_reason_is_told():
    by = terms(UNLIMITED, {SHOP: frozenset({"d-1"})})
    assert place([*graded(), registered(status="closed", time=AFTER), drawn("i", AS_OF)], by) == "closed"
    assert place([*graded(), drawn("i", AS_OF), drawn("j", AS_OF)], terms()) == "drawn-clean"
