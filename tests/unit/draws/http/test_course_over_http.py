"""A draw from its plan to its publication over HTTP: what is answered, and who sees what when."""

from __future__ import annotations

import hashlib
import json
import zipfile
from io import BytesIO

from services.draws.files import sealed_sha256
from services.draws.proof.slip import slip
from shared.draw.journal import sha256_of_step
from tests.support.draws import BEACON, DICE, LISTS, VALUES, hours
from tests.support.verifier import refused_by
from tests.unit.draws.http.conftest import a_body

THERE = {"draw_id", "phase", "assurance", "planned_at", "commitment", "sequence", "plan_sha256", "overdue"}
OUTLINE = THERE | {"title", "window", "publish_by", "replaces", "public_source", "seed_sources", "witnesses"}
FROZEN = {
    "plan", "committed_at", "pool_sha256", "roster_sha256", "recusals_sha256", "excluded_sha256", "strata", "subjects",
    "inspectors", "excluded", "shares_pool_with", "shares_seed_source_with",
}  # fmt: skip
HASHES = {"result_sha256", "sealed_bundle_sha256"}
OPEN = {"seed_values", "bundle", "replacements"}
STAFF = {"steps", "seed_values", "plan", "next_steps", "inspectors_left_out"}


def seen(site, by=None):
    return set(site.get("/v1/draws/d-1", by).json)


def test_what_the_public_and_who_works_at_draws_see_at_every_step(site):
    site.plan()
    assert seen(site) == seen(site, "other") == THERE
    [row] = site.get("/v1/draws").json["draws"]
    assert "title" not in row
    assert "title" in site.get("/v1/draws", "clerk").json["draws"][0]
    assert seen(site, "clerk") == seen(site, "planner") == OUTLINE | STAFF
    site.done("freeze")
    assert seen(site) == OUTLINE | FROZEN
    site.clock.now += hours(3)
    site.done("seed", "clerk", source=DICE, value=VALUES[DICE])
    site.clock.now += hours(2)
    site.done("seed", "clerk", source=BEACON, value=VALUES[BEACON])
    assert seen(site) == OUTLINE | FROZEN
    site.done("run")
    assert seen(site) == OUTLINE | FROZEN | HASHES
    assert seen(site, "clerk") == OUTLINE | FROZEN | HASHES | STAFF  # who enters the seed does not learn who is drawn
    assert seen(site, "planner") == seen(site, "publisher") == OUTLINE | FROZEN | HASHES | STAFF | OPEN | {"proposals"}
    site.clock.now += hours(24 * 25)
    site.done("publish", "publisher")
    assert seen(site) == OUTLINE | FROZEN | HASHES | OPEN


def test_the_steps_say_who_did_what_when_by_the_journal(site):
    site.plan()
    site.done("freeze", "second")
    steps = site.get("/v1/draws/d-1", "clerk").json["steps"]
    assert [(each["step"], each["by"]) for each in steps] == [
        ("planned", f"key:{site.keys['planner'].key_id}"),
        ("committed", f"key:{site.keys['second'].key_id}"),
    ]
    assert steps[1]["at"] == site.reading.journal.lines[1].at


def test_a_plan_is_answered_with_its_address_and_what_it_would_draw_from(site):
    response = site.post("/v1/draws", a_body(draw_id="d-1"))
    assert response.status_code == 201
    assert response.headers["Location"] == "/v1/draws/d-1"
    preview = response.json["preview"]
    assert preview["feasible"]
    assert preview["strata"] == [{"stratum": "C", "size": 4, "quota": 2}, {"stratum": "A", "size": 8, "quota": 2}]
    assert preview["excluded"] == [{"code": "closed", "number": 2}]
    assert response.json["plan"]["as_of"] == "2026-11-01"
    assert response.json["plan"]["known_at"] == "2026-11-01T09:00:00.000+08:00"


def test_a_plan_that_cannot_be_fulfilled_is_told_at_planning_and_refused_at_the_freeze(site):
    preview = site.plan(strata=[{"stratum": "A", "count": 99}])["preview"]
    assert not preview["feasible"]
    assert preview["problem"]["strata"] == [{"stratum": "A", "asked": 99, "there": 8}]
    assert site.act("freeze").json["type"].endswith(":too-few-subjects")


def test_who_is_not_in_the_roster_is_told_with_the_reason_to_those_who_work_at_draws(site):
    site.left_out = (("320902-0301", "assistant"), ("320902-0102", "suspended"))
    said = [
        {"inspector_id": "320902-0301", "reason": "assistant"},
        {"inspector_id": "320902-0102", "reason": "suspended"},
    ]
    assert site.plan()["preview"]["inspectors_left_out"] == said
    site.done("freeze")
    site.left_out = ()  # what is told from then on is what was frozen
    assert site.get("/v1/draws/d-1", "clerk").json["inspectors_left_out"] == said
    assert "inspectors_left_out" not in site.get("/v1/draws/d-1").json
    assert "320902-0301" not in site.get("/v1/draws/d-1").text


