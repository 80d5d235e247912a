"""Who may ask what, as a matrix: every route of every service with every sort of key that does not open it.

A new route has to be given its place in `BEYOND` or `UNBOUND`: the last test sees to it.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.lookup.sync.cursor import encode
from shared.events.types.inspector_upserted import EVENT as INSPECTOR
from shared.events.types.subject_upserted import EVENT as SUBJECT
from shared.web.bounds import DRAW_FILING_SCOPE, FILING_SCOPE, OWN, SUBJECT_SCOPE, Bounds
from shared.web.keys import SCOPES, mint
from tests.contract.openapi.conftest import CASE_NO, NOW, SHOP
from tests.contract.openapi.test_schemathesis import OPERATIONS, THERE
from tests.support.draws import a_plan

SCOPE_OF = {operation: document["x-scope"] for operation, document in OPERATIONS.items()}
SCOPED = [operation for operation, scope in SCOPE_OF.items() if scope != "public"]
PROBES = ("/livez", "/readyz")
READ = [operation for operation in OPERATIONS if operation[1] not in PROBES]
EVENT = "/v1/events"
ELSEWHERE = Bounds(regions=("110101",))
OTHER_SOURCE = Bounds(sources=("urn:other",))
OTHER_SHOP = "shop:92320902MA1N00026Y-02"


def a_window(plan):
    days = {"from": "2026-03-02", "until": "2026-03-03"}
    return plan | {"window": days, "items": [{"code": "SH-01", "name": "a"}], "roster": {"regions": ["320902"]}}


def a_draw():
    asked = a_window(a_plan(start=NOW)) | {"pool": {"of": "subjects", "kind": "shop", "regions": ["320902"]}}
    asked["panel"] = [{"department": "law", "count": 2}]
    return {name: value for name, value in asked.items() if value is not None}


STEPS = {
    "abandon": {"cause": "a"},
    "freeze": {},
    "publish": {},
    "recusals": {"inspector_id": "J-1", "subject_id": SHOP, "reason": "interest"},
    "replacements": {"proposal": 1},
    "run": {},
    "seed": {"source": "a", "value": "1"},
    "witnesses": {"role": "notary", "name": "张三"},
}
BEGINNING = encode([0] * 4, "t.")
IDENTITY = {"subject": SHOP, "source": "urn:chengxin:organ:320902", "id": "c-1"}
DEDUCTION = {"subject_id": SHOP, "about": "case", "number": CASE_NO}
BEYOND = {
    ("draws", "/v1/draws", "post"): {"json": a_draw()},
    ("draws", "/v1/draws/{draw_id}/filings", "get"): {},
    ("draws", "/v1/draws/{draw_id}/outcomes", "get"): {},
    ("draws", "/v1/inspectors/{inspector_id}", "put"): {
        "json": INSPECTOR.example["data"] | {"inspector_id": "J-1", "region": "320902001001"}
    },
    ("ingest", EVENT, "post"): {
        "json": None,
    },
    ("ingest", EVENT, "get"): {"query_string": IDENTITY},
    ("ingest", "/v1/subjects/{subject_id}", "put"): {"json": SUBJECT.example["data"]},
    ("notify", "/v1/subscriptions", "post"): {"json": {"url": "https://portal.example.cn/", "regions": ["320902"]}},
    ("ingest", "/v1/notices", "get"): {"query_string": DEDUCTION},
    ("ingest", "/v1/notices", "post"): {"json": DEDUCTION},
    ("ingest", "/v1/objections", "post"): {
        "json": {"sort": "reply", "about": "case", "number": CASE_NO, "statement": "已整改"}
    },
    ("ingest", "/v1/objections/{objection_id}", "get"): {},
    ("ingest", "/v1/objections/{objection_id}/release", "post"): {"json": {"reviewer": "法-9"}},
    ("ingest", "/v1/objections/{objection_id}/release", "delete"): {},
    ("ingest", "/v1/objections/{objection_id}/decision", "post"): {"json": {"outcome": "upheld", "reviewer": "法-9"}},
    ("lookup", "/v1/ranks", "get"): {"query_string": {"kind": "shop", "region": "320902"}},
    ("lookup", "/v1/subjects", "get"): {"query_string": {"region": "320902"}},
    ("lookup", "/v1/subjects/{subject_id}", "get"): {},
    ("lookup", "/v1/subjects/{subject_id}/what-if", "post"): {"json": {}},
    ("lookup", "/v1/subjects/{subject_id}/receipt", "get"): {},
    ("lookup", "/v1/subjects/{subject_id}/history", "get"): {},
    ("lookup", "/v1/subjects/{subject_id}/plates", "get"): {},
    ("lookup", "/v1/subjects/{subject_id}/replies", "get"): {},
    **{
        ("draws", f"/v1/draws/{{draw_id}}/{step}", "post"): {"json": {"expected": 1, **body}}
        for step, body in STEPS.items()
    },
}
"""What a key bound to another region gets 403 `out-of-bounds` for, and the request that is whole otherwise."""

EMPTY = {
    ("statistics", "/v1/exports/double-publicity", "get"): (
        {"query_string": {"decided_from": "2026-01-01", "decided_until": "2026-12-31"}},
        "withdrawals",
    ),
    ("ingest", "/v1/objections", "get"): ({}, "objections"),
    ("ingest", "/v1/replies", "get"): ({}, "replies"),
    ("lookup", "/v1/exports/subjects.ndjson", "get"): ({}, None),
    ("lookup", "/v1/exports/subjects.csv", "get"): ({}, None),
    ("lookup", "/v1/changes", "get"): ({"query_string": {"cursor": BEGINNING}}, "changes"),
    ("draws", "/v1/assignments", "get"): ({}, "assignments"),
    ("draws", "/v1/assignments.ics", "get"): ({"query_string": {"inspector_id": "J-1"}}, None),
    ("draws", "/v1/inspectors", "get"): ({}, "inspectors"),
    ("notify", "/v1/subscriptions", "get"): ({}, "subscriptions"),
}
"""Lists, which have nothing for a key bound to another region."""

AS_ANYBODY = {
    ("statistics", "/v1/statistics/objections", "get"),
    ("ingest", "/v1/subject-keys", "post"),
    ("draws", "/v1/draws", "get"),
    ("draws", "/v1/draws/journal.ndjson", "get"),
    ("draws", "/v1/draws/{draw_id}", "get"),
    ("draws", "/v1/draws/{draw_id}/bundle.zip", "get"),
    ("draws", "/v1/draws/{draw_id}/codes.txt", "get"),
    ("draws", "/v1/draws/{draw_id}/probabilities", "get"),
    ("draws", "/v1/draws/{draw_id}/served", "get"),
    ("draws", "/v1/draws/{draw_id}/slip", "get"),
    ("draws", "/v1/fairness", "get"),
    ("ingest", "/v1/uploads/templates/{sort}.csv", "get"),
    ("ingest", "/v1/uploads/templates/{sort}.xlsx", "get"),
    ("lookup", "/v1/coverage", "get"),
    ("lookup", "/v1/rulebooks", "get"),
    ("lookup", "/v1/subjects/lookups", "post"),
    ("lookup", "/v1/subjects/{subject_id}/badge.svg", "get"),
    ("lookup", "/v1/subjects/{subject_id}/qr.svg", "get"),
    ("lookup", "/v1/rulebooks/{rulebook_id}/{version}", "get"),
}
"""What is public; whoever has a key bound to another region sees what everybody sees."""

TABLE = {"codes": [{"own_code": "CG-0312", "violation_code": "SP-03"}]}
WHOSE = {"source": "urn:chengxin:organ:320902"}
OF_A_SOURCE = {
    ("ingest", "/v1/code-tables", "get"): {"query_string": WHOSE},
    ("ingest", "/v1/code-tables", "put"): {"query_string": WHOSE, "json": TABLE},
    ("ingest", "/v1/uploads", "post"): {
        "query_string": WHOSE | {"sort": "cases"},
        "data": "案号".encode(),
        "content_type": "text/csv",
    },
}
"""What a key bound to another source gets 403 `out-of-bounds` for, and the request that is whole otherwise."""

SUBSCRIPTION = "/v1/subscriptions/{subscription_id}"
HELD = {
    ("ingest", "/v1/uploads/{upload_id}", "get"),
    ("ingest", "/v1/uploads/{upload_id}/report.csv", "get"),
    ("notify", SUBSCRIPTION, "get"),
    ("notify", SUBSCRIPTION, "delete"),
    ("notify", f"{SUBSCRIPTION}/resumption", "post"),
    ("notify", f"{SUBSCRIPTION}/test", "post"),
    ("notify", f"{SUBSCRIPTION}/deliveries", "get"),
    ("notify", f"{SUBSCRIPTION}/deliveries/{{delivery_id}}/redelivery", "post"),
}
"""What is its holder's alone: with another key it is as unknown as none, whatever that may."""

