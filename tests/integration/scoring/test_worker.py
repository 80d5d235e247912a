"""The scoring worker on a real store: what it serves equals the pure function, whatever happened on the way."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import orjson
import pytest

from services.scoring import bootstrap
from services.scoring.folding import content_id
from services.scoring.rulebooks import publish_missing
from shared.credit.facts import parse_fact
from shared.credit.rulebook import Rulebooks
from shared.credit.summary import summarise
from shared.eventlog import dead_letters, topics
from shared.eventlog.memory import MemoryLog
from shared.eventlog.partitioner import bucket_of
from shared.eventlog.port import Message, TopicPartition
from shared.events.catalogue import catalogue
from shared.events.envelope import Event
from shared.events.kafka_codec import encode
from shared.projection.loop import Loop, Pace
from shared.rulebooks.loader import load_directory
from shared.settings import Settings
from shared.store.client import Store
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers
from shared.store.progress import Bookkeeping

VECTORS = Path(__file__).parents[3] / "shared" / "contracts" / "vectors"
TODAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
PARTITIONS = 4
PACE = Pace(poll=0.01, commit_every=0.05, back_off=0.01, back_off_most=0.05)
SECONDS = 30


@pytest.fixture(scope="module")
def facts():
    """Every fact of the vectors, each vector's subject made its own, with ids that stay unique."""
    found = []
    for number, line in enumerate((VECTORS / "score_named.jsonl").read_text().splitlines()):
        for fact in json.loads(line)["facts"]:
            if fact["type"] != "cn.chengxin.subject.upserted.v1":
                kind, _, code = fact["subject"].partition(":")
                found.append({**fact, "subject": f"{kind}:{code[:18]}-{number:02d}"})
    return found


class World:
    """A log in memory, a corner of the real store, and workers on them."""

    def __init__(self, redis_url, prefix):
        self.settings = Settings(topic_prefix=prefix, key_prefix=prefix.replace(".", ":"), partitions=PARTITIONS)
        wanted = topics.wanted(prefix, PARTITIONS)
        self.log = MemoryLog({topic.name: topic.partitions for topic in wanted}, clock=self.tick)
        self.stamp = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp() * 1000)
        self.store = Store(redis_url)
        self.ledgers = Ledgers(self.store, Keys(self.settings.key_prefix))
        self.books = Bookkeeping(self.store, Keys(self.settings.key_prefix))
        documents = [(file.name, file.read_bytes()) for file in sorted((VECTORS / "rulebooks").glob("*.yaml"))]
        publish_missing(self.log, self.name(topics.RULEBOOKS), documents, source="urn:t", now=lambda: TODAY)
        self.rulebooks = Rulebooks(load_directory(VECTORS / "rulebooks"))

    def tick(self):
        self.stamp += 1
        return self.stamp

    def name(self, topic):
        return self.settings.topic_prefix + topic

    def send(self, *facts):
        self.log.appender().append([self.message(fact) for fact in facts])

    def message(self, fact):
        event = Event(fact["id"], fact["source"], fact["type"], fact["subject"], fact["time"], fact["data"])
        headers, value = encode(event)
        topic = self.name(f"{catalogue().topic_of(event.type)}.v1")
        return Message(topic, event.subject.encode(), value, headers)

    def work(self, *, until=None, clock=lambda: TODAY):
        """Run a worker until all that is on the log is applied (or a condition holds), then stop it."""
        loop = Loop(
            self.log,
            bootstrap.projection(self.settings, self.log, self.store, clock=clock),
            member="one",
            pace=PACE,
        )
        stop = Flag()
        thread = Thread(target=loop.run, args=(stop,))
        thread.start()
        try:
            wait(until or self.all_committed)
        finally:
            stop.set()
            thread.join(SECONDS)
        assert not thread.is_alive()

    def subject_partitions(self):
        return [at for at in self.log.records if at.topic in map(self.name, bootstrap.SUBJECT_TOPICS)]

    def committed(self):
        group = self.log._groups.get("scoring")
        return dict(group.offsets) if group else {}

    def all_committed(self):
        committed = self.committed()
        return all(committed.get(at, 0) == len(self.log.records[at]) for at in self.subject_partitions()) and not any(
            self.books.outbox(range(1024)).values()
        )

    def served(self):
        """Every subject's summary in the store, by subject."""
        return {
            subject: orjson.loads(summary)
            for bucket in range(1024)
            for subject, summary in self.books.summaries(bucket).items()
        }

    def serves(self, facts):
        return set(self.served()) == {fact["subject"] for fact in facts}

    def expected(self):
        """The pure function over the distinct facts on the log."""
        by_subject = {}
        for at in self.subject_partitions():
            for record in self.log.records[at]:
                headers = {name.removeprefix("ce_"): value.decode() for name, value in record.headers}
                recorded = datetime.fromtimestamp(record.timestamp / 1000, UTC)
                fact = {**headers, "data": json.loads(record.value), "recorded_at": recorded.isoformat()}
                by_subject.setdefault(fact["subject"], []).append(parse_fact(fact))
        today = date(2026, 11, 20)
        return {
            subject: {**summarise(subject, facts, self.rulebooks, today)[0], "rulebooks": self.rulebooks.digest}
            for subject, facts in by_subject.items()
        }

    def told(self):
        """What subscribers hold after reading `scores.v1` to its end."""
        state = {}
        for number in range(PARTITIONS):
            for record in self.log.records[TopicPartition(self.name(topics.SCORES), number)]:
                state[record.key.decode()] = json.loads(record.value)
        return state

    def letters(self):
        return [
            dead_letters.parse(record)
            for at, records in self.log.records.items()
            if at.topic.endswith(".scoring.dlq")
            for record in records
        ]


