"""`POST /v1/subjects/{subject_id}/what-if`: both receipts by the one function, and nothing written anywhere."""

from __future__ import annotations

import pytest

from shared.web.bounds import Bounds
from shared.web.keys import mint

from .conftest import NOW, SHOP
from .test_http import ADDRESS, problem, site

__all__ = ["site"]
REVOKED = {"revoked_on": "2026-03-01", "ground": "litigation", "instrument_no": "行终1号"}


def ask(site, headers=None, **body):
    return site.http.post(f"{ADDRESS}/what-if", json=body, headers=headers or site.reader)


def cases(site):
    return [fact.data["case_no"] for fact in site.shelf.facts(SHOP) if "case_no" in fact.data]


def revoking(case_no):
    return {"type": "cn.chengxin.case.revoked.v1", "data": {"case_no": case_no, **REVOKED}}


def test_without_anything_supposed_both_receipts_are_that_of_today(site):
    told = ask(site).json
    receipt = site.http.get(f"{ADDRESS}/receipt", headers=site.reader).json
    assert told["before"] == told["after"] == receipt
    assert told["difference"]["items"] == []
    assert told["difference"]["score"] == "0.00"


def test_a_revocation_gives_the_points_back_and_names_the_item(site):
    case_no = cases(site)[0]
    told = ask(site, suppose=[revoking(case_no)]).json
    assert float(told["after"]["score"]) > float(told["before"]["score"])
    gained = float(told["after"]["score"]) - float(told["before"]["score"])
    assert told["difference"]["score"] == f"{gained:.2f}"
    [item] = told["difference"]["items"]
    assert (item["ref"], item["after"]["state"]) == (case_no, "revoked")


def test_nothing_is_kept_of_what_was_supposed(site):
    before = site.http.get(f"{ADDRESS}/receipt", headers=site.reader).json
    ask(site, suppose=[revoking(cases(site)[0])])
    assert site.http.get(f"{ADDRESS}/receipt", headers=site.reader).json == before


def test_what_is_decided_meanwhile_is_no_part_of_the_difference(site, monkeypatch):
    read = site.shelf.facts
    monkeypatch.setattr(site.shelf, "facts", lambda subject_id: read(subject_id)[: site.shelf.facts_read])
    told = ask(site).json
    assert told["difference"]["items"] == []
    assert told["before"] == told["after"]


def test_a_later_day_ends_what_ends_by_then(site):
    told = ask(site, as_of="2028-03-01").json
    assert told["after"]["as_of"] == "2028-03-01"
    assert told["before"]["as_of"] == "2026-03-01"
    assert {each["after"]["state"] for each in told["difference"]["items"]} == {"expired"}


def test_what_happens_on_that_day_may_be_supposed(site):
    supposed = revoking(cases(site)[0])
    supposed["data"]["revoked_on"] = "2026-06-01"
    assert ask(site, as_of="2026-06-01", suppose=[supposed]).status_code == 200
    wrong = problem(ask(site, suppose=[supposed]), 422, "invalid")
    assert [each["pointer"] for each in wrong["errors"]] == ["/suppose/0/data/revoked_on"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"as_of": "2026-02-28"}, "/as_of"),
        ({"suppose": [{"type": "cn.chengxin.draw.planned.v1", "data": {}}]}, "/suppose/0/type"),
        ({"suppose": [{"type": "cn.chengxin.case.revoked.v1"}]}, "/suppose/0/data"),
        ({"suppose": [{}] * 21}, "/suppose"),
        ({"ledger": "secret"}, "/ledger"),
    ],
)
def test_what_cannot_be_supposed_is_named(site, body, pointer):
    wrong = problem(ask(site, **body), 422, "invalid")
    assert pointer in [each["pointer"] for each in wrong["errors"]]


def test_the_subject_itself_may_ask_and_no_other(site):
    keys = site.http.application.extensions["chengxin_access_keys"]
    for subject, status in ((SHOP, 200), ("shop:92320902MA1N00026Y-02", 403)):
        minted = mint()
        keys.created(minted.key_id, minted.key_hash, "", frozenset({"subject:read"}), NOW, Bounds(subject=subject))
        assert ask(site, {"Authorization": f"Bearer {minted.key}"}).status_code == status


def test_the_public_may_not(site):
    assert site.http.post(f"{ADDRESS}/what-if", json={}).status_code == 401
    problem(ask(site, site.writer), 403, "scope-missing")


@pytest.mark.parametrize(
    ("type_", "data", "name"),
    [
        ("case.revoked", {"case_no": "没有", **REVOKED}, "case_no"),
        ("credit.repaired", {"target": "没有", "granted_on": "2026-03-01", "instrument_no": "修-1"}, "target"),
        (
            "fact.withdrawn",
            {"source": "urn:a", "id": "none", "ground": "annulled", "instrument_no": "撤-1"},
            "id",
        ),
    ],
)
def test_what_names_nothing_is_refused_since_it_would_change_nothing(site, type_, data, name):
    wrong = problem(ask(site, suppose=[{"type": f"cn.chengxin.{type_}.v1", "data": data}]), 422, "invalid")
    assert [each["pointer"] for each in wrong["errors"]] == [f"/suppose/0/data/{name}"]
