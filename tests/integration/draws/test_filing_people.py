"""The draws' worker on a log in memory and a real store: whatever happens, what is filed follows from the log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import BeyondEnd, Message, TopicPartition
from shared.eventlog.topics import REGISTRY, SUBJECT_TOPICS
from shared.store.client import StoreUnavailable
from shared.store.people import Effect, Line, Move, People, SetBack
from shared.web.problems import ProblemError
from tests.support.people import PARTITIONS, SHOP, Town, a_draw, completed, upserted, withdrawn
from tests.support.stopping import stop_soon

OTHER = "shop:92320902MA1N00026Y-02"


@pytest.fixture
def town(redis_url, prefix):
    town = Town(MemoryLog({prefix + name: PARTITIONS for name in SUBJECT_TOPICS}), redis_url, prefix)
    yield town
    town.close()


@pytest.fixture
def staffed(town):
    """Officers, one of whom has moved; two subjects inspected, one inspection withdrawn."""
    town.send(*(upserted(f"J-{number}") for number in range(20)))
    town.send(upserted("J-1", at="2026-06-01T10:00:00+08:00", department="fire"))
    town.send(completed("i-1", findings=[{"violation_code": "HW-03", "severity": "minor"}], result="03"))
    town.send(completed("i-2", OTHER), withdrawn("i-2", OTHER), completed("i-3", OTHER, draw_id="d-2"))
    town.file()
    return town


def department(town, inspector_id="J-1", known_at=None):
    return town.register.of([inspector_id], known_at)[inspector_id].data["department"]


def test_the_entry_of_the_latest_time_stands(staffed):
    assert department(staffed) == "fire"
    assert len(staffed.register.entries()) == 20


def test_an_older_entry_that_comes_late_changes_nothing(staffed):
    staffed.send(upserted("J-1", at="2026-01-01T10:00:00+08:00", department="tax"))
    staffed.file()
    assert department(staffed) == "fire"


def test_what_was_not_known_yet_is_left_out(staffed):
    before = datetime.now(UTC) - timedelta(milliseconds=1)  # the log stamps whole ones
    staffed.send(upserted("J-1", at="2026-07-01T10:00:00+08:00", department="tax"), upserted("J-99"))
    staffed.file()
    assert department(staffed) == "tax"
    assert department(staffed, known_at=before) == "fire"
    assert "J-99" not in staffed.register.entries(before)


def test_outcomes_are_those_of_the_draw_and_not_withdrawn(staffed):
    found = staffed.register.outcomes(a_draw("d-1"), [SHOP, OTHER])
    assert {subject: (each.result, each.findings) for subject, each in found.items()} == {SHOP: ("03", 1)}
    assert set(staffed.register.outcomes(a_draw("d-2"), [SHOP, OTHER])) == {OTHER}


def test_a_store_that_was_emptied_is_filled_from_the_log(staffed):
    before = staffed.kept()
    staffed.empty()
    with pytest.raises(ProblemError):
        staffed.register.await_applied(datetime.now(UTC))
    staffed.file()
    assert staffed.kept() == before


def test_a_store_that_is_set_back_under_a_worker_is_filled_again(staffed):
    """Its last writes are lost while the worker goes on: what came after them must not hide the gap."""
    client, keys = staffed.store.client, list(staffed.store.client.scan_iter(f"{staffed.keys.prefix}{{people}}*"))
    before, lost = {key: client.dump(key) for key in keys}, []

    def set_back():
        if not lost and "J-50" in staffed.register.entries():
            with client.pipeline(transaction=True) as together:
                for key, content in before.items():
                    together.restore(key, 0, content, replace=True)
                together.execute()
            lost.append(True)
            staffed.send(upserted("J-51"))
        return lost and {"J-50", "J-51"} <= set(staffed.register.entries())

    staffed.send(upserted("J-50"))
    staffed.file(until=set_back)


def test_a_call_that_would_leave_a_gap_is_refused(staffed):
    at = TopicPartition(staffed.settings.topic_prefix + REGISTRY, 0)
    filed, kept = staffed.people.positions([at])[at], staffed.kept()
    with pytest.raises(SetBack):
        staffed.people.file({at: Move(filed + 1, filed + 2)}, [Effect("inspector", "J-9", 1, b"[]")])
    assert staffed.kept() == kept
    assert staffed.people.positions([at])[at] == filed


def test_the_same_text_is_kept_once_with_the_time_at_which_it_was_recorded_first(town):
    for recorded, text in ((7, b"[2]"), (9, b"[1]"), (8, b"[1]"), (1000, b"[1]")):
        town.people.file({}, [Effect("inspector", "J-9", recorded, text)])
    assert town.people.inspectors(["J-9"]) == {"J-9": [Line(7, b"[2]"), Line(8, b"[1]")]}


def test_a_late_call_of_another_writer_moves_nothing_back(staffed):
    at = TopicPartition(staffed.settings.topic_prefix + REGISTRY, 0)
    filed = staffed.people.positions([at])[at]
    staffed.people.file({at: Move(0, 1)})
    assert staffed.people.positions([at])[at] == filed > 1


def test_a_store_that_fails_now_and_then_is_waited_for(town, monkeypatch):
    file, calls = People.file, []

    def flaky(self, moves, effects=()):
        calls.append(moves)
        if len(calls) < 20 and len(calls) % 3 == 0:
            file(self, moves, effects)
            raise StoreUnavailable("made, and not answered")
        if len(calls) < 20 and len(calls) % 2 == 0:
            raise StoreUnavailable("not made")
        file(self, moves, effects)

    monkeypatch.setattr(People, "file", flaky)
    town.send(*(upserted(f"J-{number}") for number in range(20)), completed())
    town.file(until=lambda: len(calls) > 20 and len(town.register.entries()) == 20)
    assert set(town.register.outcomes(a_draw("d-1"), [SHOP])) == {SHOP}


def test_a_position_beyond_the_end_of_the_log_stops_the_worker(staffed):
    at = TopicPartition(staffed.settings.topic_prefix + REGISTRY, 0)
    filed = staffed.people.positions([at])[at]
    staffed.people.file({at: Move(filed, filed + 1)})
    with pytest.raises(BeyondEnd):
        staffed.loop().run(stop_soon())


def test_what_is_no_event_is_passed_over(town):
    topic = town.settings.topic_prefix + REGISTRY
    good = town.message(upserted("J-1"))
    bad = [Message(topic, good.key, b"{", good.headers), Message(topic, good.key, b"", ())]
    town.log.appender().append([*bad, town.message(upserted("J-1", status="gone")), good])
    town.file()
    assert set(town.register.entries()) == {"J-1"}


def test_readers_are_told_until_when_all_is_filed(staffed):
    now = datetime.now(UTC)
    with pytest.raises(ProblemError) as refused:
        staffed.register.await_applied(now)
    assert refused.value.kind.code == "not-applied-yet"
    staffed.file()
    staffed.register.await_applied(now)
