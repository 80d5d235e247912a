"""The one check of every door: what is let in, in which form, and what is said of the rest."""

import dataclasses
from datetime import UTC, datetime

import pytest

from shared.events.catalogue import catalogue
from shared.events.door import Refused, admit, check, normal
from shared.events.envelope import Fault
from shared.events.json_codec import from_document
from shared.events.types.case_amended import CASE_AMENDED
from shared.events.types.case_decided import CASE_DECIDED
from shared.events.types.case_replied import CASE_REPLIED
from shared.events.types.fleet_declared import FLEET_DECLARED
from shared.events.types.inspection_completed import INSPECTION_COMPLETED
from shared.events.types.inspector_upserted import INSPECTOR_UPSERTED
from shared.events.types.subject_upserted import SUBJECT_UPSERTED

NOW = datetime(2026, 5, 10, 4, 0, tzinfo=UTC)  # noon in Shanghai
GONE = object()


def event(name=CASE_DECIDED, *, data=(), **attributes):
    example = from_document(catalogue().by_type[name].example)
    changed = {key: value for key, value in {**example.data, **dict(data)}.items() if value is not GONE}
    return dataclasses.replace(example, data=changed, **attributes)


def faults(*args, now=NOW, **kwargs):
    return check(event(*args, **kwargs), now)


def pointers(*args, **kwargs):
    return [fault.pointer for fault in faults(*args, **kwargs)]


@pytest.mark.parametrize("kind", catalogue().by_type.values(), ids=lambda kind: kind.name)
def test_examples_of_facts_are_let_in_as_they_are(kind):
    sent = from_document(kind.example)
    if kind.elsewhere is None:
        assert admit(sent, NOW) == sent
    else:
        assert check(sent, NOW) == [
            Fault("/type", f"is written by Chengxin itself and not taken here; {kind.elsewhere}")
        ]


def test_optional_members_may_be_left_out():
    required = ("case_no", "violation_code", "severity", "occurred_on", "decided_on", "region", "officers")
    full = event().data
    assert faults(data=dict.fromkeys(set(full) - set(required), GONE)) == []
    for name in required:
        assert faults(data={name: GONE}) == [Fault(f"/data/{name}", "is required")]


def test_an_unknown_type():
    (fault,) = faults(type="cn.chengxin.case.decides.v1")
    assert fault == Fault("/type", "must be a type of the catalogue; did you mean cn.chengxin.case.decided.v1?")


def test_an_unknown_member():
    assert faults(data={"officer": "x"}) == [Fault("/data/officer", "is not known here; leave it out")]


def test_a_pointer_is_escaped():
    assert pointers(data={"a/b~c": 1}) == ["/data/a~1b~0c"]


@pytest.mark.parametrize(
    "officers", [[], ["one"], ["one", "one"], ["one", ""], ["one", 2], "one", None, [f"{n}" for n in range(21)]]
)
def test_fewer_than_two_different_officers(officers):
    assert all(pointer.startswith("/data/officers") for pointer in pointers(data={"officers": officers}))
    assert pointers(data={"officers": officers})


def test_a_decision_is_not_before_the_act():
    said = faults(data={"occurred_on": "2026-02-02", "decided_on": "2026-02-01"})
    assert said == [Fault("/data/decided_on", "must not be before occurred_on (2026-02-02)")]
    assert pointers(CASE_AMENDED, data={"occurred_on": "2026-02-02"}) == ["/data/decided_on"]
    assert faults(data={"occurred_on": "2026-02-01", "decided_on": "2026-02-01"}) == []


@pytest.mark.parametrize("revision", [0, -1, 1.5, "1", True, None, 1001])
def test_revisions_begin_with_one(revision):
    assert pointers(CASE_AMENDED, data={"revision": revision}) == ["/data/revision"]


def test_whole_numbers_lose_their_fraction():
    sent = event(data={"penalties": [{"kind": "罚款", "amount_cents": 20000.0}]})
    admitted = admit(sent, NOW)
    assert repr(admitted.data["penalties"][0]["amount_cents"]) == "20000"
    assert repr(admit(event(CASE_AMENDED, data={"revision": 2.0}), NOW).data["revision"]) == "2"


