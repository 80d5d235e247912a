import json

import pytest

from tests.integration.scoring.world import VECTORS, World


@pytest.fixture(scope="module")
def facts():
    """Every fact of the vectors, each vector's subject made its own, with ids that stay unique."""
    found = []
    for number, line in enumerate((VECTORS / "score_named.jsonl").read_text().splitlines()):
        for fact in json.loads(line)["facts"]:
            if fact["type"] != "cn.chengxin.subject.upserted.v1":
                kind, _, code = fact["subject"].partition(":")
                found.append({**fact, "subject": f"{kind}:{code[:18]}-{number:02d}"})
    return found


@pytest.fixture
def world(redis_url, prefix):
    world = World(redis_url, prefix)
    yield world
    world.store.close()


@pytest.fixture
def bare_world(redis_url, prefix):
    """A world without rulebooks."""
    world = World(redis_url, prefix, rulebooks=None)
    yield world
    world.store.close()
