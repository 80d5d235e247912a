"""Who may ask what: every audience against every parameter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.lookup.question import permitted
from shared.web.access import Access
from shared.web.problems import ProblemError

ID = "shop:92320902MA1N00026Y-01"
TODAY = date(2026, 3, 1)
INSTANT = datetime(2026, 2, 1, tzinfo=UTC)
INTERNAL = Access("a", frozenset({"scores:read"}))
WRITER = Access("b", frozenset({"events:write", "admin"}))


def refusal(access, **asked):
    with pytest.raises(ProblemError) as raised:
        permitted(ID, access, TODAY, **asked)
    return raised.value.kind.status, raised.value.kind.code


@pytest.mark.parametrize("access", [None, WRITER])
def test_without_the_scope_everybody_is_the_public_and_sees_the_public_ledger(access):
    question = permitted(ID, access, TODAY)
    assert (question.audience, question.ledger, question.as_of) == ("public", "public", TODAY)
    assert permitted(ID, access, TODAY, ledger="public", as_of=TODAY).is_plain
    assert permitted(ID, access, TODAY, as_of=TODAY + timedelta(days=1)).as_of == date(2026, 3, 2)


def test_the_internal_audience_sees_both_ledgers_any_day_and_any_instant():
    assert permitted(ID, INTERNAL, TODAY).ledger == "internal"
    question = permitted(ID, INTERNAL, TODAY, ledger="public", as_of=date(1999, 1, 1), known_at=INSTANT)
    assert (question.audience, question.ledger, question.known_at) == ("internal", "public", INSTANT)
    assert question.day == TODAY


def test_only_todays_own_ledger_by_all_that_is_known_is_plain():
    assert permitted(ID, INTERNAL, TODAY).is_plain
    assert not permitted(ID, INTERNAL, TODAY, ledger="public").is_plain
    assert not permitted(ID, INTERNAL, TODAY, known_at=INSTANT).is_plain
    assert not permitted(ID, INTERNAL, TODAY, as_of=date(2026, 3, 2)).is_plain


def test_the_internal_ledger_is_401_for_nobody_and_403_for_a_key_without_the_scope():
    assert refusal(None, ledger="internal") == (401, "unauthenticated")
    assert refusal(WRITER, ledger="internal") == (403, "scope-missing")


@pytest.mark.parametrize("access", [None, WRITER])
@pytest.mark.parametrize(
    "asked", [{"as_of": date(2026, 2, 28)}, {"known_at": INSTANT}, {"known_at": datetime(2030, 1, 1, tzinfo=UTC)}]
)
def test_the_past_is_not_public(access, asked):
    assert refusal(access, **asked) == (403, "past-not-public")
