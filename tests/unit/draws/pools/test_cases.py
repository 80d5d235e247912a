"""Each rule by which a case is drawn from for a file review, or left out."""

import pytest

from services.draws.pools.cases import Case, case_id, cases_of, one_of_each
from services.draws.pools.entries import Eligible, LeftOut
from tests.support.shops import (
    ELSEWHERE,
    HERE,
    LATER,
    OTHER,
    SHOP,
    case_pool,
    decided,
    fact,
    registered,
    revoked,
    terms,
)


def places(facts, **pending):
    """By case number: the stratum, or the code."""
    found = {case.entry.id: case.entry for case in cases_of(SHOP, facts, terms(case_pool(), pending))}
    return {id_: entry.stratum if isinstance(entry, Eligible) else entry.code for id_, entry in found.items()}


def amended(number, revision, on="2026-08-01", **said):
    data = decided(number, on=on, said=said).data
    return fact("case.amended", {**data, "revision": revision})


def test_a_case_stands_in_the_stratum_of_its_severity_with_its_own_region():
    [case] = cases_of(SHOP, [registered(ELSEWHERE), decided("一号", severity="serious")], terms(case_pool()))
    assert case == Case(Eligible("case:一号", "serious", HERE), frozenset({"J1", "J2"}), SHOP)


@pytest.mark.parametrize(
    ("on", "there"), [("2026-06-30", False), ("2026-07-01", True), ("2026-09-30", True), ("2026-10-01", False)]
)
def test_cases_of_the_days_are_reviewed(on, there):
    assert bool(places([decided("1", on=on)])) == there


def test_cases_elsewhere_and_cases_not_known_then_are_none():
    assert places([decided("1", said={"region": ELSEWHERE}), decided("2", recorded=LATER)]) == {}


def test_what_takes_a_case_out_is_told():
    voided = [decided("1"), revoked("1"), decided("2"), revoked("2", recorded=LATER)]
    found = places([*voided, decided("3", "XX-99"), decided("4")], **{"case:4": frozenset({"d-1"})})
    assert found == {
        "case:1": "revoked",
        "case:2": "general",
        "case:3": "unknown-code",
        "case:4": "drawn-pending",
    }


def test_the_highest_revision_says_what_a_case_is():
    facts = [decided("1"), amended("1", 2, severity="minor"), amended("1", 1, severity="serious")]
    assert places(facts) == {"case:1": "minor"}
    assert places([decided("1"), amended("1", 1, on="2026-06-01")]) == {}
    assert places([amended("1", 1)]) == {}


def test_a_code_is_unknown_only_where_no_decision_of_the_case_has_a_known_one():
    assert places([decided("1", "XX-99"), decided("1", "SP-03")]) == {"case:1": "general"}


def test_whoever_is_named_by_any_revision_has_handled_the_case():
    [case] = cases_of(SHOP, [decided("1"), amended("1", 1, officers=["J3", "J4"])], terms(case_pool()))
    assert case.officers == {"J1", "J2", "J3", "J4"}


def both(*entries):
    """What stands of cases, whatever order they come in."""
    cases = [Case(entry, frozenset({"J1"}), SHOP) for entry in entries]
    [one] = {found["case:1"] for found in (one_of_each(cases), one_of_each(reversed(cases)))}
    return one


CASE, ANOTHER = Eligible("case:1", "minor", HERE), Eligible("case:1", "general", HERE)
VOID = LeftOut("case:1", "revoked")


def test_a_case_decided_anew_at_the_right_party_is_the_case():
    assert both(CASE, VOID).entry == CASE
    assert both(VOID, VOID).entry == VOID


def test_two_that_stand_under_one_number_are_not_drawn():
    conflict = Case(LeftOut("case:1", "number-conflict"), frozenset(), SHOP)
    assert both(CASE, ANOTHER) == both(CASE, VOID, ANOTHER) == both(CASE, CASE, CASE) == conflict


def test_one_number_of_two_subjects_stands_once():
    cases = [*cases_of(SHOP, [decided("1")], terms(case_pool()))]
    cases += cases_of(OTHER, [decided("1", subject=OTHER)], terms(case_pool()))
    assert [case.entry for case in one_of_each(cases).values()] == [LeftOut("case:1", "number-conflict")]


def test_an_id_has_the_form_that_documents_have():
    assert case_id("e\u0301\ufeff1") == "case:é1"
