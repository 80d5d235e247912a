"""A history says of every day what the score function says of it, and the public nothing that has ended."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.credit.audience import history_for
from shared.credit.history import turns
from shared.credit.receipt import assess
from shared.credit.rulebook import NoRulebook
from tests.property.credit.test_score import BOOKS, CASE, YEARS


def outcome(account, day):
    try:
        return account.at(day).outcome
    except NoRulebook:
        return None


@given(CASE, st.integers(0, YEARS))
@settings(max_examples=100)
def test_between_two_turns_nothing_changes_and_every_turn_has_a_cause(case, days):
    subject, facts, as_of, ledger = case
    account = assess(subject, facts, BOOKS, ledger=ledger)
    until = date.fromisoformat(as_of) + timedelta(days=days)
    found = list(turns(account, until))
    assert [turn.on for turn in found] == sorted({turn.on for turn in found}, reverse=True)
    assert all(turn.causes for turn in found)
    end = until
    for turn in found:
        assert outcome(account, turn.on) == outcome(account, end)
        assert (turn.standing and turn.standing.outcome) == outcome(account, turn.on)
        end = turn.on - timedelta(days=1)


@given(CASE, st.integers(0, YEARS))
@settings(max_examples=100)
def test_the_publics_history_names_what_is_public_today_alone(case, days):
    subject, facts, as_of, _ = case
    account = assess(subject, facts, BOOKS, ledger="public")
    today = date.fromisoformat(as_of) + timedelta(days=days)
    public_today = {(item.type, item.ref, item.index) for item in account.items if item.active(today)}
    for turn in history_for("public", account, today + timedelta(days=400), today):
        assert turn.keys() == {"on", "causes"}
        for cause in turn["causes"]:
            assert (cause["type"], cause["ref"], cause["index"]) in public_today
            assert cause["change"] in ("begins", "rectified")
            assert "counted" not in cause
