"""The sample city, sent by its organ again and again, each time late and out of order in another way: one state."""

from __future__ import annotations

from datetime import date

import pytest

from services.ingest import bootstrap as ingest
from services.sample.city import Size, city
from services.sample.deliveries import deliveries
from services.scoring.state_hash import StateHash, subject_hash
from shared.eventlog import topics, topics_admin
from shared.eventlog.port import LogUnavailable, Message
from shared.projection.loop import Pace
from shared.rulebooks.loader import SHIPPED
from shared.settings import Settings
from shared.store.subjects import Subjects
from tests.faults.machine import PARTITIONS, Machine, wait
from tests.faults.truth import NOW
from tests.support.waiting import running

UNTIL, SIZE, TIMES = date(2026, 9, 30), Size(shops=300, sanitation=8, haulers=3), 3
ORGAN = "city"


@pytest.fixture
def machine(brokers, kept, tmp_path):
    made = Machine(brokers, kept, tmp_path, rulebooks=SHIPPED)
    yield made
    made.stop()


def door(machine):
    """The Kafka door, which takes what the organ sends."""
    settings = Settings(topic_prefix=machine.prefix, partitions=PARTITIONS, organs=(ORGAN,))
    return running(ingest.worker(settings, machine.log, "1", pace=Pace(commit_every=0.2)))


def state_hash(machine):
    both = StateHash(machine.rulebooks, NOW.date(), PARTITIONS)
    subjects = Subjects(machine.store, machine.keys)
    for names in subjects.names():
        for name, facts in subjects.facts(names).items():
            both.add(name, subject_hash(name, facts, machine.rulebooks, NOW.date()))
    return both.whole


def taken(machine, inbox):
    """Everything the organ has sent is on the log, or among the dead letters."""
    places = machine.places(inbox)
    try:
        committed = machine.log.committed(topics.INGEST, places)
    except LogUnavailable:  # a broker that has just started has no coordinator of groups yet
        return False
    return all(committed.get(at, 0) >= end for at, end in machine.ends(places).items())


def test_three_deliveries_of_the_sample_city_give_one_state_each_time_equal(machine):
    inbox = topics.inbox_of(ORGAN)
    topics_admin.apply(machine.connection, topics.wanted(machine.prefix, PARTITIONS, (ORGAN,)))
    made = city(UNTIL, SIZE)
    machine.work(most=1000)
    states = []
    with door(machine):
        for seed in range(TIMES):
            arriving = deliveries(made, seed)
            machine.send([Message(machine.prefix + inbox, one.key, one.value, one.headers) for one in arriving])
            wait(lambda: taken(machine, inbox) and machine.settled(), 120)
            states.append(state_hash(machine))
    scored = {event.subject for event in made.events if not event.subject.startswith("inspector:")}
    right = {subject: summary for subject, summary in machine.truth().final().items() if subject in scored}
    assert machine.served() == right
    assert right.keys() == scored
    assert len(machine.records(*topics.SUBJECT_TOPICS)) > TIMES * len(made.events)
    assert states == [states[0]] * TIMES
