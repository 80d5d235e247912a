"""What the store cannot say yet, or now, is refused as what it is."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.applied import refuse_unapplied, store_refusals
from shared.web.problems import ProblemError

INSTANT = datetime(2026, 2, 28, tzinfo=UTC)


def test_an_instant_after_what_is_applied_is_409_and_says_until_when():
    refuse_unapplied(INSTANT, INSTANT)
    refuse_unapplied(None, INSTANT)
    with pytest.raises(ProblemError) as raised:
        refuse_unapplied(INSTANT + timedelta(microseconds=1), INSTANT)
    assert raised.value.kind.status == 409
    assert raised.value.body()["applied_until"] == INSTANT


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [(Rebuilding(7), "rebuilding", {"records_behind": 7}), (StoreUnavailable("down"), "unavailable", {})],
)
def test_what_the_store_cannot_answer_now_is_503_and_says_when_to_ask_again(fault, code, told):
    with pytest.raises(ProblemError) as raised, store_refusals():
        raise fault
    assert (raised.value.kind.status, raised.value.kind.code, raised.value.extensions) == (503, code, told)
    assert int(raised.value.headers["Retry-After"]) > 0
    assert "down" not in raised.value.detail
