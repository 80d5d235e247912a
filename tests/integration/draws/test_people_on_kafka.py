"""The draws' worker on a real Kafka and a real store: killed, emptied, and asked until when all is filed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.eventlog.topics import SUBJECT_TOPICS, wanted
from shared.projection.loop import Loop
from tests.support.people import PARTITIONS, SHOP, Town, a_draw, completed, upserted, withdrawn
from tests.support.stopping import stop_soon


@pytest.fixture
def town(kafka, redis_url, prefix):
    from shared.eventlog.connection import Connection
    from shared.eventlog.kafka import KafkaLog
    from shared.eventlog.topics_admin import apply

    connection, names = Connection((kafka,), prefix), [prefix + name for name in SUBJECT_TOPICS]
    apply(connection, [each for each in wanted(prefix, PARTITIONS) if each.name in names])
    log = KafkaLog(connection)
    town = Town(log, redis_url, prefix)
    yield town
    town.close()
    log.close()


def test_inspectors_and_outcomes_are_filed_and_a_store_is_filled_again(town):
    town.send(*(upserted(f"J-{number}") for number in range(50)), completed("i-1"), completed("i-2"), withdrawn("i-2"))
    town.file()
    assert len(town.register.entries()) == 50
    assert town.register.outcomes(a_draw("d-1"), [SHOP])[SHOP].inspection_id == "查-i-1"
    before = town.kept()
    town.empty()
    town.file()
    assert town.kept() == before


def test_what_a_killed_worker_had_filed_and_not_committed_is_filed_once(town, monkeypatch):
    class Killed(BaseException):
        pass

    def dies(self, *_):
        raise Killed

    town.send(*(upserted(f"J-{number}") for number in range(20)))
    with monkeypatch.context() as patched:
        patched.setattr(Loop, "_settle", dies)
        with pytest.raises(Killed):
            town.loop().run(stop_soon())
    before = town.register.entries()
    town.send(upserted("J-1", at="2026-07-01T10:00:00+08:00", status="left"))
    town.file()
    after = town.register.entries()
    assert set(before) <= set(after)
    assert len(after) == 20
    assert after["J-1"].data["status"] == "left"
    assert all(
        len(lines) == 1 + (inspector == "J-1") for inspector, lines in town.people.inspectors(list(after)).items()
    )


def test_an_instant_is_applied_when_all_that_the_log_held_then_can_be_read(town):
    town.send(upserted("J-1"))
    asked = datetime.now(UTC)
    found = []

    def applied():
        if not town.filed_until(asked):
            return False
        found.append(set(town.register.entries(asked)))
        return True

    town.file(until=applied)
    assert found == [{"J-1"}]
