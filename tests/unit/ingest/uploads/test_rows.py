"""A row as an event, and what is wrong with it, by column."""

from datetime import UTC, datetime

import pytest

from services.ingest.uploads.columns import CASES, INSPECTIONS, SORTS, SUBJECTS
from services.ingest.uploads.rows import Row, event_in
from shared.clock import day_of
from shared.events.envelope import Event

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SOURCE = "urn:chengxin:organ:320902"


def row(sort, **changes):
    cells = {column.heading: column.example for column in sort.columns if column.example}
    by_member = {column.member: column.heading for column in sort.columns}
    cells |= {by_member[member]: cell for member, cell in changes.items()}
    return Row(7, {heading: cell for heading, cell in cells.items() if cell})


def event(sort, **changes):
    found = event_in(sort, row(sort, **changes), SOURCE, NOW)
    assert isinstance(found, Event), found
    return found


def wrong(sort, **changes):
    return [(each.column, each.message) for each in event_in(sort, row(sort, **changes), SOURCE, NOW)]


@pytest.mark.parametrize("sort", SORTS.values(), ids=list(SORTS))
def test_every_example_of_the_templates_is_an_event(sort):
    found = event(sort)
    assert (found.type, found.source, found.subject) == (sort.type, SOURCE, "shop:92320902MA1N00026Y-01")


def test_the_same_row_is_the_same_event_and_another_is_another():
    assert event(CASES).id == event(CASES, facts="又").id == "cases:亭城管罚字〔2026〕第101号"
    assert event(CASES, id="A-17").id == "A-17"
    assert event(SUBJECTS) == event(SUBJECTS)
    assert event(SUBJECTS).id != event(SUBJECTS, road="人民路").id


def test_an_event_is_of_the_day_that_its_row_names():
    assert event(CASES).time == "2026-02-03T00:00:00+08:00"
    assert "entered_on" not in event(SUBJECTS).data


def test_an_entry_of_today_comes_after_those_of_this_morning():
    today = event(SUBJECTS, entered_on=day_of(NOW).isoformat())
    assert datetime.fromisoformat(today.time) == NOW
    assert event(SUBJECTS).time == "2026-02-01T00:00:00+08:00"


def test_a_fine_and_other_penalties_are_penalties():
    assert event(CASES).data["penalties"] == [{"kind": "罚款", "amount_cents": 20000}, {"kind": "警告"}]
    assert "penalties" not in event(CASES, fine="", others="").data


def test_an_inspection_without_findings_found_none():
    assert event(INSPECTIONS, findings="", result="未发现问题").data["findings"] == []


def test_a_legal_person_without_premises_is_itself():
    assert event(SUBJECTS, premises="").subject == "shop:92320902MA1N00026Y"


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"code": "92320902MA1N00026X"}, "统一社会信用代码", "ends with X"),
        ({"code": "\N{REPLACEMENT CHARACTER}"}, "统一社会信用代码", "format the cells as text"),
        ({"kind": "饭店"}, "主体类别", "must be 沿街商铺 or"),
        ({"decided_on": "2026-01-31"}, "决定日", "must not be before 违法行为发生日"),
        ({"decided_on": "2026-03-02", "served_on": ""}, "决定日", "later than today"),
        ({"occurred_on": "2026-02-30"}, "违法行为发生日", "must be"),
        ({"officers": "320902-0101"}, "执法人员", "2 to 20"),
        ({"region": "3209"}, "区划代码", "12 digits"),
        ({"case_no": "x" * 101}, "案号", "at most 100 characters"),
        ({"violation_code": ""}, "违规代码", "is required, such as SP-03"),
        ({"fine": "贰佰"}, "罚款金额（元）", "amount in yuan"),
        ({"others": "x" * 65}, "罚款金额（元）", "at most 64"),
    ],
)
def test_what_is_wrong_is_told_by_column(changes, column, said):
    [(where, message)] = wrong(CASES, **changes)
    assert where == column
    assert said in message


def test_all_that_is_wrong_with_a_row_is_told_at_once():
    assert [column for column, _ in wrong(CASES, kind="", severity="很重", decided_on="昨天")] == [
        "主体类别", "严重程度", "决定日",
    ]  # fmt: skip
