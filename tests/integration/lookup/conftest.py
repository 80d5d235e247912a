"""The world of the scoring workers with the directory's worker in it."""

from __future__ import annotations

import pytest

from services.lookup import bootstrap
from services.lookup.directory import filed
from shared.eventlog.port import TopicPartition
from shared.eventlog.topics import LOOKUP, SCORES
from shared.store.directory_reader import DirectoryReader
from shared.store.keys import Keys
from tests.integration.scoring.world import PARTITIONS, World
from tests.support import waiting

ORGAN = "urn:chengxin:organ:320902"


class Town(World):
    """A world whose subjects are filed."""

    def corner(self, settings):
        super().corner(settings)
        self.keys = Keys(settings.key_prefix)
        self.directory = DirectoryReader(self.store, self.keys)

    def loop(self):
        return bootstrap.worker(self.settings, self.log, self.store, "one", pace=self.pace)

    def file(self, until=None):
        """Run the directory's worker until all of `scores.v1` is filed (or a condition holds), then stop it."""
        with waiting.running(self.loop()):
            waiting.until(until or self.all_filed)

    def places(self):
        return [TopicPartition(self.name(SCORES), number) for number in range(PARTITIONS)]

    def all_filed(self):
        """All is filed, and readers are told so."""
        group = self.log._groups.get(LOOKUP)
        levels = self.directory.levels(range(PARTITIONS))
        ends = {at: len(self.log.records[at]) for at in self.places()}
        return (
            group is not None
            and all(group.offsets.get(at, 0) == end for at, end in ends.items())
            and all(level.until == self.books.applied(number) for number, level in enumerate(levels))
        )

    def filed(self):
        """What lies in the directory: every subject with its county and facets, once for each county it lies in."""
        counties = {county for level in self.directory.levels(range(PARTITIONS)) for county in level.counties}
        found = []
        for county in counties:
            with self.store.client.pipeline(transaction=True) as together:
                together.hgetall(self.keys.filed(county))
                together.zrange(self.keys.entries(county), 0, -1)
                rows, listed = together.execute()
            entries = {entry.decode() for entry in listed}
            facets = {subject.decode(): frozenset(text.decode().split("\n")) for subject, text in rows.items()}
            assert entries == {f"{facet} {subject}" for subject, here in facets.items() for facet in here}
            found += [(subject, county, here) for subject, here in facets.items()]
        return sorted(found)

    def to_be_filed(self):
        """What follows from the last states that were told."""
        return sorted((subject, *filed(state)) for subject, state in self.told().items())

    def register(self, subject, *, at="2026-05-01T10:00:00+08:00", **data):
        """Enter a subject in the register, or change it there."""
        self.tick()
        data = {"name": "李记土菜馆", "region": "320902001001", "status": "open"} | data
        type_ = "cn.chengxin.subject.upserted.v1"
        self.send(
            {"id": f"r-{self.stamp}", "source": ORGAN, "type": type_, "subject": subject, "time": at, "data": data}
        )


@pytest.fixture
def town(redis_url, prefix):
    town = Town(redis_url, prefix)
    yield town
    town.store.close()
