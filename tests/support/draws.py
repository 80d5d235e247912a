"""A small draw as clerks make it: a planner, a freezer, two who enter values, on any log and by any clock."""

import hashlib
import json
from datetime import datetime, timedelta

from services.draws.assembling import Lists
from services.draws.commands import (
    Abandon,
    Command,
    ConfirmDepartment,
    EnterValue,
    FileRecusal,
    MakePlan,
    Propose,
    Publish,
    Witness,
)
from services.draws.documents import Documents
from services.draws.office import Office
from services.draws.pools.entries import Assembled
from services.draws.reading import Reading
from services.draws.writing import Writer
from shared.draw import journal_checks
from shared.draw.bundle import verify
from shared.draw.journal import parse_journal
from shared.eventlog.topics import DOCUMENTS, DRAWS
from shared.store.client import StoreUnavailable
from shared.store.documents import Found

PLANNER, CLERK, OTHER = "key:planner", "key:clerk", "key:other"
DICE, BEACON = "dice of 09:30", "drand 9000000"
START = datetime.fromisoformat("2026-11-01T09:00:00+08:00")
LISTS = {
    "pool.tsv": b"".join(b"shop:%02d\t%s\t320902\n" % (n, b"A" if n % 3 else b"C") for n in range(12)),
    "roster.tsv": b"".join(b"J%d\t%s\t320902\n" % (n, b"law" if n % 2 else b"fire") for n in range(6)),
    "recusals.tsv": b"J0\tshop:03\n",
    "excluded.tsv": b"shop:98\tclosed\nshop:99\tclosed\n",
}
VALUES = {DICE: "3-4", BEACON: "0f" * 4}


def hours(number):
    return timedelta(hours=number)


def sources(start=START, public=True):
    dice = {"name": DICE, "not_before": (start + hours(2)).isoformat(), "pattern": "[1-6]-[1-6]"}
    beacon = {"name": BEACON, "not_before": (start + hours(4)).isoformat(), "pattern": "[0-9a-f]{8}"}
    return [dice, beacon]


def a_plan(start=START, **more):
    return {
        "title": "十一月双随机抽查",
        "strata": [{"stratum": "C", "rate": "0.5"}, {"stratum": "A", "count": 2}],
        "cap": None,
        "panel": [{"department": "law", "count": 1}, {"department": "*", "count": 1}],
        "max_load": 2,
        "inspector_region": "any",
        "seed_sources": sources(start),
        "publish_by": "2026-12-31",
        "replaces": None,
        **more,
    }


class Clock:
    """Says what it is told to."""

    def __init__(self, now=START):
        self.now = now

    def __call__(self):
        return self.now

    def milliseconds(self):
        return int(self.now.timestamp() * 1000)


class Index:
    """Keeps where chunks of documents lie, as the store does."""

    def __init__(self):
        self.position, self.chunks, self.down = 0, {}, False

    def find(self, sha256):
        self._check()
        return Found(self.position, dict(self.chunks.get(sha256, {})))

    def file(self, start, end, chunks):
        self._check()
        if self.position < start:
            return False
        for sha256, chunk in chunks:
            self.chunks.setdefault(sha256, {}).setdefault(chunk.start, chunk)
        self.position = max(self.position, end)
        return True

    def _check(self):
        if self.down:
            raise StoreUnavailable("the store is down")


class Desk:
    """One process: what it knows it has read from the log. `index` is the store's, else one of its own."""

    def __init__(self, log, prefix, clock, index=None, **more):
        self.reading = Reading(log, prefix + DRAWS)
        self.documents = Documents(log, prefix + DOCUMENTS, index or Index())
        self.writer = Writer(log, prefix + DRAWS, self.reading, clock=clock, **more)
        self.office = Office(self.reading, self.documents, self.writer)

    def close(self):
        self.reading.close()
        self.documents.close()

    def draw(self, draw_id):
        return self.reading.refresh().by_id[draw_id]

    def now(self, draw_id):
        return self.draw(draw_id).sequence

    def plan(self, draw_id="d-1", by=PLANNER, public=BEACON, start=START, **more):
        return self.office.execute(
            MakePlan(draw_id=draw_id, by=by, plan=a_plan(start, **more), public_source=public)
        ).draw

    def _command(self, kind, draw_id, by, expected, **more):
        return kind(draw_id=draw_id, expected=self.now(draw_id) if expected is None else expected, by=by, **more)

    def freeze(self, draw_id="d-1", by=PLANNER, expected=None, lists=LISTS):
        return self.office.freeze(self._command(Command, draw_id, by, expected), Lists(lists, ())).draw

    def enter(self, source, value=None, draw_id="d-1", by=CLERK, expected=None):
        value = VALUES[source] if value is None else value
        return self.office.execute(self._command(EnterValue, draw_id, by, expected, source=source, value=value)).draw

    def run(self, draw_id="d-1", by=CLERK, expected=None):
        return self.office.run(self._command(Command, draw_id, by, expected)).draw

    def publish(self, draw_id="d-1", by=PLANNER, expected=None, outcomes=None):
        return self.office.execute(self._command(Publish, draw_id, by, expected, outcomes=outcomes)).draw

    def abandon(self, draw_id="d-1", by=PLANNER, expected=None, cause="名录有误"):
        return self.office.execute(self._command(Abandon, draw_id, by, expected, cause=cause)).draw

    def witness(self, draw_id="d-1", by=PLANNER, expected=None, role="notary", name="张三丰"):
        return self.office.execute(self._command(Witness, draw_id, by, expected, role=role, name=name)).draw

    def recuse(self, inspector_id="J-1", subject_id="shop:01", draw_id="d-1", by=CLERK, expected=None, **more):
        more = {"inspector_id": inspector_id, "subject_id": subject_id, "reason": "relative", **more}
        return self.office.execute(self._command(FileRecusal, draw_id, by, expected, **more)).draw

    def confirm_department(
        self, department="fire", inspectors=("J-1",), items=(), draw_id="d-1", by=CLERK, expected=None
    ):
        more = {"department": department, "inspectors": inspectors, "items": items}
        return self.office.execute(self._command(ConfirmDepartment, draw_id, by, expected, **more)).draw

    def propose(self, subject_id, inspector=None, cause="illness", draw_id="d-1", by=CLERK, expected=None):
        more = {"subject_id": subject_id, "inspector": inspector, "cause": cause}
        return self.office.propose(self._command(Propose, draw_id, by, expected, **more)).draw

    def confirm(self, proposal, draw_id="d-1", by=OTHER, expected=None):
        return self.office.confirm(self._command(Command, draw_id, by, expected), proposal).draw

    def selected(self, draw_id="d-1"):
        return json.loads(self.office.bundle(draw_id)["result.json"])["selected"]


def verified(desk, draw_id="d-1"):
    """What a citizen finds who has the bundle and the journal; raises where anything does not hold."""
    files = desk.office.bundle(draw_id)
    journal, head = desk.reading.journal.content, desk.reading.journal.head
    lines = parse_journal(journal)
    found = verify(files)
    journal_checks.refuse_another_start(lines, found)
    journal_checks.refuse_another_head(lines, head)
    journal_checks.refuse_other_lines(lines, found, files)
    assert head == hashlib.sha256(journal.splitlines(keepends=True)[-1]).hexdigest()
    return found


def a_pool(pool):
    """A pool of subjects that is given."""
    return Assembled(pool, b"", (), {}, {}, {})
