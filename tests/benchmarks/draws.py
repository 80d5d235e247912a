"""The draw's part of `make bench`: a pool of a million beside the hashes that its protocol cannot do without.

Each part runs in a process of its own, which tells its peak of memory.
"""

from __future__ import annotations

import hashlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from services.draws.uncollected import uncollected
from shared.credit.canonical import canonical
from shared.draw.bundle import untimed
from shared.draw.checks import PROTOCOL
from shared.draw.drawing import draw
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.store.client import Store
from shared.store.documents import DocumentIndex
from shared.store.keys import Keys
from tests.faults.drawing import outcome
from tests.support.draws import BEACON, Desk, a_plan

SUBJECTS, DRAWN, INSPECTORS = 1_000_000, 50_000, 2_000
TIMES = 5
VALUE = "0f" * 4
AHEAD = timedelta(seconds=30)


def plan() -> dict[str, Any]:
    """Panels of two, one of a department and one of any, with twice as many seats to be had as are filled."""
    return {
        "strata": [{"stratum": "A", "count": DRAWN // 5 * 2}, {"stratum": "B", "count": DRAWN // 5 * 3}],
        "max_load": 4 * DRAWN // INSPECTORS,
        "seed_sources": [
            {"name": BEACON, "not_before": (datetime.now(UTC) + AHEAD).isoformat(), "pattern": "[0-9a-f]{8}"}
        ],
    }


def lists() -> dict[str, bytes]:
    """The frozen lists, in seven counties."""
    pool = (
        b"shop:92320902MA%08dX-01\t%s\t32090%d001\n" % (number, b"A" if number % 3 else b"B", number % 7)
        for number in range(SUBJECTS)
    )
    roster = (
        b"%032x\t%s\t32090%d\n" % (number << 100, b"law" if number % 3 else b"fire", number % 7)
        for number in range(INSPECTORS)
    )
    return {
        "pool.tsv": b"".join(pool),
        "roster.tsv": b"".join(roster),
        "recusals.tsv": b"",
        "excluded.tsv": b"",
    }


def timed(act: Callable[[], Any]) -> float:
    """Seconds until there is an answer; to let go of it is not counted."""
    start = time.perf_counter()
    answer = act()
    seconds = time.perf_counter() - start
    del answer
    return seconds


def megabytes() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def pure() -> dict[str, float]:
    """From frozen bytes and a value to the result's bytes, and the bare hashes."""
    document = {**a_plan(), **plan(), "protocol": PROTOCOL, "draw_id": "d-1", "journal": "0" * 64}
    document["panel"] = [{"department": "law", "count": 1}, {"department": "*", "count": 1}]
    seed = json.dumps({"values": {BEACON: VALUE}}).encode()
    files = {"plan.json": canonical(document), **lists(), "seed.json": seed}
    subjects = [line.split(b"\t", 1)[0] for line in files["pool.tsv"].splitlines()]
    drawn = subjects[:: SUBJECTS // DRAWN]
    start = megabytes()
    both = [(timed(lambda: bare(subjects, drawn)), timed(lambda: drawing(files))) for _ in range(TIMES)]
    return {
        "bare": min(bare for bare, _ in both),
        "draw": min(drawing for _, drawing in both),
        "before": start,
        "peak": megabytes(),
    }


def drawing(files: dict[str, bytes]) -> Any:
    """As clerks have it drawn."""
    with uncollected():
        return draw(*untimed(files))


def bare(subjects: list[bytes], drawn: list[bytes]) -> None:
    """A ticket for each subject, and one naming for each seat."""
    ticket, naming, sha256 = bytes(32) + b"subject\n", bytes(32) + b"inspector\n", hashlib.sha256
    for subject in subjects:
        sha256(ticket + subject).digest()
    for subject in drawn:
        sha256(naming + subject + b"\nlaw\n0").digest()
        sha256(naming + subject + b"\n*\n0").digest()


def office(kafka: str, redis: str, prefix: str) -> dict[str, float]:
    """The same draw as clerks make it, its documents on the log and their places in the store."""
    files, store = lists(), Store(redis)
    keys = Keys(prefix.replace(".", ":"))
    log = KafkaLog(Connection((kafka,), prefix))
    desk = Desk(log, prefix, lambda: datetime.now(UTC), DocumentIndex(store, keys))
    desk.plan(**plan())
    begin = megabytes()
    found = {"freeze": timed(lambda: desk.freeze(lists=files))}
    sha256s = desk.draw("d-1").committed.sha256s
    found["back"] = timed(lambda: desk.documents.get(sha256s["pool.tsv"]))
    store.client.delete(keys.documents())
    found["refilled"] = timed(lambda: desk.documents.get(sha256s["pool.tsv"]))
    while outcome(lambda: desk.enter(BEACON, VALUE)) == "seed-too-early":
        time.sleep(0.1)
    found["run"] = timed(desk.run)
    desk.close()
    log.close()
    return {**found, "before": begin, "peak": megabytes()}


def in_its_own_process(*order: str) -> dict[str, float]:
    """What a part has measured."""
    line = [sys.executable, "-m", "tests.benchmarks.draws", *order]
    answer = subprocess.run(line, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def report(kafka: str, redis: str, prefix: str) -> list[str]:
    """Sentences on both parts; `prefix` is that of topics which are there."""
    alone, whole = in_its_own_process(), in_its_own_process(kafka, redis, prefix)
    size = f"{DRAWN:,} of {SUBJECTS:,} subjects, {INSPECTORS:,} inspectors in panels of two"
    times = {name: f"{whole[name] / alone['bare']:.1f}" for name in ("freeze", "back", "refilled", "run")}
    alone_told = (
        f"a draw of {size}: {alone['draw'] / alone['bare']:.2f} times the bare hashes; memory {alone['before']:.0f} MB "
        f"with the documents, {alone['peak']:.0f} MB at most"
    )
    whole_told = (
        f"the same with its documents on the log, in times of the bare hashes: freezing {times['freeze']}, reading the "
        f"pool back {times['back']}, after the store was emptied {times['refilled']}, drawing {times['run']}; memory "
        f"{whole['before']:.0f} MB before, {whole['peak']:.0f} MB at most"
    )
    return [alone_told, whole_told]


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    print(json.dumps(office(*sys.argv[1:]) if sys.argv[1:] else pure()))
