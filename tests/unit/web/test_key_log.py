"""Access keys through a log in memory: made, followed, revoked; the log holds hashes only."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import LogUnavailable, Message, TopicPartition
from shared.web.access import AccessKeys, InvalidKey
from shared.web.background import Repeated
from shared.web.key_log import PublishedKeys
from shared.web.key_making import NewKey, create_key, revoke_key
from tests.support.waiting import until

TOPIC = "t.access.v1"
NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
RECORDED = 1_772_330_401_000


@pytest.fixture
def log():
    return MemoryLog({TOPIC: 1}, clock=lambda: RECORDED)


def followed(log):
    keys = AccessKeys()
    return keys, PublishedKeys(log, TOPIC, keys)


def test_a_key_that_was_made_lets_in_with_its_scopes_and_label(log):
    minted = create_key(log.appender(), TOPIC, NewKey(frozenset(["scores:read", "events:write"]), "网格办"), NOW)
    keys, published = followed(log)
    published.refresh()
    assert keys.authenticate(minted.key).scopes == {"scores:read", "events:write"}
    found = keys.find(minted.key_id)
    assert (found.label, found.created, found.revoked) == ("网格办", datetime.fromtimestamp(RECORDED / 1000, UTC), None)


def test_the_log_never_holds_the_key(log):
    minted = create_key(log.appender(), TOPIC, NewKey(frozenset(["admin"]), "x"), NOW)
    secret = minted.key.split("_", 2)[2].encode()
    [record] = log.records[TopicPartition(TOPIC, 0)]
    assert secret not in record.value + repr(record.headers).encode() + record.key


def test_the_directory_is_ready_only_when_the_log_was_read_to_its_end(log):
    keys, published = followed(log)
    log.down = True
    with pytest.raises(LogUnavailable):
        published.refresh()
    assert not keys.ready
    log.down = False
    published.refresh()
    assert keys.ready


def test_a_revocation_is_followed_and_tells_what_the_key_was(log):
    minted = create_key(log.appender(), TOPIC, NewKey(frozenset(["admin"]), "x"), NOW)
    keys, published = followed(log)
    published.refresh()
    revoke_key(log.appender(), TOPIC, keys.find(minted.key_id), NOW)
    keys.authenticate(minted.key)
    published.refresh()
    with pytest.raises(InvalidKey):
        keys.authenticate(minted.key)
    del log.records[TopicPartition(TOPIC, 0)][0]  # as compaction does: both have one key
    later, again = followed(log)
    again.refresh()
    [only] = later.all()
    assert (only.key_id, only.label, only.scopes) == (minted.key_id, "x", {"admin"})
    assert only.revoked


def test_whom_a_revoked_key_took_over_from_is_known_after_compaction(log):
    first = create_key(log.appender(), TOPIC, NewKey(frozenset(["scores:read"]), "x"), NOW)
    second = create_key(log.appender(), TOPIC, NewKey(frozenset(["scores:read"]), "x", replaces=first.key_id), NOW)
    keys, published = followed(log)
    published.refresh()
    revoke_key(log.appender(), TOPIC, keys.find(second.key_id), NOW)
    del log.records[TopicPartition(TOPIC, 0)][1]
    later, again = followed(log)
    again.refresh()
    assert later.find(second.key_id).replaces == first.key_id


def test_both_records_of_a_key_have_one_log_key(log):
    minted = create_key(log.appender(), TOPIC, NewKey(frozenset(["admin"]), "x"), NOW)
    keys, published = followed(log)
    published.refresh()
    revoke_key(log.appender(), TOPIC, keys.find(minted.key_id), NOW)
    made, revoked = log.records[TopicPartition(TOPIC, 0)]
    assert made.key == revoked.key


def test_a_record_that_cannot_be_read_harms_no_other(log):
    log.appender().append([Message(TOPIC, b"x", b"\xff"), Message(TOPIC, b"x", None)])
    minted = create_key(log.appender(), TOPIC, NewKey(frozenset(["admin"]), "x"), NOW)
    keys, published = followed(log)
    published.refresh()
    assert keys.authenticate(minted.key)


def test_a_scope_that_does_not_exist_and_a_blank_label_make_no_key(log):
    with pytest.raises(ValueError, match="scores:raed"):
        create_key(log.appender(), TOPIC, NewKey(frozenset(["scores:raed"]), "x"), NOW)
    with pytest.raises(ValueError, match="/data/label"):
        create_key(log.appender(), TOPIC, NewKey(frozenset(["admin"]), " "), NOW)
    assert log.records[TopicPartition(TOPIC, 0)] == []


def test_a_web_process_sees_a_revocation_soon_and_serves_on_while_the_log_is_down(log):
    minted = create_key(log.appender(), TOPIC, NewKey(frozenset(["admin"]), "x"), NOW)
    keys, published = followed(log)
    task = Repeated("keys", published.refresh, every=0.001).start()
    try:
        until(lambda: keys.ready)
        log.down = True
        assert keys.authenticate(minted.key)
        log.down = False
        revoke_key(log.appender(), TOPIC, keys.find(minted.key_id), NOW)
        until(lambda: keys.find(minted.key_id).revoked)
    finally:
        task.stop()


def test_a_log_that_is_down_makes_no_key(log):
    log.down = True
    with pytest.raises(LogUnavailable):
        create_key(log.appender(), TOPIC, NewKey(frozenset(["admin"]), "x"), NOW)
