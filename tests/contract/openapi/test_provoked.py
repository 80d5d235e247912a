"""Every error that a document names is met: a route that promises an answer which never comes misleads its callers.

Most come about in the same way on every route; what is a route's own stands in `SPECIAL`, and a new one that nobody can
provoke has to be put there.
"""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest

from services.lookup.sync.cursor import encode
from services.notify.subscription import Subscription
from shared.events.catalogue import catalogue
from shared.events.media import STRUCTURED
from shared.rulebooks.loader import SHIPPED
from shared.web.bounds import DRAW_FILING_SCOPE, FILING_SCOPE, OWN, Bounds
from shared.web.codes import OneTimeCode, mint_code
from shared.web.keys import SCOPES
from shared.web.limiting import Limiter, Quotas
from shared.web.rates import Rates
from tests.contract.openapi.conftest import CASE_NO, DRAWN, ENDED, NOBODYS, NOW, OPEN, SHOP
from tests.contract.openapi.test_authorisation import (
    BEYOND,
    DEDUCTION,
    EMPTY,
    EVENT,
    FOR_ITSELF,
    IDENTITY,
    OF_A_SOURCE,
    SCOPE_OF,
    a_draw,
    an_event_request,
    ask,
    holder,  # noqa: F401  # a fixture
    http,  # noqa: F401  # a fixture
    own_scope,
)
from tests.contract.openapi.test_schemathesis import OPERATIONS, THERE

DOCUMENTED = [
    (operation, int(status))
    for operation, document in OPERATIONS.items()
    for status in document["responses"]
    if status.isdigit() and int(status) >= 400 and not operation[1].endswith(("/livez", "/readyz", "/metrics"))
]
NOT_THERE = {
    "subject_id": "shop:92320902MA1N00026Y-77",
    "rulebook_id": "no-credit",
    "draw_id": "d-9",
    "inspector_id": "J-9",
    "key_id": "ffffffffffff",
    "subscription_id": "f" * 32,
    "objection_id": f"{SHOP}.{'f' * 16}",
    "upload_id": "f" * 32,
    "sort": "firms",
}
LATER = (NOW + timedelta(hours=1)).isoformat()
AS_OF_LATER = {"query_string": {"known_at": LATER, "ledger": "internal"}}
STEPS = {path for service, path, method in OPERATIONS if path.startswith("/v1/draws/{") and method == "post"}
BEFORE_ITS_FREEZE = ("bundle.zip", "codes.txt", "outcomes", "probabilities", "served", "slip")


def own_key_for(holding, operation):
    """A key that opens the route; that of a subject is bound to it."""
    scopes = own_scope(operation)
    own = {FILING_SCOPE: SHOP, DRAW_FILING_SCOPE: "department:law"}.get(*scopes) if len(scopes) == 1 else None
    return holding(scopes, Bounds(subject=own)) if own else holding(scopes)


def whole(operation):
    """A request that is right; events have their own media type."""
    if operation[1:] == (EVENT, "post"):
        return an_event_request()
    if operation in FOR_ITSELF:
        return {"json": FOR_ITSELF[operation][1]}
    if operation in OF_A_SOURCE:
        return OF_A_SOURCE[operation]
    return BEYOND.get(operation) or (EMPTY[operation][0] if operation in EMPTY else {})


def at(path, /, **values):
    """A path with other values than those that are there."""
    for name, value in {**THERE, **values}.items():
        path = path.replace(f"{{{name}}}", str(value))
    return path


def key_made_before(client, app, holding):
    """The same request again, when the directory has the key that it made."""
    request = ("ingest", "/v1/keys", "post")
    headers = holding({"admin"}) | {"Idempotency-Key": "once"}
    body = {"json": {"scopes": ["scores:read"], "label": "a"}}
    made = ask(client, request, headers, **body)
    keys_of(app).created(made.json["key_id"], "0" * 64, "a", frozenset({"scores:read"}), NOW)
    return ask(client, request, headers, **body)


def own_key(client, app, holding):
    headers = holding({"admin"})
    key_id = headers["Authorization"].split("_")[1]
    return ask(client, ("ingest", f"/v1/keys/{key_id}", "delete"), headers)


def revoked_key(client, app, holding):
    key_id = holding({"scores:read"}, revoked=True)["Authorization"].split("_")[1]
    return ask(client, ("ingest", f"/v1/keys/{key_id}/rotations", "post"), holding({"admin"}))


def keys_of(app):
    return app.extensions["chengxin_access_keys"]


def version_backwards(client, app, holding):
    """Version 5 behind version 9."""
    for version in (b"version: 9", b"version: 5"):
        content = (SHIPPED / "shop-credit-v2.yaml").read_bytes().replace(b"version: 2", version)
        key = holding({"rulebooks:publish"})
        answer = ask(client, ("lookup", "/v1/rulebooks", "post"), key, data=content, **YAML)
    return answer


