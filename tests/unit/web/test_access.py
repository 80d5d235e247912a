from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.web.access import Access, AccessKeys, InvalidKey, KeysUnknown
from shared.web.bounds import Bounds
from shared.web.keys import mint

AT = datetime(2026, 3, 1, tzinfo=UTC)


def a_directory():
    keys, minted = AccessKeys(), mint()
    keys.created(minted.key_id, minted.key_hash, "grid office", frozenset({"scores:read"}), AT)
    keys.ready = True
    return keys, minted


def test_a_key_gives_its_scopes_until_it_is_revoked():
    keys, minted = a_directory()
    assert keys.authenticate(minted.key) == Access(minted.key_id, frozenset({"scores:read"}))
    keys.revoked(minted.key_id, AT)
    with pytest.raises(InvalidKey):
        keys.authenticate(minted.key)


def test_a_key_ends_at_its_instant_and_not_before():
    ends = AT + timedelta(days=1)
    clock = [ends - timedelta(microseconds=1)]
    keys, minted = AccessKeys(lambda: clock[0]), mint()
    keys.created(minted.key_id, minted.key_hash, "", frozenset({"scores:read"}), AT, expires=ends)
    keys.ready = True
    assert keys.authenticate(minted.key).key_id == minted.key_id
    clock[0] = ends
    with pytest.raises(InvalidKey):
        keys.authenticate(minted.key)


def test_a_wrong_secret_of_a_known_id_is_refused():
    keys, minted = a_directory()
    with pytest.raises(InvalidKey):
        keys.authenticate(f"cx_{minted.key_id}_{'A' * 43}")


def test_before_the_log_was_read_nobody_is_refused_for_good():
    keys, minted = a_directory()
    keys.ready = False
    with pytest.raises(KeysUnknown):
        keys.authenticate(minted.key)


def test_a_revoked_key_stays_revoked_in_any_order_and_under_repetition():
    keys, minted = a_directory()
    keys.revoked(minted.key_id, AT)
    keys.revoked(minted.key_id, AT + timedelta(days=1))
    keys.created(minted.key_id, minted.key_hash, "grid office", frozenset({"admin"}), AT)
    assert keys.find(minted.key_id).revoked == AT


def test_a_revocation_whose_making_was_compacted_away_is_listed_and_lets_nobody_in():
    keys = AccessKeys()
    keys.revoked("0123456789ab", AT)
    keys.ready = True
    (only,) = keys.all()
    assert (only.key_id, only.revoked, only.scopes) == ("0123456789ab", AT, frozenset())
    with pytest.raises(InvalidKey):
        keys.authenticate("cx_0123456789ab_" + "a" * 43)


def test_somebody_may_what_any_of_his_valid_keys_may():
    keys, first = a_directory()
    heir = mint()
    keys.created(heir.key_id, heir.key_hash, "", frozenset({"events:write"}), AT, Bounds(), None, first.key_id)
    person = f"key:{first.key_id}"
    assert keys.authenticate(heir.key).person == keys.authenticate(first.key).person == person
    assert keys.may(person, "events:write")
    assert not keys.may(person, "admin")
    keys.revoked(heir.key_id, AT)
    assert not keys.may(person, "events:write")
