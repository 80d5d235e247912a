"""Brokers, stores and workers of one installation that can be killed, cut back, paused and started again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid

import orjson

from services.lookup.store_reader import StoreReader
from services.scoring.folding import content_id
from shared.credit.rulebook import Rulebooks
from shared.embedded import broker, jars, valkey
from shared.embedded.broker_properties import Node
from shared.embedded.ports import choose
from shared.eventlog import topics, topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.following import Follower
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.port import LogUnavailable, Message, TopicPartition
from shared.events.catalogue import catalogue
from shared.events.envelope import Event
from shared.events.kafka_codec import encode
from shared.projection.publishing import publish_missing
from shared.rulebooks.loader import load_directory
from shared.store.client import Store, StoreUnavailable
from shared.store.filled import Rebuilding
from shared.store.keys import Keys, field_of
from shared.store.ledgers import Ledgers
from shared.store.progress import Bookkeeping
from shared.web.offsets import follow_committed
from tests.faults.truth import NOW, Truth
from tests.integration.scoring.world import VECTORS

PARTITIONS = 4
SECONDS = 60
ROOT = VECTORS.parents[2]


def wait(condition, seconds=SECONDS):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("the condition never held")


class Brokers:
    """One broker or three, each to be killed and started again."""

    def __init__(self, folder, cache, number):
        self.folder, self.jars, self.cluster = (
            folder,
            jars.fetch(cache / "maven", progress=print),
            "4L6g3nShT-eMCtK--X86sw",
        )
        taken = []
        self.nodes = []
        for each in range(1, number + 1):
            ports = [choose(taken), 0]
            taken.append(ports[0])
            ports[1] = choose(taken)
            taken.append(ports[1])
            self.nodes.append(Node(each, *ports))
        self.processes = {node.number: self._start(node) for node in self.nodes}
        for node in self.nodes:
            self.processes[node.number].wait_until(lambda port=node.port: broker.is_ready(port), seconds=120)

    def _start(self, node):
        folder = self.folder / f"broker-{node.number}"
        return broker.start(
            node, self.nodes, cluster_id=self.cluster, jars=self.jars, folder=folder, log=folder / "kafka.log"
        )

    @property
    def addresses(self):
        return tuple(f"127.0.0.1:{node.port}" for node in self.nodes)

    def kill(self, number):
        kill(self.processes[number])

    def restart(self, number):
        [node] = [each for each in self.nodes if each.number == number]
        self.processes[number] = self._start(node)
        self.processes[number].wait_until(lambda: broker.is_ready(node.port), seconds=120)

    def stop(self):
        for process in self.processes.values():
            process.stop(seconds=30)


class OneStore:
    """A Valkey with its append-only file, which can be cut back to what it was."""

    cluster = False

    def __init__(self, folder):
        self.folder, self.port, self.password = folder, choose(), uuid.uuid4().hex
        self.url = f"redis://:{self.password}@127.0.0.1:{self.port}/0"
        self.start()

    def start(self):
        log = self.folder / "valkey.log"
        self.process = valkey.start(port=self.port, password=self.password, folder=self.folder, log=log)
        self.process.wait_until(lambda: valkey.is_ready(self.port, self.password), seconds=30)

    def kill(self):
        kill(self.process)

    @property
    def file(self):
        """The growing file of the append-only log."""
        [found] = (self.folder / "appendonlydir").glob("*.incr.aof")
        return found

    def cut(self, length):
        """Power was lost: what came after this length had not reached the disk."""
        assert self.file.stat().st_size > length
        os.truncate(self.file, length)

    def copy(self, to):
        shutil.copytree(self.folder / "appendonlydir", to)

    def put_back(self, copy):
        shutil.rmtree(self.folder / "appendonlydir")
        if copy:
            shutil.copytree(copy, self.folder / "appendonlydir")

    def stop(self):
        self.process.stop(seconds=10)


def kill(process):
    """SIGKILL, seen to have happened."""
    os.kill(process.pid, signal.SIGKILL)
    wait(lambda: not process.running(), 10)


class Machine:
    """One installation: its topics on the brokers, its keys in a store, its workers, and what it must come to."""

    def __init__(self, brokers, store, folder, *, session=6.0, rulebooks=VECTORS / "rulebooks"):
        self.brokers, self.kept, self.folder, self.session = brokers, store, folder, session
        self.prefix = f"f{uuid.uuid4().hex[:10]}."
        self.connection = Connection(brokers.addresses, self.prefix)
        self.log = KafkaLog(self.connection)
        topics_admin.apply(self.connection, topics.wanted(self.prefix, PARTITIONS))
        files = sorted(rulebooks.glob("*-v*.yaml"))
        publish_missing(
            self.log,
            self.prefix + topics.RULEBOOKS,
            [(file.name, file.read_bytes()) for file in files],
            source="urn:t",
            now=lambda: NOW,
        )
        self.rulebooks = Rulebooks(load_directory(rulebooks))
        self.store = Store(store.url, cluster=store.cluster)
        keys = Keys(self.prefix.replace(".", ":"))
        self.books, self.ledgers, self.keys = Bookkeeping(self.store, keys), Ledgers(self.store, keys), keys
        self.workers = {}
        self.numbers = iter(range(10**6))

    # Events

    def message(self, fact):
        event = Event(fact["id"], fact["source"], fact["type"], fact["subject"], fact["time"], fact["data"])
        headers, value = encode(event)
        topic = f"{self.prefix}{catalogue().topic_of(event.type)}.v1"
        return Message(topic, event.subject.encode(), value, headers)

    def send(self, messages):
        """Append, again and again until each is in: what was in already is a repetition."""
        appender, left = self.log.appender(), list(messages)
        try:
            deadline = time.monotonic() + SECONDS
            while left and time.monotonic() < deadline:
                try:
                    answers = appender.append(left)
                    left = [m for m, answer in zip(left, answers, strict=True) if isinstance(answer, LogUnavailable)]
                except LogUnavailable:
                    pass
            assert not left
        finally:
            appender.close()

    # Workers

    def work(self, member="1", *, point="", times=1, most=100, bug="", ahead=0):
        """Start a worker; with a point it dies there, which `died` proves.

        `bug` is a subject that it fails on, `ahead` for how many hours its clock is.
        """
        number = next(self.numbers)
        proof = self.folder / f"proof-{number}"
        order = {
            "kafka": self.brokers.addresses, "redis": self.kept.url, "cluster": self.kept.cluster,
            "prefix": self.prefix, "partitions": PARTITIONS, "now": NOW.isoformat(), "member": member,
            "session": self.session,
            "point": point, "times": times, "proof": str(proof), "most": most,
            "bug": bug, "ahead": ahead,
        }  # fmt: skip
        with (self.folder / f"worker-{number}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.worker", json.dumps(order)], stdout=log, stderr=log, cwd=ROOT
            )
        process.proof = proof
        self.workers[number] = process
        return process

    def died(self, process):
        """Wait for a worker's death at its point."""
        process.wait(SECONDS)
        assert process.returncode == -signal.SIGKILL
        assert process.proof.exists()

    def stop(self):
        for process in self.workers.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait(30)
        self.store.close()
        self.log.close()

    # What came of it

    def places(self, *names):
        return [TopicPartition(self.prefix + name, n) for name in names for n in range(PARTITIONS)]

    def records(self, *names):
        follower = Follower(self.log, self.places(*names))
        try:
            return list(follower.news())
        finally:
            follower.close()

    def ends(self, places):
        reader = self.log.assign(places)
        try:
            return reader.end_offsets(places)
        finally:
            reader.close()

    def settled(self):
        """Everything on the log is applied, told and committed, and readers may read it."""
        try:
            places = self.places(*topics.SUBJECT_TOPICS)
            committed, ends = self.log.committed(topics.SCORING, places), self.ends(places)
            wanted = [{field_of(at): end for at, end in ends.items() if at.partition == n} for n in range(PARTITIONS)]
            return (
                all(committed.get(at, 0) >= end for at, end in ends.items())
                and not any(self.books.outbox(range(1024)).values())
                and not any(
                    progress.rebuilding or progress.is_behind(wanted[bucket % PARTITIONS])
                    for bucket, progress in enumerate(self.books.progress(range(1024)))
                )
            )
        except (LogUnavailable, StoreUnavailable):
            return False

    def truth(self):
        return Truth(self.records(*topics.SUBJECT_TOPICS), self.rulebooks)

    def served(self):
        return {
            subject: orjson.loads(summary)
            for bucket in range(1024)
            for subject, summary in self.books.summaries(bucket).items()
        }

    def told(self):
        """Every state on `scores.v1`, partition by partition."""
        records = sorted(self.records(topics.SCORES), key=lambda record: (record.partition, record.offset))
        return [(r.key.decode(), dict(r.headers)["ce_id"].decode()) for r in records]

    def log_of(self, number):
        """What a worker has logged."""
        return (self.folder / f"worker-{number}.log").read_text()

    def check(self, *, besides=()):
        """Every score is the pure function's, subscribers end in it, and were never told anything else.

        `besides` are (subject, id) of states that say of a subject that it could not be scored.
        """
        wait(self.settled, 120)
        truth = self.truth()
        final = truth.final()
        served = self.served()
        assert [subject for subject in final if served.get(subject) != final[subject]] == []
        assert served.keys() == final.keys()
        told = [state for state in self.told() if state not in besides]
        assert dict(told) == {subject: content_id(summary) for subject, summary in final.items()}
        assert truth.wrong(told) is None
        return truth


class Reading:
    """Looks subjects up all the time, as the look-up service does; every answer must be a state of the log."""

    def __init__(self, machine, subjects):
        self.machine, self.subjects, self.answers, self.refused = machine, list(subjects), [], []
        self.applied_until = set()
        committed = follow_committed(
            machine.log, topics.SCORING, [machine.prefix + name for name in topics.SUBJECT_TOPICS], PARTITIONS
        )
        self.reader = StoreReader(machine.store, machine.keys, PARTITIONS, committed)

    def once(self):
        for subject in self.subjects:
            try:
                head = self.reader.head(subject)
            except (Rebuilding, StoreUnavailable) as error:
                self.refused.append(type(error).__name__)
            else:
                self.answers.append((subject, content_id(head.summary) if head else None))
                self.applied_until.add(head and head.applied_until)

    def check(self, truth):
        assert self.answers
        for subject, id_ in set(self.answers):
            assert id_ is None or truth.is_state(subject, id_), subject
