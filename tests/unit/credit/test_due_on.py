"""The due date: the first later day on which anything that anyone is shown may change."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from shared.credit.facts import Fact
from shared.credit.rulebook import Rulebooks
from shared.credit.summary import summarise
from shared.rulebooks.loader import load_directory

SUBJECT = "shop:92320902MA1N00026Y-01"
RULEBOOKS = Rulebooks(load_directory(Path(__file__).parents[3] / "shared" / "contracts" / "vectors" / "rulebooks"))
CASE = {"case_no": "1", "violation_code": "SP-03", "severity": "general", "officers": ["a", "b"]}
CASE |= {"occurred_on": "2026-01-05", "decided_on": "2026-01-10", "region": "320902001001"}
RECORDED = datetime(2026, 1, 10, tzinfo=UTC)


def due(today, *others):
    """The due date of a subject with a case and other facts of it."""
    facts = [("case.decided", CASE), *((type_, {"case_no": "1", **data}) for type_, data in others)]
    made = [
        Fact("s", f"e-{number}", f"cn.chengxin.{type_}.v1", SUBJECT, "2026-01-10T10:00:00+08:00", data, RECORDED)
        for number, (type_, data) in enumerate(facts)
    ]
    return summarise(SUBJECT, made, RULEBOOKS, today)[0]["due_on"]


DISPUTED = ("case.disputed", {"on": "2026-01-20"})
CLOSED = ("case.dispute_closed", {"on": "2026-01-25", "outcome": "upheld", "reviewer": "c"})


@pytest.mark.parametrize(
    ("today", "others", "right"),
    [
        (date(2026, 1, 9), [], "2026-01-10"),
        (date(2026, 1, 19), [DISPUTED], "2026-01-20"),
        (date(2026, 1, 20), [DISPUTED, CLOSED], "2026-01-25"),
    ],
)
def test_a_decision_a_dispute_and_its_closure_are_days_of_change(today, others, right):
    assert due(today, *others) == right


def test_without_a_dispute_nothing_changes_on_its_day():
    assert due(date(2026, 1, 19)) > "2026-01-25"
