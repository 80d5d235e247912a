"""The reader of the directory over the real store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from services.lookup.lists.criteria import Criteria
from services.lookup.reading import Extent
from shared.store.directory_reader import DirectoryReader, Level, Walk
from shared.store.filled import Rebuilding, believed


class StoreDirectory:
    """Finds what the lookup worker files. `partitions` is the number of those of `scores.v1`.

    `committed` says by partition how far the worker has told the log that it is. Every mark is in the store before
    that: a part behind it lies in a store that was set back, and is not read.
    """

    def __init__(self, directory: DirectoryReader, partitions: int, committed: Callable[[int], int]) -> None:
        self._directory = directory
        self._numbers = range(partitions)
        self._committed = committed

    def extent(self) -> Extent:
        return believed(self._extent)

    def find(self, extent: Extent, criteria: Criteria, after: str, most: int) -> list[str]:
        return believed(lambda: self._find(extent, criteria, after, most))

    def _extent(self) -> Extent:
        levels = self._directory.levels(self._numbers)
        self._refuse_behind({number: level.offset for number, level in enumerate(levels)})
        return _whole(levels)

    def _find(self, extent: Extent, criteria: Criteria, after: str, most: int) -> list[str]:
        counties = sorted(filter(criteria.covers, frozenset().union(*extent.counties)))
        facets = tuple(criteria.facets())
        walks = [Walk(county, beginning, facets) for county in counties for beginning in criteria.beginnings()]
        found = self._directory.find(walks, after, most)
        offsets = self._directory.offsets(counties)  # after that: a county may have been lost in between
        for county, here in offsets.items():
            self._refuse_behind({n: here.get(n) for n in self._numbers if county in extent.counties[n]})
        return found

    def _refuse_behind(self, offsets: Mapping[int, int | None]) -> None:
        """A part without a mark was lost, or is yet to be filed."""
        if any(offset is None or offset < self._committed(number) for number, offset in offsets.items()):
            raise Rebuilding(None)


def _whole(levels: Collection[Level]) -> Extent:
    until, swept = [level.until for level in levels if level.until], [level.swept for level in levels if level.swept]
    if len(until) < len(levels) or len(swept) < len(levels):
        raise Rebuilding(None)
    return Extent(tuple(level.counties for level in levels), min(until), min(swept))
