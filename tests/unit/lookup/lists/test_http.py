"""`GET /v1/subjects` over HTTP: audiences, pages, caches, and every refusal."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from services.lookup import bootstrap
from services.lookup.rulebooks.library import Library
from shared.credit.rulebook import Rulebooks
from shared.eventlog.memory import MemoryLog
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.access import AccessKeys
from shared.web.app import create_app
from shared.web.keys import mint
from tests.unit.lookup.conftest import NOW, SHOP, Shelf, a_fact, a_head, a_rulebook, file, the_facts
from tests.unit.lookup.test_http import problem

ADDRESS = "/v1/subjects"
SHOPS = [f"{SHOP[:-2]}{number:02d}" for number in range(1, 6)]


@pytest.fixture
def site(world):
    """Five shops, of which only the first has facts besides its registration."""
    keys, reader, writer = AccessKeys(), mint(), mint()
    keys.created(reader.key_id, reader.key_hash, "", frozenset({"scores:read"}), NOW)
    keys.created(writer.key_id, writer.key_hash, "", frozenset({"events:write"}), NOW)
    keys.ready = True
    data = {"name": "王记面馆", "region": "320903001001", "status": "closed"}
    ledgers = [the_facts(), *([a_fact("e-1", "subject.upserted", data, subject=shop)] for shop in SHOPS[1:])]
    rulebooks = Rulebooks([a_rulebook()])
    heads = {facts[0].subject: a_head(facts, rulebooks) for facts in ledgers}
    world.shelf = Shelf(heads, {facts[0].subject: facts for facts in ledgers})
    world.drawer = file(world.shelf)
    library = Library(dict, MemoryLog(), "t.")
    service = bootstrap.service_of(
        world.shelf, world.drawer, lambda: world.rulebooks, library, None, clock=lambda: world.now
    )
    world.http = create_app([service], keys=keys).test_client()
    world.reader = {"Authorization": f"Bearer {reader.key}"}
    world.writer = {"Authorization": f"Bearer {writer.key}"}
    return world


def ids(response):
    assert response.status_code == 200, response.text
    return [each["subject_id"] for each in response.json["subjects"]]


def test_the_public_needs_no_key_and_sees_its_own_view(site):
    response = site.http.get(f"{ADDRESS}?code=92320902MA1N00026Y&region=320902")
    assert response.json == {
        "subjects": [
            {
                "subject_id": SHOP,
                "kind": "shop",
                "name": "李记土菜馆",
                "region": "320902001001",
                "status": "open",
                "grade": "A",
                "basis": "evidence",
                "next_change_on": "2027-02-01",
                "disputed": False,
            }
        ],
        "ledger": "public",
        "as_of": "2026-02-28",
        "applied_until": "2026-03-01T01:59:59Z",
        "next": None,
    }
    assert response.headers["Cache-Control"] == "public, max-age=60, must-revalidate"


def test_a_key_with_the_scope_sees_inside_and_no_cache_may_share_it(site):
    response = site.http.get(f"{ADDRESS}?name=土菜", headers=site.reader)
    assert (response.json["ledger"], response.json["subjects"][0]["score"]) == ("internal", "90.00")
    assert response.headers["Cache-Control"].startswith("private")
    assert "Authorization" in response.headers["Vary"]
    public = site.http.get(f"{ADDRESS}?name=土菜&ledger=public", headers=site.reader).json
    assert public == site.http.get(f"{ADDRESS}?name=土菜").json


def test_a_key_without_the_scope_is_the_public_and_a_wrong_key_is_nobody(site):
    assert site.http.get(ADDRESS, headers=site.writer).json["ledger"] == "public"
    problem(site.http.get(f"{ADDRESS}?ledger=internal", headers=site.writer), 403, "scope-missing")
    problem(site.http.get(f"{ADDRESS}?ledger=internal"), 401, "unauthenticated")
    problem(site.http.get(ADDRESS, headers={"Authorization": "Bearer nonsense"}), 401, "unauthenticated")


FINDS = {
    "": SHOPS,
    "name=李记": SHOPS[:1],
    "name=面馆&status=closed": SHOPS[1:],
    "name=面馆&status=open": [],
    "kind=shop": SHOPS,
    "kind=hauler": [],
    f"code={SHOP[5:23]}": SHOPS,
    "code=９２３２０９０２ｍａ": SHOPS,
    "region=320903": SHOPS[1:],
    "region=320902001000": SHOPS[:1],
    "region=3209": SHOPS,
    "grade=A": SHOPS[:1],
    "grade=B": [],
}


@pytest.mark.parametrize("query", FINDS)
def test_what_is_asked_for_is_found(site, query):
    assert ids(site.http.get(f"{ADDRESS}?{quote(query, safe='=&')}")) == FINDS[query]


def test_pages_follow_each_other_by_the_cursor_and_by_the_link(site):
    first = site.http.get(f"{ADDRESS}?limit=2&region=3209")
    second = site.http.get(f"{ADDRESS}?limit=2&region=3209&cursor={first.json['next']}")
    address = second.headers["Link"].removeprefix("<").removesuffix('>; rel="next"')
    third = site.http.get(address)
    assert [ids(first), ids(second), ids(third)] == [SHOPS[:2], SHOPS[2:4], SHOPS[4:]]
    assert third.json["next"] is None
    assert "Link" not in third.headers


def test_the_same_page_is_304(site):
    response = site.http.get(ADDRESS)
    again = site.http.get(ADDRESS, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("name=李", "/query/name"),
        ("name=——李——", "/query/name"),
        (f"name={'李' * 101}", "/query/name"),
        ("code=9232-", "/query/code"),
        ("code=", "/query/code"),
        ("kind=bar", "/query/kind"),
        ("region=3", "/query/region"),
        ("region=32090", "/query/region"),
        ("region=亭湖", "/query/region"),
        ("status=gone", "/query/status"),
        ("ledger=both", "/query/ledger"),
        ("limit=0", "/query/limit"),
        ("limit=201", "/query/limit"),
        ("limit=1_0", "/query/limit"),
        ("limit=２", "/query/limit"),
        ("cursor=nonsense", "/query/cursor"),
        ("cursor=", "/query/cursor"),
        ("as_of=2026-03-01", "/query/as_of"),
        ("grade=A&grade=B", "/query/grade"),
    ],
)
def test_parameters_that_are_wrong_are_422(site, query, pointer):
    found = problem(site.http.get(f"{ADDRESS}?{quote(query, safe='=&')}"), 422, "invalid")
    assert [each["pointer"] for each in found["errors"]] == [pointer]


def test_every_refusal_is_a_problem_of_its_own(site):
    site.drawer.fault = Rebuilding(None)
    response = site.http.get(ADDRESS)
    problem(response, 503, "rebuilding")
    assert response.headers["Retry-After"]
    site.drawer.fault = StoreUnavailable()
    problem(site.http.get(ADDRESS), 503, "unavailable")
