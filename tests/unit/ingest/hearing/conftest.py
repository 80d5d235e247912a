"""The door with a log in memory, and subjects whose facts are what is on it: written is applied at once."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from services.ingest import bootstrap
from services.ingest.judges import KNOWING_NOTHING, Judges
from services.ingest.kept import Kept
from services.ingest.tracing.trace import Trace
from services.ingest.tracing.tracer import Found
from shared.credit.facts import Fact
from shared.credit.rulebook import Rulebooks
from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import TopicPartition
from shared.eventlog.topics import SUBJECT_TOPICS, wanted
from shared.events.kafka_codec import decode
from shared.events.types.case_decided import EXAMPLE
from shared.events.types.subject_upserted import EVENT as REGISTERED
from shared.rulebooks.loader import SHIPPED, load_directory
from shared.settings import Settings
from shared.web.access import AccessKeys
from shared.web.app import create_app
from shared.web.bounds import Bounds
from shared.web.key_log import PublishedKeys
from shared.web.keys import mint
from shared.web.limiting import Limiter, Quotas
from shared.web.rates import Rates
from tests.support.claimed import Claimed

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
SHOP = "shop:92320902MA1N00026Y-01"
OTHER = "shop:92320902MA1N00026Y-02"
RULEBOOKS = Rulebooks(load_directory(SHIPPED))
CASE, INSPECTION = "案-1", "检-1"
OFFICERS = ["苏J-1", "苏J-2"]


def a_fact(subject, number, type_, data, time="2026-02-26T10:00:00+08:00"):
    return Fact("urn:organ", number, f"cn.chengxin.{type_}.v1", subject, time, data, NOW)


def known(subject):
    decided = {
        **EXAMPLE,
        "case_no": CASE,
        "decision_no": "决-1",
        "occurred_on": "2026-02-20",
        "decided_on": "2026-02-26",
        "served_on": "2026-03-02",
        "violation_code": "SP-03",
        "severity": "general",
        "officers": OFFICERS,
        "region": "320902001001",
    }
    inspected = {
        "inspection_id": INSPECTION,
        "result": "problems_found",
        "inspected_on": "2026-02-25",
        "inspectors": OFFICERS,
        "region": "320902001001",
        "findings": [{"violation_code": "SP-03", "severity": "minor"}],
    }
    return [
        a_fact(subject, "r-1", "subject.upserted", {**REGISTERED.example["data"], "region": "320902001001"}),
        a_fact(subject, "c-1", "case.decided", decided),
        a_fact(subject, "i-1", "inspection.completed", inspected),
    ]


@pytest.fixture
def city():
    """What a test has in hand: `http`, `key(scopes, bounds)`, `records()`, `facts`, and `now` to set."""
    city = SimpleNamespace(now=NOW, lagging=False, facts={SHOP: known(SHOP), OTHER: known(OTHER)})
    log = MemoryLog(clock=lambda: int(city.now.timestamp() * 1000))
    for topic in wanted("t.", 4, []):
        log.create(topic.name, topic.partitions)
    keys = AccessKeys(lambda: city.now)
    published = PublishedKeys(log, "t.access.v1", keys)
    published.refresh()

    def records(*topics):
        places = [place for place in city.places if not topics or place.topic in topics]
        reader = log.assign(places)
        ends, found = reader.end_offsets(places), []
        while any(reader.position(at) < end for at, end in ends.items()):
            found += reader.poll(timeout=1.0, most=100)
        reader.close()
        return found

    def written_of(subject):
        written = [decode(each.headers, each.value) for each in records(*(f"t.{name}" for name in SUBJECT_TOPICS))]
        return [
            Fact(each.source, each.id, each.type, each.subject, each.time, each.data, city.now)
            for each in written
            if each.subject == subject
        ]

    def facts_of(subject):
        return [*city.facts.get(subject, ()), *(() if city.lagging else written_of(subject))]

    def key(*scopes, **bounds):
        minted = mint()
        keys.created(minted.key_id, minted.key_hash, "", frozenset(scopes), NOW, Bounds(**bounds))
        return {"Authorization": f"Bearer {minted.key}"}

    city.places = [
        TopicPartition(topic.name, number) for topic in wanted("t.", 4, []) for number in range(topic.partitions)
    ]
    city.claims = Claimed()
    kept = Kept(facts_of, lambda: ((each, facts_of(each)) for each in city.facts), city.claims, written_of)
    tracer = SimpleNamespace(trace=lambda *_: Found(Trace("applied", NOW), None))
    service = bootstrap.service_of(
        Settings(topic_prefix="t.", partitions=4, public_url="https://credit.example"),
        log,
        Judges(KNOWING_NOTHING.known_of, KNOWING_NOTHING.glance_at, lambda: RULEBOOKS),
        tracer,
        lambda _: [],
        log_check=lambda: None,
        keys=keys,
        used=dict,
        clock=lambda: city.now,
        kept=kept,
    )
    city.keys, city.published, city.records, city.facts_of, city.key = keys, published, records, facts_of, key
    city.rates = Limiter(Quotas(0, 0), Rates())
    city.app = create_app([service], keys=keys, limiter=city.rates)
    city.http = city.app.test_client()
    return city
