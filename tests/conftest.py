"""Real engines for every test that asks for them: the addresses given in the environment, else the embedded ones.

CHENGXIN_TEST_KAFKA (HOST:PORT), CHENGXIN_TEST_REDIS and CHENGXIN_TEST_REDIS_CLUSTER (redis://…) name servers that run
already. Under pytest-xdist the worker that asks first starts one broker and one store for all, and stops them when the
others have let go.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import uuid
import warnings
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import redis
from hypothesis import HealthCheck, settings

from shared.embedded import valkey
from shared.embedded.cache import cache_folder
from shared.embedded.engines import start
from shared.embedded.ports import choose

ROOT = Path(__file__).parents[1]
HOME = ROOT / ".chengxin"
sys.path.append(str(ROOT))  # tests share suites as `tests.…`, however pytest is started
pytest.register_assert_rewrite("tests.integration.eventlog.behaviour")
# How long an example takes depends on what runs beside it.
settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")
KAFKAS_SOCKETS = r"unclosed <socket.*laddr=\('0\.0\.0\.0', \d+\)>"


class Addresses(NamedTuple):
    """Where the tests' log and store are."""

    kafka: str
    redis: str


def pytest_configure(config):
    """Of kafka-python alone: deprecated functions read its schemas; sockets of refused connections are left to the
    garbage collector (they are the ones without a local address).
    """
    config.addinivalue_line("filterwarnings", "ignore:(read|open)_text is deprecated:DeprecationWarning")
    config.addinivalue_line("filterwarnings", f"ignore:{KAFKAS_SOCKETS}:ResourceWarning")
    warnings.filterwarnings("ignore", KAFKAS_SOCKETS, ResourceWarning)  # for the collection at the very end
    if os.environ.get("CHENGXIN_TEST_REDIS_CLUSTER"):  # its client leaves what it had open to nodes behind
        config.addinivalue_line("filterwarnings", "ignore:unclosed <socket:ResourceWarning")
        warnings.filterwarnings("ignore", "unclosed <socket", ResourceWarning)


@pytest.fixture(scope="session")
def cache():
    """The folder of fetched jars, kept between runs: that of this user's installations."""
    return cache_folder(os.environ.get("CHENGXIN_CACHE", ""), HOME)


@pytest.fixture(scope="session")
def engines(tmp_path_factory, cache, worker_id):
    """Addresses of the log and the store for this run."""
    given = Addresses(os.environ.get("CHENGXIN_TEST_KAFKA", ""), os.environ.get("CHENGXIN_TEST_REDIS", ""))
    if all(given):
        yield given
        return
    base = tmp_path_factory.getbasetemp()
    home = (base if worker_id == "master" else base.parent) / "engines"
    home.mkdir(exist_ok=True)
    with ExitStack() as stack:
        users = stack.enter_context((home / "users.lock").open("w"))
        with _alone(home / "start.lock"):
            fcntl.flock(users, fcntl.LOCK_SH)
            path = home / "addresses.json"
            if not path.exists():
                own = start(home, cache=cache, kafka=not given.kafka, redis=not given.redis)
                path.write_text(json.dumps([given.kafka or own.kafka, given.redis or own.redis]))
                stack.callback(_stop_after_the_others, own, users, path)
        yield Addresses(*json.loads(path.read_text()))


def _stop_after_the_others(own, users, path):
    fcntl.flock(users, fcntl.LOCK_UN)
    while True:
        with _alone(path.with_name("start.lock")):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                path.unlink()
                own.stop()
                return
        fcntl.flock(users, fcntl.LOCK_EX)  # until the last of the others has gone
        fcntl.flock(users, fcntl.LOCK_UN)


@contextmanager
def _alone(path):
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def kafka(engines):
    """Bootstrap server of a real Kafka."""
    return engines.kafka


@pytest.fixture(scope="session")
def redis_url(engines):
    """Address of a real store, shared by all tests: keep to the prefix."""
    return engines.redis


@pytest.fixture
def prefix():
    """Begins this test's topics (as it is) and keys (with a colon instead of the dot)."""
    return f"t{uuid.uuid4().hex[:12]}."


@pytest.fixture(scope="session")
def valkey_cluster(tmp_path_factory):
    """Address of a store in cluster mode; the embedded one's only node has all 16384 slots."""
    if given := os.environ.get("CHENGXIN_TEST_REDIS_CLUSTER"):
        yield given
        return
    folder = tmp_path_factory.mktemp("valkey-cluster")
    port, password = choose(), uuid.uuid4().hex
    node = valkey.start(port=port, password=password, folder=folder, log=folder / "valkey.log", cluster=True)
    try:
        node.wait_until(lambda: valkey.is_ready(port, password), seconds=30)
        address = f"redis://:{password}@127.0.0.1:{port}/0"
        with redis.Redis.from_url(address) as client:
            client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
            node.wait_until(lambda: b"cluster_state:ok" in client.execute_command("CLUSTER", "INFO"), seconds=30)
        yield address
    finally:
        node.stop(seconds=10)
