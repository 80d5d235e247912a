"""The notify worker on a real store: whatever fails or dies, a subscriber's copy becomes what he may see."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Lock

import orjson
import pytest

from services.notify import told
from services.notify.bootstrap import worker
from services.notify.delivery import AFTER, PAUSE_AFTER, Delivery
from services.notify.desk import SubscriptionsDesk
from services.notify.directory import Published
from services.notify.lanes import Lanes
from services.notify.projection import Notifying
from services.notify.sender import Sender
from services.notify.sending import Outcome
from services.notify.subscription import Subscription
from shared.eventlog import topics
from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import Message, TopicPartition
from shared.events.envelope import Event
from shared.events.kafka_codec import encode
from shared.events.types.score_changed import SCORE_CHANGED
from shared.events.types.subscription_created import SUBSCRIPTION_CREATED
from shared.projection.loop import Pace
from shared.settings import Settings
from shared.store.client import Store, StoreUnavailable
from shared.store.deliveries import Deliveries
from shared.store.keys import Keys
from shared.web.access import Access, AccessKeys
from shared.web.bounds import Bounds
from tests.support.waiting import running, until

START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
PARTITIONS = 4
PACE = Pace(poll=0.01, commit_every=0.05, back_off=0.01, back_off_most=0.05)
SHOPS = [f"shop:92320902MA1N00026Y-{number:02d}" for number in range(1, 6)]
HERE, THERE = "320902001001", "320903001001"
KEY = "0a1b2c3d4e5f"
PUBLIC, INTERNAL = "a" * 32, "b" * 32
OK, DOWN = Outcome(200, "answered"), Outcome(None, "unreachable")


class Flaky(Store):
    """A store that now and then does not answer: before it has done what it was asked for, or after."""

    chance, share = random.Random(0), 0.0

    def _perhaps(self):
        if self.chance.random() < self.share:
            raise StoreUnavailable("flaky")

    def run(self, name, calls):
        self._perhaps()
        answer = super().run(name, calls)
        self._perhaps()
        return answer

    def pipelined(self, ask, items):
        self._perhaps()
        answer = super().pipelined(ask, items)
        self._perhaps()
        return answer


class Town:
    """A log in memory, a corner of a store, subscribers, and a worker that can be killed."""

    def __init__(self, redis_url, prefix):
        self.now = START
        self.log = MemoryLog(clock=lambda: int(self.now.timestamp() * 1000))
        self.settings = Settings(topic_prefix=prefix, key_prefix=prefix.replace(".", ":"), partitions=PARTITIONS)
        for topic in topics.wanted(prefix, PARTITIONS):
            self.log.create(topic.name, topic.partitions)
        self.store = Flaky(redis_url)
        self.kept = Deliveries(self.store, Keys(self.settings.key_prefix))
        self.keys = AccessKeys()
        self.keys.created(KEY, "0" * 64, "", frozenset({"scores:read"}), START, Bounds())
        self.published = Published(self.log, prefix + topics.ACCESS, self.keys)
        self.directory = self.published.directory
        self.got, self.outcome, self.lock = [], lambda *_: OK, Lock()

    def subscribe(self, subscription_id=PUBLIC, **more):
        said = {"ledger": "public", "created": self.now, **more}
        self.directory.put(Subscription(subscription_id, KEY, f"https://{subscription_id}.example.cn/", **said))

    def say(self, shop, *, score="90.00", grade="A", region=HERE, public=None):
        """The state of a shop, as the relay tells it."""
        view = {"score": score, "grade": grade, "basis": "scored", "next_change_on": None, "disputed": False}
        state = {
            "subject_id": shop, "kind": "shop", "rulebook": None, "due_on": None, "internal": view,
            "registration": {"name": "李记", "region": region, "status": "open"}, "public": public or {
                "grade": grade, "next_change_on": None, "disputed": False},
        }  # fmt: skip
        self.publish(shop, state)

    def publish(self, shop, state):
        self.now += timedelta(seconds=1)
        headers, value = encode(Event(str(self.now), "urn:t", SCORE_CHANGED, shop, self.now.isoformat(), state))
        topic = self.settings.topic_prefix + topics.SCORES
        self.log.appender().append([Message(topic, shop.encode(), value, headers)])

    def post(self, url, headers, body):
        with self.lock:
            outcome = self.outcome(url, orjson.loads(body))
            if outcome is not None:
                self.got.append((url[8:40], headers["webhook-id"], orjson.loads(body), outcome))
        return outcome or DOWN

    def running(self, member="one"):
        return running(worker(
            self.settings, self.log, self.store, member, clock=lambda: self.now, pace=PACE,
            secret=lambda _: b"secret", published=self.published, post=self.post,
        ))  # fmt: skip

    def notifying(self, lanes):
        """What the worker does with records, without its loop."""
        topic = self.settings.topic_prefix + topics.SCORES
        return Notifying(topic, PARTITIONS, self.kept, None, self.published, lanes, lambda: self.now)

    def records(self):
        """All states on the log."""
        return [each for at, some in self.log.records.items() if at.topic.endswith(topics.SCORES) for each in some]

    def taken(self, subscription_id=PUBLIC, shop=None):
        with self.lock:
            return [
                (name, body)
                for to, name, body, outcome in self.got
                if to == subscription_id and outcome.delivered and shop in (None, body["data"]["subject_id"])
            ]

    def copy(self):
        """All that the store holds, as it can be set back to."""
        client = self.store.client
        return {key: client.dump(key) for key in client.scan_iter(f"{self.settings.key_prefix}*")}

    def set_back(self, copy):
        client = self.store.client
        for key in client.scan_iter(f"{self.settings.key_prefix}*"):
            client.delete(key)
        for key, value in copy.items():
            client.restore(key, 0, value)

    def pass_(self, seconds=1000.0):
        self.now += timedelta(seconds=seconds)

    def all_sent(self):
        """Nothing is left to be sent, and all that is on the log was looked at."""
        self.pass_()
        return self.read() and not self.kept.waiting(range(1024))

    def read(self):
        """All that is on the log was looked at."""
        group = self.log._groups.get(topics.NOTIFY)
        ends = {at: len(some) for at, some in self.log.records.items() if at.topic.endswith(topics.SCORES)}
        return group is not None and all(group.offsets.get(at, 0) == end for at, end in ends.items())


@pytest.fixture
def town(redis_url, prefix):
    town = Town(redis_url, prefix)
    yield town
    town.store.close()


def test_a_change_that_he_may_see_is_told_and_no_other(town):
    town.subscribe()
    town.subscribe(INTERNAL, ledger="internal")
    with town.running():
        town.say(SHOPS[0])
        until(town.all_sent)
        town.say(SHOPS[0], score="88.00")
        until(town.all_sent)
        town.say(SHOPS[0], score="60.00", grade="C")
        until(town.all_sent)
        town.say(SHOPS[0], score="60.00", grade="C")
        until(town.all_sent)
    assert [body["data"]["grade"] for _, body in town.taken()] == ["A", "C"]
    assert [body["data"]["score"] for _, body in town.taken(INTERNAL)] == ["90.00", "88.00", "60.00"]
    assert all("score" not in body["data"] for _, body in town.taken())


def test_what_was_before_the_subscription_is_not_told(town):
    town.say(SHOPS[0])
    town.pass_(5)
    town.subscribe()
    with town.running():
        until(town.all_sent)
        assert town.taken() == []
        town.say(SHOPS[0], grade="B")
        until(town.taken)
    assert [body["data"]["grade"] for _, body in town.taken()] == ["B"]


def test_who_leaves_his_region_is_told_as_removed(town):
    town.subscribe(regions=("320902",))
    with town.running():
        town.say(SHOPS[0])
        until(town.all_sent)
        town.say(SHOPS[0], region=THERE, grade="B")
        until(town.all_sent)
        town.say(SHOPS[0], region=THERE, grade="C")
        until(town.all_sent)
    assert [(body["type"], body["data"]) for _, body in town.taken()][1:] == [
        ("subject.removed", {"subject_id": SHOPS[0]})
    ]


def test_a_revoked_key_is_told_nothing_any_more_and_its_successor_goes_on(town):
    town.subscribe()
    town.keys.created("5f4e3d2c1b0a", "0" * 64, "", frozenset({"scores:read"}), START, Bounds(), None, KEY)
    town.keys.revoked(KEY, START)
    with town.running():
        town.say(SHOPS[0])
        until(town.taken)
        town.keys.revoked("5f4e3d2c1b0a", START)
        town.say(SHOPS[0], grade="B")
        until(town.all_sent)
    assert len(town.taken()) == 1


def test_who_subscribed_before_a_change_is_told_of_it_though_nobody_had_read_that_yet(town):
    with town.running():
        town.say(SHOPS[0])
        until(town.all_sent)
        data = {"subscription_id": PUBLIC, "key_id": KEY, "url": f"https://{PUBLIC}.example.cn/", "ledger": "public"}
        made = Event("s.created", "urn:t", SUBSCRIPTION_CREATED, f"subscription:{PUBLIC}", town.now.isoformat(), data)
        headers, value = encode(made)
        topic = town.settings.topic_prefix + topics.ACCESS
        town.log.appender().append([Message(topic, PUBLIC.encode(), value, headers)])
        town.say(SHOPS[0], grade="B")
        until(town.all_sent)
    assert [body["data"]["grade"] for _, body in town.taken()] == ["B"]


def test_who_is_told_of_grades_alone_is_told_that_a_subject_has_left_too(town):
    town.subscribe(only_grades=True, regions=("320902",))
    with town.running():
        town.say(SHOPS[0])
        until(town.all_sent)
        town.say(SHOPS[0], region=THERE)
        until(town.all_sent)
    assert [body["type"] for _, body in town.taken()] == ["subject.changed", "subject.removed"]


def test_what_waits_for_who_is_no_more_is_not_sent(town):
    town.subscribe()
    town.outcome = lambda *_: DOWN
    with town.running():
        town.say(SHOPS[0])
        until(lambda: town.got)
        town.directory.remove(PUBLIC)
        until(lambda: not town.kept.waiting(range(1024)))


def test_only_the_latest_state_is_told_after_an_outage(town):
    town.subscribe()
    town.outcome = lambda *_: DOWN
    with town.running():
        for grade in "ABC":
            town.say(SHOPS[0], grade=grade)
            until(lambda grade=grade: town.got[-1:] and town.pass_(10) is None)
        town.outcome = lambda *_: OK
        until(town.all_sent)
    assert [body["data"]["grade"] for _, body in town.taken()] == ["C"]


def test_what_may_have_been_taken_is_corrected_though_nothing_could_be_written_of_it(town):
    town.subscribe()
    tried = town.kept.__class__.tried
    with town.running():
        town.say(SHOPS[0], grade="A")
        until(town.all_sent)
        with pytest.MonkeyPatch.context() as patch:

            def down(*_):
                town.outcome = lambda *_: DOWN
                raise StoreUnavailable("right after the message was taken")

            patch.setattr(town.kept.__class__, "tried", down)
            town.say(SHOPS[0], grade="B")
            until(lambda: len(town.taken()) > 1)
            town.say(SHOPS[0], grade="A")  # what he was told before that
            patch.setattr(town.kept.__class__, "tried", tried)
        town.outcome = lambda *_: OK
        until(town.all_sent)
    assert [body["data"]["grade"] for _, body in town.taken()][-1] == "A"


def test_who_does_not_answer_is_paused_and_resumed_by_hand(town):
    town.subscribe()
    town.outcome = lambda *_: DOWN
    with town.running():
        town.say(SHOPS[0])
        until(lambda: town.pass_(AFTER[-1].total_seconds()) or town.kept.states().get(PUBLIC, (0, None))[1])
        tries = len(town.got)
        assert tries == PAUSE_AFTER
        town.outcome = lambda *_: OK
        town.say(SHOPS[0], grade="B")
        town.say(SHOPS[1], grade="B")
        until(lambda: len(town.kept.waiting(range(1024))) == 2)
        town.pass_(1)
        town.kept.resume(PUBLIC, town.now.isoformat())
        until(lambda: not town.kept.waiting(range(1024)))  # at once: the next try of the first was hours away
    assert sorted(body["data"]["subject_id"] for _, body in town.taken()) == SHOPS[:2]
    assert town.kept.states()[PUBLIC].failures == 0


def test_who_is_resumed_while_no_worker_runs_is_tried_at_once_too_and_then_at_the_usual_intervals(town):
    town.subscribe()
    town.outcome = lambda *_: DOWN
    with town.running():
        town.say(SHOPS[0])
        until(lambda: town.pass_(AFTER[-1].total_seconds()) or town.kept.states().get(PUBLIC, (0, None))[1])
    town.pass_(1)
    town.kept.resume(PUBLIC, town.now.isoformat())
    town.pass_(1)
    for _ in range(2):  # the resumption is known yet to whoever comes later
        with town.running():
            until(lambda: len(town.got) == PAUSE_AFTER + 1)
            time.sleep(1.5)
    assert len(town.got) == PAUSE_AFTER + 1


def test_a_receiver_that_is_gone_is_paused_at_once(town):
    town.subscribe()
    town.outcome = lambda *_: Outcome(410, "answered")
    with town.running():
        town.say(SHOPS[0])
        until(lambda: town.kept.states().get(PUBLIC, (0, None))[1])


def test_one_message_that_is_never_taken_dies_and_holds_up_no_other_subject(town):
    town.subscribe()
    town.outcome = lambda _, body: DOWN if body["data"]["subject_id"] == SHOPS[0] else OK
    with town.running():
        town.say(SHOPS[0])
        for turn in range(3 * len(AFTER)):  # others are taken in between, so nobody is paused
            town.say(SHOPS[1], score=f"{turn}.00", grade="AB"[turn % 2])
            until(lambda turn=turn: len(town.taken(shop=SHOPS[1])) == turn + 1 or town.pass_(60))
            town.pass_(AFTER[-1].total_seconds())
            if town.kept.dead(PUBLIC):
                break
        until(lambda: town.pass_(AFTER[-1].total_seconds()) or town.kept.dead(PUBLIC))
        until(town.all_sent)
    [line] = town.kept.dead(PUBLIC).values()
    assert orjson.loads(line)[1] == SHOPS[0]


def test_what_is_sent_again_by_hand_overtakes_nothing(town):
    town.subscribe()
    with town.running():
        town.say(SHOPS[0], grade="A")
        until(town.all_sent)
    [(name, body)] = town.taken()
    digest = told.decode(town.kept.told(SHOPS[:1])[SHOPS[0]]).views["public"].digest
    buried = Delivery(name, PUBLIC, SHOPS[0], orjson.dumps(body), digest, attempts=len(AFTER))
    town.kept.bury(PUBLIC, name, buried.encode())
    inner = town.post

    def post(url, headers, body):
        if orjson.loads(body)["data"]["grade"] == "A":  # on its way while the subject changes
            town.say(SHOPS[0], grade="B")
            with suppress(AssertionError):
                until(lambda: len(town.taken()) > 1, seconds=2)
        return inner(url, headers, body)

    town.post = post
    sender = Sender(town.directory, town.kept, post, lambda _: b"secret", lambda: town.now)
    desk = SubscriptionsDesk(town.directory, town.kept, sender, None, None, "", (), lambda: town.now, None)
    with town.running():
        desk.redeliver(Access(KEY, frozenset({"scores:read"}), Bounds()), PUBLIC, name)
        until(lambda: len(town.taken()) > 2)
        until(town.all_sent)
    assert [(each, body["data"]["grade"]) for each, body in town.taken()][:2] == [(name, "A"), (name, "A")]
    assert town.taken()[2][1]["data"]["grade"] == "B"
    assert town.kept.dead(PUBLIC) == town.kept.asked() == {}


def test_a_lost_store_is_filled_again_in_silence(town):
    town.subscribe()
    with town.running():
        for shop in SHOPS:
            town.say(shop)
        until(town.all_sent)
    before = len(town.got)
    town.settings = replace(town.settings, key_prefix=f"n{town.settings.key_prefix}")
    town.kept = Deliveries(town.store, Keys(town.settings.key_prefix))
    with town.running():
        until(lambda: len(town.kept.told(SHOPS)) == len(SHOPS))
        town.say(SHOPS[0], score="1.00")  # the public sees the same
        until(town.all_sent)
        assert len(town.got) == before
        town.say(SHOPS[0], grade="D")
        until(lambda: len(town.got) > before)


def test_a_store_that_is_set_back_tells_nobody_what_is_so_no_longer(town):
    town.subscribe()
    town.outcome = lambda *_: DOWN
    with town.running():
        town.say(SHOPS[0], grade="D")
        until(lambda: town.got)
    older = town.copy()
    town.outcome = lambda *_: OK
    with town.running():
        until(town.all_sent)
        town.say(SHOPS[0], grade="A")
        until(town.all_sent)
    town.set_back(older)
    with town.running():
        until(town.all_sent)
    grades = [body["data"]["grade"] for _, body in town.taken()]
    assert grades == ["D", "A", "A"]  # the last once more: nobody knows by now whether it came


def test_a_store_that_is_set_back_repeats_nothing_that_did_not_wait(town):
    town.subscribe()
    with town.running():
        town.say(SHOPS[0])
        until(town.all_sent)
    older = town.copy()
    with town.running():
        town.say(SHOPS[0], grade="B")
        until(town.all_sent)
    town.set_back(older)
    with town.running():
        town.say(SHOPS[0], grade="C")
        until(town.all_sent)
    assert [body["data"]["grade"] for _, body in town.taken()] == ["A", "B", "C"]


def test_a_store_that_is_set_back_tells_who_is_gone_by_now_as_removed(town):
    town.subscribe(regions=("320902",))
    town.outcome = lambda *_: DOWN
    with town.running():
        town.say(SHOPS[0], grade="D")
        until(lambda: town.got)
    older = town.copy()
    with town.running():
        town.say(SHOPS[0], region=THERE)
        until(lambda: any(body["type"] == "subject.removed" for *_, body, _ in town.got) or town.pass_())
    town.set_back(older)
    town.outcome = lambda *_: OK
    with town.running():
        until(town.all_sent)
    assert [(body["type"], body["data"]) for _, body in town.taken()] == [("subject.removed", {"subject_id": SHOPS[0]})]


def test_who_has_left_meanwhile_is_told_as_removed_though_the_store_was_lost(town):
    town.subscribe(regions=("320902",))
    with town.running():
        town.say(SHOPS[0])
        until(town.all_sent)
    town.say(SHOPS[0], region=THERE)  # read in one batch with what was told before
    town.set_back({})
    with town.running():
        until(town.all_sent)
    assert [body["type"] for _, body in town.taken()] == ["subject.changed", "subject.removed"]


def test_what_waits_is_not_sent_before_all_that_came_meanwhile_was_read(town):
    town.subscribe()
    town.outcome = lambda *_: DOWN
    with town.running():
        town.say(SHOPS[0], grade="D")
        until(lambda: town.got)
    town.say(SHOPS[0], grade="A")
    town.pass_(AFTER[0].total_seconds())
    town.outcome = lambda *_: OK
    read = town.published.refresh
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(town.published, "refresh", lambda: time.sleep(1) or read())
        with town.running():
            until(town.all_sent)
    assert [body["data"]["grade"] for _, body in town.taken()] == ["A"]


def test_keys_are_looked_at_once_for_all_records_of_a_batch(town):
    town.subscribe()
    for shop in SHOPS:
        town.say(shop)
    looks, look = [], town.keys.all
    town.keys.all = lambda: looks.append(True) or look()
    town.notifying(Lanes()).apply(town.records(), {})
    assert len(town.kept.waiting(range(1024))) == len(SHOPS)
    assert len(looks) == 1


def test_what_is_under_way_while_an_older_store_is_read_is_followed_by_what_is_so_by_now(town):
    town.subscribe()
    lanes = Lanes()
    lanes.fill((), frozenset(range(1024)))
    lanes.open()
    notifying = town.notifying(lanes)
    town.say(SHOPS[0], grade="D")
    notifying.apply(town.records(), {})
    under_way = lanes.take(town.now.timestamp(), lambda *_: True)
    town.say(SHOPS[0], grade="A")
    newer = town.records()[1:]
    notifying.apply(newer, {TopicPartition(newer[0].topic, newer[0].partition): 2})
    assert not lanes.again(under_way, under_way)
    lanes.given_up(under_way)
    last = lanes.take(town.now.timestamp(), lambda *_: True)
    assert orjson.loads(last.body)["data"]["grade"] == "A"


def test_what_waits_is_as_it_is_by_now_though_no_grade_has_changed(town):
    town.subscribe(only_grades=True)
    town.outcome = lambda *_: DOWN
    view = {"grade": "D", "next_change_on": None}
    with town.running():
        town.say(SHOPS[0], public={**view, "disputed": False})
        until(lambda: town.got)
        town.say(SHOPS[0], public={**view, "disputed": True})
        until(town.read)
        town.outcome = lambda *_: OK
        until(town.all_sent)
    assert [body["data"]["disputed"] for _, body in town.taken()] == [True]


@pytest.mark.parametrize("seed", range(6))
def test_through_failures_lost_answers_and_restarts_the_copy_becomes_what_he_sees(town, seed):
    chance = random.Random(seed)
    town.subscribe(INTERNAL, ledger="internal", regions=("320902",))
    # An answer that is lost: the message was taken, and the sender does not know it.
    town.outcome = lambda *_: chance.choice([OK, OK, DOWN, None])
    copies, last = {}, {}
    lost = []
    inner = town.post

    def post(url, headers, body):
        outcome = inner(url, headers, body)
        if outcome is DOWN and chance.random() < 0.3:
            lost.append((headers["webhook-id"], orjson.loads(body)))
            town.got.append((url[8:40], headers["webhook-id"], orjson.loads(body), OK))
        return outcome

    town.post = post
    town.store.chance = random.Random(seed)
    for _ in range(4):
        town.store.share = 0.02
        with town.running():
            for _ in range(8):
                shop = chance.choice(SHOPS)
                said = {"score": f"{chance.randint(1, 3)}.00", "region": chance.choice([HERE, HERE, THERE])}
                town.say(shop, **said)
                last[shop] = said
                town.pass_(chance.choice([0.0, 7.0, 700.0]))
                time.sleep(0.02)
            town.store.share = 0.0
    town.outcome = lambda *_: OK
    town.kept.resume(INTERNAL, town.now.isoformat())  # ten failures in a row are likely enough
    with town.running():
        until(town.all_sent)
    seen = {}
    for name, body in town.taken(INTERNAL):
        content = seen.setdefault(name, body)
        assert content == body  # the same id is the same message
        shop = body["data"]["subject_id"]
        copies[shop] = body["data"]["score"] if body["type"] == "subject.changed" else None
    for shop, said in last.items():
        sees = said["score"] if said["region"] == HERE else None
        assert copies.get(shop) == sees, shop
    times = {shop: [b["timestamp"] for _, b in town.taken(INTERNAL, shop)] for shop in SHOPS}
    assert all(some == sorted(some) for some in times.values())  # of each subject in order
