"""`GET /v1/changes`: who follows its links comes to the end of what there is, and no further."""

from __future__ import annotations

from services.lookup.sync.changes import Feed
from services.lookup.sync.cursor import encode
from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import Message
from shared.web.keys import mint
from tests.unit.lookup.conftest import NOW, SHOP, shelf, world
from tests.unit.lookup.test_http import site

__all__ = ["shelf", "site", "world"]


def test_a_page_leads_to_the_next_for_as_long_as_there_is_more(site):
    log = MemoryLog({"scores": 2})
    for number in (0, 1):
        log.appender().append([Message("scores", SHOP.encode(), b"", (), partition=number)])
    site.source.feed, site.source.installation = Feed(log, "scores", 2), "t."
    minted = mint()
    keys = site.http.application.extensions["chengxin_access_keys"]
    keys.created(minted.key_id, minted.key_hash, "", frozenset({"scores:export"}), NOW)
    told, address = [], f"/v1/changes?limit=1&cursor={encode([0, 0], 't.')}"
    while address:
        found = site.http.get(address, headers={"Authorization": f"Bearer {minted.key}"})
        assert [each["subject_id"] for each in found.json["changes"]] == [SHOP]
        told.append(found.json["more"])
        link = found.headers.get("Link")
        address = link and link.removeprefix("<").removesuffix('>; rel="next"')
        assert bool(address) == found.json["more"]
    assert told == [True, False]
