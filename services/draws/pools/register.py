"""What pools are made of: everybody of the register with his facts, as the scoring workers keep them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from shared.credit.facts import Fact
from shared.eventlog.partitioner import BUCKETS, bucket_of
from shared.store.filled import Filled, believed
from shared.store.subjects import Subjects

_BUCKETS_AT_ONCE = 16
_SUBJECTS_AT_ONCE = 256


class Register(Protocol):
    """Both raise `Rebuilding` and `StoreUnavailable`."""

    def applied_until(self) -> datetime:
        """Until when all that the log held is in what is read from now on."""

    def everybody(self, kind: str) -> Iterator[tuple[str, list[Fact]]]:
        """Everybody of a kind whom a fact has named, each once, with all facts, in no order.

        It is no snapshot: what is applied meanwhile may be in it.
        """


class StoreRegister:
    """The register in the store, read a few subjects at a time.

    Whether the store may be believed is asked again after each part: it can be emptied and filled anew while others are
    read, and a pool would lack somebody without a reason.
    """

    def __init__(self, subjects: Subjects, filled: Filled) -> None:
        self._subjects, self._filled = subjects, filled

    def applied_until(self) -> datetime:
        return believed(self._filled.applied_until)

    def everybody(self, kind: str) -> Iterator[tuple[str, list[Fact]]]:
        for start in range(0, BUCKETS, _BUCKETS_AT_ONCE):
            names = self._names(range(start, start + _BUCKETS_AT_ONCE), f"{kind}:")
            for first in range(0, len(names), _SUBJECTS_AT_ONCE):
                yield from self._facts(names[first : first + _SUBJECTS_AT_ONCE]).items()

    def _names(self, buckets: range, beginning: str) -> list[str]:
        def read() -> list[str]:
            names = self._subjects.names_in(buckets)
            self._filled.refuse_unfilled(buckets)
            return [name for name in names if name.startswith(beginning)]

        return believed(read)

    def _facts(self, names: list[str]) -> dict[str, list[Fact]]:
        def read() -> dict[str, list[Fact]]:
            facts = self._subjects.facts(names)
            self._filled.refuse_unfilled(sorted(set(map(bucket_of, names))))
            return facts

        return believed(read)
