"""Desks on a real Kafka, each with a connection of its own, as processes have."""

from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from shared.eventlog.connection import Connection
from shared.eventlog.topics import DOCUMENTS, DRAWS, wanted
from tests.support.draws import Desk


@pytest.fixture
def connection(kafka, prefix):
    from shared.eventlog.topics_admin import apply

    made = Connection((kafka,), prefix)
    apply(made, [each for each in wanted(prefix, 1) if each.name in (prefix + DRAWS, prefix + DOCUMENTS)])
    return made


@pytest.fixture
def open_desk(connection, prefix):
    """Another desk; `over` may put something around its log."""
    from shared.eventlog.kafka import KafkaLog

    with ExitStack() as stack:

        def opened(over=lambda log: log, clock=lambda: datetime.now(UTC)):
            log = KafkaLog(connection)
            stack.callback(log.close)
            desk = Desk(over(log), prefix, clock)
            stack.callback(desk.close)
            return desk

        yield opened