def subscribed(app, holding, number):
    """The header of somebody who holds so many subscriptions."""
    headers = holding({"scores:read"})
    key_id = headers["Authorization"].split("_")[1]
    ids = [f"{each:02x}{key_id}".ljust(32, "0") for each in range(number)]
    for each in ids:
        app.extensions["subscriptions"].put(Subscription(each, key_id, "https://127.0.0.1/", "public", created=NOW))
    return headers, ids


def as_many_as_there_may_be(client, app, holding):
    headers, _ = subscribed(app, holding, 20)
    asked = {"json": {"url": "https://portal.example.cn/"}}
    return ask(client, ("notify", "/v1/subscriptions", "post"), headers, **asked)


def what_lives(client, app, holding):
    headers, [name] = subscribed(app, holding, 1)
    path = f"/v1/subscriptions/{name}/deliveries/msg_{'0' * 32}/redelivery"
    return ask(client, ("notify", path, "post"), headers)


def used_code(client, app, holding):
    """A one-time code whose key is known."""
    minted = mint_code()
    code = OneTimeCode(minted.code_id, minted.code_hash, SHOP, "case", CASE_NO, NOW + timedelta(days=1))
    keys_of(app).codes.issued(code)
    keys_of(app).created(code.key_id, "0" * 64, "", frozenset({"subject:read"}), NOW)
    return ask(client, ("ingest", "/v1/subject-keys", "post"), {}, json={"code": minted.code})


def bundle_without_a_key(client, app, holding):
    return ask(client, ("draws", f"/v1/draws/{DRAWN}/bundle.zip", "get"), {})


def another_meaning(client, app, holding):
    """An own code that stands with another."""
    table = ("ingest", "/v1/code-tables", "put")
    for code in ("SP-01", "SP-02"):
        entry = {"own_code": "X-1", "violation_code": code}
        asked = {"query_string": {"source": "urn:another"}, "json": {"codes": [entry]}}
        answer = ask(client, table, holding({"events:write"}), **asked)
    return answer


def many_files(client, app, holding):
    """More than are judged meanwhile."""
    key = holding({"events:write"})
    asked = whole(("ingest", "/v1/uploads", "post"))
    return [ask(client, ("ingest", "/v1/uploads", "post"), key, **asked) for _ in range(11)][-1]


def naming_nothing(client, app, holding):
    """By whom a region bounds: a case that nobody knows."""
    revoked = catalogue().by_type["cn.chengxin.case.revoked.v1"].example
    key = holding({"events:write"}, bounds=Bounds(regions=("32",)))
    return ask(client, ("ingest", EVENT, "post"), key, data=orjson.dumps(revoked), content_type=STRUCTURED)


