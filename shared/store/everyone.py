"""Everybody's facts at once, for what is counted and exported: all of them, or a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from shared.credit.facts import Fact
from shared.store.filled import Filled
from shared.store.subjects import Subjects

Everyone = Callable[[], Iterable[tuple[str, list[Fact]]]]
"""Every subject with its facts; raises `StoreUnavailable` and `Rebuilding`."""


def everyone(subjects: Subjects, filled: Filled) -> Iterator[tuple[str, list[Fact]]]:
    """Every subject with its facts. Raises `StoreUnavailable` and `Rebuilding`, the latter perhaps at the end.

    What workers apply meanwhile may be among it or not.
    """
    filled.applied_until()
    for names in subjects.names():
        yield from subjects.facts(names).items()
    filled.applied_until()  # again: a store that was emptied meanwhile has fewer subjects
