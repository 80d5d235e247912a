"""The worker of uploads on a log in memory: by what rows are judged, and what becomes of a file that cannot be."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event

import pytest

from services.ingest.doubts import Glance
from services.ingest.judges import KNOWING_NOTHING
from services.ingest.jurisdiction import Known
from services.ingest.statements import Statements
from services.ingest.uploads import verdict
from services.ingest.uploads.bootstrap import desk_of, worker
from services.ingest.uploads.columns import CASES, SUBJECTS
from services.ingest.uploads.reading import CSV
from services.ingest.uploads.templates import in_csv
from shared.eventlog.memory import MemoryLog
from shared.eventlog.topics import wanted
from shared.events.kafka_codec import decode
from shared.store.client import StoreUnavailable
from shared.web.access import Access
from shared.web.bounds import Bounds
from shared.web.problems import ProblemError
from tests.support.waiting import running, until

SOURCE = "urn:chengxin:organ:320902"
WHOLE = in_csv(CASES).replace("第101号".encode(), "第102号".encode())
ENTRIES = in_csv(SUBJECTS).replace("李记土菜馆".encode(), "王记面馆".encode())
HEADINGS, ROW = WHOLE.decode("utf-8-sig").splitlines()


class Office:
    def __init__(self):
        self.log = MemoryLog()
        for topic in wanted("t.", 4):
            self.log.create(topic.name, topic.partitions)
        self.desk = desk_of(self.log, self.log.appender(), "t.", lambda: datetime.now(UTC))
        self.access = Access("0a1b2c3d4e5f", frozenset({"events:write"}), Bounds(sources=(SOURCE,)))

    def send(self, content=WHOLE, sort="cases", source=None, access=None):
        asked = {"sort": sort, "source": source, "dry_run": False, "made_id": None}
        return self.desk.receive(access or self.access, content, CSV, **asked).upload_id

    @contextmanager
    def working(self, lives=lambda _: True, **judges):
        with running(worker(self.log, "t.", "one", replace(KNOWING_NOTHING, **judges), lives=lives)):
            yield

    def ended(self, upload_id, access=None):
        return until(
            lambda: (found := self.desk.find(access or self.access, upload_id)) and not found.is_open and found
        )

    def data(self):
        records = [each for at, some in self.log.records.items() if at.topic == "t.enforcement.v1" for each in some]
        return [decode(record.headers, record.value).data for record in records]


@pytest.fixture
def office():
    return Office()


def test_a_key_for_one_source_need_not_say_it_and_another_is_beyond_it(office):
    with office.working():
        assert office.ended(office.send()).said["source"] == SOURCE
    with pytest.raises(ProblemError) as refused:
        office.send(source="urn:other")
    assert refused.value.kind.code == "out-of-bounds"
    with pytest.raises(ProblemError) as refused:
        office.send(access=Access("1a1b2c3d4e5f", frozenset({"events:write"})))
    assert refused.value.errors[0].pointer == "/query/source"


def test_of_a_key_that_was_revoked_meanwhile_nothing_goes_in(office):
    asked = []
    with office.working(lives=asked.append):
        ended = office.ended(office.send())
    assert (ended.phase, office.data(), asked) == ("refused", [], ["key:0a1b2c3d4e5f"])
    assert "密钥已失效" in office.desk.report(office.access, ended.upload_id).decode()


def test_of_a_key_that_is_revoked_while_rows_go_in_no_more_do(office, monkeypatch):
    monkeypatch.setattr("services.ingest.uploads.appending._AT_ONCE", 1)
    rows = [ROW.replace("第102号", f"第{number}号") for number in range(5)]
    asked = []
    with office.working(lives=lambda by: asked.append(by) or len(asked) < 4):  # once before it is judged
        ended = office.ended(office.send("\n".join([HEADINGS, *rows]).encode()))
    assert (ended.phase, ended.appended) == ("stopped", 2)
    assert len(office.data()) == 2


def test_another_key_knows_nothing_of_a_file(office):
    upload_id = office.send()
    with pytest.raises(ProblemError) as refused:
        office.desk.find(Access("1a1b2c3d4e5f", frozenset({"events:write"})), upload_id)
    assert refused.value.kind.code == "not-found"


def test_own_codes_are_turned_in_tables_too(office):
    with office.working(tables=lambda: {SOURCE: {"CG-0312": "SP-03"}}):
        office.ended(office.send("\n".join([HEADINGS, ROW.replace("SP-03", "CG-0312")]).encode()))
    [data] = office.data()
    assert (data["violation_code"], data["own_code"]) == ("SP-03", "CG-0312")


def test_a_row_beyond_the_bounds_of_the_key_is_a_fault_of_its_row(office):
    elsewhere = Access("1a1b2c3d4e5f", frozenset({"events:write"}), Bounds(regions=("110101",)))
    with office.working():
        ended = office.ended(office.send(source=SOURCE, access=elsewhere), elsewhere)
    assert (ended.phase, ended.faults) == ("refused", 1)
    assert "区划代码：应在 110101 以内" in office.desk.report(elsewhere, ended.upload_id).decode()


def test_the_example_of_the_template_is_no_case_of_anybody(office):
    with office.working():
        ended = office.ended(office.send(f"{HEADINGS}\n{ROW}\n{ROW.replace('第102号', '第101号')}".encode()))
    assert (ended.phase, ended.faults, office.data()) == ("refused", 1, [])
    *_, wrong = office.desk.report(office.access, ended.upload_id).decode().splitlines()
    assert "是模板中的示例" in wrong


def test_columns_of_the_file_s_own_come_back_with_the_report_and_once(office):
    mine = f"{HEADINGS},街路,错误 faults\n{ROW.replace('SP-03', '')},解放路,旧\n".encode()
    with office.working():
        ended = office.ended(office.send(mine))
    heading, row = office.desk.report(office.access, ended.upload_id).decode().splitlines()
    assert heading.endswith(",街路,错误 faults,提示 warnings")
    assert ",解放路," in row
    assert "旧" not in row


def test_a_number_that_stands_twice_is_told_at_the_number(office):
    with office.working():
        ended = office.ended(office.send(f"{HEADINGS}\n{ROW}\n{ROW}".encode()))
    assert "案号：与第 2 行重复" in office.desk.report(office.access, ended.upload_id).decode()


def test_a_row_that_was_corrected_under_its_old_number_is_a_fault_since_it_would_change_nothing(office):
    def glance_at(events):
        before = [
            replace(each, data={**each.data, "severity": "serious"}) for these in events.values() for each in these
        ]
        return {subject: Glance(True, Statements(before)) for subject in events}

    with office.working(glance_at=glance_at):
        ended = office.ended(office.send())
    assert (ended.phase, ended.faults, office.data()) == ("refused", 1, [])
    assert "同一来源和编号已报送过其他内容" in office.desk.report(office.access, ended.upload_id).decode()


def test_what_is_strange_is_told_and_the_rows_go_in(office):
    with office.working():
        ended = office.ended(office.send(ENTRIES, "subjects"))
    assert (ended.phase, ended.warnings) == ("done", 1)
    assert "未能与已知记录比对" in office.desk.report(office.access, ended.upload_id).decode()


def test_a_fault_of_ours_stops_one_file_and_no_other(office, monkeypatch):
    sound, failing = verdict.report, []

    def report(file, found):
        if not failing:
            failing.append(True)
            raise KeyError("a bug")
        return sound(file, found)

    monkeypatch.setattr("services.ingest.uploads.appending.report", report)
    first, second = office.send(), office.send()
    with office.working():
        assert office.ended(first).phase == "stopped"
        assert office.ended(second).phase == "done"
    assert len(office.data()) == 1


def test_a_store_that_has_to_say_where_a_subject_is_registered_is_waited_for(office):
    bounded = Access("1a1b2c3d4e5f", frozenset({"events:write"}), Bounds(regions=("320902",)))
    down, asked = Event(), []

    def known_of(events):
        asked.append(events)
        if not down.is_set():
            raise StoreUnavailable("down")
        return {subject: Known() for subject in events}

    upload_id = office.send(ENTRIES, "subjects", source=SOURCE, access=bounded)
    with office.working(known_of=known_of):
        until(lambda: len(asked) > 1)
        assert office.desk.find(bounded, upload_id).phase == "received"
        down.set()
        assert office.ended(upload_id, bounded).phase == "done"
