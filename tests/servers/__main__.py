"""`make test-servers`: the suites of store and log on other servers than the embedded ones, which this starts.

Debian's Redis (the embedded store is a Valkey), a cluster of six nodes (in `make test` it has one) and three brokers
(in `make test` there is one).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from contextlib import ExitStack, contextmanager
from pathlib import Path

from shared.embedded import valkey
from shared.embedded.cache import cache_folder
from shared.embedded.ports import choose
from shared.embedded.process import Process, environment
from tests.faults.machine import Brokers
from tests.faults.six_nodes import SixNodes

ROOT = Path(__file__).parents[2]
CACHE = cache_folder(os.environ.get("CHENGXIN_CACHE", ""), ROOT / ".chengxin")
ON_A_STORE = ("tests/integration/store", "tests/integration/scoring", "tests/integration/lookup")
ON_A_CLUSTER = ("tests/integration/store", "tests/integration/scoring")
ON_A_LOG = ("tests/integration/eventlog", "tests/integration/desk")


@contextmanager
def debians_redis(folder):
    """A Redis with its append-only file, as the embedded store has one."""
    port, password = choose(), uuid.uuid4().hex
    settings = {"port": port, "bind": "127.0.0.1", "requirepass": password, "dir": folder, "save": '""'}
    (folder / "redis.conf").write_text("".join(f"{k} {v}\n" for k, v in {**settings, "appendonly": "yes"}.items()))
    server = Process(
        "Redis",
        [shutil.which("redis-server"), folder / "redis.conf"],
        pid_file=folder / "pid",
        log=folder / "redis.log",
        environment=environment(),
    )
    try:
        server.wait_until(lambda: valkey.is_ready(port, password), seconds=30)
        yield {"CHENGXIN_TEST_REDIS": f"redis://:{password}@127.0.0.1:{port}/0"}
    finally:
        server.stop(seconds=10)


@contextmanager
def six_nodes(folder):
    made = SixNodes(folder)
    try:
        yield {"CHENGXIN_TEST_REDIS_CLUSTER": made.url}
    finally:
        made.stop()


@contextmanager
def three_brokers(folder):
    made = Brokers(folder, CACHE, 3)
    try:
        yield {"CHENGXIN_TEST_KAFKA": made.addresses[0]}
    finally:
        made.stop()


RUNS = {
    "Debian's Redis": (debians_redis, ON_A_STORE, ()),
    "a cluster of six nodes": (six_nodes, ON_A_CLUSTER, ("-k", "cluster")),
    "three brokers": (three_brokers, ON_A_LOG, ()),
}


def main():
    failed = []
    for name, (servers, suites, chosen) in RUNS.items():
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chengxin-servers-")))
            print(f"== On {name}: {' '.join(suites)}", flush=True)
            given = stack.enter_context(servers(folder))
            if subprocess.call(
                [sys.executable, "-m", "pytest", "-q", *suites, *chosen], env=os.environ | given, cwd=ROOT
            ):
                failed.append(name)
    if failed:
        print(f"failed on {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
