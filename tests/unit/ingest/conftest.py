"""The HTTP door on a log in memory, and events that it takes."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from services.ingest import bootstrap
from services.ingest.doubting import nothing_known
from services.ingest.judges import Judges
from services.ingest.kept import Kept
from services.ingest.known import unknown
from shared.credit.rulebook import Rulebooks
from shared.eventlog.memory import MemoryLog
from shared.eventlog.topics import wanted
from shared.events.catalogue import catalogue
from shared.rulebooks.loader import SHIPPED, load_directory
from shared.settings import Settings
from shared.web.access import AccessKeys
from shared.web.app import create_app
from shared.web.keys import mint
from tests.support.claimed import Claimed

PREFIX = "t."
RULEBOOKS = Rulebooks(load_directory(SHIPPED))
NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
RECORDED = 1_772_330_401_234
SHOP = "shop:92320902MA1N00026Y-01"


def an_event(type_="case.decided", **changes):
    """An event in JSON form; `data` in the changes is put over the example's."""
    event = copy.deepcopy(dict(catalogue().by_type[f"cn.chengxin.{type_}.v1"].example))
    event["data"] = {**event["data"], **changes.pop("data", {})}
    return event | changes


@pytest.fixture
def log():
    log = MemoryLog(clock=lambda: RECORDED)
    for topic in wanted(PREFIX, 4, ["yandu"]):
        log.create(topic.name, topic.partitions)
    return log


def written(log):
    """All records of the log, by topic without prefix."""
    return [
        (at.topic.removeprefix(PREFIX), record) for at, records in sorted(log.records.items()) for record in records
    ]


@pytest.fixture
def door(log):
    keys, minted = AccessKeys(), mint()
    keys.created(minted.key_id, minted.key_hash, "", frozenset({"events:write"}), NOW)
    keys.ready = True
    settings = Settings(topic_prefix=PREFIX, organs=("yandu",), request_bytes=400_000, request_events=100)
    world = SimpleNamespace(
        log=log,
        appender=log.appender(),
        now=NOW,
        log_says=None,
        settings=settings,
        keys=keys,
        known=unknown,
        trace=lambda *_: None,
        entries=lambda _: [],
        coming=lambda _: [],
        glance=nothing_known,
        rulebooks=RULEBOOKS,
        used=dict,
    )

    class Forwarding:
        def append(self, messages):
            return world.appender.append(messages)

        def close(self):
            pass

    service = bootstrap.service_of(
        settings,
        log,
        Judges(
            lambda subjects: world.known(subjects),  # noqa: PLW0108  # a test may put another there
            lambda events: world.glance(events),  # noqa: PLW0108
            lambda: world.rulebooks,
        ),
        SimpleNamespace(trace=lambda *asked: world.trace(*asked)),  # noqa: PLW0108
        lambda subject_id: world.entries(subject_id),  # noqa: PLW0108
        appender=Forwarding(),
        log_check=lambda: world.log_says,
        keys=keys,
        used=lambda: world.used(),  # noqa: PLW0108
        clock=lambda: world.now,
        kept=Kept(lambda _: [], list, Claimed(), lambda subject_id: world.coming(subject_id)),  # noqa: PLW0108
    )
    world.http = create_app([service], keys=keys).test_client()
    world.key = {"Authorization": f"Bearer {minted.key}"}
    return world
