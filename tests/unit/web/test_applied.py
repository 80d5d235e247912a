"""What is not applied yet is refused, and says until when all is."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.web.applied import refuse_unapplied
from shared.web.problems import ProblemError

INSTANT = datetime(2026, 2, 28, tzinfo=UTC)


def test_an_instant_after_what_is_applied_is_409_and_says_until_when():
    refuse_unapplied(INSTANT, INSTANT)
    refuse_unapplied(None, INSTANT)
    with pytest.raises(ProblemError) as raised:
        refuse_unapplied(INSTANT + timedelta(microseconds=1), INSTANT)
    assert raised.value.kind.status == 409
    assert raised.value.body()["applied_until"] == INSTANT
