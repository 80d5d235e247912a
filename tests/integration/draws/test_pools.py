"""Pools out of a store that the scoring workers have filled, beside the same rules over the facts on the log."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from operator import attrgetter

import pytest

from services.draws.documents import Documents
from services.draws.pools import bootstrap
from services.draws.pools.chosen import NOBODY
from services.draws.pools.pools import Pools
from services.draws.pools.register import StoreRegister
from services.draws.reading import Reading
from services.sample.city import Size, city
from shared.eventlog import topics
from shared.projection.publishing import publish_missing
from shared.rulebooks.loader import SHIPPED
from shared.store.documents import DocumentIndex
from shared.store.filled import Filled, Rebuilding
from shared.store.keys import Keys
from shared.store.subjects import Subjects
from tests.integration.scoring.world import PARTITIONS, TODAY, World
from tests.support.shops import RULEBOOKS, Shelf, case_pool, planned, subject_pool

UNTIL = date(2026, 9, 30)
SIZE = Size(shops=60, sanitation=2, haulers=1)


class Town(World):
    """A sample city, the last part of which was recorded after `known_at`."""

    def __init__(self, redis_url, prefix):
        super().__init__(redis_url, prefix, rulebooks=None)
        documents = [(file.name, file.read_bytes()) for file in sorted(SHIPPED.glob("*.yaml")) if "-v" in file.name]
        publish_missing(self.log, self.name(topics.RULEBOOKS), documents, source="urn:t", now=lambda: TODAY)
        events = [asdict(event) for event in sorted(city(UNTIL, SIZE).events, key=attrgetter("time"))]
        late = len(events) * 4 // 5
        self.send(*events[:late])
        self.known_at = datetime.fromtimestamp(self.stamp / 1000, UTC)
        self.send(*events[late:])
        self.work()
        self.reading = Reading(self.log, self.name(topics.DRAWS))
        index = DocumentIndex(self.store, Keys(self.settings.key_prefix))
        self.documents = Documents(self.log, self.name(topics.DOCUMENTS), index)

    def register(self):
        filled = Filled(self.books, PARTITIONS, lambda _: {})
        return StoreRegister(Subjects(self.store, Keys(self.settings.key_prefix)), filled)

    def pools(self):
        return bootstrap.pools(self.settings, self.log, self.store, self.reading, self.documents)

    def expected(self, plan):
        """What the facts on the log give."""
        facts = [fact for facts in self.facts().values() for fact in facts]
        return Pools(Shelf(facts, TODAY), lambda _: RULEBOOKS, lambda *_: {}, lambda _: lambda __: NOBODY).assemble(
            plan
        )

    def empty(self):
        """All keys are lost."""
        for key in self.store.client.scan_iter(f"{self.settings.key_prefix}*"):
            self.store.client.delete(key)


@pytest.fixture
def town(redis_url, prefix):
    town = Town(redis_url, prefix)
    yield town
    town.reading.close()
    town.documents.close()
    town.store.close()


def test_the_store_gives_what_the_log_gives(town):
    for pool in (subject_pool(), subject_pool(key_items=True), case_pool(decided_from="2024-10-01")):
        plan = planned(pool, town.known_at)
        found = town.pools().assemble(plan)
        assert found == town.expected(plan)
        assert found.pool
        assert found.pool != town.pools().assemble(planned(pool, TODAY)).pool, "what was recorded later says something"


def test_an_emptied_store_is_no_empty_register(town):
    register = town.register()
    assert register.applied_until() == TODAY
    reading = register.everybody("shop")
    next(reading)
    town.empty()
    with pytest.raises(Rebuilding):
        list(reading)
    with pytest.raises(Rebuilding):
        list(register.everybody("shop"))
    with pytest.raises(Rebuilding):
        register.applied_until()


def test_facts_that_are_lost_after_the_names_were_read_are_missed(town, monkeypatch):
    names_in = Subjects.names_in

    def lost(subjects, buckets):
        names = names_in(subjects, buckets)
        if any(name.startswith("shop:") for name in names):
            monkeypatch.setattr(Filled, "refuse_unfilled", believe_names)
        return names

    def believe_names(filled, _):
        monkeypatch.undo()
        town.empty()

    monkeypatch.setattr(Subjects, "names_in", lost)
    with pytest.raises(Rebuilding):
        next(town.register().everybody("shop"))
