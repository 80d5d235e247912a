"""Uploads on a real log: whatever dies when, a file is in whole, once, or not at all."""

from __future__ import annotations

import dataclasses
from collections import Counter
from contextlib import closing, suppress
from datetime import UTC, datetime
from threading import Event, Thread

import pytest

from services.ingest.judges import KNOWING_NOTHING
from services.ingest.uploads import appending
from services.ingest.uploads.bootstrap import desk_of, worker
from services.ingest.uploads.columns import CASES
from services.ingest.uploads.reading import CSV, XLSX
from services.ingest.uploads.templates import in_csv, in_xlsx
from shared.eventlog import topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.following import Follower
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.port import TopicPartition
from shared.eventlog.topics import ENFORCEMENT, wanted
from shared.web.access import Access
from tests.support.dying import Killed
from tests.support.waiting import running, until

PARTITIONS = 4
ORGAN = Access("0a1b2c3d4e5f", frozenset({"events:write"}))
HEADINGS, ROW = in_csv(CASES).decode("utf-8-sig").splitlines()


def _of_mine(column):
    """A column with another case than the template's in it."""
    return column._replace(example=column.example.replace("第101号", "第102号"))


def table(numbers):
    rows = [ROW.replace("第101号", f"第{number}号").replace("占用人行道", "占道") for number in numbers]
    return "\r\n".join([HEADINGS, *rows]).encode()


class Dying:
    """A log whose process dies before or after its n-th transaction."""

    def __init__(self, log, number, *, after):
        self._log, self.left, self.after = log, number, after

    def __getattr__(self, name):
        return getattr(self._log, name)

    def transactor(self, name):
        inner = self._log.transactor(name)
        return _Transactor(self, inner)


class _Transactor:
    def __init__(self, dying, inner):
        self._dying, self._inner = dying, inner
        self.begin, self.close = inner.begin, inner.close

    def transact(self, messages, positions, owner):
        self._dying.left -= 1
        if not self._dying.left and not self._dying.after:
            raise Killed
        done = self._inner.transact(messages, positions, owner)
        if not self._dying.left:
            raise Killed
        return done


class Office:
    def __init__(self, log, prefix):
        self.log, self.prefix = log, prefix
        self.appender = log.appender()
        self.desk = desk_of(log, self.appender, prefix, lambda: datetime.now(UTC))

    def send(self, content, media_type=CSV, *, made_id=None, dry_run=False):
        asked = {"sort": "cases", "source": "urn:o", "dry_run": dry_run, "made_id": made_id}
        return self.desk.receive(ORGAN, content, media_type, **asked).upload_id

    def worker(self, log=None):
        return worker(log or self.log, self.prefix, "one", KNOWING_NOTHING, lives=lambda _: True)

    def dies(self, number, *, after):
        """A worker until its death; whether it came to that."""
        stop, died = Event(), Event()

        def run():
            with suppress(Killed):
                self.worker(Dying(self.log, number, after=after)).run(stop)
                return
            died.set()

        thread = Thread(target=run)
        thread.start()
        until(lambda: died.is_set() or not self.open())
        stop.set()
        thread.join(60)
        return died.is_set()

    def open(self):
        return [each for each in self.desk._following.uploads().values() if each.is_open]

    def ended(self, upload_id):
        return until(lambda: (found := self.desk.find(ORGAN, upload_id)) and not found.is_open and found)

    def events(self):
        places = [TopicPartition(self.prefix + ENFORCEMENT, number) for number in range(PARTITIONS)]
        with closing(Follower(self.log, places)) as follower:
            return Counter(dict(record.headers)["ce_id"].decode() for record in follower.news())


@pytest.fixture
def office(kafka, prefix):
    connection = Connection((kafka,), prefix)
    topics_admin.apply(connection, wanted(prefix, PARTITIONS))
    with closing(KafkaLog(connection)) as log:
        made = Office(log, prefix)
        yield made
        made.appender.close()


def test_a_file_is_judged_and_then_its_rows_are_in(office):
    with running(office.worker()):
        own = dataclasses.replace(CASES, columns=tuple(_of_mine(each) for each in CASES.columns))
        sent = [office.send(in_csv(own)), office.send(in_xlsx(own), XLSX), office.send(in_csv(own), dry_run=True)]
        ended = [office.ended(each) for each in sent]
    assert [(each.phase, each.rows, each.appended) for each in ended] == [
        ("done", 1, 1),
        ("done", 1, 1),
        ("judged", 1, 0),
    ]
    assert office.events() == {"cases:亭城管罚字〔2026〕第102号": 2}  # the second is the same event, and does no harm


def test_with_one_fault_no_row_is_in_and_the_report_is_the_file_to_be_corrected(office):
    wrong = table(range(3)).replace("第1号,SP-03,一般".encode(), "第1号,SP-03,很重".encode())
    with running(office.worker()):
        refused = office.ended(office.send(wrong))
        assert (refused.phase, refused.rows, refused.faults) == ("refused", 3, 1)
        report = office.desk.report(ORGAN, refused.upload_id)
        lines = report.decode("utf-8-sig").splitlines()
        assert [("严重程度：应为轻微、一般、严重之一" in line) for line in lines] == [False, False, True, False]
        assert office.events() == {}
        corrected = report.replace("很重".encode(), "严重".encode())
        assert office.ended(office.send(corrected)).phase == "done"
    assert len(office.events()) == 3


def test_a_row_that_stands_twice_is_a_fault(office):
    with running(office.worker()):
        refused = office.ended(office.send(table([1, 2, 1])))
    assert (refused.phase, refused.faults) == ("refused", 1)


@pytest.mark.parametrize("after", [False, True])
def test_whoever_dies_at_any_transaction_the_next_goes_on_and_no_row_is_in_twice(office, monkeypatch, after):
    monkeypatch.setattr(appending, "_AT_ONCE", 100)
    for number in (1, 2, 3):
        upload_id = office.send(table(range(number * 1000, number * 1000 + 250)))
        assert office.dies(number, after=after)
        if not after and number == 1:
            assert office.events() == {}
        with running(office.worker()):
            ended = office.ended(upload_id)
        assert (ended.phase, ended.rows, ended.appended) == ("done", 250, 250)
    found = office.events()
    assert (len(found), set(found.values())) == (750, {1})


def test_the_same_request_again_is_the_same_upload(office):
    first = office.send(table([1]), made_id="0" * 32)
    assert office.send(table([1]), made_id="0" * 32) == first
    with running(office.worker()):
        office.ended(first)
    assert set(office.events().values()) == {1}
