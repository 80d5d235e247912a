"""A rebuild and the going over to it, with a real Kafka: transactions, a real group, and its offsets."""

from __future__ import annotations

import signal
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from click.testing import CliRunner

from services.cli.rebuild import rebuild
from services.scoring import bootstrap
from services.scoring.folding import content_id
from shared.clock import SHANGHAI
from shared.credit.facts import Fact
from shared.credit.rulebook import Rulebooks
from shared.credit.summary import summarise
from shared.eventlog import topics, topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.following import Follower
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.partitioner import BUCKETS
from shared.eventlog.port import Message, TopicPartition
from shared.events.catalogue import catalogue
from shared.events.envelope import Event
from shared.events.kafka_codec import encode
from shared.projection.loop import Loop, Pace
from shared.projection.publishing import publish_missing
from shared.rulebooks.loader import load_directory
from shared.settings import Settings
from shared.store.client import Store
from shared.store.entries import instant
from shared.store.keys import Keys
from shared.store.progress import Bookkeeping
from tests.integration.scoring.world import PARTITIONS, VECTORS
from tests.support.waiting import running, until

RULEBOOKS = VECTORS / "rulebooks"
FIELDS = ("source", "id", "type", "subject", "time", "data")


class City:
    """A log on Kafka, a live store, and a new one: another corner of the same server, or a cluster."""

    def __init__(self, kafka, redis_url, prefix, cluster_url=None):
        self.settings = Settings(
            topic_prefix=prefix,
            key_prefix=prefix.replace(".", ":"),
            partitions=PARTITIONS,
            kafka=(kafka,),
            redis=redis_url,
        )
        key_prefix = f"n{self.settings.key_prefix}"
        if cluster_url:
            self.new = replace(self.settings, key_prefix=key_prefix, redis=cluster_url, redis_cluster=True)
            self.into = ["--into", cluster_url, "--into-cluster", "--into-prefix", key_prefix]
        else:
            self.new, self.into = replace(self.settings, key_prefix=key_prefix), ["--into-prefix", key_prefix]
        connection = Connection.of(self.settings)
        topics_admin.apply(connection, topics.wanted(prefix, PARTITIONS))
        self.log = KafkaLog(connection)
        self.stores = {each: Store(each.redis, cluster=each.redis_cluster) for each in (self.settings, self.new)}
        documents = [(file.name, file.read_bytes()) for file in sorted(RULEBOOKS.glob("*.yaml"))]
        now = datetime.now(UTC)
        publish_missing(self.log, prefix + topics.RULEBOOKS, documents, source="urn:t", now=lambda: now)
        self.facts = {}

    def send(self, facts):
        """In transactions, as the door does: their ends take offsets too."""
        with closing(self.log.sole_writer("t")) as writer:
            for start in range(0, len(facts), 25):
                some = [{name: fact[name] for name in FIELDS} for fact in facts[start : start + 25]]
                places = writer.write([self.message(Event(**fact)) for fact in some], lambda _: [])
                for fact, place in zip(some, places, strict=True):
                    known = self.facts.setdefault(fact["subject"], [])
                    known.append(Fact(**fact, recorded_at=instant(place.timestamp)))

    def message(self, event):
        headers, value = encode(event)
        topic = f"{self.settings.topic_prefix}{catalogue().topic_of(event.type)}.v1"
        return Message(topic, event.subject.encode(), value, headers)

    def expected(self):
        books = Rulebooks(load_directory(RULEBOOKS))
        today = datetime.now(UTC).astimezone(SHANGHAI).date()
        return {name: summarise(name, facts, books, today)[0] for name, facts in self.facts.items()}

    def served(self, settings):
        books = Bookkeeping(self.stores[settings], Keys(settings.key_prefix))
        kept = {name: each for bucket in range(BUCKETS) for name, each in books.summaries(bucket).items()}
        return {name: orjson.loads(each) for name, each in kept.items()}

    def told(self):
        """Every state that subscribers were sent, those of a subject in order."""
        at = [TopicPartition(f"{self.settings.topic_prefix}{topics.SCORES}", n) for n in range(PARTITIONS)]
        with closing(Follower(self.log, at)) as reader:
            return [(record.key.decode(), dict(record.headers)["ce_id"].decode()) for record in reader.news()]

    @contextmanager
    def working(self, settings):
        scoring = bootstrap.projection(settings, self.log, self.stores[settings])
        with closing(scoring), running(Loop(self.log, scoring, member="one", pace=Pace(commit_every=0.2))):
            yield

    def settled(self, settings):
        books, every = Bookkeeping(self.stores[settings], Keys(settings.key_prefix)), range(BUCKETS)
        if any(each.rebuilding for each in books.progress(every)) or any(books.outbox(every).values()):
            return False
        return ids(self.served(settings)) == ids(self.expected()) == dict(self.told())


def ids(states):
    return {name: content_id(state) for name, state in states.items()}


@pytest.fixture(params=["another prefix", "a cluster"])
def city(request, kafka, redis_url, prefix, monkeypatch):
    cluster_url = request.getfixturevalue("valkey_cluster") if request.param == "a cluster" else None
    city = City(kafka, redis_url, prefix, cluster_url)
    for name, value in city.settings.environment().items():
        monkeypatch.setenv(name, value)
    handlers = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    yield city
    for each, handler in handlers.items():
        signal.signal(each, handler)
    city.log.close()
    for store in city.stores.values():
        store.close()


def test_a_store_is_rebuilt_beside_the_live_one_and_workers_go_over_to_it(city, facts):
    city.send(facts[:120])
    with city.working(city.settings):
        until(lambda: city.settled(city.settings))
        done = CliRunner().invoke(rebuild, city.into)
        assert done.exit_code == 0, done.output
        assert "The same as the live store" in done.stdout
        city.send(facts[120:150])
        until(lambda: city.settled(city.settings))
    before = Counter(city.told())
    city.send(facts[150:])
    with city.working(city.new):
        until(lambda: city.settled(city.new))
    assert city.served(city.new).keys() == city.facts.keys()
    assert Counter(city.told()) - before == Counter(ids(city.expected()).items()) - before
