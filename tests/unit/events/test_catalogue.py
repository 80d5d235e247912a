"""The catalogue: every type of the specification, and a new one by one module."""

import functools
import pkgutil

import orjson
import pytest

import shared.events.types
from shared.credit.canonical import canonical
from shared.events.catalogue import catalogue, discover
from shared.events.json_codec import from_document

FACTS = {
    "case.decided": "enforcement",
    "case.amended": "enforcement",
    "case.revoked": "enforcement",
    "case.disputed": "enforcement",
    "case.dispute_closed": "enforcement",
    "case.replied": "enforcement",
    "case.reply_released": "enforcement",
    "inspection.reply_released": "inspection",
    "inspection.completed": "inspection",
    "inspection.disputed": "inspection",
    "inspection.dispute_closed": "inspection",
    "inspection.replied": "inspection",
    "inspection.rectified": "inspection",
    "credit.repaired": "enforcement",
    "credit.commended": "enforcement",
    "fleet.declared": "enforcement",
    "fact.withdrawn": "enforcement",
    "subject.upserted": "registry",
    "inspector.upserted": "registry",
}
OWN = {
    "access.refused": "audit",
    "breaker.closed": "audit",
    "dead_letter.parked": "audit",
    "dead_letter.replayed": "audit",
    "rulebook.accepted": "audit",
    "rulebook.published": "rulebooks",
    "score.changed": "scores",
    "subscription.created": "access",
    "subscription.deleted": "access",
    **dict.fromkeys(
        (
            *("draw.planned", "draw.committed", "draw.witnessed", "draw.seed_value_entered", "draw.seeded"),
            *("draw.recusal_filed", "draw.department_confirmed"),
            *("draw.drawn", "draw.replacement_proposed", "draw.replaced", "draw.published", "draw.abandoned"),
        ),
        "draws",
    ),
    "access_key.created": "access",
    "access_key.revoked": "access",
    "one_time_code.issued": "access",
    "code_table.entered": "access",
    **dict.fromkeys(("upload.received", "upload.judged", "upload.appended"), "upload-steps"),
}


def test_every_type_is_there_with_its_topic():
    topics = {kind.name: kind.topic for kind in catalogue().by_type.values()}
    assert topics == {f"cn.chengxin.{name}.v1": topic for name, topic in (FACTS | OWN).items()}
    assert catalogue().topic_of("cn.chengxin.case.decided.v1") == "enforcement"


def test_doors_take_facts_alone():
    taken = {kind.name for kind in catalogue().by_type.values() if kind.elsewhere is None}
    assert taken == {f"cn.chengxin.{name}.v1" for name in FACTS}


@pytest.mark.parametrize("module", sorted(module.name for module in pkgutil.iter_modules(shared.events.types.__path__)))
def test_a_module_is_named_after_its_type(module):
    assert f"cn.chengxin.{module.replace('_', '.', 1)}.v1" in catalogue().by_type or module.startswith(
        ("access_key_", "code_table_", "dead_letter_", "one_time_code_")
    )


@pytest.mark.parametrize("kind", catalogue().by_type.values(), ids=lambda kind: kind.name)
def test_an_example_has_every_member(kind):
    assert kind.example["type"] == kind.name
    assert set(kind.example["data"]) == set(kind.checked.schema.fields)


MODULE = """
from shared.events.event_type import EventType, example
from shared.events.fields import Wire
from shared.events.texts import PastDay, Text

NOTICE_POSTED = "cn.chengxin.notice.posted.v1"

class NoticePosted(Wire):
    notice_no = Text(100)
    posted_on = PastDay()

EVENT = EventType(
    name=NOTICE_POSTED,
    topic="enforcement",
    does="Posts a notice.",
    data=NoticePosted,
    example=example(
        NOTICE_POSTED, "shop:92320902MA1N00026Y-01", "2026-02-01T10:00:00+08:00",
        {"notice_no": "通-1", "posted_on": "2026-02-01"},
    ),
)
"""


