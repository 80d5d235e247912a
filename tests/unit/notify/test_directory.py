"""Who may be told anything, by which key, without a look at all keys for each message."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notify.directory import Directory
from services.notify.subscription import Subscription
from shared.web.access import AccessKeys

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FIRST, SECOND, OTHER = "0a1b2c3d4e5f", "5f4e3d2c1b0a", "00000000000a"


class Counted(AccessKeys):
    looks = 0

    def all(self):
        self.looks += 1
        return super().all()


@pytest.fixture
def keys():
    keys = Counted()
    for key_id, replaces in ((FIRST, None), (SECOND, FIRST), (OTHER, None)):
        keys.created(key_id, "0" * 64, "", frozenset({"scores:export"}), NOW, replaces=replaces)
    return keys


def a_subscription(**more):
    return Subscription("a" * 32, FIRST, "https://example.cn/", **{"ledger": "public", **more})


def both(directory, subscription, now=NOW):
    """By a look at one and by a look at all, which say the same."""
    directory.put(subscription)
    one = directory.holder(subscription, now)
    assert [key for _, key in directory.live(now)] == ([one] if one else [])
    return one and one.key_id


def test_whose_own_key_is_valid_is_found_without_a_look_at_all_others(keys):
    keys.revoked(SECOND, NOW)
    directory = Directory(keys)
    assert directory.holder(a_subscription(), NOW).key_id == FIRST
    assert keys.looks == 0


def test_the_key_that_has_taken_over_is_looked_for_once(keys):
    keys.revoked(FIRST, NOW)
    directory = Directory(keys)
    assert [directory.holder(a_subscription(), NOW).key_id for _ in range(3)] == [SECOND] * 3
    assert keys.looks == 1


def test_who_has_no_key_by_which_he_may_be_told_is_told_nothing(keys):
    directory = Directory(keys)
    assert both(directory, a_subscription(ledger="internal")) is None  # the scope is for the public ledger alone
    keys.revoked(FIRST, NOW)
    assert both(directory, a_subscription()) == SECOND
    keys.revoked(SECOND, NOW)
    assert both(directory, a_subscription()) is None


def test_a_key_that_has_expired_is_none(keys):
    keys.created(OTHER, "0" * 64, "", frozenset({"scores:export"}), NOW, expires=NOW + timedelta(days=1))
    subscription = Subscription("b" * 32, OTHER, "https://example.cn/", "public")
    directory = Directory(keys)
    assert both(directory, subscription) == OTHER
    assert both(directory, subscription, NOW + timedelta(days=1)) is None