def ids(states):
    return {subject: content_id(state) for subject, state in states.items()}


def wait(condition):
    for _ in range(SECONDS * 10):
        if condition():
            return
        Flag().wait(0.1)
    raise AssertionError("the condition never held")


@pytest.fixture
def world(redis_url, prefix):
    world = World(redis_url, prefix)
    yield world
    world.store.close()


def test_what_is_served_is_the_pure_function_of_the_facts(world, facts):
    world.send(*facts)
    world.work()
    assert world.served() == world.expected()
    assert set(world.served()) == {fact["subject"] for fact in facts}


def test_subscribers_are_told_every_state(world, facts):
    world.send(*facts)
    world.work()
    assert ids(world.told()) == ids(world.served())


def test_order_repetition_and_restarts_change_nothing(world, facts):
    shuffled = [*facts, *facts[::3]]
    random.Random(7).shuffle(shuffled)
    for start in range(0, len(shuffled), 150):
        world.send(*shuffled[start : start + 150])
        world.work()
    assert world.served() == world.expected()


def test_a_repetition_tells_nobody_anything(world, facts):
    world.send(*facts)
    world.work()
    before = sum(map(len, world.log.records.values()))
    world.send(*facts)
    world.work()
    assert sum(map(len, world.log.records.values())) == before + len(facts)


def test_an_emptied_store_is_rebuilt_in_silence(world, facts):
    world.send(*facts)
    world.work()
    served, letters, told = world.served(), len(world.letters()), sum(map(len, world.log.records.values()))
    for key in world.store.client.scan_iter(f"{world.settings.key_prefix}*"):
        world.store.client.delete(key)
    world.work(until=lambda: world.serves(facts) and not any(p.rebuilding for p in world.books.progress(range(8))))
    assert world.served() == served
    assert sum(map(len, world.log.records.values())) == told
    assert len(world.letters()) == letters


def test_a_rebuild_closes_buckets_to_readers_until_it_is_done(world, facts):
    world.send(*facts)
    world.work()
    subject = facts[0]["subject"]
    bucket = bucket_of(subject)
    for key in world.store.client.scan_iter(f"{world.settings.key_prefix}*"):
        world.store.client.delete(key)
    scoring = bootstrap.projection(world.settings, world.log, world.store, clock=lambda: TODAY)
    owned = frozenset(world.subject_partitions())
    reader = world.log.assign(owned)
    scoring.start(reader, owned, world.committed())
    assert world.books.progress([bucket])[0].behind > 0