@pytest.mark.parametrize("amount", [-1, 0.5, "100", True, 10**12 + 1, 1e300])
def test_amounts_are_whole_cents(amount):
    assert pointers(data={"penalties": [{"kind": "罚款", "amount_cents": amount}]}) == [
        "/data/penalties/0/amount_cents"
    ]


@pytest.mark.parametrize("result", ["1", "10", "00", 7, "01 ", None])
def test_results_of_inspections_are_of_the_list(result):
    assert pointers(INSPECTION_COMPLETED, data={"result": result}) == ["/data/result"]


def test_statements_have_an_end():
    assert faults(CASE_REPLIED, data={"statement": "雨" * 500}) == []
    (fault,) = faults(CASE_REPLIED, data={"statement": "雨" * 501})
    assert fault == Fault("/data/statement", "must have at most 500 characters, not 501")
    assert faults(CASE_REPLIED, data={"statement": "一\n二"}) == []
    assert pointers(CASE_REPLIED, data={"statement": " \n"}) == ["/data/statement"]


@pytest.mark.parametrize(
    "region", ["320902", "32090200100x", 320902001001, "３２０９０２００１００１", "320902001001\n"]
)
def test_regions_have_twelve_digits(region):
    assert pointers(data={"region": region}) == ["/data/region"]


def test_today_is_today_in_shanghai():
    late = datetime(2026, 5, 10, 15, 59, tzinfo=UTC)
    after = datetime(2026, 5, 10, 16, 0, tzinfo=UTC)
    tomorrow = {"decided_on": "2026-05-11"}
    assert faults(data=tomorrow, now=late) == [
        Fault("/data/decided_on", "must not be later than today in Shanghai, 2026-05-10")
    ]
    assert faults(data=tomorrow, now=after) == []


@pytest.mark.parametrize("name", [name for name in catalogue().by_type if catalogue().by_type[name].elsewhere is None])
def test_what_has_happened_is_not_in_the_future_and_what_is_planned_may_be(name):
    kind = catalogue().by_type[name]
    future = ("pay_by", "valid_until", "opened_on", "closed_on")
    for day in kind.days:
        told = pointers(name, data={**dict.fromkeys(kind.days, "2026-05-10"), day: "2026-05-11"})
        assert (f"/data/{day}" in told) == (day not in future)


def test_nothing_is_before_1990():
    assert pointers(data={"occurred_on": "1989-12-31"}) == ["/data/occurred_on"]
    assert faults(data={"occurred_on": "1990-01-01"}) == []
    assert pointers(SUBJECT_UPSERTED, data={"opened_on": "1989-12-31"}) == ["/data/opened_on"]
    assert pointers(time="1989-12-31T15:59:59Z") == ["/time"]
    assert faults(time="1989-12-31T16:00:00Z") == []


def test_time_is_at_most_a_day_ahead():
    assert faults(time="2026-05-11T12:00:00+08:00") == []
    assert faults(time="2026-05-11T12:00:01+08:00") == [
        Fault("/time", "must not be more than a day ahead of now, 2026-05-10T12:00:00+08:00")
    ]
    assert pointers(time="9999-12-31T23:59:59-23:59") == ["/time"]
    assert pointers(time="1000-01-01T00:00:00+23:59") == ["/time"]


def test_subject_ids_are_normalised_once_and_for_all():
    admitted = admit(event(subject="ＳＨＯＰ：９２320902ma1n00026y-01"), NOW)
    assert admitted.subject == "shop:92320902MA1N00026Y-01"
    assert admit(admitted, NOW) == admitted


@pytest.mark.parametrize(
    ("written", "kept"),
    [("苏Ｊ·12345", "苏J12345"), ("苏j-d12345", "苏JD12345"), ("无牌", "无牌"), ("使014·578", "使014·578")],
)
def test_plates_are_brought_into_one_form_and_what_is_none_is_kept(written, kept):
    assert admit(event(data={"vehicle": written}), NOW).data["vehicle"] == kept


