"""The people of a draw over HTTP: who is entered, filed, confirmed, assigned and in the end opened, and for whom."""

from __future__ import annotations

import hashlib
from datetime import datetime

import pytest
from icalendar import Calendar

from services.draws.assembling import Completed, Lists
from services.draws.codes import code_of
from shared.web.bounds import Bounds
from shared.web.keys import mint
from tests.support.draws import LISTS, START, VALUES, a_plan, a_pool, hours, sources
from tests.support.people import completed, upserted
from tests.unit.draws.http import conftest

ITEMS = [{"code": "SH-01", "name": "门前三包"}, {"code": "XF-01", "name": "消防通道"}]
SHOP = "shop:92320902MA1N00026Y-01"
POOL = LISTS["pool.tsv"] + f"{SHOP}\tA\t320902\n".encode()
STAFF = [upserted(f"J-{number}", department="law" if number % 2 else "fire") for number in range(6)]
ENTRY = upserted("J-9").data


class Site(conftest.Site):
    """With the people's own lists in the place of those that are given."""

    def completed(self, plan, *, keep):
        codes = self.staff.people.code(datetime.fromisoformat(plan["known_at"]), keep=keep)
        whole = {"strata": a_plan()["strata"], **plan, "inspector_codes": codes.inspector_codes}
        return Completed(whole, codes.codes_sha256)

    def assemble(self, draw):
        found = self.staff.people.assemble(draw, a_pool(POOL), {})
        return Lists(
            {**LISTS, "pool.tsv": POOL, "roster.tsv": found.roster, "recusals.tsv": found.recusals},
            ("D",),
            found.left_out,
        )


@pytest.fixture
def site(log, clock, monkeypatch):
    monkeypatch.setitem(conftest.SCOPES, "registrar", ["registry:write"])
    log.create("t.registry.v1", 1)
    site = Site(log, clock)
    site.shelf.give(*STAFF)
    yield site
    site.parts.stop()


def put(site, by="registrar", address="J-9", **more):
    return site.http.put(f"/v1/inspectors/{address}", json=ENTRY | more, headers=site.headers(by))


def test_the_register_is_written_by_its_keepers_and_read_by_those_who_plan(site):
    response = put(site)
    assert (response.status_code, response.json) == (200, ENTRY)
    assert put(site, "planner").status_code == 403
    assert put(site, None).status_code == 401
    assert [site.get("/v1/inspectors", by).status_code for by in ("planner", "registrar", None)] == [200, 403, 401]


def test_an_entry_is_of_whom_the_address_names(site):
    response = put(site, address="J-8")
    assert (response.status_code, response.json["errors"][0]["pointer"]) == (422, "/inspector_id")


def test_the_register_is_listed_by_pages(site):
    first = site.get("/v1/inspectors?limit=2&department=law", "planner")
    assert [each["inspector_id"] for each in first.json["inspectors"]] == ["J-1", "J-3"]
    address = first.headers["Link"].partition("<")[2].partition(">")[0]
    assert [each["inspector_id"] for each in site.get(address, "planner").json["inspectors"]] == ["J-5"]


def recusal(site, **more):
    body = {"inspector_id": "J-1", "subject_id": SHOP, "reason": "relative"} | more
    return site.act("recusals", **body)


def test_a_recusal_is_filed_before_the_freeze_and_committed_by_code(site):
    site.plan()
    assert recusal(site, text="配偶在该店任职").status_code == 200
    [filed] = site.get("/v1/draws/d-1/filings", "second").json["recusals"]
    assert (filed["inspector_id"], filed["subject_id"], filed["reason"]) == ("J-1", SHOP, "relative")
    site.done("freeze")
    draw = site.reading.draws.by_id["d-1"]
    code = site.staff.people.codes(draw).by_id["J-1"]
    assert site.parts.documents.get(draw.committed.sha256s["recusals.tsv"]) == f"{code}\t{SHOP}\n".encode()
    assert recusal(site, subject_id=SHOP.replace("-01", "-02")).json["type"].endswith(":recusal-after-freeze")


@pytest.mark.parametrize(
    ("subject_id", "said"),
    [
        ("shop:zz", "credit code"),
        ("sanitation:91320902MA1TE5T18M", "must be a shop"),
        ("case:2026-1", "must be one of"),
    ],
)
def test_a_recusal_from_what_can_be_nobody_of_the_pool_is_refused(site, subject_id, said):
    site.plan()
    refused = recusal(site, subject_id=subject_id)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/subject_id")
    assert said in refused.json["errors"][0]["message"]


def filing_key(site, subject):
    minted = mint()
    site.access.created(minted.key_id, minted.key_hash, "", frozenset({"draws:file"}), START, Bounds(subject=subject))
    return minted


