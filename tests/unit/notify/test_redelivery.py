"""What was given up is sent again by hand as long as it is still so, and never when it may be shown no more."""

from datetime import UTC, datetime
from types import SimpleNamespace

import orjson
import pytest

from services.notify.delivery import Delivery
from services.notify.desk import SubscriptionsDesk
from services.notify.directory import Directory
from services.notify.sending import Outcome
from services.notify.subscription import Subscription
from services.notify.told import Told, View
from shared.web.access import Access, AccessKeys
from shared.web.bounds import Bounds
from shared.web.problems import ProblemError

SHOP, KEY, NAME, DEAD = "shop:92320902MA1N00026Y-01", "0a1b2c3d4e5f", "a" * 32, "msg_1"
HERE, THERE = "320902001001", "320903001001"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def desk_of(told, digest="p1"):
    kept = SimpleNamespace(
        dead=lambda _: {DEAD: Delivery(DEAD, NAME, SHOP, b"{}", digest).encode()},
        told=lambda _: {SHOP: told.encode()} if told else {},
        raise_dead=lambda *names: kept.raised.append(names),
        raised=[],
    )
    sender = SimpleNamespace(send=lambda *_: Outcome(200, "answered"), note=lambda *_: None)
    directory = Directory(AccessKeys())
    directory.put(Subscription(NAME, KEY, "https://example.cn/", "public"))
    return SubscriptionsDesk(directory, kept, sender, None, None, "access", (), lambda: NOW, None), kept


def a_told(region=HERE, public="p1"):
    return Told(7, "shop", region, {"internal": View("i", "A"), "public": View(public, "A")})


def redeliver(desk, regions=()):
    return desk.redeliver(Access(KEY, frozenset({"scores:export"}), Bounds(regions)), NAME, DEAD)


def test_what_is_still_so_is_sent():
    desk, kept = desk_of(a_told())
    assert redeliver(desk).delivered
    assert kept.raised == [(NAME, DEAD)]


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
    assert kept.raised == []


def test_that_a_subject_is_gone_is_told_again_as_long_as_it_is():
    desk, _ = desk_of(a_told(region=THERE), "")
    assert redeliver(desk, ("320902",)).delivered


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