CONFIRMATION = {"expected": 1, "department": "law", "inspectors": ["J-1"], "items": ["SH-01"]}
RECUSAL = {"expected": 1, "inspector_id": "J-1", "subject_id": SHOP, "reason": "interest"}
FOR_ITSELF = {
    ("draws", "/v1/draws/{draw_id}/confirmations", "post"): ("department:fire", CONFIRMATION),
    ("draws", "/v1/draws/{draw_id}/recusals", "post"): ("inspector:J-2", RECUSAL),
}
"""What somebody files for himself alone, and somebody else."""

UNBOUND = {operation for operation, scope in SCOPE_OF.items() if scope in ("admin", "rulebooks:publish")}
"""What concerns the whole installation: no key that opens it has bounds (`shared/web/bounds.py`)."""


@pytest.fixture(scope="module")
def http(app):
    return app.test_client()


@pytest.fixture(scope="module")
def holder(app):
    """Makes a key, and gives the header that shows it."""
    keys = app.extensions["chengxin_access_keys"]

    def make(scopes, bounds=Bounds(), expires=None, revoked=False):  # noqa: B008
        minted = mint()
        keys.created(minted.key_id, minted.key_hash, "", frozenset(scopes), NOW, bounds, expires)
        if revoked:
            keys.revoked(minted.key_id, NOW)
        return {"Authorization": f"Bearer {minted.key}"}

    return make


