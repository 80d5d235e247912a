"""Lists out of a real store that scoring and the directory's worker have filled from one log."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from services.lookup import bootstrap
from shared.credit.summary import summarise
from shared.web.access import AccessKeys
from shared.web.app import create_app
from shared.web.keys import mint
from tests.integration.scoring.world import PARTITIONS, TODAY
from tests.support.waiting import until

from .conftest import ORGAN

SHOPS = [f"shop:92320902MA1N00026Y-{number:02d}" for number in range(1, 31)]
LATER = "2026-06-01T10:00:00+08:00"


@pytest.fixture
def site(town):
    """A street on both sides of a county's border, and the service over it."""
    key, keys = mint(), AccessKeys()
    keys.created(key.key_id, key.key_hash, "", frozenset({"scores:read"}), TODAY)
    keys.ready = True
    site = SimpleNamespace(town=town, now=TODAY)
    service = bootstrap.service(town.settings, town.log, town.store, clock=lambda: site.now)
    http = create_app([service], keys=keys).test_client()

    def get(query="", **options):
        return http.get(f"/v1/subjects{query}", headers={"Authorization": f"Bearer {key.key}"}, **options)

    def ids(query=""):
        """All of a list, once it can be read: the service learns how far the workers are twice a second."""
        until(lambda: get(query).status_code == 200)
        found, page = [], get(query).json
        while True:
            found += [each["subject_id"] for each in page["subjects"]]
            if page["next"] is None:
                return found
            page = get(f"{query or '?'}&cursor={page['next']}").json

    site.get, site.ids, site.public = get, ids, http.get
    for number, shop in enumerate(SHOPS):
        town.register(shop, region="320902001001" if number % 2 else "320903001001", name=f"第{number}小吃店")
    town.work()
    town.file()
    return site


def a_case(shop, number=1):
    data = {
        "case_no": f"案-{number}",
        "violation_code": "SP-03",
        "severity": "general",
        "occurred_on": "2026-05-06",
        "decided_on": "2026-05-06",
        "region": "320902001001",
        "officers": ["1", "2"],
    }
    time = "2026-05-06T10:00:00+08:00"
    return {
        "id": f"c-{number}",
        "source": ORGAN,
        "type": "cn.chengxin.case.decided.v1",
        "subject": shop,
        "time": time,
        "data": data,
    }


def test_a_city_is_the_lists_of_its_counties_in_one(site):
    assert site.ids("?limit=7") == site.ids("?region=3209&limit=7") == SHOPS
    assert site.ids("?region=320902") == SHOPS[1::2]
    assert site.ids("?region=320903&limit=3") == SHOPS[0::2]
    assert site.ids("?region=3207") == []


def test_a_shop_that_is_renamed_moved_and_closed_is_found_by_what_it_is_now(site):
    shop = SHOPS[4]
    site.town.register(shop, at=LATER, name="王记面馆", region="320925001001", status="closed")
    site.town.work()
    site.town.file()
    assert site.ids("?name=王记面馆") == site.ids("?status=closed") == site.ids("?region=320925") == [shop]
    assert shop not in site.ids("?name=小吃")
    assert site.ids() == SHOPS
    assert site.get(f"/{shop}").json["status"] == "closed"


def test_a_change_that_is_scored_and_not_filed_yet_is_shown_as_it_is_now(site):
    site.ids()
    site.town.register(SHOPS[0], at=LATER, name="王记面馆")
    site.town.work()
    [row] = site.get(f"?code={SHOPS[0][5:]}&limit=1".replace("-01", "")).json["subjects"]
    assert (row["subject_id"], row["name"]) == (SHOPS[0], "王记面馆")
    assert SHOPS[0] not in site.ids("?name=小吃")


def test_a_fact_that_comes_before_its_subject_is_registered_is_kept_and_shown(site):
    unknown = "shop:92320902MA1N00026Y-99"
    site.town.send(a_case(unknown))
    site.town.work()
    site.town.file()
    body = site.get(f"/{unknown}").json
    assert (body["name"], body["region"], body["status"]) == (None, None, None)
    assert [item["ref"] for item in site.get(f"/{unknown}/receipt").json["items"]] == ["案-1"]
    assert site.ids() == [*SHOPS, unknown]
    assert unknown not in site.ids("?region=32")

    site.town.register(unknown, name="迟来的店")
    site.town.work()
    site.town.file()
    after = site.get(f"/{unknown}").json
    assert (after["name"], after["score"]) == ("迟来的店", body["score"])
    assert site.ids("?name=迟来") == [unknown]
    assert site.ids() == [*SHOPS, unknown]


def test_a_list_says_of_which_sweep_it_is_and_a_row_is_today_s(site):
    site.town.send(a_case(SHOPS[0]))
    site.town.work()
    site.town.file()
    site.ids()
    site.now = TODAY + timedelta(days=400)
    page = site.get("?limit=1").json
    assert page["as_of"] == TODAY.date().isoformat()
    facts = list(site.town.ledgers.load([SHOPS[0]])[SHOPS[0]].entries.values())
    expected = summarise(SHOPS[0], facts, site.town.rulebooks, site.now.date())[0]
    assert page["subjects"][0]["score"] == expected["internal"]["score"]
    assert page["subjects"][0]["score"] != site.town.told()[SHOPS[0]]["internal"]["score"]

    numbers = range(PARTITIONS)
    site.town.work(clock=lambda: site.now, until=lambda: set(site.town.books.swept(numbers)) == {site.now.date()})
    assert site.get().json["as_of"] == TODAY.date().isoformat()
    site.town.file()
    assert site.get().json["as_of"] == site.now.date().isoformat()


def test_a_store_that_lost_the_directory_or_a_county_of_it_answers_no_list_until_it_is_filled_again(site):
    site.ids()
    keys = site.town.keys
    for lost in (f"{keys.prefix}{{c320902}}*", f"{keys.prefix}{{[cd]*"):
        for key in site.town.store.client.scan_iter(lost):
            site.town.store.client.delete(key)
        answer = site.get("?region=320902")
        assert (answer.status_code, answer.json["type"]) == (503, "urn:chengxin:problem:rebuilding")
        assert answer.headers["Retry-After"]
        assert site.get(f"/{SHOPS[0]}").status_code == 200
        site.town.file()
        assert site.ids() == SHOPS


def test_a_county_that_lost_its_last_writes_is_not_read_and_another_is(site):
    at = max(site.town.places(), key=lambda at: len(site.town.log.records[at]))
    site.ids()
    marks = site.town.keys.marks(at.partition, "320902")
    site.town.store.client.hset(marks, str(at.partition), "0 set-back-1")
    until(lambda: site.get("?region=320902").status_code == 503)
    assert site.get("?region=320903").status_code == 200
    assert site.get("?region=3209").status_code == 503


def test_nothing_is_listed_before_all_was_filed_once(town):
    service = bootstrap.service(town.settings, town.log, town.store, clock=lambda: TODAY)
    http = create_app([service], keys=AccessKeys()).test_client()
    assert http.get("/v1/subjects").status_code == 503
    town.register(SHOPS[0])
    town.work()
    assert http.get("/v1/subjects").status_code == 503
    town.file()
    until(lambda: http.get("/v1/subjects").status_code == 200)
