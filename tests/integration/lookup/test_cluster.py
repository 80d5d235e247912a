"""The directory on a store in cluster mode, where whatever crosses slots fails: filed, moved, and listed."""

from __future__ import annotations

from functools import partial

import pytest

from services.lookup import bootstrap
from shared.store.client import Store
from shared.web.access import AccessKeys
from shared.web.app import create_app
from tests.integration.scoring import world as harness
from tests.integration.scoring.world import TODAY
from tests.support.waiting import until

from .conftest import Town

SHOPS = [f"shop:92320902MA1N00026Y-{number:02d}" for number in range(1, 9)]


@pytest.fixture
def town(valkey_cluster, prefix, monkeypatch):
    monkeypatch.setattr(harness, "Store", partial(Store, cluster=True))
    town = Town(valkey_cluster, prefix)
    yield town
    town.store.close()


def test_subjects_are_filed_moved_and_listed(town):
    clock = town.books.clock()
    for at, region in (("2026-05-01T10:00:00Z", "320902001001"), ("2026-06-01T10:00:00Z", "320903001001")):
        for shop in SHOPS:
            town.register(shop, at=at, region=region)
        town.work(witness=lambda: TODAY + (town.books.clock() - clock))
        town.file()
    assert town.filed() == town.to_be_filed()
    assert {county for _, county, _ in town.filed()} == {"320903"}
    service = bootstrap.service(town.settings, town.log, town.store, clock=lambda: TODAY)
    http = create_app([service], keys=AccessKeys()).test_client()
    until(lambda: http.get("/v1/subjects").status_code == 200)
    assert [each["subject_id"] for each in http.get("/v1/subjects?region=3209&name=土菜").json["subjects"]] == SHOPS