YAML = {"content_type": "application/yaml"}
SPECIAL = {
    (("ingest", EVENT, "post"), 409): naming_nothing,
    (("ingest", "/v1/code-tables", "put"), 409): another_meaning,
    (("ingest", "/v1/uploads", "post"), 409): many_files,
    (("ingest", "/v1/uploads", "post"), 413): {**whole(("ingest", "/v1/uploads", "post")), "data": b" " * (33 << 20)},
    (("ingest", "/v1/uploads", "post"), 415): {
        **whole(("ingest", "/v1/uploads", "post")),
        "content_type": "application/json",
    },
    (("ingest", "/v1/keys", "post"), 409): key_made_before,
    (("ingest", "/v1/keys/{key_id}", "delete"), 409): own_key,
    (("ingest", "/v1/keys/{key_id}/rotations", "post"), 409): revoked_key,
    (("lookup", "/v1/rulebooks", "post"), 409): version_backwards,
    (("notify", "/v1/subscriptions", "post"), 409): as_many_as_there_may_be,
    (("notify", "/v1/subscriptions/{subscription_id}/deliveries/{delivery_id}/redelivery", "post"), 409): what_lives,
    (("lookup", "/v1/rulebooks", "post"), 413): {"data": b" " * (5 << 20), **YAML},
    (("ingest", "/v1/notices", "get"), 404): {"query_string": DEDUCTION | {"number": NOBODYS}},
    (("ingest", "/v1/notices", "post"), 404): {"json": DEDUCTION | {"number": NOBODYS}},
    (("ingest", "/v1/objections", "post"), 409): {
        "json": {"sort": "objection", "about": "case", "number": CASE_NO, "statement": "已整改"}
    },
    (("ingest", "/v1/objections/{objection_id}/release", "post"), 409): {
        "json": {"reviewer": "法-9"},
        "there": {"objection_id": ENDED},
    },
    (("ingest", "/v1/objections/{objection_id}/decision", "post"), 409): {
        "json": {"outcome": "upheld", "reviewer": "法-9"},
        "there": {"objection_id": ENDED},
    },
    (("ingest", "/v1/subject-keys", "post"), 404): {"json": {"code": mint_code().code}},
    (("ingest", "/v1/subject-keys", "post"), 409): used_code,
    (("draws", "/v1/draws/{draw_id}/bundle.zip", "get"), 403): bundle_without_a_key,
    (("ingest", EVENT, "get"), 404): {"query_string": IDENTITY | {"id": NOBODYS}},
    (("lookup", "/v1/ranks", "get"), 404): {
        "query_string": {"kind": "shop", "region": "320902", "subject_id": NOT_THERE["subject_id"]}
    },
    (("lookup", "/v1/subjects/lookups", "post"), 403): {"json": {"subject_ids": [SHOP], "ledger": "internal"}},
    (("draws", "/v1/draws", "post"), 409): {"json": a_draw() | {"draw_id": "d-1"}},
    **{(("draws", path, "post"), 409): whole(("draws", path, "post")) for path in STEPS},
    **{
        (("draws", f"/v1/draws/{{draw_id}}/{name}", "get"), 409): {"there": {"draw_id": OPEN}}
        for name in BEFORE_ITS_FREEZE
    },
    (("draws", "/v1/assignments", "get"), 404): {"query_string": {"draw_id": "d-9"}},
    (("draws", "/v1/assignments.ics", "get"), 404): {"query_string": {"inspector_id": "J-9"}},
    (("lookup", "/v1/changes", "get"), 409): {"query_string": {"cursor": encode([99] * 4, "t.")}},
    **{
        (("lookup", f"/v1/subjects/{{subject_id}}{name}", "get"), 409): AS_OF_LATER
        for name in ("", "/history", "/plates", "/receipt", "/replies")
    },
}


def sent(data, content_type=None):
    """A body in the place of a right one; of the route's own media type unless another is said."""

    def act(client, app, holding, operation):
        right = whole(operation)
        kind = content_type or right.get("content_type", "application/json")
        address = {"query_string": right["query_string"]} if "query_string" in right else {}
        return ask(client, operation, own_key_for(holding, operation), data=data, content_type=kind, **address)

    return act


def with_another_scope(client, app, holding, operation):
    if SCOPE_OF[operation] == "public":
        return ask(client, operation, holding({"events:write"}), query_string={"ledger": "internal"})
    return ask(client, operation, holding(set(SCOPES) - own_scope(operation) - OWN), **whole(operation))


def of_nobody(client, app, holding, operation):
    there = (operation[0], at(operation[1], **NOT_THERE), operation[2])
    return ask(client, there, own_key_for(holding, operation), **whole(operation))


def with_a_strange_parameter(client, app, holding, operation):
    return ask(client, operation, own_key_for(holding, operation), query_string={"nobody": "1"})


def with_a_wrong_key(client, app, holding, operation):
    return ask(client, operation, {"Authorization": "Bearer cx_0"})


def too_often(client, app, holding, operation):
    key = own_key_for(holding, operation)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.extensions, "chengxin_limiter", Limiter(Quotas(1, 1), Rates(None), lambda: 1.0))
        return [ask(client, operation, key, **whole(operation)) for _ in range(3)][-1]


def before_the_keys_are_read(client, app, holding, operation):
    key = own_key_for(holding, operation)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys_of(app), "ready", False)
        return ask(client, operation, key, **whole(operation))


USUAL = {
    400: sent(b"{"),
    401: with_a_wrong_key,
    403: with_another_scope,
    404: of_nobody,
    413: sent(b" " * (5 << 20)),
    415: sent(b"{}", "text/csv"),
    422: with_a_strange_parameter,
    429: too_often,
    503: before_the_keys_are_read,
}


def provoke(client, app, holding, operation, status):
    """The answer to what is to lead to a status."""
    special = SPECIAL.get((operation, status))
    if special is None:
        return USUAL[status](client, app, holding, operation)
    if callable(special):
        return special(client, app, holding)
    request = dict(special)
    there = (operation[0], at(operation[1], **request.pop("there", {})), operation[2])
    key = holding({"events:write"}) if status == 403 else own_key_for(holding, operation)
    return ask(client, there, key, **request)


@pytest.mark.parametrize(("operation", "status"), DOCUMENTED, ids=str)
def test_it_comes_about(http, app, holder, operation, status):  # noqa: F811
    answer = provoke(http, app, holder, operation, status)
    assert answer.status_code == status, answer.text
    assert answer.json["type"].startswith("urn:chengxin:problem:")
    assert SHOP not in answer.text or status in (404, 422)
