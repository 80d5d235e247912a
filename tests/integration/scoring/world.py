"""A log in memory, a corner of the real store, and scoring workers on them."""

from __future__ import annotations

import json
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import orjson

from services.scoring import bootstrap
from services.scoring.folding import content_id
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
from shared.projection.publishing import publish_missing
from shared.rulebooks.loader import load_directory
from shared.settings import Settings
from shared.store.breakers import Breakers
from shared.store.client import Store
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers, parse_kept
from shared.store.progress import Bookkeeping
from tests.support import waiting

VECTORS = Path(__file__).parents[3] / "shared" / "contracts" / "vectors"
TODAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
PARTITIONS = 4
PACE = Pace(poll=0.01, commit_every=0.05, back_off=0.01, back_off_most=0.05)
SECONDS = 30


class World:
    """A log in memory, a corner of the real store, and workers on them."""

    def __init__(self, redis_url, prefix, rulebooks="*.yaml"):
        wanted = topics.wanted(prefix, PARTITIONS)
        self.log = MemoryLog({topic.name: topic.partitions for topic in wanted}, clock=self.tick)
        self.stamp = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp() * 1000)
        self.store = Store(redis_url)
        self.pace = PACE
        self.corner(Settings(topic_prefix=prefix, key_prefix=prefix.replace(".", ":"), partitions=PARTITIONS))
        if rulebooks:
            self.publish(rulebooks)
        self.rulebooks = Rulebooks(load_directory(VECTORS / "rulebooks"))

    def corner(self, settings):
        self.settings, keys = settings, Keys(settings.key_prefix)
        self.ledgers = Ledgers(self.store, keys)
        self.books = Bookkeeping(self.store, keys)
        self.breakers = Breakers(self.store, keys)

    def beside(self):
        """The same log, and an empty corner of the store."""
        other = copy(self)
        other.corner(replace(self.settings, key_prefix=f"n{self.settings.key_prefix}"))
        return other

    def publish(self, pattern):
        documents = [(file.name, file.read_bytes()) for file in sorted((VECTORS / "rulebooks").glob(pattern))]
        publish_missing(self.log, self.name(topics.RULEBOOKS), documents, source="urn:t", now=lambda: TODAY)

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

    def work(self, *, until=None, clock=lambda: TODAY, witness=None):
        """Run a worker until all that is on the log is applied (or a condition holds), then stop it."""
        loop = Loop(
            self.log,
            bootstrap.projection(self.settings, self.log, self.store, clock=clock, witness=witness or clock),
            member="one",
            pace=self.pace,
        )
        with waiting.running(loop):
            waiting.until(until or self.all_committed)

    def subject_partitions(self):
        return [at for at in self.log.records if at.topic in map(self.name, topics.SUBJECT_TOPICS)]

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

    def facts(self):
        """All that is on the log, by subject."""
        by_subject = {}
        for at in self.subject_partitions():
            for record in self.log.records[at]:
                if record.value == b"{":  # poison
                    continue
                headers = {name.removeprefix("ce_"): value.decode() for name, value in record.headers}
                recorded = datetime.fromtimestamp(record.timestamp / 1000, UTC)
                fact = {**headers, "data": json.loads(record.value), "recorded_at": recorded.isoformat()}
                by_subject.setdefault(fact["subject"], []).append(parse_fact(fact))
        return by_subject

    def expected(self, today=TODAY):
        """The pure function over the distinct facts on the log."""
        return {
            subject: summarise(subject, facts, self.rulebooks, today.date())[0]
            for subject, facts in self.facts().items()
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


def spoil(world, subject, **fields):
    """Change what is kept of a subject beside its facts."""
    key = Keys(world.settings.key_prefix).heads(bucket_of(subject))
    kept = world.store.client.hget(key, subject)
    summary = parse_kept(kept).summary
    changed = orjson.dumps({**orjson.loads(summary), **fields})
    world.store.client.hset(key, subject, kept.removesuffix(summary) + changed)
