"""`make bench`: the scoring worker beside its ceilings and a peer, and a large draw, in one run, on the same data.

Prints rates and their ratios; absolute times mean nothing on a shared machine. Asserts nothing. `make bench
EVENTS=600000` takes a city of about so many events instead of the sample city's 60,000, which it says.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import structlog
from rich.console import Console
from rich.table import Table

from services.sample.city import SEED, Size, city
from services.scoring import bootstrap
from services.scoring.folding import Folder, fold
from shared.credit.facts import Fact
from shared.credit.rulebook import Rulebooks
from shared.embedded import engines
from shared.eventlog import topics, topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.partitioner import BUCKETS
from shared.eventlog.port import Message, TopicPartition
from shared.events.catalogue import catalogue
from shared.events.envelope import Event
from shared.events.kafka_codec import encode
from shared.projection.loop import Loop, Pace
from shared.projection.publishing import publish_missing
from shared.rulebooks.loader import SHIPPED, load_directory
from shared.settings import Settings
from shared.store.client import Store
from shared.store.counts import Counting
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers, Version
from shared.store.progress import Bookkeeping
from shared.store.tenure import Tenure
from tests.benchmarks import draws, large_subject, lookups
from tests.benchmarks.recovery import readable, working
from tests.faults.machine import OneStore

UNTIL = date(2026, 9, 30)
PARTITIONS, MOST = 8, 10_000
RATE, LATENCY_EVENTS = 500, 5_000
CITY_EVENTS, BESIDE_EVENTS = 60_000, 20_000
KILLS, PROBES = 3, 100
HOME = Path(__file__).parents[2] / ".chengxin"
PEER = Path(__file__).parents[2] / ".venv-bench" / "bin" / "python"


class Bench:
    """An installation of its own on engines of its own."""

    def __init__(self, addresses: engines.Engines, store: OneStore) -> None:
        prefix = f"b{uuid.uuid4().hex[:8]}."
        self.settings = Settings(
            topic_prefix=prefix,
            key_prefix=prefix.replace(".", ":"),
            partitions=PARTITIONS,
            poll_records=MOST,
            kafka=(addresses.kafka,),
            redis=store.url,
        )
        self.shipped = replace(self.settings, poll_records=Settings.poll_records)
        self.connection = Connection((addresses.kafka,), prefix)
        self.log = KafkaLog(self.connection)
        self.server, self.store = store, Store(store.url)
        self.ledgers = Ledgers(self.store, Keys(self.settings.key_prefix))
        topics_admin.apply(self.connection, topics.wanted(prefix, PARTITIONS))
        self.publish([(file.name, file.read_bytes()) for file in sorted(SHIPPED.glob("*-v*.yaml"))])

    def publish(self, documents: list[tuple[str, bytes]]) -> None:
        topic = self.name(topics.RULEBOOKS)
        publish_missing(self.log, topic, documents, source="urn:bench", now=lambda: datetime.now(UTC))

    def name(self, topic: str) -> str:
        return self.settings.topic_prefix + topic

    def message(self, event: Event) -> Message:
        headers, value = encode(event)
        return Message(self.name(f"{catalogue().topic_of(event.type)}.v1"), event.subject.encode(), value, headers)

    def fill(self, events: list[Event]) -> None:
        appender = self.log.appender()
        for start in range(0, len(events), 5_000):
            appender.append([self.message(event) for event in events[start : start + 5_000]])
        appender.close()

    def partitions(self) -> list[TopicPartition]:
        names = [self.name(topic) for topic in topics.SUBJECT_TOPICS]
        return [TopicPartition(name, number) for name in names for number in range(PARTITIONS)]

    def polling_only(self) -> float:
        """Seconds to read the whole log and do nothing."""
        reader = self.log.assign(self.partitions())
        ends = reader.end_offsets(self.partitions())
        start = time.perf_counter()
        left = sum(ends.values())
        while left > 0:
            left -= len(reader.poll(timeout=1.0, most=MOST))
        seconds = time.perf_counter() - start
        reader.close()
        return seconds

    def scripts_only(self, events: list[Event]) -> float:
        """Seconds in which the store takes the same changes, made beforehand, in batches of the same size."""
        rulebooks = Rulebooks(load_directory(SHIPPED))
        keys, tenure = Keys(self.settings.key_prefix + "only:"), Tenure()
        ledgers = Ledgers(self.store, keys)
        Bookkeeping(self.store, keys).claim(range(BUCKETS), tenure)
        held: dict[str, Folder] = defaultdict(lambda: Folder(Version(), {}, ""))
        batches = []
        now = datetime.now(UTC)
        for start in range(0, len(events), MOST):
            by_subject: dict[str, list[Fact]] = defaultdict(list)
            for event in events[start : start + MOST]:
                fact = Fact(event.source, event.id, event.type, event.subject, event.time, event.data, now)
                by_subject[event.subject].append(fact)
            changes = []
            for subject, facts in by_subject.items():
                folded = fold(subject, held[subject], facts, rulebooks, now.date(), silent=False)
                assert folded
                held[subject] = folded.after
                changes.append(folded.change)
            batches.append(changes)
        begin = time.perf_counter()
        for changes in batches:
            ledgers.apply(changes, tenure)
        return time.perf_counter() - begin

    def worker(self, settings: Settings | None = None) -> float:
        """Seconds in which the worker decodes, folds, stores, relays and commits the whole log."""
        loop = bootstrap.worker(settings or self.settings, self.log, self.store, "bench")
        stop = Flag()
        thread = Thread(target=loop.run, args=(stop,))
        start = time.perf_counter()
        thread.start()
        self.wait_until_applied()
        seconds = time.perf_counter() - start
        stop.set()
        thread.join()
        return seconds

    def wait_until_applied(self) -> None:
        """Until all that is on the log now is in the store."""
        watch = self.log.assign(self.partitions())
        ends = watch.end_offsets(self.partitions())
        watch.close()
        books = Bookkeeping(self.store, Keys(self.settings.key_prefix))
        while True:
            progress = books.progress(range(PARTITIONS))
            positions = {field: at for bucket in progress for field, at in bucket.positions.items()}
            if all(positions.get(f"{at.topic}:{at.partition}", 0) >= end for at, end in ends.items()):
                return
            time.sleep(0.1)

    def rebuild(self) -> float:
        """Seconds in which an empty corner of the store is filled from the whole log, beside the worker's."""
        beside = replace(self.settings, key_prefix=f"n{self.settings.key_prefix}")
        filling = bootstrap.filling(beside, self.log, self.store, tell=lambda _: None)
        start = time.perf_counter()
        filling.level(Flag())
        seconds = time.perf_counter() - start
        filling.close()
        return seconds

    def beside_a_recomputation(self) -> tuple[float, float, int, int]:
        """Seconds for some events of new subjects; and for as many while all others are recomputed behind them.

        Then how many were to be recomputed, and how many of these still waited at the end.
        """
        alone, beside = (city_events(seed=seed)[:BESIDE_EVENTS] for seed in (3, 4))
        self.fill(alone)
        before = self.worker(self.shipped)
        newer = [next_version(file.read_bytes(), file.name) for file in sorted(SHIPPED.glob("*-v2.yaml"))]
        self.publish(newer)
        books = len(list(SHIPPED.glob("*-v*.yaml"))) + len(newer)
        counting = Counting(self.store, Keys(self.settings.key_prefix))
        outdated = counting.outdated(books)
        self.fill(beside)
        after = self.worker(self.shipped)
        return before, after, outdated, counting.outdated(books)

    def large(self) -> tuple[float, float, float, float]:
        """Seconds from append to readable of facts of a subject with very many: median and 99th of a hundred.

        Then the megabytes of a worker before it came to that subject, and after all.
        """
        facts = large_subject.events(UNTIL)
        many = list(islice(facts, large_subject.NUMBERS[-1]))
        appender = self.log.appender()
        with working(self.shipped) as worker:
            readable(self.ledgers, appender, self.message(next(facts)))
            begin = worker.megabytes()
            self.fill(many)
            readable(self.ledgers, appender, self.message(next(facts)))
            self.wait_until_applied()
            waits = sorted(readable(self.ledgers, appender, self.message(next(facts))) for _ in range(PROBES))
            end = worker.megabytes()
        appender.close()
        return waits[len(waits) // 2], waits[len(waits) * 99 // 100], begin, end

    def recovery(self) -> dict[str, list[float]]:
        """Seconds after a SIGKILL, with a start again at once, until the next event is readable."""
        events = iter(city_events(seed=5))
        appender = self.log.appender()

        def restart_store() -> None:
            self.server.kill()
            self.server.start()

        with working(self.shipped) as worker:
            found = {}
            for what, fault in (("the worker", worker.restart), ("the store", restart_store)):
                found[what] = []
                for _ in range(KILLS):
                    readable(self.ledgers, appender, self.message(next(events)))
                    found[what].append(readable(self.ledgers, appender, self.message(next(events)), fault))
        appender.close()
        return found

    def latency(self) -> tuple[float, float]:
        """Milliseconds from append to readable score at a steady rate: median and 99th of a hundred."""
        loop = Loop(
            self.log, bootstrap.projection(self.settings, self.log, self.store), member="bench", pace=Pace(most=MOST)
        )
        ledgers = self.ledgers
        stop = Flag()
        thread = Thread(target=loop.run, args=(stop,))
        thread.start()
        appender = self.log.appender()
        waits = []
        size = RATE // 20
        events = city_events(seed=2)[:LATENCY_EVENTS]
        begin = time.perf_counter()
        for index, start in enumerate(range(0, len(events), size)):
            time.sleep(max(0.0, begin + index / 20 - time.perf_counter()))
            batch = [replace(event, id=f"l-{start}-{n}") for n, event in enumerate(events[start : start + size])]
            probe = batch[-1]
            before = ledgers.read(probe.subject)[0]
            appender.append([self.message(event) for event in batch])
            sent = time.perf_counter()
            while ledgers.read(probe.subject)[0].digest == before.digest:
                time.sleep(0.001)
            waits.append((time.perf_counter() - sent) * 1000)
        stop.set()
        thread.join()
        appender.close()
        waits.sort()
        return waits[len(waits) // 2], waits[len(waits) * 99 // 100]

    def bytes_per_fact(self, facts: int) -> float:
        keys = list(self.store.client.scan_iter(f"{self.settings.key_prefix}{{*:facts:*", count=10_000))
        return sum(self.store.client.memory_usage(key) for key in keys) / facts

    def peer(self, number: int) -> float:
        """Seconds in which Quix Streams counts the same events by subject, nothing else."""
        program = Path(__file__).with_name("peer_quix.py")
        names = [self.name(topic) for topic in topics.SUBJECT_TOPICS]
        with tempfile.TemporaryDirectory() as state:
            answer = subprocess.run(
                [str(PEER), str(program), self.connection.servers[0], state, str(number), *names],
                capture_output=True,
                text=True,
                check=True,
            )
        return float(json.loads(answer.stdout.splitlines()[-1])["seconds"])


def city_events(seed: int = SEED, number: int = CITY_EVENTS) -> list[Event]:
    """The facts of a sample city with about so many events, in the order in which they happen."""
    whole, times = Size(), number / CITY_EVENTS
    size = Size(*(round(times * subjects) for subjects in (whole.shops, whole.sanitation, whole.haulers)))
    events = [event for event in city(UNTIL, size, seed).events if not event.subject.startswith("inspector:")]
    return sorted(events, key=lambda event: event.time)


def next_version(content: bytes, name: str) -> tuple[str, bytes]:
    """A version 3 with the rules of version 2, in force later than any score of the run."""
    number, day = re.compile(rb"^version: 2$", re.MULTILINE), re.compile(rb"^effective_from: '[0-9-]+'", re.MULTILINE)
    return name.replace("-v2", "-v3"), day.sub(b"effective_from: '2099-01-01'", number.sub(b"version: 3", content))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--events", type=int, default=CITY_EVENTS, help="about how many events the city has")
    number = arguments.parse_args().events
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chengxin-bench-")))
        addresses = engines.start(home, cache=HOME / "cache", redis=False)
        stack.callback(addresses.stop)
        store = OneStore(home)
        stack.callback(store.stop)
        measure(Bench(addresses, store), city_events(number=number))


def measure_lookups(bench: Bench, console: Console, progress: Console, subjects: list[str]) -> None:
    """Look-ups of the city's subjects, which the worker has applied."""
    progress.print("look-ups over HTTP, beside a bare Flask route and FastAPI")
    found = lookups.beside_peers(bench.settings, subjects, PEER)
    bare = found["bare Flask, one HGETALL"].rate
    table = Table("look-ups, 2 processes, 16 connections", "requests/s", "of bare Flask's", "p50 ms", "p99 ms")
    for name, each in found.items():
        table.add_row(name, f"{each.rate:,.0f}", f"{each.rate / bare:.2f}", f"{each.p50:.1f}", f"{each.p99:.1f}")
    console.print(table)
    many, bare = lookups.by_the_thousand(bench.settings, bench.log, bench.store, subjects)
    told = f"{many:,.0f} subjects/s on one core, {many / bare:.2f} of a plain pipeline that reads kept bodies"
    console.print(f"look-ups by the thousand: {told}")


def measure(bench: Bench, events: list[Event]) -> None:
    """Run all, and print what came of it."""
    console, progress = Console(), Console(stderr=True)
    progress.print(f"Filling the log with a sample city's {len(events)} facts")
    bench.fill(events)
    steps = {
        "kafka-python polling only": bench.polling_only,
        "the store's scripts only": lambda: bench.scripts_only(events),
        "scoring worker: decode, fold, store, relay, commit": bench.worker,
        "rebuild beside it: decode, fold, store": bench.rebuild,
        "Quix Streams, a mere counter": lambda: bench.peer(len(events)),
    }
    seconds = {}
    for name, step in steps.items():
        progress.print(name)
        seconds[name] = step()
    table = Table(f"{len(events):,} facts on the same log", "events/s", "worker is … times as fast")
    worker = seconds["scoring worker: decode, fold, store, relay, commit"]
    for name, took in seconds.items():
        table.add_row(name, f"{len(events) / took:,.0f}", f"{took / worker:.2f}")
    console.print(table)
    rebuilt = worker / seconds["rebuild beside it: decode, fold, store"]
    console.print(f"a rebuild of {len(events):,} facts is {rebuilt:.2f} times as fast as the live worker")
    console.print(f"bytes of store per fact: {bench.bytes_per_fact(len(events)):.0f}")
    measure_lookups(bench, console, progress, sorted({event.subject for event in events})[: lookups.AT_ONCE])
    middle, slow = bench.latency()
    console.print(f"append to readable score at {RATE} events/s: p50 {middle:.0f} ms, p99 {slow:.0f} ms")
    progress.print("a recomputation behind live events")
    alone, beside, outdated, waiting = bench.beside_a_recomputation()
    console.print(
        f"live events while {outdated:,} other subjects are recomputed behind: {alone / beside:.2f} of the rate "
        f"without; {waiting:,} of them still waited at the end"
    )
    progress.print("subjects with many facts")
    for facts, took in large_subject.recomputations(UNTIL).items():
        console.print(
            f"one recomputation of a subject with {facts:,} facts: {took:.1f} ms, {1000 * took / facts:.1f} µs a fact"
        )
    middle, slow, before, after = bench.large()
    console.print(
        f"append to readable score of a subject with {large_subject.NUMBERS[-1]:,} facts: "
        f"p50 {middle:.2f} s, p99 {slow:.2f} s; the worker's memory {before:.0f} MB before, {after:.0f} MB after"
    )
    progress.print("kills")
    for what, waits in bench.recovery().items():
        shown = ", ".join(f"{each:.1f}" for each in waits)
        console.print(f"seconds after {what} was killed and started again until the next event is readable: {shown}")
    progress.print("draws")
    for sentence in draws.report(bench.connection.servers[0], bench.server.url, bench.settings.topic_prefix):
        console.print(sentence)


if __name__ == "__main__":
    sys.exit(main())
