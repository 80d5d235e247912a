"""When too many events of a topic partition are bad, it stops: a sender or a release is broken, and its letters would
only bury the others (DESIGN.md section 4, bad events). Pure; the counts are kept by `shared/store/breakers.py`.

Why counted by offset: a record that is read again after a crash must not count again, so a tally says up to which
offset it has counted. A batch is counted when it is applied: one batch at most goes by after the first bad event.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Limits:
    """Open after `run` bad events in a row, or when `percent` of at least `least` events are bad.

    The ratio is that of the last `window` events or fewer: it begins anew after each window.
    """

    run: int = 100
    percent: int = 50
    least: int = 200
    window: int = 2000


@dataclass(frozen=True, slots=True)
class Tally:
    """What is counted of one topic partition. `opened` is why it has stopped, empty while it runs."""

    offset: int = 0
    seen: int = 0
    bad: int = 0
    run: int = 0
    opened: str = ""


def counted(tally: Tally, offsets: Iterable[int], bad: Collection[int], limits: Limits) -> Tally:
    """The tally after records at these offsets, in their order, of which some are bad."""
    seen, wrong, run, offset = tally.seen, tally.bad, tally.run, tally.offset
    opened = tally.opened
    for at in offsets:
        if at < offset:
            continue
        if seen >= limits.window:
            seen = wrong = 0
        offset, seen = at + 1, seen + 1
        run = run + 1 if at in bad else 0
        wrong += at in bad
        if not opened and run >= limits.run:
            opened = f"{run} bad events in a row, the last at offset {at}"
        if not opened and seen >= limits.least and wrong * 100 > seen * limits.percent:
            opened = f"{wrong} of the last {seen} events are bad, the last at offset {at}"
    return Tally(offset, seen, wrong, run, opened)


def closed(tally: Tally) -> Tally:
    """The tally after somebody has let the partition run on: it counts from nothing again."""
    return replace(Tally(), offset=tally.offset)
