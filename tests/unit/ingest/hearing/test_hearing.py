"""Objections and replies: filed by the subject alone, followed with their clock, decided by no author."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.ingest.hearing import records, writing
from shared.credit.receipt import assess, score
from shared.credit.replies import replies_for
from shared.eventlog.port import LogUnavailable
from shared.events.kafka_codec import decode
from tests.unit.ingest.hearing.conftest import CASE, INSPECTION, OFFICERS, OTHER, RULEBOOKS, SHOP, a_fact
from tests.unit.ingest.hearing.test_codes import problem

OBJECTION = {"sort": "objection", "about": "case", "number": CASE, "statement": "当日已停业，非本店所为。"}


@pytest.fixture
def subject(city):
    return city.key("objections:file", "subject:read", subject=SHOP)


@pytest.fixture
def clerk(city):
    return city.key("objections:decide", regions=("320902",))


def filed(city, key, sent=None, **changes):
    headers = key | ({"Idempotency-Key": sent} if sent else {})
    return city.http.post("/v1/objections", json=OBJECTION | changes, headers=headers)


def decided(city, key, objection_id, **body):
    body = {"outcome": "upheld", "reviewer": "法-1"} | body
    return city.http.post(f"/v1/objections/{objection_id}/decision", json=body, headers=key)


def line(city, ref=CASE):
    document = score(SHOP, city.facts_of(SHOP), RULEBOOKS, city.now.date())
    return next(each for each in document["items"] if each["ref"] == ref)


def types(city):
    return [
        decode(each.headers, each.value).type.split(".", 2)[2]
        for each in city.records("t.enforcement.v1", "t.inspection.v1")
    ]


def test_an_objection_marks_the_item_at_once_and_its_clock_runs(city, subject):
    answer = filed(city, subject)
    assert answer.status_code == 201
    assert line(city)["disputed"] is True
    assert types(city) == ["case.disputed.v1", "case.replied.v1"]
    told = city.http.get(answer.headers["Location"], headers=subject).json
    assert (told["state"], told["statement"], told["overdue"]) == ("open", OBJECTION["statement"], False)
    assert (told["filed_on"], told["mark_by"], told["decide_by"]) == ("2026-03-02", "2026-03-03", "2026-03-11")


def test_after_a_decision_the_next_objection_waits_for_the_next_day_since_its_mark_would_not_stand(
    city, subject, clerk
):
    decided(city, clerk, filed(city, subject).json["objection_id"])
    assert problem(filed(city, subject)) == (409, "objection-decided")
    city.now += timedelta(days=1)
    assert filed(city, subject).status_code == 201
    assert line(city)["disputed"] is True


def test_about_an_inspection_three_days(city, subject):
    told = filed(city, subject, about="inspection", number=INSPECTION).json
    assert told["decide_by"] == "2026-03-05"


def test_an_inspection_that_is_objected_to_may_become_a_case(city, subject, clerk):
    told = filed(city, subject, about="inspection", number=INSPECTION).json
    [case] = [fact for fact in city.facts[SHOP] if fact.type == "cn.chengxin.case.decided.v1"]
    others = {"case_no": "案-7", "inspection_id": INSPECTION, "officers": ["法-1", "法-2"], "region": "110101001001"}
    city.facts[SHOP].append(a_fact(SHOP, "c-7", "case.decided", case.data | others))
    assert city.http.get(f"/v1/objections/{told['objection_id']}", headers=clerk).json == told
    [listed] = city.http.get("/v1/objections", headers=clerk).json["objections"]
    assert listed["region"] == told["region"]
    assert decided(city, clerk, told["objection_id"]).status_code == 200


def test_silence_shows(city, subject, clerk):
    told = filed(city, subject).json
    city.now = datetime(2026, 3, 12, 2, tzinfo=UTC)
    assert city.http.get(f"/v1/objections/{told['objection_id']}", headers=subject).json["overdue"] is True
    [listed] = city.http.get("/v1/objections", headers=clerk).json["objections"]
    assert (listed["objection_id"], listed["overdue"]) == (told["objection_id"], True)
    assert "statement" not in listed


def test_a_subject_sees_what_became_of_all_that_it_filed(city, subject, clerk):
    objection, reply = filed(city, subject).json, filed(city, subject, sort="reply").json
    decided(city, clerk, objection["objection_id"])
    listed = city.http.get("/v1/objections", headers=subject).json["objections"]
    assert {each["objection_id"]: each.get("outcome") for each in listed} == {
        objection["objection_id"]: "upheld",
        reply["objection_id"]: None,
    }
    other = city.key("objections:file", subject=OTHER)
    assert city.http.get("/v1/objections", headers=other).json == {"objections": [], "next": None}


@pytest.mark.parametrize("path", ["/v1/objections", "/v1/replies"])
def test_lists_of_clerks_go_on_a_page_at_a_time(city, clerk, path):
    for number, key in enumerate(city.key("objections:file", subject=each) for each in (SHOP, OTHER)):
        filed(city, key, about=("case", "inspection")[number], number=(CASE, INSPECTION)[number])
    whole = city.http.get(path, headers=clerk).json[path.rpartition("/")[2]]
    first = city.http.get(f"{path}?limit=1", headers=clerk)
    second = city.http.get(first.headers["Link"].partition(">")[0].lstrip("<"), headers=clerk)
    assert [each for page in (first, second) for each in page.json[path.rpartition("/")[2]]] == whole
    assert (len(whole), second.json["next"], "Link" in second.headers) == (2, None, False)


def test_a_dispute_that_an_organ_sent_is_listed_with_the_event_by_which_it_came(city, clerk):
    data = {"case_no": CASE, "on": "2026-03-02", "channel": "objection"}
    city.facts[SHOP].append(a_fact(SHOP, "x-1", "case.disputed", data))
    [listed] = city.http.get("/v1/objections", headers=clerk).json["objections"]
    assert (listed["objection_id"], listed["source"], listed["id"]) == (None, "urn:organ", "x-1")


def test_a_reply_marks_nothing(city, subject):
    told = filed(city, subject, sort="reply").json
    assert told["sort"] == "reply"
    assert line(city)["disputed"] is False
    assert city.http.get(f"/v1/objections/{told['objection_id']}", headers=subject).json == told


def test_a_decision_closes(city, subject, clerk):
    told = filed(city, subject).json
    answer = decided(city, clerk, told["objection_id"])
    assert (answer.json["state"], answer.json["outcome"], answer.json["decided_on"]) == (
        "decided",
        "upheld",
        "2026-03-02",
    )
    assert line(city)["disputed"] is False
    assert problem(decided(city, clerk, told["objection_id"])) == (409, "objection-decided")
    assert city.http.get("/v1/objections", headers=clerk).json["objections"] == []


@pytest.mark.parametrize(("about", "number"), [("case", CASE), ("inspection", INSPECTION)])
def test_what_is_revoked_counts_no_more(city, subject, clerk, about, number):
    told = filed(city, subject, about=about, number=number).json
    bare = decided(city, clerk, told["objection_id"], outcome="revoked")
    assert bare.json["errors"][0]["pointer"] == "/instrument_no"
    answer = decided(city, clerk, told["objection_id"], outcome="revoked", instrument_no="复-1")
    assert answer.status_code == 200
    document = score(SHOP, city.facts_of(SHOP), RULEBOOKS, city.now.date())
    assert not any(each["ref"] == number and each["state"] == "active" for each in document["items"])
    followed = city.http.get(f"/v1/objections/{told['objection_id']}", headers=clerk).json
    assert (followed["outcome"], followed["region"]) == ("revoked", "320902001001")


def test_no_author_decides(city, subject, clerk):
    told = filed(city, subject).json
    answer = decided(city, clerk, told["objection_id"], reviewer=OFFICERS[0])
    assert answer.json["errors"][0]["pointer"] == "/reviewer"
    assert line(city)["disputed"] is True


def released(city, key, objection_id, reviewer="法-1"):
    return city.http.post(f"/v1/objections/{objection_id}/release", json={"reviewer": reviewer}, headers=key)


def said(city, audience, ledger):
    account = assess(SHOP, city.facts_of(SHOP), RULEBOOKS, ledger=ledger)
    return replies_for(audience, account, city.facts_of(SHOP), city.now.date())


@pytest.fixture
def published(city):
    """The case is grave enough to be public by the rulebook of its day."""
    city.facts[SHOP][1].data["severity"] = "serious"


@pytest.mark.usefixtures("published")
def test_the_public_reads_what_a_clerk_who_is_no_author_has_released(city, subject, clerk):
    told = filed(city, subject, sort="reply").json
    assert said(city, "public", "public") == []
    assert [each["released"] for each in said(city, "subject", "internal")] == [False]
    answer = released(city, clerk, told["objection_id"], OFFICERS[0])
    assert answer.json["errors"][0]["pointer"] == "/reviewer"
    assert said(city, "public", "public") == []
    for _ in range(2):
        assert released(city, clerk, told["objection_id"]).status_code == 200
    assert types(city) == ["case.replied.v1", "case.reply_released.v1"]
    [shown] = said(city, "public", "public")
    assert (shown["number"], shown["statement"]) == (CASE, OBJECTION["statement"])


@pytest.mark.usefixtures("published")
def test_what_was_released_is_taken_back_for_good(city, subject, clerk):
    told = filed(city, subject, sort="reply").json
    place = f"/v1/objections/{told['objection_id']}/release"
    assert city.http.delete(place, headers=clerk).status_code == 404
    released(city, clerk, told["objection_id"])
    for _ in range(2):
        assert city.http.delete(place, headers=clerk).status_code == 200
    assert types(city) == ["case.replied.v1", "case.reply_released.v1", "fact.withdrawn.v1"]
    assert said(city, "public", "public") == []
    assert [each["released"] for each in said(city, "subject", "internal")] == [False]
    assert problem(released(city, clerk, told["objection_id"])) == (409, "release-taken-back")
    assert city.http.get("/v1/replies", headers=clerk).json["replies"] == []
    assert city.http.delete(place, headers=subject).status_code == 403


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("id_", ["x-1", "x-2"])
def test_an_organ_takes_a_reply_or_its_release_back_by_an_event(city, id_):
    reply = {"case_no": CASE, "on": "2026-03-02", "statement": "请看照片"}
    release = {"case_no": CASE, "on": "2026-03-02", "reply_source": "urn:organ", "reply_id": "x-1", "reviewer": "法-1"}
    withdrawn = {"source": "urn:organ", "id": id_, "ground": "entered_in_error", "instrument_no": "更-1"}
    city.facts[SHOP] += [
        a_fact(SHOP, "x-1", "case.replied", reply),
        a_fact(SHOP, "x-2", "case.reply_released", release),
    ]
    assert said(city, "public", "public")
    city.facts[SHOP].append(a_fact(SHOP, "x-3", "fact.withdrawn", withdrawn))
    assert said(city, "public", "public") == []


@pytest.mark.usefixtures("published")
def test_what_an_author_releases_by_an_event_is_not_released(city, subject):
    told = filed(city, subject, sort="reply").json
    mark = told["objection_id"].rpartition(".")[2]
    data = {"case_no": CASE, "on": "2026-03-02", "reply_source": "urn:chengxin:objections"}
    data |= {"reply_id": f"{mark}.replied", "reviewer": OFFICERS[1]}
    city.facts[SHOP].append(a_fact(SHOP, "x-1", "case.reply_released", data))
    assert said(city, "public", "public") == []


@pytest.mark.usefixtures("published")
def test_a_reply_goes_with_its_item_and_numbers_in_it_are_hidden(city):
    reply = {"case_no": CASE, "on": "2026-03-02", "statement": "请致电13812345678"}
    release = {"case_no": CASE, "on": "2026-03-02", "reply_source": "urn:organ", "reply_id": "x-1", "reviewer": "法-1"}
    city.facts[SHOP] += [
        a_fact(SHOP, "x-1", "case.replied", reply),
        a_fact(SHOP, "x-2", "case.reply_released", release),
    ]
    assert said(city, "public", "public")[0]["statement"] == "请致电" + "*" * 11
    assert said(city, "internal", "internal")[0]["statement"] == "请致电13812345678"
    revoked = {"case_no": CASE, "revoked_on": "2026-03-02", "ground": "litigation", "instrument_no": "终-1"}
    city.facts[SHOP].append(a_fact(SHOP, "x-3", "case.revoked", revoked))
    assert said(city, "public", "public") == []


def test_a_reply_to_what_is_not_public_is_not_either(city, subject, clerk):
    told = filed(city, subject, sort="reply", about="inspection", number=INSPECTION).json
    released(city, clerk, told["objection_id"])
    assert said(city, "public", "public") == []
    assert [each["released"] for each in said(city, "subject", "internal")] == [True]


def test_the_public_has_no_other_ledger(city):
    with pytest.raises(ValueError, match="public ledger"):
        said(city, "public", "internal")


def test_one_at_a_time(city, subject):
    filed(city, subject)
    assert problem(filed(city, subject)) == (409, "objection-open")
    assert filed(city, subject, sort="reply").status_code == 201


def test_sent_again_it_is_the_same_one(city, subject):
    first, again = filed(city, subject, "a"), filed(city, subject, "a")
    assert again.json["objection_id"] == first.json["objection_id"]
    assert len(types(city)) == 2
    assert problem(filed(city, subject, "a", statement="别的")) == (422, "idempotency-key-reused")


@pytest.mark.parametrize("sort", ["objection", "reply"])
def test_sent_again_while_the_workers_lag_it_is_the_same_one(city, subject, sort):
    city.lagging = True
    first = filed(city, subject, "a", sort=sort)
    city.now += timedelta(seconds=30)
    again = filed(city, subject, "a", sort=sort)
    assert (again.status_code, again.json["objection_id"]) == (201, first.json["objection_id"])
    assert len(types(city)) == len(set(types(city)))


def test_twice_at_once_it_is_the_same_one(city, subject, monkeypatch):
    first = filed(city, subject, "a", sort="reply")
    monkeypatch.setattr(records, "filed", lambda *_: None)  # as if neither knew of the other yet
    assert problem(filed(city, subject, "a", sort="reply")) == (409, "objection-open")
    monkeypatch.undo()
    assert filed(city, subject, "a", sort="reply").json == first.json
    assert types(city) == ["case.replied.v1"]


def test_an_objection_of_which_the_log_took_the_half_is_completed_by_the_same_one_again(city, subject, monkeypatch):
    real = writing.append
    monkeypatch.setattr(writing, "append", lambda appender, events, prefix: real(appender, events[:1], prefix))
    filed(city, subject, "a")
    monkeypatch.undo()
    assert types(city) == ["case.disputed.v1"]
    assert filed(city, subject, "a").json["statement"] == OBJECTION["statement"]
    assert types(city) == ["case.disputed.v1", "case.replied.v1"]


@pytest.mark.parametrize("text", ["电话13812345678", "身份证11010519491231002X"])
def test_numbers_of_persons_are_refused_and_not_repeated(city, subject, text):
    answer = filed(city, subject, statement=text)
    assert answer.json["errors"][0]["pointer"] == "/statement"
    assert text[-6:] not in answer.text
    assert types(city) == []


@pytest.mark.parametrize("statement", ["", "  ", "字" * 501, 7])
def test_statements_are_bounded(city, subject, statement):
    assert filed(city, subject, statement=statement).status_code == 422


def test_what_is_not_its_own_is_not_there(city, subject):
    assert filed(city, subject, number="案-9").json["errors"][0]["pointer"] == "/number"


def test_who_may_read_and_write(city, subject, clerk):
    told = filed(city, subject).json
    address = f"/v1/objections/{told['objection_id']}"
    other = city.key("objections:file", "subject:read", subject=OTHER)
    elsewhere = city.key("objections:decide", regions=("110101",))
    assert problem(city.http.get(address)) == (401, "unauthenticated")
    for key in (other, elsewhere):
        assert problem(city.http.get(address, headers=key)) == (403, "out-of-bounds")
    assert problem(decided(city, elsewhere, told["objection_id"])) == (403, "out-of-bounds")
    assert problem(decided(city, subject, told["objection_id"])) == (403, "scope-missing")
    assert problem(filed(city, clerk)) == (403, "scope-missing")
    assert problem(filed(city, city.key("subject:read", subject=SHOP))) == (403, "scope-missing")
    assert city.http.get("/v1/objections", headers=elsewhere).json["objections"] == []
    assert problem(city.http.get("/v1/objections/shop:x.1", headers=clerk)) == (404, "not-found")


def test_what_a_subject_says_is_in_no_log_line(city, subject, capsys):
    told = filed(city, subject).json
    city.http.get(f"/v1/objections/{told['objection_id']}", headers=subject)
    said = capsys.readouterr()
    assert OBJECTION["statement"] not in said.out + said.err
    assert SHOP not in said.out + said.err


def at_once(city, monkeypatch):
    """From now on everybody has read what there is now."""
    frozen = city.facts_of(SHOP)
    monkeypatch.setattr(records.Records, "_facts", lambda *_: list(frozen))


def test_of_two_clerks_at_once_one_decides(city, subject, clerk, monkeypatch):
    told = filed(city, subject).json
    at_once(city, monkeypatch)
    assert decided(city, clerk, told["objection_id"]).status_code == 200
    again = decided(city, clerk, told["objection_id"], outcome="revoked", instrument_no="复-1", reviewer="法-2")
    assert problem(again) == (409, "objection-decided")
    assert "case.revoked.v1" not in types(city)


def test_of_two_objections_at_once_to_one_item_one_is_filed(city, subject, monkeypatch):
    at_once(city, monkeypatch)
    assert filed(city, subject).status_code == 201
    assert problem(filed(city, subject)) == (409, "objection-open")
    assert types(city).count("case.disputed.v1") == 1


@pytest.mark.parametrize(("about", "number"), [("case", CASE), ("inspection", INSPECTION)])
def test_a_decision_that_was_cut_off_is_finished_by_the_same_one_again(
    city, subject, clerk, monkeypatch, about, number
):
    told = filed(city, subject, about=about, number=number).json
    answers = iter([True, False, True, True])
    real = writing.append

    def append(appender, events, prefix):
        if next(answers):
            return real(appender, events, prefix)
        raise LogUnavailable("the other topic's broker is down")

    monkeypatch.setattr(writing, "append", append)
    asked = {"outcome": "revoked", "instrument_no": "复-1"}
    assert decided(city, clerk, told["objection_id"], **asked).status_code == 503
    assert city.http.get(f"/v1/objections/{told['objection_id']}", headers=clerk).json["state"] == "open"
    other = decided(city, clerk, told["objection_id"], outcome="upheld")
    assert problem(other) == (409, "objection-decided")
    assert decided(city, clerk, told["objection_id"], **asked).json["outcome"] == "revoked"
    written = types(city)
    assert len(written) == len(set(written))
    document = score(SHOP, city.facts_of(SHOP), RULEBOOKS, city.now.date())
    assert not any(each["ref"] == number and each["state"] == "active" for each in document["items"])


def test_a_copy_of_the_case_under_another_region_gives_nobody_the_objection(city, subject):
    told = filed(city, subject).json
    first = next(fact for fact in city.facts_of(SHOP) if fact.data.get("case_no") == CASE)
    copy = first._replace(
        data={**first.data, "region": "320903001001", "officers": ["甲-1", "甲-2"]},
        time="2026-03-02T11:00:00+08:00",
        recorded_at=first.recorded_at + timedelta(hours=9),
    )
    city.facts[SHOP].append(copy)
    stranger = city.key("objections:decide", regions=("320903",))
    assert city.http.get(f"/v1/objections/{told['objection_id']}", headers=stranger).status_code == 403
    own = city.key("objections:decide", regions=("320902",))
    assert city.http.get(f"/v1/objections/{told['objection_id']}", headers=own).status_code == 200


def test_a_clerk_finds_what_waits_to_be_read(city, subject, clerk):
    first, second = filed(city, subject, sort="reply").json, filed(city, subject).json

    def waiting(key):
        found = city.http.get("/v1/replies", headers=key).json["replies"]
        return {(each["objection_id"], each["statement"], each["released"]) for each in found}

    statement = OBJECTION["statement"]
    assert waiting(clerk) == {(each["objection_id"], statement, False) for each in (first, second)}
    assert waiting(city.key("objections:decide", regions=("320903",))) == set()
    assert released(city, clerk, first["objection_id"]).json["released"] is True
    assert waiting(clerk) == {(second["objection_id"], statement, False)}
