"""Rulebooks published over HTTP on a real Kafka: read back byte by byte, told in the audit, one publisher at a time."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from services.lookup import bootstrap
from services.lookup.rulebooks.library import Library
from shared.eventlog import topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.port import TopicPartition
from shared.eventlog.topics import AUDIT, RULEBOOKS, Wanted
from shared.events.kafka_codec import decode
from shared.projection import offering
from shared.web.access import AccessKeys
from shared.web.app import create_app
from shared.web.keys import mint
from tests.unit.rulebooks.conftest import SECOND, SMALL

NOW = datetime(2026, 5, 10, 4, tzinfo=UTC)
SECONDS = 60


@pytest.fixture
def site(kafka, prefix):
    connection = Connection((kafka,), prefix)
    topics_admin.apply(connection, [Wanted(prefix + name, 1, "delete", -1) for name in (RULEBOOKS, AUDIT)])
    keys, minted = AccessKeys(), mint()
    keys.created(minted.key_id, minted.key_hash, "", frozenset({"rulebooks:publish"}), NOW)
    keys.ready = True
    with closing(KafkaLog(connection)) as log:
        known, publications = bootstrap.follow_rulebooks(log, prefix + RULEBOOKS)
        service = bootstrap.service_of(None, None, known, Library(publications, log, prefix), None, clock=lambda: NOW)
        http = create_app([service], keys=keys).test_client()
        headers = {"Authorization": f"Bearer {minted.key}", "Content-Type": "application/yaml"}

        def publish(text):
            return http.post("/v1/rulebooks", data=text.encode(), headers=headers)

        yield SimpleNamespace(http=http, log=log, prefix=prefix, publish=publish, key_id=minted.key_id)


def read(site, topic):
    at = TopicPartition(site.prefix + topic, 0)
    events = []
    with closing(site.log.assign([at])) as reader:
        end = reader.end_offsets([at])[at]
        while reader.position(at) < end:
            events += [decode(each.headers, each.value) for each in reader.poll(timeout=0.5, most=100)]
    return events


def test_a_version_is_published_read_back_and_told(site):
    for text in (SMALL, SECOND):
        answer = site.publish(text)
        assert answer.status_code == 201, answer.text
        deadline = time.monotonic() + SECONDS
        while (got := site.http.get(answer.headers["Location"])).status_code == 404:
            assert time.monotonic() < deadline, "it was never listed"
            time.sleep(0.05)
        assert got.data == text.encode()
    assert [(event.data["version"], event.data["by"]) for event in read(site, AUDIT)] == [
        (1, f"key:{site.key_id}"),
        (2, f"key:{site.key_id}"),
    ]
    assert site.publish(SMALL).json["state"] == "already"
    assert len(read(site, RULEBOOKS)) == 2


def test_of_two_who_publish_at_once_one_publishes_and_the_other_is_to_try_again(site, monkeypatch):
    real, theirs = offering.published, []

    def meanwhile(*arguments):
        found = real(*arguments)
        if not theirs:
            theirs.append(None)
            theirs.append(site.publish(SMALL + "# theirs\n"))
        return found

    monkeypatch.setattr(offering, "published", meanwhile)
    ours = site.publish(SMALL)
    assert (theirs[1].status_code, ours.status_code) == (201, 503)
    assert [event.data["document"] for event in read(site, RULEBOOKS)] == [SMALL + "# theirs\n"]
    assert len(read(site, AUDIT)) == 1
    assert site.publish(SMALL).status_code == 409
