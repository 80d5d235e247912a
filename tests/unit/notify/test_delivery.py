"""What waits is tried at growing intervals, and only the latest state of a subject waits."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from services.notify import delivery
from services.notify.delivery import AFTER, Delivery, in_place_of, message
from shared.eventlog.port import Record
from tests.unit.notify.test_subscription import a_subscription

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
SHOP = "shop:92320902MA1N00026Y-01"


BODY = {"subject_id": SHOP, "grade": "A"}


def a_record(offset):
    return Record("scores", 0, offset, int(NOW.timestamp() * 1000), None, None, ())


def a_delivery(name="msg_1", digest="d1", **more):
    return Delivery(name, "s" * 32, SHOP, b"{}", digest, **more)


def test_a_message_is_the_same_however_often_its_record_is_read():
    def said(offset):
        return message(a_subscription(), "subject.changed", BODY, a_record(offset), "d1")

    assert said(7) == said(7)
    assert said(8).delivery_id != said(7).delivery_id
    assert orjson.loads(said(7).body) == {"type": "subject.changed", "timestamp": NOW.isoformat(), "data": BODY}


def test_who_is_removed_is_named_and_nothing_more():
    gone = message(a_subscription(), "subject.removed", BODY, a_record(7), "d1")
    assert orjson.loads(gone.body)["data"] == {"subject_id": SHOP}
    assert gone.digest == ""


def test_it_is_kept_and_read_again():
    kept = a_delivery(offset=4, attempts=3, due=7.5)
    assert delivery.decode("msg_1", kept.encode()) == kept


def test_tries_come_at_growing_intervals_and_end():
    tried, waits = a_delivery(), []
    while (again := tried.failed(NOW)) is not None:
        waits.append(again.due - NOW.timestamp())
        tried = again
    assert waits == sorted(waits) == [each.total_seconds() for each in AFTER]
    assert sum(AFTER, timedelta()) > timedelta(days=2)


@pytest.mark.parametrize(("before", "due"), [(-1, 5), (1, 1), (7, 5)], ids=["before it", "after it", "due already"])
def test_what_had_failed_when_its_subscription_was_resumed_is_due_then(before, due):
    again = a_delivery().failed(NOW)
    resumed = (NOW + timedelta(seconds=before)).timestamp()
    assert again.resumed(resumed).due == pytest.approx(NOW.timestamp() + due)


def test_what_was_not_tried_yet_is_due_as_it_was():
    assert a_delivery().resumed(NOW.timestamp()) == a_delivery()


def test_only_the_latest_state_waits_at_the_time_of_the_older():
    newer = in_place_of(a_delivery(attempts=2, due=9.0), a_delivery("msg_2", "d2"))
    assert (newer.delivery_id, newer.digest, newer.attempts, newer.due) == ("msg_2", "d2", 2, 9.0)
