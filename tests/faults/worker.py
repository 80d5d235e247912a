"""A scoring worker in a process of its own that dies at a given point: `python -m tests.faults.worker JSON`.

The points lie in a wrapper around the ports of log and store: `before apply`, `after apply`, `before advance`, `after
advance`, `before commit` (of the transaction with positions and states) and `before trim`. It may also have a bug that
shows in one subject, or a clock that is hours ahead of the store's.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import structlog

from services.scoring import bootstrap, folding
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.kafka_client import Patience
from shared.projection.loop import Loop, Pace
from shared.settings import Settings
from shared.store.client import Store


class Deadly:
    """Kills this process when a point is reached for the n-th time; a file is left to prove it."""

    def __init__(self, point, times, proof):
        self.point, self.left, self.proof = point, times, Path(proof)

    def __call__(self, point):
        if point == self.point:
            self.left -= 1
            if self.left == 0:
                self.proof.write_text(point)
                os.kill(os.getpid(), signal.SIGKILL)


class FaultyStore(Store):
    def __init__(self, url, reach, **more):
        super().__init__(url, **more)
        self.reach = reach

    def run(self, name, calls):
        if not calls:
            return []
        self.reach(f"before {name}")
        answers = super().run(name, calls)
        self.reach(f"after {name}")
        return answers


class FaultyLog(KafkaLog):
    def __init__(self, connection, patience, reach):
        super().__init__(connection, patience)
        self.reach = reach

    def transactor(self, transactional_id):
        made = super().transactor(transactional_id)
        transact = made.transact

        def reached(messages, positions, owner):
            self.reach("before commit")
            return transact(messages, positions, owner)

        made.transact = reached
        return made


def fail_on(poisoned):
    """A bug of ours that one subject brings to light."""
    right = folding.summarise

    def summarise(subject_id, *rest):
        if subject_id == poisoned:
            raise ZeroDivisionError
        return right(subject_id, *rest)

    folding.summarise = summarise


def main(argument):
    order = json.loads(argument)
    if order["bug"]:
        fail_on(order["bug"])
    prefix = order["prefix"]
    settings = Settings(topic_prefix=prefix, key_prefix=prefix.replace(".", ":"), partitions=order["partitions"])
    reach = Deadly(order["point"], order["times"], order["proof"])
    now = datetime.fromisoformat(order["now"])
    log = FaultyLog(Connection(tuple(order["kafka"]), prefix), Patience(session=order["session"], answer=3.0), reach)
    store = FaultyStore(order["redis"], reach, cluster=order["cluster"], timeout=1.0)
    ahead = now + timedelta(hours=order["ahead"])
    scoring = bootstrap.projection(settings, log, store, clock=lambda: ahead, witness=lambda: now)
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    # Where it is to die at a later pass of a point, every batch passes all points: a quick worker would need few.
    pace = Pace(most=order["most"], commit_every=0.0 if order["point"] else 0.2, back_off_most=0.5)
    Loop(log, scoring, member=order["member"], pace=pace).run(stop)


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    main(sys.argv[1])