def test_who_is_left_out_is_told_also_where_panels_cannot_be_filled(site):
    site.left_out = (("320902-0301", "assistant"),)
    preview = site.plan(panel=[{"department": "law", "count": 9}])["preview"]
    assert not preview["feasible"]
    assert preview["inspectors_left_out"] == [{"inspector_id": "320902-0301", "reason": "assistant"}]


def test_to_validate_writes_nothing(site):
    response = site.post("/v1/draws?validate=true", a_body(draw_id="d-1"))
    assert response.status_code == 200
    assert response.json["preview"]["feasible"]
    assert site.get("/v1/draws").json["draws"] == []
    assert site.post("/v1/draws?validate=true", a_body(panel=[{"department": "law", "count": 1}])).status_code == 422


def test_the_same_request_again_finds_the_draw_that_it_has_made(site):
    key = {"Idempotency-Key": "november"}
    first = site.post("/v1/draws", a_body(), **key)
    again = site.post("/v1/draws", dict(reversed(a_body().items())), **key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["draw_id"] == again.json["draw_id"]
    assert len(site.get("/v1/draws").json["draws"]) == 1


def test_an_idempotency_key_is_its_holders_own_and_names_one_request(site):
    key = {"Idempotency-Key": "november"}
    first = site.post("/v1/draws", a_body(), **key)
    other = site.post("/v1/draws", a_body(), "second", **key)
    assert first.json["draw_id"] != other.json["draw_id"]
    reused = site.post("/v1/draws", a_body(title="另一次"), **key)
    assert reused.status_code == 422
    assert reused.json["type"] == "urn:chengxin:problem:idempotency-key-reused"


def test_with_an_id_of_ones_own_the_same_request_is_known_again_too(site):
    key = {"Idempotency-Key": "november"}
    first = site.post("/v1/draws", a_body(draw_id="d-1"), **key)
    assert site.post("/v1/draws", a_body(draw_id="d-1"), **key).status_code == 200
    assert first.status_code == 201
    assert site.post("/v1/draws", a_body(draw_id="d-1")).status_code == 409
    assert site.post("/v1/draws", a_body(draw_id="d-1"), "second", **key).status_code == 409


def test_draws_are_listed_a_page_at_a_time_the_latest_first(site):
    for number in range(5):
        site.plan(f"d-{number}")
    site.done("abandon", draw_id="d-2", cause="名录有误")
    first = site.get("/v1/draws?limit=3")
    assert [each["draw_id"] for each in first.json["draws"]] == ["d-4", "d-3", "d-2"]
    link = first.headers["Link"].split(";")[0].strip("<>")
    assert [each["draw_id"] for each in site.get(link).json["draws"]] == ["d-1", "d-0"]
    assert site.get(link).json["next"] is None
    assert [each["draw_id"] for each in site.get("/v1/draws?phase=abandoned").json["draws"]] == ["d-2"]
    assert site.get("/v1/draws/d-2").json["abandoned"] == {"cause": "名录有误", "late": False}


def test_a_draw_without_a_public_source_says_so_wherever_it_is_shown(open_site):
    site = open_site(draws_witnessed_only=True)
    body = a_body(draw_id="d-1")
    del body["public_source"]
    assert site.post("/v1/draws", body).status_code == 201
    site.done("freeze")
    for shown in (site.get("/v1/draws").json["draws"][0], site.get("/v1/draws/d-1").json):
        assert shown["assurance"] == "witnessed, not verifiable"
    assert "witnessed, not verifiable" in site.get("/v1/draws/d-1/slip").text


def test_a_replacement_is_asked_for_by_one_and_confirmed_by_another(site):
    site.drawn()
    subject = selected(site)[0]["subject_id"]
    [proposal] = site.done("replacements", subject_id=subject, cause="已停业")["proposals"]
    assert (proposal["subject_id"], proposal["cause"]) == (subject, "已停业")
    after = site.done("replacements", "second", proposal=proposal["proposal"])
    assert after["proposals"] == []
    assert after["replacements"][0]["replaces"] == subject


def test_what_another_record_has_overtaken_waits_for_nobody(site):
    site.drawn()
    subject = selected(site)[0]
    asked = {"subject_id": subject["subject_id"]}
    first = site.done("replacements", **asked, cause="已停业")["proposals"][0]["proposal"]
    site.done("replacements", **asked, inspector=subject["inspectors"][0], cause="illness")
    assert len(site.done("replacements", **asked, cause="已迁出")["proposals"]) == 3
    after = site.done("replacements", "second", proposal=first)
    assert after["proposals"] == []
    steps = site.get("/v1/draws/d-1", "planner").json["next_steps"]
    assert "replacement" not in {each["what"] for each in steps}


def selected(site):
    with zipfile.ZipFile(BytesIO(site.get("/v1/draws/d-1/bundle.zip", "planner").data)) as archive:
        return json.loads(archive.read("result.json"))["selected"]


def test_a_bundle_is_packed_once_until_there_is_another_record(site):
    site.drawn()
    before = site.get("/v1/draws/d-1/bundle.zip", "planner").data
    site.parts.documents.get, get = None, site.parts.documents.get
    assert site.get("/v1/draws/d-1/bundle.zip", "planner").data == before
    site.parts.documents.get = get
    [proposal] = site.done("replacements", subject_id=selected(site)[0]["subject_id"], cause="已停业")["proposals"]
    site.done("replacements", "second", proposal=proposal["proposal"])
    with zipfile.ZipFile(BytesIO(site.get("/v1/draws/d-1/bundle.zip", "planner").data)) as archive:
        assert "replacements.json" in archive.namelist()


def test_the_bundle_is_sealed_until_the_publication_and_then_verifies_with_the_journal(site):
    site.drawn()
    assert site.get("/v1/draws/d-1/bundle.zip").status_code == 403
    assert site.get("/v1/draws/d-1/bundle.zip", "clerk").status_code == 403
    sealed = site.get("/v1/draws/d-1/bundle.zip", "publisher")
    assert sealed.headers["Cache-Control"].startswith("private")
    held = site.get("/v1/draws/d-1").json["sealed_bundle_sha256"]
    site.clock.now += hours(24 * 25)
    site.done("publish", "publisher")
    public = site.get("/v1/draws/d-1/bundle.zip")
    assert public.data == sealed.data, "a witness can compare it byte by byte"
    assert public.headers["ETag"] == f'"{hashlib.sha256(public.data).hexdigest()}"'
    with zipfile.ZipFile(BytesIO(public.data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}, "whenever it is made"
    journal = site.get("/v1/draws/journal.ndjson")
    assert refused_by(files, journal.data, journal.headers["Journal-Head"]) is None
    assert {name: files[name] for name in LISTS} == LISTS
    assert files.keys() > {"README.md", "verify.py"}
    last = json.loads(journal.data.splitlines()[-1])
    bound = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    del bound["README.md"], bound["verify.py"]
    assert last["step"] == "published"
    assert last["sha256"] == sha256_of_step(bound) == held


def test_the_journal_is_asked_for_by_its_head(site):
    empty = site.get("/v1/draws/journal.ndjson")
    assert (empty.data, empty.headers["Journal-Head"]) == (b"", "0" * 64)
    site.plan()
    journal = site.get("/v1/draws/journal.ndjson")
    head = hashlib.sha256(journal.data.splitlines(keepends=True)[-1]).hexdigest()
    assert journal.headers["ETag"] == f'"{head}"'
    assert site.get("/v1/draws/journal.ndjson", **{"If-None-Match": f'"{head}"'}).status_code == 304


def test_a_slip_has_the_commitment_and_the_head_as_text_and_needs_no_script(site):
    site.plan(title="<b>十一月</b>")
    assert site.get("/v1/draws/d-1/slip").status_code == 409
    site.done("witnesses", role="notary", name="张三丰")
    site.done("freeze")
    head = site.get("/v1/draws/journal.ndjson").headers["Journal-Head"]
    slip = site.get("/v1/draws/d-1/slip")
    assert slip.content_type == "text/html; charset=utf-8"
    assert "script" not in slip.headers["Content-Security-Policy"]
    for said in (site.get("/v1/draws/d-1").json["commitment"], head, "&lt;b&gt;十一月&lt;/b&gt;", "张**", "<svg", DICE):
        assert said in slip.text
    assert "张三丰" not in slip.text
    assert "<script" not in slip.text
    assert " style=" not in slip.text


def test_the_code_on_a_slip_holds_what_a_witness_takes_home(site):
    site.drawn()
    lines, draw = site.reading.journal.lines, site.reading.draws.by_id["d-1"]
    assert slip(draw, lines).text.splitlines() == [
        "chengxin-draw/1 slip",
        "draw_id=d-1",
        f"commitment={draw.committed.commitment}",
        "seq=2",
        f"head={site.reading.journal.head}",
        "head_seq=4",
        f"sealed_bundle_sha256={sealed_sha256(draw)}",
    ]
