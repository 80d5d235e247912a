"""What is strange about an event: told of each alone, and never a word of its content."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.ingest.doubting import doubting, nothing_known
from services.ingest.doubts import Glance
from services.ingest.statements import Statements
from tests.unit.ingest.conftest import RULEBOOKS, SHOP
from tests.unit.ingest.test_jurisdiction import THEIRS, decided, event


def glance_with(facts=(), *, registered=True):
    return lambda events: {subject: Glance(registered, Statements(facts)) for subject in events}


def told(subject_event, facts=(), batch=(), *, registered=True):
    [found, *_] = doubting([subject_event, *batch], glance_with(facts, registered=registered), RULEBOOKS)
    return [(each.code, each.pointer) for each in found]


def test_nothing_is_strange_about_a_registered_subjects_new_case():
    assert told(decided()) == []


def test_a_subject_that_nobody_has_registered():
    assert told(decided(), registered=False) == [("subject-not-registered", "/subject")]
    assert told(decided(), batch=[event("subject.upserted", id_="r-1")], registered=False) == []


@pytest.mark.parametrize("type_", ["case.revoked", "case.disputed", "case.replied", "case.dispute_closed"])
def test_a_case_that_is_not_seen(type_):
    assert told(event(type_)) == [("not-seen", "/data/case_no")]
    assert told(event(type_), facts=[decided()]) == []
    assert told(event(type_), batch=[decided()]) == []


def test_a_withdrawn_fact_that_is_not_seen():
    withdrawn = event("fact.withdrawn")
    assert told(withdrawn) == [("not-seen", "/data/id")]
    assert told(withdrawn, facts=[event("fleet.declared", id_=withdrawn.data["id"])]) == []


def test_the_same_id_with_other_content():
    other = decided(id_="new-1", case_no="another")
    assert told(event("case.decided"), facts=[other]) == [("id-conflict", "/id")]
    assert told(event("case.decided"), facts=[event("case.decided")]) == []
    later = replace(event("case.decided"), time="2026-02-02T00:00:00+08:00")
    assert told(event("case.decided"), batch=[later]) == [("id-conflict", "/id")]


def test_a_number_that_another_source_has_stated_otherwise():
    theirs = decided(source=THEIRS, severity="serious")
    assert told(decided(id_="new"), facts=[theirs]) == [("number-conflict", "/data/case_no")]
    assert told(decided(id_="new"), facts=[decided(source=THEIRS)]) == []


def test_a_case_that_its_own_source_decides_anew_with_other_content():
    assert told(decided(id_="new"), facts=[decided(severity="serious")]) == [("number-again", "/data/case_no")]
    assert told(decided(id_="new"), facts=[decided()]) == []


def test_what_was_not_compared_is_said_so():
    uncompared = Glance(registered=True, statements=None, reason="the store does not answer")
    [only] = doubting([decided()], lambda _: {SHOP: uncompared}, RULEBOOKS)[0]
    assert (only.code, "does not answer" in only.message) == ("not-compared", True)


@pytest.mark.parametrize(
    ("type_", "data", "pointer"),
    [
        ("case.decided", {"violation_code": "SP-99"}, "/data/violation_code"),
        ("inspection.completed", {"findings": [{"violation_code": "SP-99", "severity": "minor"}]}, "/data/findings"),
        ("credit.commended", {"commendation_code": "BN-99"}, "/data/commendation_code"),
    ],
)
def test_a_code_that_no_rulebook_lists(type_, data, pointer):
    strange, known = replace(event(type_, **data), subject=SHOP), decided(case_no="另一号")
    [first], second = doubting([strange, known], glance_with(), RULEBOOKS)
    assert (first.code, first.pointer) == ("code-not-in-force", pointer)
    assert second == []


def test_an_inspector_is_no_credit_subject():
    assert doubting([event("inspector.upserted")], nothing_known, RULEBOOKS) == [[]]


def test_before_the_rulebooks_were_read_no_code_is_judged_and_that_is_said():
    [only] = doubting([decided()], glance_with(), None)[0]
    assert (only.code, only.pointer) == ("not-compared", "/data/violation_code")


def test_a_case_that_tells_of_its_inspection_states_no_inspection_again():
    inspection = event("inspection.completed", source=THEIRS, id_="i-1")
    case = decided(inspection_id=inspection.data["inspection_id"])
    assert told(case, facts=[inspection]) == []


def amended(revision, id_, **data):
    return event("case.amended", id_=id_, revision=revision, **data)


def test_an_amendment_of_a_revision_that_another_has_or_exceeds():
    [[found]] = doubting(
        [amended(2, "new")], glance_with([decided(), amended(3, "a-3", severity="serious")]), RULEBOOKS
    )
    assert (found.code, found.pointer) == ("revision-stands", "/data/revision")
    assert "the other one counts" in found.message
    assert "revision 4" in found.message
    assert told(amended(3, "z"), facts=[amended(3, "a", severity="serious")]) == [("revision-stands", "/data/revision")]
    assert told(amended(3, "new"), facts=[decided(severity="serious"), amended(2, "a-2", severity="serious")]) == []
    assert told(amended(3, "new"), facts=[amended(3, "a-3")]) == []


def test_of_a_case_that_was_amended_no_later_decision_is_said_to_count():
    facts = [decided(severity="serious"), amended(1, "a-1", severity="serious")]
    [[found]] = doubting([decided(id_="z")], glance_with(facts), RULEBOOKS)
    assert (found.code, "the other one counts" in found.message) == ("number-again", True)


@pytest.mark.parametrize(
    ("time", "id_", "stands"),
    [("2026-02-01T09:00:00+08:00", "z", True), ("2026-02-01T10:00:00+08:00", "a", True),
     ("2026-02-01T10:00:00+08:00", "z", False), ("2026-02-01T11:00:00+08:00", "a", False)],
)  # fmt: skip
def test_an_entry_of_the_register_that_another_outlives(time, id_, stands):
    before = replace(event("subject.upserted", id_="m", name="旧"), time="2026-02-01T10:00:00+08:00")
    new = replace(event("subject.upserted", id_=id_, name="新"), time=time)
    assert told(new, facts=[before]) == ([("entry-stands", "/time")] if stands else [])
    assert told(replace(new, data=before.data), facts=[before]) == []


@pytest.mark.parametrize(("granted", "allowed"), [("2026-05-01", False), ("2026-05-02", True)])
def test_a_repair_before_the_rulebook_allows_one(granted, allowed):
    case = decided(occurred_on="2026-02-01", decided_on="2026-02-02", severity="general", violation_code="SP-03")
    repaired = event("credit.repaired", target=case.data["case_no"], granted_on=granted)
    [found] = doubting([repaired], glance_with([case]), RULEBOOKS)
    assert [(each.code, each.pointer) for each in found] == (
        [] if allowed else [("repair-not-allowed", "/data/granted_on")]
    )
    assert allowed or "from 2026-05-02 on" in found[0].message


def test_numbers_of_persons_in_what_is_told_are_told_of_and_not_repeated():
    [[found]] = doubting([decided(facts="当事人电话13812345678")], glance_with(), RULEBOOKS)
    assert (found.code, found.pointer) == ("personal-numbers", "/data/facts")
    assert "138" not in found.message
    assert told(decided(penalties=[{"kind": "罚款", "content": "身份证11010519491231002X"}])) == [
        ("personal-numbers", "/data/penalties/0/content")
    ]
    assert told(decided(case_no="13812345678")) == []


def test_what_is_wrong_with_a_code_is_told():
    [[severity]] = doubting([decided(violation_code="SP-01", severity="serious")], glance_with(), RULEBOOKS)
    assert "the code has the severities" in severity.message
    [[code]] = doubting([decided(violation_code="sp-03")], glance_with(), RULEBOOKS)
    assert "/v1/rulebooks/shop-credit/" in code.message


@pytest.mark.parametrize(
    ("new", "facts", "pointer"),
    [
        (decided(id_="n", served_on="2026-01-31", decided_on="2026-02-01"), [], "/data/served_on"),
        (decided(id_="n", pay_by="2025-02-20", decided_on="2026-02-01"), [], "/data/pay_by"),
        (event("subject.upserted", opened_on="2026-02-01", closed_on="2020-02-01"), [], "/data/closed_on"),
        (event("case.revoked", revoked_on="2026-01-31"), [decided(decided_on="2026-02-01")], "/data/revoked_on"),
        (event("case.disputed", on="2026-01-31"), [decided(decided_on="2026-02-01")], "/data/on"),
    ],
    ids=["served", "paid", "closed", "revoked", "disputed"],
)
def test_days_in_the_wrong_order(new, facts, pointer):
    assert ("days-out-of-order", pointer) in told(new, facts=facts)


def test_days_in_the_right_order():
    case = decided(id_="n", decided_on="2026-02-01", served_on="2026-02-01", pay_by="2026-02-16")
    assert told(case) == []
    assert told(event("case.revoked", revoked_on="2026-02-01"), facts=[decided(decided_on="2026-02-01")]) == []


@pytest.mark.parametrize(
    ("result", "findings", "strange"), [("01", True, 1), ("03", False, 1), ("01", False, 0), ("03", True, 0)]
)
def test_a_result_that_says_otherwise_than_the_findings(result, findings, strange):
    found = [{"violation_code": "SP-03", "severity": "minor"}] if findings else []
    inspection = replace(event("inspection.completed", result=result, findings=found), subject=SHOP)
    assert [code for code, _ in told(inspection)] == ["result-contradicts"] * strange
