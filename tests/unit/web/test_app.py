"""The promises of every service's HTTP surface: problems, declared routes, strict parameters, health."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from structlog.testing import capture_logs

from shared.web.access import AccessKeys
from shared.web.app import Service, create_app
from shared.web.openapi import Blueprint
from shared.web.parsing import MAX_BODY_BYTES
from shared.web.routes import UndeclaredRouteError, requires


def problem(response, status, code):
    """The body of a response that is a whole problem of this kind."""
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    body = response.json
    assert body["type"] == f"urn:chengxin:problem:{code}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == response.headers["X-Request-Id"]
    return body


def test_without_a_key_is_401_also_where_the_body_is_wrong(site):
    response = site.http.post("/v1/things", json={})
    problem(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer cx_0123456789ab_x", "Bearer ", "Basic abc", "Bearer cx_ü", ""])
def test_a_key_that_is_not_valid_is_401(site, header):
    problem(site.http.post("/v1/things", json={"name": "a"}, headers={"Authorization": header}), 401, "unauthenticated")


@pytest.mark.parametrize("path", ["/v1/things", "/docs", "/things/openapi.json"])
def test_a_key_that_is_not_valid_is_401_where_nobody_needs_one_too(site, path):
    assert site.http.get(path).status_code == 200
    problem(site.http.get(path, headers={"Authorization": "Bearer cx_0123456789ab_x"}), 401, "unauthenticated")


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_probe_looks_at_no_key(site, path):
    assert site.http.get(path, headers={"Authorization": "Bearer cx_0123456789ab_x"}).status_code == 200


def test_a_key_without_the_scope_is_403_and_names_it(site):
    body = problem(site.http.post("/v1/things", json={"name": "a"}, headers=site.poor), 403, "scope-missing")
    assert body["scope"] == "events:write"


def test_a_revoked_key_is_401_from_the_next_request_on(site):
    from datetime import UTC, datetime

    assert site.http.post("/v1/things", json={"name": "a"}, headers=site.key).status_code == 201
    site.keys.revoked(site.minted.key_id, datetime.now(UTC))
    problem(site.http.post("/v1/things", json={"name": "a"}, headers=site.key), 401, "unauthenticated")


def test_keys_not_read_yet_are_503_and_not_401(site):
    site.keys.ready = False
    response = site.http.post("/v1/things", json={"name": "a"}, headers=site.key)
    problem(response, 503, "unavailable")
    assert int(response.headers["Retry-After"]) > 0


def test_every_fault_of_a_body_has_a_pointer(site):
    body = problem(site.http.post("/v1/things", json={"nam/e": 1}, headers=site.key), 422, "invalid")
    assert {fault["pointer"] for fault in body["errors"]} == {"/name", "/nam~1e"}


@pytest.mark.parametrize(
    ("address", "pointer"),
    [("/v1/things?limit=x", "/query/limit"), ("/v1/things?limits=1", "/query/limits"),
     ("/v1/things?limit=1&limit=2", "/query/limit"), ("/livez?x=1", "/query/x")],
)  # fmt: skip
def test_parameters_that_are_wrong_unknown_or_repeated_are_refused(site, address, pointer):
    body = problem(site.http.get(address), 422, "invalid")
    assert [fault["pointer"] for fault in body["errors"]] == [pointer]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"name": NaN}', b'{"name": "\\ud800"}'])
def test_a_body_that_is_no_json_is_400(site, body):
    response = site.http.post("/v1/things", data=body, content_type="application/json", headers=site.key)
    problem(response, 400, "malformed")


def test_another_media_type_is_415(site):
    problem(site.http.post("/v1/things", data={"name": "a"}, headers=site.key), 415, "unsupported-media-type")


def test_too_large_a_body_is_413_and_a_route_may_take_more(site):
    large = b"x" * (MAX_BODY_BYTES + 1)
    response = site.http.post("/v1/things", data=large, content_type="application/json", headers=site.key)
    problem(response, 413, "too-large")
    assert site.http.post("/v1/bytes", data=large).json == {"bytes": len(large)}
    problem(site.http.post("/v1/bytes", data=b"x" * 100_001), 413, "too-large")


@pytest.mark.parametrize(("address", "most"), [("/v1/bytes", 100_000), ("/v1/things", MAX_BODY_BYTES)])
def test_a_body_that_says_no_length_is_bounded_too(site, address, most):
    def send(size):
        headers = {**site.key, "Transfer-Encoding": "chunked"}
        kind = "application/json"
        chunked = {"wsgi.input_terminated": True}
        stream = BytesIO(b"1" * size)
        return site.http.post(address, input_stream=stream, content_type=kind, headers=headers, environ_base=chunked)

    problem(send(most + 1), 413, "too-large")
    problem(send(most * 3), 413, "too-large")
    assert send(most).status_code in {200, 400}


def test_an_unknown_address_is_404_and_another_method_405_with_allow(site):
    problem(site.http.get("/v1/nothing"), 404, "not-found")
    response = site.http.delete("/v1/things")
    problem(response, 405, "method-not-allowed")
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


def test_a_bug_is_500_and_neither_answer_nor_log_holds_its_content(site):
    with capture_logs() as lines:
        response = site.http.post("/v1/things", json={"name": "bug"}, headers=site.key)
    problem(response, 500, "internal")
    for text in (response.text, str(lines)):
        assert "91320900MA1N00026Y" not in text
        assert "Traceback" not in text
    (fault,) = [line for line in lines if line["event"] == "request_failed"]
    assert fault["error"] == "RuntimeError"
    assert fault["request_id"] == response.json["request_id"]


def test_the_log_line_of_a_request_names_the_route_and_never_the_address(site):
    with capture_logs() as lines:
        site.http.get("/v1/things?limit=7", headers=site.key)
    (line,) = [line for line in lines if line["event"] == "request"]
    assert line["route"] == "/v1/things"
    assert "limit=7" not in str(line)
    assert site.minted.key not in str(line)


def test_a_request_id_is_kept_where_it_is_harmless(site):
    assert site.http.get("/livez", headers={"X-Request-Id": "a-1"}).headers["X-Request-Id"] == "a-1"
    assert site.http.get("/livez", headers={"X-Request-Id": 'a"b'}).headers["X-Request-Id"] != 'a"b'


def test_every_answer_has_the_security_headers(site):
    for address in ("/livez", "/docs", "/v1/nothing", "/v1/things"):
        headers = site.http.get(address).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"]


def test_a_route_that_declares_neither_scope_nor_public_stops_the_boot():
    blueprint = Blueprint("silent", __name__)

    @blueprint.route("/v1/silent")
    def silent():
        return {}

    with pytest.raises(UndeclaredRouteError, match="/v1/silent"):
        create_app([Service("silent", "Silent", "", [blueprint])], keys=AccessKeys())


def test_a_scope_that_does_not_exist_stops_the_import():
    with pytest.raises(ValueError, match="events:wirte"):
        requires("events:wirte")


def test_ready_when_every_check_holds_and_503_naming_each_that_does_not(site):
    assert site.http.get("/readyz").json == {"status": "ready", "checks": {"access keys": "ok", "log": "ok"}}

    def broken():
        raise ConnectionError("redis://:password@host")

    checks = {"log": lambda: None, "store": lambda: "does not answer", "third": broken}
    app = create_app([Service("things", "Things", "", [], checks)], keys=AccessKeys())
    response = app.test_client().get("/readyz")
    body = problem(response, 503, "unavailable")
    assert body["checks"]["log"] == "ok"
    assert body["checks"]["store"] == "does not answer"
    assert "ConnectionError" in body["checks"]["third"]
    assert "password" not in response.text
    assert body["checks"]["access keys"] != "ok"
    assert int(response.headers["Retry-After"]) > 0
    assert app.test_client().get("/livez").json == {"status": "alive"}


def test_the_documents_are_served_and_the_page_needs_nothing_from_elsewhere(site):
    document = site.http.get("/things/openapi.json").json
    assert document["paths"]["/v1/things"]["post"]["x-scope"] == "events:write"
    problem(site.http.get("/other/openapi.json"), 404, "not-found")
    page = site.http.get("/docs").text
    assert "/v1/things" in page
    assert "<summary>Body (JSON)</summary>" in page
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page


def test_two_services_behind_one_port_share_its_addresses():
    one, other = Blueprint("one", __name__), Blueprint("other", __name__)

    @one.route("/v1/x")
    @requires("scores:read")
    def get():
        """Get"""

    @other.route("/v1/x", methods=["PUT"])
    @requires("registry:write")
    def put():
        """Put"""

    app: Flask = create_app(
        [Service("one", "One", "", [one]), Service("other", "Other", "", [other])], keys=AccessKeys()
    )
    http = app.test_client()
    assert {"GET", "PUT"} <= set(http.delete("/v1/x").headers["Allow"].split(", "))
    assert "get" not in http.get("/other/openapi.json").json["paths"]["/v1/x"]
    assert "/readyz" in http.get("/other/openapi.json").json["paths"]