def test_an_inspector_files_for_himself_and_sees_the_plan_but_not_what_others_filed(site):
    site.plan()
    site.keys["J-1"] = filing_key(site, "inspector:J-1")
    said = {"subject_id": SHOP, "reason": "relative"}
    refused = site.act("recusals", "J-1", inspector_id="J-3", **said)
    assert refused.json["type"].endswith(":out-of-bounds")
    assert site.act("confirmations", "J-1", department="law", inspectors=["J-1"], items=[]).status_code == 403
    site.done("recusals", "J-1", inspector_id="J-1", **said)
    assert site.get("/v1/draws/d-1", "J-1").json["plan"]["title"]
    assert site.get("/v1/draws/d-1/filings", "J-1").status_code == 403


@pytest.mark.parametrize("who", ["J-7", "J-8"])
def test_an_assistant_and_somebody_unknown_are_refused_by_name(site, who):
    site.shelf.give(upserted("J-8", role="assistant"))
    site.keys["law"] = filing_key(site, "department:law")
    site.plan(partners=[{"department": "law"}])
    for response in (
        recusal(site, inspector_id=who),
        site.act("confirmations", "law", department="law", inspectors=["J-1", who], items=[]),
    ):
        assert response.status_code == 422
        assert response.json["type"].endswith(":inspector-not-certified")
        assert who in response.json["detail"]
    assert site.now() == 1


def test_a_joint_draw_waits_for_its_partner_and_takes_those_whom_it_gave(site):
    site.plan(partners=[{"department": "fire"}], items=ITEMS)
    [partner] = site.get("/v1/draws/d-1/filings", "planner").json["partners"]
    assert partner == {
        "department": "fire", "confirm_by": "2026-11-03", "confirmed_at": None, "overdue": False,
        "inspectors": [], "items": [],
    }  # fmt: skip
    assert site.act("freeze").json["type"].endswith(":partner-unconfirmed")
    given = {"department": "fire", "inspectors": ["J-0", "J-4"], "items": ["XF-01"]}
    assert site.act("confirmations", "planner", **given).json["type"].endswith(":scope-missing")
    site.keys["fire"] = filing_key(site, "department:fire")
    site.done("confirmations", "fire", **given)
    [partner] = site.get("/v1/draws/d-1/filings", "planner").json["partners"]
    assert (partner["inspectors"], partner["items"], partner["overdue"]) == (["J-0", "J-4"], ["XF-01"], False)
    assert site.done("freeze")["inspectors"] == 5


def test_what_was_filed_is_nobody_elses_business(site):
    site.plan()
    assert [site.get("/v1/draws/d-1/filings", by).status_code for by in (None, "clerk", "other")] == [401, 403, 403]


def draw(site, **more):
    site.plan(seed_sources=sources(site.clock.now), items=ITEMS, **more)
    site.done("freeze")
    for source, after in zip(VALUES, (3, 2), strict=True):
        site.clock.now += hours(after)
        site.done("seed", "clerk", source=source, value=VALUES[source])
    site.done("run")


def test_an_assignment_says_who_when_and_what_and_what_came_of_it(site):
    draw(site)
    first = site.get("/v1/assignments?draw_id=d-1&limit=1", "planner").json
    [row] = first["assignments"]
    assert row["inspector_id"].startswith("J-")
    assert row["inspector_name"] == upserted(row["inspector_id"]).data["name"]
    assert row | {"code": "", "inspector_id": "", "inspector_name": "", "subject_id": ""} == {
        "draw_id": "d-1", "title": "十一月双随机抽查", "subject_id": "", "case": None, "name": None, "address": None,
        "inspector_id": "", "inspector_name": "", "code": "",
        "status": "assigned", "window": {"from": "2026-11-09", "until": "2026-11-20"}, "items": ITEMS, "outcome": None,
    }  # fmt: skip
    site.shelf.give(completed("i-1", row["subject_id"], "d-1", result="03"))
    [row] = site.get("/v1/assignments?draw_id=d-1&limit=1", "planner").json["assignments"]
    assert row["outcome"] == {
        "inspection_id": "查-i-1", "result": "03", "inspected_on": "2026-10-28", "findings": 0,
    }  # fmt: skip
    rest = site.get(f"/v1/assignments?draw_id=d-1&cursor={first['next']}", "planner").json
    assert (len(rest["assignments"]), rest["next"]) == (7, None)


@pytest.mark.parametrize("name", ["inspector_id", "code"])
def test_who_cannot_serve_is_replaced_as_his_assignment_names_him(site, name):
    draw(site)
    [row] = site.get("/v1/assignments?limit=1", "planner").json["assignments"]
    asked = {"subject_id": row["subject_id"], "inspector": row[name], "cause": "illness"}
    site.done("replacements", "planner", **asked)
    site.done("replacements", "second", proposal=site.now())
    mine = site.get(f"/v1/assignments?inspector_id={row['inspector_id']}&draw_id=d-1", "planner").json["assignments"]
    assert {each["subject_id"]: each["status"] for each in mine}[row["subject_id"]] == "replaced"
    text = site.get(f"/v1/assignments.ics?inspector_id={row['inspector_id']}", "planner")
    assert text.mimetype == "text/calendar"
    found = {event["summary"]: event["status"] for event in Calendar.from_ical(text.get_data()).walk("VEVENT")}
    assert found[f"抽查 {row['subject_id']}"] == "CANCELLED"
    assert len(found) == len(mine)