def test_a_new_type_is_one_new_module(tmp_path, monkeypatch):
    (tmp_path / "notice_posted.py").write_text(MODULE)
    monkeypatch.setattr(shared.events.types, "__path__", [*shared.events.types.__path__, str(tmp_path)])
    with_it = discover()
    kind = with_it.by_type["cn.chengxin.notice.posted.v1"]
    assert set(with_it.by_type) == {*catalogue().by_type, kind.name}
    assert kind.checked.strict_faults(kind.example["data"]) == []
    assert with_it.log_faults(from_document(kind.example)) == []
    assert kind.past_days == ("posted_on",)


def test_two_modules_with_one_name_are_found_out(tmp_path, monkeypatch):
    (tmp_path / "posted_again.py").write_text(MODULE)
    (tmp_path / "posted_notice.py").write_text(MODULE)
    monkeypatch.setattr(shared.events.types, "__path__", [str(tmp_path)])
    with pytest.raises(ValueError, match="twice"):
        discover()


def test_the_log_is_read_with_tolerance():
    kind = catalogue().by_type["cn.chengxin.case.decided.v1"]
    document = {**kind.example, "data": {**kind.example["data"], "later": {"any": ["thing"]}}}
    document["data"]["organ"] = {**document["data"]["organ"], "level": 3}
    assert catalogue().log_faults(from_document(document)) == []
    assert [fault.pointer for fault in kind.checked.strict_faults(document["data"], "data")] == [
        "/data/organ/level",
        "/data/later",
    ]


def test_the_log_is_not_read_blindly():
    kind = catalogue().by_type["cn.chengxin.case.decided.v1"]
    data = {**kind.example["data"], "later": 1, "decided_on": "yesterday", "officers": ["only one"]}
    del data["region"]
    pointers = {fault.pointer for fault in catalogue().log_faults(from_document({**kind.example, "data": data}))}
    assert pointers == {"/data/decided_on", "/data/officers", "/data/region"}


def later(value):
    """An event of the log with an optional member that is not known here."""
    example = catalogue().by_type["cn.chengxin.case.decided.v1"].example
    return from_document({**example, "data": {**example["data"], "later": [{"x": value}]}})


def nested(levels):
    return functools.reduce(lambda inner, _: [inner], range(levels), 1)


@pytest.mark.parametrize("value", [2**53, -(2**53), 1e300, nested(97)])
def test_what_is_carried_without_loss_is_taken_from_the_log(value):
    event = later(value)
    assert catalogue().log_faults(event) == []
    assert canonical(event.data)
    assert orjson.dumps(event.data)


@pytest.mark.parametrize(("value", "sentence"), [(2**53 + 1, "2^53"), (-(2**60), "2^53"), (nested(98), "100 levels")])
def test_unknown_members_that_cannot_be_compared_are_refused_on_the_log_too(value, sentence):
    (fault,) = catalogue().log_faults(later(value))
    assert fault.pointer.startswith("/data/later/0/x")
    assert sentence in fault.message


@pytest.mark.parametrize("kind", catalogue().by_type.values(), ids=lambda kind: kind.name)
def test_dates_from_which_months_are_counted_leave_room_in_the_calendar_on_the_log_too(kind):
    for name in kind.past_days:
        last, late = (
            from_document({**kind.example, "data": {**kind.example["data"], name: day}})
            for day in ("8999-12-31", "9000-01-01")
        )
        assert catalogue().log_faults(last) == []
        assert [fault.pointer for fault in catalogue().log_faults(late)] == [f"/data/{name}"]


def test_an_unknown_type_says_what_may_be_meant():
    (fault,) = catalogue().log_faults(from_document({**_example(), "type": "cn.chengxin.case.decide.v1"}))
    assert fault.pointer == "/type"
    assert "did you mean cn.chengxin.case.decided.v1" in fault.message


def _example():
    return catalogue().by_type["cn.chengxin.case.decided.v1"].example