def ask(http, operation, headers, **request):
    _, path, method = operation
    for name, value in THERE.items():
        path = path.replace(f"{{{name}}}", str(value))
    return http.open(path, method=method.upper(), headers=headers | {"X-Request-Id": "same"}, **request)


def refused(response, status, code):
    assert response.status_code == status, response.text
    assert response.json["type"] == f"urn:chengxin:problem:{code}"


def own_scope(operation):
    """What opens it: scopes of those who work here, else that of those who see what is their own alone."""
    scopes = {"scores:read"} if SCOPE_OF[operation] == "public" else set(SCOPE_OF[operation].split())
    return scopes - (OWN - {FILING_SCOPE}) or scopes


@pytest.mark.parametrize("operation", SCOPED, ids=str)
def test_without_a_key(http, operation):
    refused(ask(http, operation, {}), 401, "unauthenticated")


@pytest.mark.parametrize("operation", SCOPED, ids=str)
def test_with_every_other_scope(http, holder, operation):
    others = set(SCOPES) - own_scope(operation) - OWN
    refused(ask(http, operation, holder(others)), 403, "scope-missing")


@pytest.mark.parametrize("operation", READ, ids=str)
def test_with_a_revoked_key(http, holder, operation):
    refused(ask(http, operation, holder(own_scope(operation), revoked=True)), 401, "unauthenticated")


@pytest.mark.parametrize("operation", READ, ids=str)
def test_with_an_expired_key(http, holder, operation):
    ended = NOW - timedelta(seconds=1)
    refused(ask(http, operation, holder(own_scope(operation), expires=ended)), 401, "unauthenticated")


@pytest.mark.parametrize("operation", SCOPED, ids=str)
def test_with_the_key_of_a_subject(http, holder, operation):
    if SUBJECT_SCOPE in SCOPE_OF[operation]:
        key = holder({SUBJECT_SCOPE}, Bounds(subject=OTHER_SHOP))
        return refused(ask(http, operation, key, json={}), 403, "out-of-bounds")
    key = holder({SUBJECT_SCOPE}, Bounds(subject=SHOP))
    return refused(ask(http, operation, key), 403, "scope-missing")


