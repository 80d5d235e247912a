"""A process that takes one step of a draw and may die in it: `python -m tests.faults.drawing JSON`.

The points lie in a wrapper around the port of the log: `append` (of a document's chunk), and `before`, `in the middle`
and `after` the transaction of a step. At its point the process kills itself, or stops until it is told to go on.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import structlog

from services.draws import documents
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.kafka_client import Patience
from shared.eventlog.port import Fenced, LogUnavailable
from shared.store.client import Store
from shared.store.documents import DocumentIndex
from shared.store.keys import Keys
from shared.web.problems import ProblemError
from tests.support.draws import LISTS, Desk
from tests.support.dying import Dying

POOL = b"".join(b"shop:%05d\t%s\t320902\n" % (number, b"A" if number % 3 else b"C") for number in range(20_000))


class Deadly(Dying):
    """Sends this process a signal when a point is reached for the n-th time; a file is left to prove it."""

    def __init__(self, log, point, times, proof, what):
        super().__init__(log, set())
        self.reached, self.left, self.proof, self.what = point, times, Path(proof), what

    def point(self, *name):
        if name[0] == self.reached:
            self.left -= 1
            if self.left == 0:
                self.proof.write_text(self.reached)
                os.kill(os.getpid(), signal.Signals[self.what])


def first(desk, draw_id):
    return desk.selected(draw_id)[0]["subject_id"]


STEPS = {
    "plan": lambda desk, id_, sources: desk.plan(id_, seed_sources=sources),
    "freeze": lambda desk, id_, _: desk.freeze(id_, expected=1, lists={**LISTS, "pool.tsv": POOL}),
    "seed": lambda desk, id_, sources: desk.enter(sources[0]["name"], "0f" * 4, id_, expected=2),
    "run": lambda desk, id_, _: desk.run(id_, expected=4),
    "propose": lambda desk, id_, _: desk.propose(first(desk, id_), draw_id=id_, expected=5),
    "confirm": lambda desk, id_, _: desk.confirm(6, id_, expected=6),
    "abandon": lambda desk, id_, _: desk.abandon(id_, expected=2),
    "publish": lambda desk, id_, _: desk.publish(id_, expected=7),
}


def outcome(act):
    """What the clerk is told."""
    try:
        return act().sequence
    except ProblemError as refused:
        return refused.kind.code
    except (LogUnavailable, Fenced):
        return "unavailable"


def main(argument):
    order = json.loads(argument)
    documents.CHUNK, documents._AT_ONCE = 64 << 10, 1  # every chunk is a point of its own
    prefix = order["prefix"]
    log = KafkaLog(Connection(tuple(order["kafka"]), prefix), Patience(answer=3.0, delivery=6.0))
    deadly = Deadly(log, order["point"], order["times"], order["proof"], order["signal"])
    index = DocumentIndex(Store(order["redis"], timeout=1.0), Keys(prefix.replace(".", ":")))
    desk = Desk(deadly, prefix, lambda: datetime.now(UTC), index)
    told = outcome(lambda: STEPS[order["step"]](desk, order["draw_id"], order["sources"]))
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    main(sys.argv[1])
