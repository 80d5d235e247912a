"""`GET /v1/subjects/{subject_id}` and `/receipt` over HTTP: audiences, validators, caches, and every refusal."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from services.lookup import bootstrap
from services.lookup.rulebooks.library import Library
from shared.credit.receipt import seal
from shared.eventlog.memory import MemoryLog
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.access import AccessKeys
from shared.web.app import create_app
from shared.web.keys import mint

from .conftest import APPLIED, NOW, SHOP

ADDRESS = f"/v1/subjects/{SHOP}"


@pytest.fixture
def site(world):
    keys, reader, writer = AccessKeys(), mint(), mint()
    keys.created(reader.key_id, reader.key_hash, "", frozenset({"scores:read"}), NOW)
    keys.created(writer.key_id, writer.key_hash, "", frozenset({"events:write"}), NOW)
    keys.ready = True
    library = Library(dict, MemoryLog(), "t.")
    source = world.source = SimpleNamespace(names=lambda: iter([list(world.shelf.kept)]))
    world.signing = SimpleNamespace(sign=lambda _: None)
    service = bootstrap.service_of(
        world.shelf, world.drawer, lambda: world.rulebooks, library, source, world.signing, clock=lambda: world.now
    )
    world.http = create_app([service], keys=keys).test_client()
    world.reader = {"Authorization": f"Bearer {reader.key}"}
    world.writer = {"Authorization": f"Bearer {writer.key}"}
    return world


def problem(response, status, code):
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    assert response.json["type"] == f"urn:chengxin:problem:{code}"
    assert response.headers["Cache-Control"] == "no-store"
    return response.json


def test_the_public_needs_no_key_and_sees_its_own_ledger(site):
    response = site.http.get(ADDRESS)
    assert response.status_code == 200
    assert response.json["ledger"] == "public"
    assert "score" not in response.json
    assert response.headers["Cache-Control"] == "public, max-age=60, must-revalidate"


def test_a_key_with_the_scope_sees_inside_and_no_cache_may_share_it(site):
    response = site.http.get(ADDRESS, headers=site.reader)
    assert (response.json["ledger"], response.json["score"]) == ("internal", "90.00")
    assert response.json["applied_until"] == "2026-03-01T01:59:59Z"
    assert response.headers["Cache-Control"].startswith("private")
    assert "Authorization" in response.headers["Vary"]
    public = site.http.get(f"{ADDRESS}?ledger=public", headers=site.reader).json
    assert (public["ledger"], public["score"]) == ("public", "95.00")


def test_a_key_without_the_scope_is_the_public_and_a_wrong_key_is_nobody(site):
    assert site.http.get(ADDRESS, headers=site.writer).json["ledger"] == "public"
    problem(site.http.get(f"{ADDRESS}?ledger=internal", headers=site.writer), 403, "scope-missing")
    problem(site.http.get(f"{ADDRESS}?ledger=internal"), 401, "unauthenticated")
    problem(site.http.get(ADDRESS, headers={"Authorization": "Bearer nonsense"}), 401, "unauthenticated")


@pytest.mark.parametrize("path", ["", "/receipt"])
@pytest.mark.parametrize("query", ["as_of=2026-02-28", "known_at=2026-02-28T00:00:00Z"])
def test_the_past_is_not_public(site, path, query):
    problem(site.http.get(f"{ADDRESS}{path}?{query}"), 403, "past-not-public")
    assert site.http.get(f"{ADDRESS}{path}?{query}", headers=site.reader).status_code == 200


def test_today_is_shanghais(site):
    site.now = datetime(2026, 2, 28, 16, 0, tzinfo=UTC)  # midnight, the first of March
    assert site.http.get(ADDRESS).json["as_of"] == "2026-03-01"
    problem(site.http.get(f"{ADDRESS}?as_of=2026-02-28"), 403, "past-not-public")
    site.now = datetime(2026, 3, 1, 15, 59, 50, tzinfo=UTC)
    assert "max-age=10," in site.http.get(f"{ADDRESS}?ledger=public").headers["Cache-Control"]


def test_the_same_answer_is_304_and_another_is_not(site):
    first = site.http.get(ADDRESS, headers=site.reader)
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    again = site.http.get(ADDRESS, headers={**site.reader, "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Vary"] == "Authorization"
    assert site.http.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 200  # the public's is another


def test_the_link_leads_to_the_receipt_of_the_same_question(site):
    link = site.http.get(f"{ADDRESS}?as_of=2026-02-20&ledger=public", headers=site.reader).headers["Link"]
    address, _, rest = link.partition(">")
    assert 'rel="describedby"' in rest
    receipt = site.http.get(address.removeprefix("<"), headers=site.reader).json
    assert (receipt["as_of"], receipt["ledger"]) == ("2026-02-20", "public")


@pytest.mark.parametrize("headers", ["reader", None])
def test_the_receipts_hash_is_its_tag(site, headers):
    given = getattr(site, headers) if headers else {}
    response = site.http.get(f"{ADDRESS}/receipt", headers=given)
    receipt = response.json
    assert seal(receipt)["sha256"] == receipt["sha256"]
    assert response.headers["ETag"] == f'"{receipt["sha256"]}"'
    again = site.http.get(f"{ADDRESS}/receipt", headers={**given, "If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_full_width_and_lower_case_ids_are_normalised(site):
    for written in ("SHOP:92320902ma1n00026y-01", "ｓｈｏｐ：９２３２０９０２ＭＡ１Ｎ０００２６Ｙ－０１"):
        assert site.http.get(f"/v1/subjects/{quote(written)}").json["subject_id"] == SHOP


@pytest.mark.parametrize(
    "text", ["shop", "shop:1", "bar:92320902MA1N00026Y", "shop:92320902MA1N00026X", "%20", "x" * 500]
)
def test_what_is_no_subject_id_is_422(site, text):
    body = problem(site.http.get(f"/v1/subjects/{text}"), 422, "invalid")
    assert [fault["pointer"] for fault in body["errors"]] == ["/path/subject_id"]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("as_of=2026-2-1", "/query/as_of"),
        ("as_of=2026-02-30", "/query/as_of"),
        ("as_of=20260201", "/query/as_of"),
        ("as_of=", "/query/as_of"),
        ("known_at=2026-02-01T00:00:00", "/query/known_at"),
        ("known_at=2026-02-01T08:00:00+08:00", "/query/known_at"),
        ("ledger=both", "/query/ledger"),
        ("asof=2026-02-01", "/query/asof"),
        ("ledger=public&ledger=internal", "/query/ledger"),
    ],
)
@pytest.mark.parametrize("path", ["", "/receipt"])
def test_parameters_that_are_wrong_are_422(site, path, query, pointer):
    body = problem(site.http.get(f"{ADDRESS}{path}?{query}", headers=site.reader), 422, "invalid")
    assert [fault["pointer"] for fault in body["errors"]] == [pointer]


def test_an_instant_written_as_it_must_be_in_an_address_is_taken(site):
    response = site.http.get(f"{ADDRESS}?known_at=2026-02-05T08:00:00%2B08:00", headers=site.reader)
    assert response.json["score"] == "95.00"


@pytest.mark.parametrize("path", ["", "/receipt"])
def test_every_refusal_is_a_problem_of_its_own(site, path):
    unknown = problem(site.http.get(f"/v1/subjects/shop:92320902MA1N00026Y-02{path}"), 404, "not-found")
    assert "92320902MA1N00026Y" not in unknown["detail"]
    later = site.http.get(f"{ADDRESS}{path}?known_at=2026-03-01T02:00:00Z", headers=site.reader)
    assert problem(later, 409, "not-applied-yet")["applied_until"] == APPLIED.isoformat().replace("+00:00", "Z")
    site.shelf.fault = Rebuilding(12)
    response = site.http.get(f"{ADDRESS}{path}")
    assert problem(response, 503, "rebuilding")["records_behind"] == 12
    assert int(response.headers["Retry-After"]) > 0
    site.shelf.fault = StoreUnavailable()
    response = site.http.get(f"{ADDRESS}{path}")
    problem(response, 503, "unavailable")
    assert int(response.headers["Retry-After"]) > 0


def test_not_ready_before_the_rulebooks_were_read(site):
    assert site.http.get("/readyz").status_code == 200
    site.rulebooks = None
    assert "rulebooks" in site.http.get("/readyz").json["detail"]


def test_scripts_of_other_pages_may_look_up_many_too(site):
    address = "/v1/subjects/lookups"
    may = site.http.options(address).headers
    assert (may["Access-Control-Allow-Methods"], may["Access-Control-Allow-Headers"]) == ("POST", "Content-Type")
    told = site.http.post(address, json={"subject_ids": [SHOP]})
    assert (told.status_code, told.headers["Access-Control-Allow-Origin"]) == (200, "*")
    refused = site.http.post(f"{ADDRESS}/what-if", json={}, headers=site.reader)
    assert "Access-Control-Allow-Origin" not in refused.headers
