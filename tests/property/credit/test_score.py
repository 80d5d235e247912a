"""What must hold of the score of any facts (SCORING.md): tried on the facts of the golden vectors."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.credit.audience import receipt_for
from shared.credit.facts import Fact, parse_fact
from shared.credit.receipt import assess, score
from shared.credit.rulebook import Rulebooks
from shared.credit.summary import summarise
from shared.rulebooks.loader import load_directory

VECTORS = Path(__file__).parents[3] / "shared" / "contracts" / "vectors"
BOOKS = Rulebooks(load_directory(VECTORS / "rulebooks"))
LATER = datetime(2027, 6, 1, tzinfo=UTC)
YEARS = 4 * 366


def _cases():
    for name in ("score_named.jsonl", "score_fuzzed.jsonl"):
        for line in (VECTORS / name).read_text().splitlines():
            case = json.loads(line)
            if "error" not in case["expected"] and case["known_at"] is None:
                yield case["subject_id"], [parse_fact(fact) for fact in case["facts"]], case["as_of"], case["ledger"]


CASES = list(_cases())
CASE = st.sampled_from(CASES)


@given(CASE, st.data())
@settings(max_examples=200)
def test_order_and_repetition_change_nothing(case, data):
    subject, facts, as_of, ledger = case
    copies = data.draw(st.lists(st.sampled_from(facts), max_size=5))
    late = [copy._replace(recorded_at=LATER) for copy in copies]
    shuffled = data.draw(st.permutations([*facts, *late]))
    day = date.fromisoformat(as_of)
    assert score(subject, shuffled, BOOKS, day, ledger=ledger) == score(subject, facts, BOOKS, day, ledger=ledger)


@given(CASE, st.data())
@settings(max_examples=200)
def test_a_revoked_case_counts_as_an_absent_one(case, data):
    subject, facts, as_of, ledger = case
    numbers = sorted({fact.data["case_no"] for fact in facts if "case_no" in fact.data})
    if not numbers:
        return
    number = data.draw(st.sampled_from(numbers))
    revoked = {"case_no": number, "revoked_on": "2026-01-01", "ground": "litigation", "instrument_no": "判-1"}
    time = "2026-05-01T10:00:00+08:00"
    revocation = Fact("urn:court", "revocation", "cn.chengxin.case.revoked.v1", subject, time, revoked, LATER)
    absent = [fact for fact in facts if fact.data.get("case_no") != number]
    day = date.fromisoformat(as_of)
    with_it = score(subject, [*facts, revocation], BOOKS, day, ledger=ledger)
    without = score(subject, absent, BOOKS, day, ledger=ledger)
    for name in ("score", "grade", "basis", "bonus", "deductions", "evidence_events", "next_change_on"):
        assert with_it[name] == without[name], name


@given(CASE)
@settings(max_examples=100)
def test_next_change_on_is_the_first_day_that_differs(case):
    subject, facts, as_of, ledger = case
    account = assess(subject, facts, BOOKS, ledger=ledger)
    day = date.fromisoformat(as_of)
    now = account.at(day).outcome
    tried = (day + timedelta(days=ahead) for ahead in range(1, YEARS))
    assert account.next_change_on(day) == next((later for later in tried if account.at(later).outcome != now), None)


@given(CASE)
@settings(max_examples=60)
def test_nothing_that_is_served_changes_before_the_due_date(case):
    subject, facts, as_of, _ = case
    today = date.fromisoformat(as_of)
    summary, _ = summarise(subject, facts, BOOKS, today)
    due = date.fromisoformat(summary["due_on"]) if summary["due_on"] else today + timedelta(days=60)
    last = min(due, today + timedelta(days=60)) - timedelta(days=1)
    for ledger, audience in (("internal", "internal"), ("public", "public"), ("public", "subject")):
        account = assess(subject, facts, BOOKS, ledger=ledger)
        seen = {
            json.dumps({**receipt_for(audience, account, day, day), "as_of": None, "sha256": None}, sort_keys=True)
            for day in (today, today + (last - today) / 2, last)
        }
        assert len(seen) == 1


@given(CASE, st.integers(0, 500))
@settings(max_examples=150)
def test_the_public_never_sees_what_has_ended(case, ahead):
    subject, facts, as_of, _ = case
    today = date.fromisoformat(as_of)
    account = assess(subject, facts, BOOKS, ledger="public")
    shown = receipt_for("public", account, today + timedelta(days=ahead), today)
    active = {(item.type, item.ref, item.index) for item in account.items if item.active(today)}
    assert {(line["type"], line["ref"], line["index"]) for line in shown["items"]} <= active
    assert {line["state"] for line in shown["items"]} <= {"active"}
    assert "rejected" not in shown
