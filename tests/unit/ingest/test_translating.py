"""Organs' own codes at the door."""

from services.ingest.translating import translated
from shared.events.envelope import Event
from shared.events.types.case_decided import EVENT as DECIDED
from shared.events.types.inspection_completed import EVENT as COMPLETED
from shared.events.types.subject_upserted import EVENT as UPSERTED

TABLES = {"urn:chengxin:organ:320902": {"CG-0312": "SP-03", "CG-0100": "HW-03"}}


def an_event(kind, **data):
    names = ("id", "source", "type", "subject", "time")
    return Event(**{name: kind.example[name] for name in names}, data=kind.example["data"] | data)


def test_an_own_code_is_turned_and_stands_beside():
    found = translated(an_event(DECIDED, violation_code="CG-0312"), TABLES).data
    assert (found["violation_code"], found["own_code"]) == ("SP-03", "CG-0312")


def test_so_is_that_of_each_finding():
    findings = [{"violation_code": code, "severity": "minor"} for code in ("CG-0100", "HW-01")]
    assert translated(an_event(COMPLETED, findings=findings), TABLES).data["findings"] == [
        {"violation_code": "HW-03", "severity": "minor", "own_code": "CG-0100"},
        findings[1],
    ]


def test_what_no_table_has_stays_as_it_is():
    for event in (an_event(DECIDED), an_event(UPSERTED)):
        assert translated(event, TABLES) == event
    other = an_event(DECIDED, violation_code="CG-0312")
    assert translated(other, {"urn:other": {"CG-0312": "SP-03"}}) == other