@pytest.mark.parametrize("operation", BEYOND, ids=str)
def test_with_the_key_of_another_region(http, holder, operation):
    request = BEYOND[operation]
    if operation[1:] == (EVENT, "post"):
        request = an_event_request()
    refused(ask(http, operation, holder(own_scope(operation), ELSEWHERE), **request), 403, "out-of-bounds")


@pytest.mark.parametrize("operation", FOR_ITSELF, ids=str)
def test_nobody_files_for_another(http, holder, operation):
    other, body = FOR_ITSELF[operation]
    key = holder({DRAW_FILING_SCOPE}, Bounds(subject=other))
    refused(ask(http, operation, key, json=body), 403, "out-of-bounds")


@pytest.mark.parametrize("operation", EMPTY, ids=str)
def test_lists_have_nothing_for_another_region(http, holder, operation):
    request, name = EMPTY[operation]
    whole = ask(http, operation, holder(own_scope(operation)), **request)
    nothing = ask(http, operation, holder(own_scope(operation), ELSEWHERE), **request)
    assert nothing.status_code == 200
    if name is None:
        assert b"BEGIN:VEVENT" not in nothing.data
        assert SHOP.encode() not in nothing.data
    else:
        assert whole.json[name] or name in ("assignments", "changes", "subscriptions", "withdrawals")
        assert nothing.json[name] == []


@pytest.mark.parametrize("operation", sorted(AS_ANYBODY), ids=str)
def test_what_is_public_is_no_more_for_another_region(http, holder, operation):
    every = set(SCOPES) - {"admin", "rulebooks:publish", SUBJECT_SCOPE}
    theirs, anybodys = ask(http, operation, holder(every, ELSEWHERE)), ask(http, operation, {})
    assert theirs.status_code == anybodys.status_code
    assert theirs.data == anybodys.data


@pytest.mark.parametrize("operation", sorted(HELD), ids=str)
def test_what_is_another_holders_is_as_unknown_as_none(http, holder, operation):
    refused(ask(http, operation, holder(own_scope(operation))), 404, "not-found")


def an_event_request(**changes):
    from shared.events.types.case_decided import EVENT as DECIDED

    event = dict(DECIDED.example) | changes
    return {"json": event, "content_type": "application/cloudevents+json"}


def test_with_the_key_of_another_source(http, holder):
    key = holder({"events:write"}, OTHER_SOURCE)
    refused(ask(http, ("ingest", EVENT, "post"), key, **an_event_request()), 403, "out-of-bounds")
    refused(ask(http, ("ingest", EVENT, "get"), key, query_string=IDENTITY), 403, "out-of-bounds")


@pytest.mark.parametrize("operation", OF_A_SOURCE, ids=str)
def test_what_is_of_another_source(http, holder, operation):
    refused(
        ask(http, operation, holder({"events:write"}, OTHER_SOURCE), **OF_A_SOURCE[operation]), 403, "out-of-bounds"
    )


SUBJECTS = [
    operation
    for operation in OPERATIONS
    if "{subject_id}" in operation[1]
    and operation[2] == "get"
    and operation not in AS_ANYBODY
    and SCOPE_OF[operation] == "public"
]


@pytest.mark.parametrize("operation", SUBJECTS, ids=str)
def test_with_the_key_of_another_subject_the_public_view_and_no_more(http, holder, operation):
    other = holder({SUBJECT_SCOPE}, Bounds(subject=OTHER_SHOP))
    assert ask(http, operation, other).data == ask(http, operation, {}).data
    refused(ask(http, operation, other, query_string={"ledger": "internal"}), 403, "scope-missing")


def test_a_subject_sees_all_of_its_own_in_both_ledgers(http, holder):
    own, internal = holder({SUBJECT_SCOPE}, Bounds(subject=SHOP)), holder({"scores:read"})
    for path in ("", "/receipt"):
        operation = ("lookup", f"/v1/subjects/{{subject_id}}{path}", "get")
        for ledger in ("internal", "public"):
            query = {"query_string": {"ledger": ledger}}
            assert ask(http, operation, own, **query).data == ask(http, operation, internal, **query).data


def test_every_route_has_its_place():
    placed = set(BEYOND) | set(FOR_ITSELF) | set(OF_A_SOURCE) | set(EMPTY) | AS_ANYBODY | HELD | UNBOUND
    assert {operation for operation in OPERATIONS if operation[1] not in PROBES} == placed
