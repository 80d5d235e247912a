"""The store in both forms, which every test here runs on."""

import pytest

from shared.store.client import Store


@pytest.fixture(params=["one server", "cluster"])
def store(request):
    """A client of a real server, and of a cluster of one node."""
    cluster = request.param == "cluster"
    store = Store(request.getfixturevalue("valkey_cluster" if cluster else "redis_url"), cluster=cluster)
    yield store
    store.close()
