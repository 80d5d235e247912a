import json
from contextlib import ExitStack
from pathlib import Path

import pytest

VECTORS = Path(__file__).parents[2] / "shared" / "contracts" / "vectors"


def copies(times):
    """Facts of the vectors, some times over, each time of other premises."""
    found = []
    lines = (VECTORS / "score_named.jsonl").read_text().splitlines()
    for time in range(times):
        for number, line in enumerate(lines):
            for fact in json.loads(line)["facts"]:
                if fact["type"] != "cn.chengxin.subject.upserted.v1":
                    kind, _, code = fact["subject"].partition(":")
                    found.append({**fact, "subject": f"{kind}:{code[:18]}-{time * 100 + number:04d}"})
    return found


@pytest.fixture(scope="session")
def facts():
    """Some 800 facts of 200 subjects."""
    return copies(3)


@pytest.fixture(scope="session")
def many():
    """Some 2,000 facts."""
    return copies(8)


@pytest.fixture(scope="session")
def brokers(tmp_path_factory, cache):
    """One broker for the tests that leave it alone, or start it again."""
    from tests.faults.machine import Brokers  # Kafka's client warns when it is imported, before warnings are set here

    made = Brokers(tmp_path_factory.mktemp("brokers"), cache, 1)
    yield made
    made.stop()


@pytest.fixture
def kept(tmp_path):
    """A store of this test's own."""
    folder = tmp_path / "store"
    folder.mkdir()
    from tests.faults.machine import OneStore

    store = OneStore(folder)
    yield store
    store.stop()


@pytest.fixture
def machine(brokers, kept, tmp_path):
    from tests.faults.machine import Machine

    with ExitStack() as stack:
        made = Machine(brokers, kept, tmp_path)
        stack.callback(made.stop)
        yield made
