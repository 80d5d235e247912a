"""What was given up is sent again by hand as long as it is still so, and never when it may be shown no more."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import orjson
import pytest

from services.notify.delivery import Delivery
from services.notify.desk import SubscriptionsDesk
from services.notify.directory import Directory
from services.notify.lanes import Lanes
from services.notify.redelivery import Redelivery
from services.notify.sending import Outcome
from services.notify.subscription import Subscription
from services.notify.told import Told, View
from shared.eventlog.partitioner import bucket_of
from shared.web.access import Access, AccessKeys
from shared.web.bounds import Bounds
from shared.web.problems import ProblemError

SHOP, KEY, NAME, DEAD = "shop:92320902MA1N00026Y-01", "0a1b2c3d4e5f", "a" * 32, "msg_1"
HERE, THERE = "320902001001", "320903001001"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


BUCKETS = frozenset([bucket_of(SHOP)])
BURIED = Delivery(DEAD, NAME, SHOP, b"{}", "p1", 5, attempts=10, due=9.0)


def a_told(region=HERE, public="p1"):
    return Told(7, "shop", region, {"internal": View("i", "A"), "public": View(public, "A")})


class Kept:
    """What the store has: told, dead, asked for, and waiting."""

    def __init__(self, told, digest="p1"):
        self.state, self.buried = told, {DEAD: replace(BURIED, digest=digest).encode()}
        self.wanted, self.waiting = {}, {}

    def told(self, subjects):
        return {SHOP: self.state.encode()} if self.state else {}

    def dead(self, subscription_id):
        return self.buried

    def raise_dead(self, subscription_id, delivery_id):
        del self.buried[delivery_id]

    def ask(self, delivery_id, text):
        self.wanted[delivery_id] = text

    def asked(self):
        return dict(self.wanted)

    def answered(self, delivery_id):
        del self.wanted[delivery_id]

    def add(self, subject_id, delivery_id, text):
        self.waiting[delivery_id] = text

    def forget(self, subject_id, delivery_ids):
        for each in delivery_ids:
            del self.waiting[each]


def directory_of(regions=()):
    keys = AccessKeys()
    keys.created(KEY, "0" * 64, "", frozenset({"scores:export"}), NOW, Bounds(regions))
    directory = Directory(keys)
    directory.put(Subscription(NAME, KEY, "https://example.cn/", "public"))
    return directory


def desk_of(told, digest="p1"):
    kept = Kept(told, digest)
    return SubscriptionsDesk(directory_of(), kept, None, None, None, "access", (), lambda: NOW, None), kept


def lanes_of(*deliveries):
    lanes = Lanes()
    lanes.fill(deliveries, BUCKETS)
    lanes.open()
    return lanes


def take_up(kept, lanes, directory=None, buckets=BUCKETS):
    Redelivery(kept, directory or directory_of(), lanes, lambda: NOW).take_up(buckets)


def taken(lanes):
    return lanes.take(NOW.timestamp(), lambda *_: True)


def redeliver(desk, regions=()):
    return desk.redeliver(Access(KEY, frozenset({"scores:export"}), Bounds(regions)), NAME, DEAD)


def test_what_is_still_so_is_asked_for_and_put_into_its_lane():
    desk, kept = desk_of(a_told())
    assert redeliver(desk) == {"delivery_id": DEAD, "subject_id": SHOP, "attempts": 10}
    assert list(kept.wanted) == [DEAD]
    lanes = lanes_of()
    take_up(kept, lanes)
    again = replace(BURIED, attempts=0, due=0.0)  # for three days, as if it were new
    assert taken(lanes) == again
    assert (kept.waiting, kept.buried, kept.wanted) == ({DEAD: again.encode()}, {}, {})


@pytest.mark.parametrize(
    "more",
    [
        {"told": a_told(public="p2")},
        {"told": None},
        {"told": a_told(region=THERE), "directory": directory_of(("320902",))},
        {"told": a_told(), "directory": Directory(AccessKeys())},
    ],
    ids=["changed", "not known any more", "moved away", "no subscription any more"],
)
def test_what_is_so_no_more_when_it_is_taken_up_is_not_sent(more):
    kept = Kept(more["told"])
    kept.ask(DEAD, BURIED.encode())
    lanes = lanes_of()
    take_up(kept, lanes, more.get("directory"))
    assert taken(lanes) is None
    assert (kept.waiting, list(kept.buried), kept.wanted) == ({}, [DEAD], {})


def test_what_another_worker_is_to_send_is_left_to_him():
    kept = Kept(a_told())
    kept.ask(DEAD, BURIED.encode())
    take_up(kept, lanes_of(), buckets=())
    assert list(kept.wanted) == [DEAD]


def test_what_is_told_already_is_not_told_twice():
    kept = Kept(a_told())
    kept.ask(DEAD, BURIED.encode())
    other = replace(BURIED, delivery_id="msg_2", attempts=0, due=0.0)
    lanes = lanes_of(other)
    take_up(kept, lanes)
    assert taken(lanes) == other
    assert (kept.waiting, kept.buried, kept.wanted) == ({}, {}, {})


def test_it_comes_after_what_is_under_way_of_the_subject():
    kept = Kept(a_told())
    kept.ask(DEAD, BURIED.encode())
    lanes = lanes_of(replace(BURIED, delivery_id="msg_2", digest="p0", attempts=0, due=0.0))
    before = taken(lanes)
    take_up(kept, lanes)
    assert taken(lanes) is None
    lanes.taken(before)
    assert taken(lanes).delivery_id == DEAD


@pytest.mark.parametrize(
    ("told", "digest", "regions"),
    [
        (a_told(public="p2"), "p1", ()),
        (a_told(region=THERE), "p1", ("320902",)),
        (None, "p1", ()),
        (a_told(), "", ()),
    ],
    ids=["changed", "moved away", "not known any more", "back again"],
)
def test_what_is_so_no_more_is_refused(told, digest, regions):
    desk, kept = desk_of(told, digest)
    with pytest.raises(ProblemError) as refused:
        redeliver(desk, regions)
    assert refused.value.kind.code == "superseded"
    assert kept.wanted == {}


def test_that_a_subject_is_gone_is_told_again_as_long_as_it_is():
    desk, kept = desk_of(a_told(region=THERE), "")
    redeliver(desk, ("320902",))
    lanes = lanes_of()
    take_up(kept, lanes, directory_of(("320902",)))
    assert taken(lanes).digest == ""


def test_a_message_for_a_test_tells_nothing_and_counts_for_nothing():
    desk, _ = desk_of(a_told())
    sent = []
    desk._sender = SimpleNamespace(send=lambda *each: sent.append(each) or Outcome(None, "unreachable"))
    assert not desk.test(Access(KEY, frozenset({"scores:export"}), Bounds()), NAME).delivered
    [(subscription, delivery)] = sent
    assert subscription.subscription_id == NAME
    assert orjson.loads(delivery.body) == {
        "type": "subscription.test",
        "timestamp": NOW.isoformat(),
        "data": {"subscription_id": NAME},
    }
