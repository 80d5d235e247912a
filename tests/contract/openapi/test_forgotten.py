"""What has ended is gone, and what names a person is hidden: no public route, with no parameter, says a word of it.

Each sort of ending has a case of its own beside one that is public. Routes and parameters are those of the OpenAPI
documents, so that a new one is tried as soon as it is there.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.lookup import bootstrap as lookup
from services.lookup.directory import filed
from services.lookup.reading import Extent, Head
from services.lookup.rulebooks.library import Library
from services.lookup.sync.changes import Feed
from services.lookup.sync.cursor import encode
from services.lookup.sync.http import Source
from shared.credit.facts import Fact
from shared.credit.receipt import score
from shared.credit.summary import summarise
from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import Message
from shared.events.types.case_decided import EXAMPLE
from shared.web.access import AccessKeys
from shared.web.app import create_app
from shared.web.keys import mint
from tests.contract.openapi.conftest import RULEBOOKS, SHOP
from tests.contract.openapi.test_schemathesis import OPERATIONS

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
STANDING, REVOKED, REPAIRED, EXPIRED, UNPUBLISHED = "standing-1", "revoked-2", "repaired-3", "expired-4", "internal-5"
ENDED = (REVOKED, REPAIRED, EXPIRED, UNPUBLISHED)
PHONE, OPERATOR, ADDRESS, PLATE = "13912345678", "李大明", "解放南路1号501室", EXAMPLE["vehicle"]
PRIVATE = (PHONE, OPERATOR, ADDRESS, PLATE, *EXAMPLE["officers"])
"""What the public is never told of persons (shared/credit/masking.py)."""


def a_fact(number, what="case.decided", **data):
    time = "2026-05-06T10:00:00+08:00"
    return Fact("urn:a", f"{what}-{number}", f"cn.chengxin.{what}.v1", SHOP, time, data, NOW - timedelta(hours=1))


def decided(number, on, severity="general"):
    days = {"occurred_on": on, "decided_on": on, "case_no": number, "decision_no": f"决-{number}"}
    said = {"severity": severity, "violation_code": "SP-03", "facts": f"当事人电话{PHONE}"}
    return a_fact(number, **{**EXAMPLE, **days, **said})


FACTS = [
    a_fact(
        "r",
        "subject.upserted",
        name=f"李记土菜馆{PHONE}",
        region="320902001001",
        status="open",
        legal_form="individual",
        operator=OPERATOR,
        address=ADDRESS,
    ),
    decided(STANDING, "2026-11-02"),
    decided(REVOKED, "2026-11-03"),
    a_fact(
        REVOKED, "case.revoked", case_no=REVOKED, revoked_on="2026-11-10", ground="litigation", instrument_no="终-2"
    ),
    decided(REPAIRED, "2025-06-01", "serious"),  # public for three years, and it can be repaired after one
    a_fact(REPAIRED, "credit.repaired", target=REPAIRED, granted_on="2026-11-15", instrument_no="修-3"),
    decided(EXPIRED, "2024-05-06"),
    *(
        a_fact(f"{number}.{what}", f"case.{what}", case_no=number, on="2026-11-16", **said)
        for number in (STANDING, REVOKED, REPAIRED, EXPIRED, UNPUBLISHED)
        for what, said in (
            ("replied", {"statement": f"关于{number}，请电{PHONE}"}),
            (
                "reply_released",
                {"reply_source": "urn:a", "reply_id": f"case.replied-{number}.replied", "reviewer": "法-1"},
            ),
        )
    ),
    decided(UNPUBLISHED, "2026-06-01"),  # its three months of publication are over, the internal ledger still has it
]


class Shelf:
    def heads(self, subjects):
        return {subject: self.head(subject) for subject in subjects if subject == SHOP}

    def head(self, subject_id):
        if subject_id != SHOP:
            return None
        summary, _ = summarise(SHOP, FACTS, RULEBOOKS, NOW.date())
        return Head(summary, len(RULEBOOKS), NOW.date().toordinal(), NOW)

    def facts(self, subject_id):
        return FACTS


class Drawer:
    def extent(self):
        summary, _ = summarise(SHOP, FACTS, RULEBOOKS, NOW.date())
        return Extent((frozenset([filed(summary).county]),), NOW, NOW.date())

    def find(self, extent, criteria, after, most):
        return [SHOP] if after < SHOP else []


@pytest.fixture(scope="module")
def http():
    log = MemoryLog({"t.scores.v1": 1})
    log.appender().append([Message("t.scores.v1", SHOP.encode(), b"", ())])
    source = Source(lambda: iter([[SHOP]]), lambda: None, Feed(log, "t.scores.v1", 1), "t.")
    library = Library(dict, log, "t.")
    service = lookup.service_of(Shelf(), Drawer(), lambda: RULEBOOKS, library, source, clock=lambda: NOW)
    keys, portal = AccessKeys(), mint()
    keys.created(portal.key_id, portal.key_hash, "", frozenset({"scores:export"}), NOW)
    keys.ready = True
    http = create_app([service], keys=keys).test_client()
    http.portal = {"Authorization": f"Bearer {portal.key}"}
    return http


VALUES = {
    "as_of": ["2026-11-20", "2026-11-21", "2030-01-01", "2026-11-01"],
    "known_at": ["2026-11-05T00:00:00%2B08:00"],
    "ledger": ["public", "internal"],
    "name": ["土菜"],
    "code": [SHOP[5:23]],
    "kind": ["shop"],
    "region": ["320902"],
    "grade": ["A", "B", "C", "D"],
    "status": ["open"],
    "limit": ["1", "200"],
    "cursor": [encode([0], "t.")],
}
ROUTES = [
    (path, [each["name"] for each in document.get("parameters", ()) if each["in"] == "query"])
    for (service, path, method), document in OPERATIONS.items()
    if service == "lookup" and method == "get" and document["x-scope"] in ("public", "scores:export")
    if path not in ("/livez", "/readyz") and "{rulebook_id}" not in path
]


def queries(path, names):
    """None of the parameters, and each of them with each value; what a route cannot do without beside it."""
    needed = {"cursor": VALUES["cursor"][0]} if path.endswith("changes") else {}
    return [needed, *({name: value, **needed} for name in names if name not in needed for value in VALUES[name])]


ASKED = [(path.replace("{subject_id}", SHOP), query) for path, names in ROUTES for query in queries(path, names)]


@pytest.mark.parametrize(("path", "query"), ASKED, ids=str)
def test_nothing_that_has_ended_or_is_private_is_said_to_the_public(http, path, query):
    headers = http.portal if "exports" in path or path.endswith("changes") else {}
    answer = http.get(path + "?" + "&".join(f"{name}={value}" for name, value in query.items()), headers=headers)
    assert answer.status_code in (200, 401, 403, 422)
    for each in (*ENDED, *PRIVATE):
        assert each not in answer.text


def test_nor_by_many_at_once(http):
    answer = http.post("/v1/subjects/lookups", json={"subject_ids": [SHOP]})
    assert answer.json["subjects"][0]["result"] == "found"
    assert not any(each in answer.text for each in (*ENDED, *PRIVATE))


def test_what_is_public_is_there(http):
    for path in (f"/v1/subjects/{SHOP}/{what}" for what in ("receipt", "history", "replies")):
        assert STANDING in http.get(path).text


def test_every_ending_is_one():
    def states(ledger):
        lines = score(SHOP, FACTS, RULEBOOKS, NOW.date(), ledger=ledger)["items"]
        return {line["ref"]: line["state"] for line in lines}

    public, internal = states("public"), states("internal")
    assert [public[each] for each in (STANDING, REVOKED, REPAIRED, UNPUBLISHED)] == [
        "active",
        "revoked",
        "repaired",
        "expired",
    ]
    assert (internal[UNPUBLISHED], internal[EXPIRED]) == ("active", "expired")
