"""Look-ups over HTTP beside a bare Flask route and FastAPI that return the same bytes; and by the thousand."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import orjson

from services.cli import serve
from services.cli.web_app import web_app
from shared.embedded.ports import choose
from shared.eventlog.port import Log
from shared.settings import Settings
from shared.store.client import Store

HERE = Path(__file__).parent
CONNECTIONS, SECONDS, ROUNDS = 16, 5.0, 3
AT_ONCE, TIMES = 1_000, 20
_READY_SECONDS = 60
_THRESHOLDS = gc.get_threshold()


class Served(NamedTuple):
    """Requests a second and milliseconds: the medians of the rounds."""

    rate: float
    p50: float
    p99: float


def by_the_thousand(settings: Settings, log: Log, store: Store, subjects: Sequence[str]) -> tuple[float, float]:
    """Subjects a second of one thread, the best of many requests: ours, and beside it the ceiling, which reads the kept
    bodies of as many, a plain HGET of each in one pipeline, and joins them. `beside_peers` has left these there.
    """
    http = web_app(settings, log, store, ["lookup"]).test_client()
    some = list(subjects[:AT_ONCE])
    body = orjson.dumps({"subject_ids": some})
    _until(lambda: http.get("/readyz").status_code == 200)
    gc.set_threshold(*_THRESHOLDS)  # as in a web process: the scoring worker, which ran here before, sets others
    gc.collect()
    gc.freeze()

    def ours() -> None:
        assert http.post("/v1/subjects/lookups", data=body, content_type="application/json").status_code == 200

    def bare() -> None:
        with store.client.pipeline(transaction=False) as pipe:
            for subject in some:
                pipe.hget(f"bare:{subject}", "body")
            assert len(b",".join(pipe.execute())) > AT_ONCE

    best = dict.fromkeys((ours, bare), float("inf"))
    for _ in range(TIMES):
        for each in best:
            began = time.perf_counter()
            each()
            best[each] = min(best[each], time.perf_counter() - began)
    return AT_ONCE / best[ours], AT_ONCE / best[bare]


def beside_peers(settings: Settings, subjects: Sequence[str], peer: Path) -> dict[str, Served]:
    """The same subjects' look-ups in turns, by the same number of processes: of one subject, and of many."""
    ours = choose()
    bare = choose([ours])
    fastapi = choose([ours, bare])
    found = replace(settings, port=ours, rate_per_address=0, web_workers=2, web_threads=8)
    environment = os.environ | found.environment() | {"BENCH_STORE": settings.redis}
    gunicorn = serve.command(found, "lookup")
    flask = [*gunicorn[:3], "tests.benchmarks.bare_flask:app", f"--bind=127.0.0.1:{bare}", *gunicorn[5:]]
    uvicorn = [
        str(peer),
        "-m",
        "uvicorn",
        "peer_fastapi:app",
        f"--port={fastapi}",
        "--workers=2",
        "--log-level=warning",
    ]
    with (
        running(gunicorn, environment, f"http://127.0.0.1:{ours}/readyz"),
        running(flask, environment, f"http://127.0.0.1:{bare}/", refused=True),
        running(uvicorn, environment, f"http://127.0.0.1:{fastapi}/", refused=True, folder=HERE),
    ):
        base = f"http://127.0.0.1:{ours}/v1/subjects/"
        store = Store(settings.redis)
        for subject in subjects:
            body = urllib.request.urlopen(base + subject).read()
            store.client.hset(f"bare:{subject}", mapping={"body": body})
        store.close()
        addresses = {
            "Chengxin, one subject": f"{base}{subjects[0]}",
            "Chengxin, many subjects": base + ",/v1/subjects/".join(subjects),
            "bare Flask, one HGETALL": f"http://127.0.0.1:{bare}/{subjects[0]}",
            "FastAPI with uvicorn, one HGETALL": f"http://127.0.0.1:{fastapi}/{subjects[0]}",
        }
        rounds = [{name: _loaded(address) for name, address in addresses.items()} for _ in range(ROUNDS)]
    return {
        name: Served(*(sorted(each[name][at] for each in rounds)[ROUNDS // 2] for at in range(3))) for name in addresses
    }


def _loaded(address: str) -> Served:
    command = [sys.executable, str(HERE / "load.py"), address, str(CONNECTIONS), str(SECONDS)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return Served(**json.loads(answer.stdout))


@contextmanager
def running(
    command: Sequence[str],
    environment: dict[str, str],
    ready: str,
    *,
    refused: bool = False,
    folder: Path | None = None,
) -> Iterator[None]:
    """A server, until it answers at an address; `refused`: whatever it answers there."""

    def answers() -> bool:
        try:
            urllib.request.urlopen(ready)
        except urllib.error.HTTPError:
            return refused
        except OSError:
            return False
        return True

    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
    )
    try:
        _until(answers)
        yield
    finally:
        process.terminate()
        process.wait()


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.05)