def own_key(site, inspector_id, secret=None):
    minted = mint()
    bounds = Bounds(subject=f"inspector:{inspector_id}")
    site.access.created(minted.key_id, minted.key_hash, "", frozenset({"assignments:read"}), START, bounds)
    return secret or minted.key


def test_an_inspector_sees_his_own_assignments_and_nobody_elses(site):
    draw(site)
    holder = site.get("/v1/assignments?limit=1", "planner").json["assignments"][0]["inspector_id"]
    key = own_key(site, holder)
    mine = site.get("/v1/assignments", None, Authorization=f"Bearer {key}").json["assignments"]
    assert mine
    assert {each["inspector_id"] for each in mine} == {holder}
    for path in ("/v1/assignments?inspector_id=J-99", "/v1/assignments.ics?inspector_id=J-99"):
        assert site.get(path, None, Authorization=f"Bearer {key}").json["type"].endswith(":out-of-bounds")
    assert site.get("/v1/draws/d-1/filings", None, Authorization=f"Bearer {key}").status_code == 403


def test_a_calendar_sends_the_key_as_a_password(site):
    draw(site)
    holder = site.get("/v1/assignments?limit=1", "planner").json["assignments"][0]["inspector_id"]

    def asked(path, password):
        return site.http.get(path, auth=("calendar", password))

    own = asked("/v1/assignments.ics", own_key(site, holder))
    assert own.status_code == 200
    assert own.get_data() == site.get(f"/v1/assignments.ics?inspector_id={holder}", "planner").get_data()
    refused = asked("/v1/assignments.ics", "cx_no")
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'Basic realm="chengxin"')
    elsewhere = asked("/v1/assignments", own_key(site, holder))
    assert (elsewhere.status_code, elsewhere.headers["WWW-Authenticate"]) == (401, 'Bearer realm="chengxin"')


def test_who_or_what_there_is_not_has_no_empty_list(site):
    draw(site)
    for path in ("/v1/assignments?draw_id=d-9", "/v1/assignments.ics?inspector_id=J-99"):
        assert site.get(path, "planner").status_code == 404
    assert site.get("/v1/assignments.ics", "planner").json["errors"][0]["pointer"] == "/query/inspector_id"


def test_assignments_are_sealed_from_everybody_else(site):
    draw(site)
    for path in ("/v1/assignments", "/v1/assignments.ics?inspector_id=J-1"):
        assert [site.get(path, by).status_code for by in (None, "clerk", "other")] == [401, 403, 403]


def test_codes_are_public_from_the_freeze_on_and_say_nothing_of_anybody(site):
    site.plan()
    assert site.get("/v1/draws/d-1/codes.txt").json["type"].endswith(":draw-out-of-order")
    site.done("freeze")
    text = site.get("/v1/draws/d-1/codes.txt")
    plan = site.get("/v1/draws/d-1", "planner").json["plan"]
    assert plan["inspector_codes"] == hashlib.sha256(text.get_data()).hexdigest()
    assert len(text.get_data().split()) == len(STAFF)


def test_who_served_is_opened_with_the_publication_and_nobody_else(site):
    draw(site)
    assert site.get("/v1/draws/d-1/served").status_code == 409
    seats = site.get("/v1/assignments", "planner").json["assignments"]
    site.clock.now += hours(24 * 25)
    site.done("publish", "publisher")
    body = site.get("/v1/draws/d-1/served").json
    assert {(each["code"], each["inspector_id"]) for each in body["served"]} == {
        (each["code"], each["inspector_id"]) for each in seats
    }
    assert all(code_of(each["inspector_id"], each["salt"]) == each["code"] for each in body["served"])
    listed = site.get("/v1/draws/d-1/codes.txt").get_data()
    assert body["inspector_codes"] == hashlib.sha256(listed).hexdigest()
    assert {each["code"] for each in body["served"]} <= set(listed.decode().split())


def test_a_draw_is_published_early_when_all_outcomes_are_in(site):
    draw(site)
    assert site.act("publish", "publisher").json["type"].endswith(":window-open")
    subjects = {each["subject_id"] for each in site.get("/v1/assignments", "planner").json["assignments"]}
    site.shelf.give(*(completed(f"i-{number}", each, "d-1") for number, each in enumerate(sorted(subjects))))
    site.done("publish", "publisher")


def test_a_second_key_makes_no_second_person(site):
    site.plan(seed_sources=sources(site.clock.now))
    site.done("freeze")
    heir, planner = mint(), site.keys["planner"].key_id
    site.access.created(heir.key_id, heir.key_hash, "", frozenset({"draws:seed"}), START, Bounds(), None, planner)
    site.keys["heir"] = heir
    site.clock.now += hours(3)
    source, value = next(iter(VALUES.items()))
    refused = site.act("seed", "heir", source=source, value=value)
    assert (refused.status_code, refused.json["type"]) == (403, "urn:chengxin:problem:seed-by-planner")
    assert site.act("seed", "clerk", source=source, value=value).status_code == 200