def test_former_ids_are_normalised_too():
    sent = event(SUBJECT_UPSERTED, data={"former_ids": ["shop:92320902ma1n00026y-02", "shop:x"]})
    assert pointers(SUBJECT_UPSERTED, data={"former_ids": ["shop:92320902ma1n00026y-02", "shop:x"]}) == [
        "/data/former_ids/1"
    ]
    sent = event(SUBJECT_UPSERTED, data={"former_ids": ["shop:92320902ma1n00026y-02"]})
    assert admit(sent, NOW).data["former_ids"] == ["shop:92320902MA1N00026Y-02"]


@pytest.mark.parametrize(
    "subject",
    [
        "shop:92320902MA1N00027Y-01",
        "restaurant:92320902MA1N00026Y-01",
        "92320902MA1N00026Y-01",
        "shop:92320902MA1N00026Y-1",
        "inspector:320902-0101",
        "shop:" + "9" * 190,
    ],
)
def test_subjects_that_are_none(subject):
    assert pointers(subject=subject) == ["/subject"]


def test_an_inspector_is_the_subject_of_its_own_entry():
    assert faults(INSPECTOR_UPSERTED, subject="inspector:320902-0102") == [
        Fault("/subject", "must be inspector:<inspector_id> as the data has it")
    ]


def test_all_faults_are_told_at_once():
    said = pointers(
        data={"severity": "grave", "organ": {"code": "x"}, "penalties": [7]},
        time="2027-01-01T00:00:00Z",
        subject="shop:1",
    )
    assert said == ["/data/severity", "/data/organ/name", "/data/penalties/0", "/time", "/subject"]


def test_faults_of_one_member_hide_no_rule_about_others():
    data = {"officers": ["a", "a"], "occurred_on": "2026-05-07", "decided_on": "2026-05-06"}
    assert sorted(pointers(data=data)) == ["/data/decided_on", "/data/officers"]
    assert pointers(data={"occurred_on": "yesterday", "decided_on": "2026-05-06"}) == ["/data/occurred_on"]


def test_faults_of_form_hide_no_faults_of_dates_and_ids():
    said = pointers(
        SUBJECT_UPSERTED,
        data={"status": "gone", "valid_until": "1980-01-01", "former_ids": ["shop:1"], "name": 7},
        time="2027-01-01T00:00:00Z",
    )
    assert sorted(said) == ["/data/former_ids/0", "/data/name", "/data/status", "/data/valid_until", "/time"]


def test_events_have_an_end():
    fits = {f"x{number}": "雨" * 1024 for number in range(20)}
    (fault,) = faults(extensions=fits, data={"facts": "雨" * 5000})
    assert fault.pointer == ""
    assert "at most 65536 bytes" in fault.message


@pytest.mark.parametrize("name", ["stranger", "case_no", "organ", "penalties"])
def test_depth_has_an_end(name):
    deep = []
    for _ in range(1000):
        deep = [deep]
    assert pointers(data={name: deep})[0].startswith(f"/data/{name}")


def test_many_faults_have_an_end():
    assert len(faults(data={f"x{number}": 1 for number in range(3000)})) <= 102


def test_faults_tell_no_values():
    said = str(faults(CASE_REPLIED, data={"statement": "\u0000张三", "case_no": " 张三", "on": "张三"}))
    assert "张三" not in said


@pytest.mark.parametrize("vehicles", [0, 100_001, "12"])
def test_a_fleet_has_vehicles(vehicles):
    assert pointers(FLEET_DECLARED, data={"vehicles": vehicles}) == ["/data/vehicles"]


def test_a_refusal_can_be_told_in_one_line():
    with pytest.raises(Refused, match="/data/severity must be minor or general or serious; /time must not be"):
        admit(event(data={"severity": 1}, time="2027-01-01T00:00:00Z"), NOW)


@pytest.mark.parametrize("source", ["urn:chengxin:objections", "urn:chengxin:register", "urn:chengxin:anything"])
def test_nobody_writes_under_our_own_sources(source):
    assert pointers(source=source) == ["/source"]
    assert normal(event(source=source), NOW).source == source


def test_organs_write_under_their_own():
    for source in ("urn:chengxin:organ:320902", "urn:any:other", "https://cg.example.cn/a"):
        assert pointers(source=source) == []
