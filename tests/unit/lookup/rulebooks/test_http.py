"""`/v1/rulebooks` over HTTP, on a log in memory: every version byte by byte, and the way in for a new one."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from services.lookup import bootstrap
from services.lookup.rulebooks.library import Library
from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import TopicPartition
from shared.eventlog.topics import AUDIT, RULEBOOKS, wanted
from shared.events.kafka_codec import decode
from shared.projection import offering
from shared.projection.rulebooks import PublishedRulebooks
from shared.rulebooks.document import MOST_BYTES
from shared.web.access import AccessKeys
from shared.web.app import create_app
from shared.web.keys import mint
from tests.unit.rulebooks.conftest import SECOND, SMALL

PATH = "/v1/rulebooks"
NOW = datetime(2026, 5, 10, 4, tzinfo=UTC)
RECORDED = 1_772_330_401_234


@pytest.fixture
def site():
    log = MemoryLog({topic.name: topic.partitions for topic in wanted("t.", 4)}, clock=lambda: RECORDED)
    published = PublishedRulebooks(log, f"t.{RULEBOOKS}")
    site = SimpleNamespace(log=log, now=NOW, read=True, bearers={})

    def known():
        return published.publications if site.read and (published.refresh() is not None) else None

    keys = AccessKeys()
    for name, scopes in {"editor": {"rulebooks:publish"}, "chief": {"rulebooks:publish", "admin"}, "x": set()}.items():
        minted = mint()
        keys.created(minted.key_id, minted.key_hash, "", frozenset(scopes), NOW)
        site.bearers[name] = minted
    keys.ready = True
    service = bootstrap.service_of(None, None, lambda: None, Library(known, log, "t."), None, clock=lambda: site.now)
    site.http = create_app([service], keys=keys).test_client()

    def publish(text, who="editor", query="", content_type="application/yaml"):
        bearer = {"Authorization": f"Bearer {site.bearers[who].key}"} if who else {}
        data = text if isinstance(text, bytes) else text.encode()
        return site.http.post(PATH + query, data=data, content_type=content_type, headers=bearer)

    site.publish = publish
    return site


@pytest.fixture
def first(site):
    assert site.publish(SMALL).status_code == 201
    return site


def problem(response, status, code):
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    assert response.json["type"] == f"urn:chengxin:problem:{code}"
    return response.json


def records(site, topic):
    return [decode(each.headers, each.value) for each in site.log.records[TopicPartition(f"t.{topic}", 0)]]


def test_the_list_names_every_version_for_everybody(first):
    first.publish(SECOND)
    response = first.http.get(PATH)
    assert response.status_code == 200
    assert response.json["rulebooks"][0] == {
        "id": "small",
        "version": 1,
        "title": "小规则",
        "kinds": ["shop"],
        "effective_from": "2026-01-01",
        "sha256": hashlib.sha256(SMALL.encode()).hexdigest(),
        "published_at": "2026-03-01T02:00:01.234000+00:00",
    }
    assert [each["version"] for each in response.json["rulebooks"]] == [1, 2]
    again = first.http.get(PATH, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_a_document_is_the_very_bytes_and_its_hash_the_tag(first):
    response = first.http.get(f"{PATH}/small/1")
    assert (response.status_code, response.data) == (200, SMALL.encode())
    assert response.headers["Content-Type"] == "application/yaml"
    assert response.headers["ETag"] == f'"{hashlib.sha256(response.data).hexdigest()}"'
    assert response.headers["Content-Disposition"] == 'attachment; filename="small-v1.yaml"'
    assert response.headers["Cache-Control"].startswith("public")
    assert first.http.get(f"{PATH}/small/1", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["small/2", "none/1", "small/x", "small/-1", "small/1/1"])
def test_what_is_not_published_is_404(first, path):
    problem(first.http.get(f"{PATH}/{path}"), 404, "not-found")


def test_before_the_log_was_read_it_is_503(site):
    site.read = False
    for path in (PATH, f"{PATH}/small/1"):
        assert "Retry-After" in site.http.get(path).headers
        problem(site.http.get(path), 503, "unavailable")


def test_a_version_is_published_and_told_with_the_key_that_did_it(first):
    response = first.publish(SECOND)
    assert response.status_code == 201
    assert response.headers["Location"] == f"{PATH}/small/2"
    assert first.http.get(response.headers["Location"]).data == SECOND.encode()
    assert response.json == {
        "id": "small",
        "version": 2,
        "sha256": hashlib.sha256(SECOND.encode()).hexdigest(),
        "effective_from": "2026-06-01",
        "state": "published",
        "changes": 2,
        "warnings": [],
    }
    assert records(first, AUDIT)[-1].data["by"] == f"key:{first.bearers['editor'].key_id}"


def test_the_same_bytes_again_are_200_and_no_event(first):
    response = first.publish(SMALL)
    assert (response.status_code, response.json["state"]) == (200, "already")
    assert len(records(first, RULEBOOKS)) == len(records(first, AUDIT)) == 1


def refused(site, response, status, code):
    assert len(records(site, RULEBOOKS)) == len(records(site, AUDIT)) == 1
    return problem(response, status, code)


def test_other_bytes_under_a_published_number_are_409(first):
    body = refused(first, first.publish(SMALL + "#\n"), 409, "not-publishable")
    assert [each["reason"] for each in body["refusals"]] == ["other-bytes"]
    refused(first, first.publish(SMALL + "#\n", "chief", "?late=true"), 409, "not-publishable")


@pytest.mark.parametrize("now", [datetime(2026, 5, 31, 16, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)])
def test_a_day_that_is_not_to_come_in_shanghai_is_409(first, now):
    first.now = now
    body = refused(first, first.publish(SECOND), 409, "not-publishable")
    assert body["refusals"][0]["reason"] == "not-after-today"
    assert "late=true" in body["refusals"][0]["message"]


def test_late_needs_the_scope_admin_too(first):
    first.now = datetime(2026, 7, 1, tzinfo=UTC)
    assert refused(first, first.publish(SECOND, "editor", "?late=true"), 403, "scope-missing")["scope"] == "admin"
    assert first.publish(SECOND, "chief", "?late=true").status_code == 201


def test_faults_are_told_by_line(first):
    broken = SECOND.replace("城市绿化条例", "不存在法").replace("base: '100'", "base: 100")
    body = refused(first, first.publish(broken), 422, "invalid")
    assert {"/line/8"} <= {each["pointer"] for each in body["errors"]}
    assert refused(first, first.publish("\n- x: 'y"), 422, "invalid")["errors"][0]["pointer"].startswith("/line/")


def test_what_is_seldom_meant_is_told_and_stops_nothing(first):
    text = SECOND.replace("general: '4'", "general: '3'").replace("general: 12}", "general: 18}", 1)
    response = first.publish(text.replace("caps_grade: null", "caps_grade: B"))
    assert response.status_code == 201
    messages = " ".join(each["message"] for each in response.json["warnings"])
    assert "fewer points than before for general, but for longer" in messages
    assert "but a new cap" in messages
    assert all(each["pointer"].startswith("/line/") for each in response.json["warnings"])


def test_only_the_scope_may_publish(first):
    refused(first, first.publish(SECOND, None), 401, "unauthenticated")
    refused(first, first.publish(SECOND, "x"), 403, "scope-missing")


def test_the_body_is_bounded_and_of_its_media_type(first):
    refused(first, first.publish(b"#" * (MOST_BYTES + 1)), 413, "too-large")
    refused(first, first.publish(SECOND, content_type="application/json"), 415, "unsupported-media-type")
    refused(first, first.publish(SECOND, query="?late=yes"), 422, "invalid")
    refused(first, first.publish(SECOND, query="?soon=true"), 422, "invalid")


def test_a_log_that_is_down_and_somebody_else_who_publishes_are_503(first, monkeypatch):
    real = offering.published

    def overtaken(*arguments):
        found = real(*arguments)
        first.log.sole_writer(offering.WRITER)
        return found

    monkeypatch.setattr(offering, "published", overtaken)
    refused(first, first.publish(SECOND), 503, "unavailable")
    first.log.down = True
    refused(first, first.publish(SECOND), 503, "unavailable")
