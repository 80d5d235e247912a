"""What is on the log and not applied: of its own subject alone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from services.ingest.intake import append
from services.ingest.tracing.tracer import Tracer
from shared.eventlog.memory import MemoryLog
from shared.eventlog.topics import wanted
from tests.unit.ingest.conftest import SHOP
from tests.unit.ingest.test_jurisdiction import decided

OTHER = "shop:92320902MA1N00026Y-02"
PARTITIONS = 1
"""So that subjects share one."""


@pytest.fixture
def log():
    log = MemoryLog()
    for topic in wanted("t.", PARTITIONS, []):
        log.create(topic.name, topic.partitions)
    return log


@pytest.fixture
def tracer(log):
    ledgers = SimpleNamespace(copies=lambda *_: [], read=lambda _: (None, None))
    books = SimpleNamespace(progress=lambda _: [SimpleNamespace(positions={})])
    filled = SimpleNamespace(refuse_unfilled=lambda _: None)
    return Tracer(ledgers, books, filled, log, list, lambda: None, "t.", PARTITIONS)


def test_what_the_worker_has_not_come_to_is_told_as_facts(log, tracer):
    event = decided()
    append(log.appender(), [event], "t.")
    [fact] = tracer.coming(SHOP)
    assert (fact.identity, fact.type, fact.data) == ((event.source, event.id), event.type, event.data)
    assert tracer.coming(OTHER) == []


def test_an_event_of_the_same_source_and_id_about_another_subject_is_not_waited_for(log, tracer):
    event = decided()
    append(log.appender(), [event], "t.")
    assert tracer.trace(SHOP, event.source, event.id, 0).trace.state == "waiting"
    assert tracer.trace(OTHER, event.source, event.id, 0) is None