def test_what_a_rebuild_finds_different_is_told_and_nothing_else(world, facts):
    world.send(*facts)
    world.work()
    told = sum(map(len, world.log.records.values()))
    for key in world.store.client.scan_iter(f"{world.settings.key_prefix}*"):
        world.store.client.delete(key)
    later = TODAY + timedelta(days=400)
    world.work(
        until=lambda: (
            world.serves(facts)
            and world.all_committed()
            and not any(p.rebuilding for p in world.books.progress(range(1024)))
        ),
        clock=lambda: later,
    )
    differing = sum(map(len, world.log.records.values())) - told
    assert 0 < differing <= len(world.served())
    assert ids(world.told()) == ids(world.served())


def test_facts_with_unknown_codes_are_kept_and_become_letters_once(world, facts):
    case = next(fact for fact in facts if fact["type"] == "cn.chengxin.case.decided.v1")
    unknown = {**case, "id": "unknown", "data": {**case["data"], "case_no": "案-U", "violation_code": "SP-99"}}
    world.send(case, unknown)
    world.work()
    [letter] = world.letters()
    assert (letter.reason, letter.record.value) == ("unknown-code", world.message(unknown).value)
    assert len(world.ledgers.load([case["subject"]])[case["subject"]].entries) == 2


def test_an_id_conflict_becomes_a_letter_and_changes_nothing(world, facts):
    case = next(fact for fact in facts if fact["type"] == "cn.chengxin.case.decided.v1")
    world.send(case)
    world.work()
    before = world.served()
    world.send({**case, "data": {**case["data"], "case_no": "another"}})
    world.work()
    assert [letter.reason for letter in world.letters()] == ["id-conflict"]
    assert world.served()[case["subject"]]["internal"] == before[case["subject"]]["internal"]


@pytest.mark.parametrize(
    ("reason", "spoil"),
    [
        ("not-decodable", lambda message: Message(message.topic, message.key, b"{", message.headers)),
        ("schema", lambda message: Message(message.topic, message.key, b"{}", message.headers)),
        (
            "misrouted",
            lambda m: Message(m.topic, m.key, m.value, m.headers, (bucket_of(m.key.decode()) + 1) % PARTITIONS),
        ),
    ],
)
def test_what_is_no_fact_becomes_a_letter_with_its_original_bytes(world, facts, reason, spoil):
    bad = spoil(world.message(facts[1]))
    world.log.appender().append([bad])
    world.send(facts[2])
    world.work()
    [letter] = world.letters()
    assert letter.reason == reason
    assert (letter.record.key, letter.record.value, letter.record.headers) == (bad.key, bad.value, bad.headers)
    assert len(world.served()) == 1


def test_a_bug_in_the_fold_stops_no_partition(world, facts, monkeypatch):
    real = summarise
    poisoned = facts[0]["subject"]

    def fails(subject_id, *rest):
        if subject_id == poisoned:
            raise ZeroDivisionError
        return real(subject_id, *rest)

    monkeypatch.setattr("services.scoring.folding.summarise", fails)
    world.send(*facts)
    world.work()
    served = world.served()
    assert served[poisoned]["failed"]
    assert {s: v for s, v in served.items() if s != poisoned} == {
        s: v for s, v in world.expected().items() if s != poisoned
    }
    stored = world.ledgers.load([poisoned])[poisoned]
    assert len(stored.entries) == len({f["id"] for f in facts if f["subject"] == poisoned})


def test_a_store_that_was_set_back_is_noticed_and_read_up_to_again(world, facts):
    world.send(*facts[:200])
    world.work()
    key = world.books._keys.positions(bucket_of(facts[0]["subject"]))
    kept = world.store.client.dump(key)
    world.send(*facts[200:])
    world.work()
    served = world.served()
    world.store.client.restore(key, 0, kept, replace=True)
    world.work(
        until=lambda: world.all_committed() and not world.books.progress([bucket_of(facts[0]["subject"])])[0].rebuilding
    )
    assert world.served() == served


def test_applied_until_follows_the_log(world, facts):
    world.send(*facts)
    instants = iter(TODAY + timedelta(seconds=n) for n in range(100_000))
    number = bucket_of(facts[0]["subject"]) % PARTITIONS
    world.work(until=lambda: (world.books.applied(number) or TODAY) > TODAY, clock=lambda: next(instants))
    assert world.books.applied(number) > TODAY
