"""What `chengxin rebuild` tells: on the way, at its end, and how to go over to the new store."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from services.cli.desk import plain
from services.cli.installation import say
from services.cli.rebuild_comparison import Compared
from services.scoring.comparing import Difference, Lack
from services.scoring.filling import Done
from shared.settings import Settings, variable

_TELL_SECONDS = 2.0


class Filled(NamedTuple):
    """How many records were applied by this call, and in how many seconds."""

    records: int
    seconds: float

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.records / self.seconds if self.seconds else 0.0


class Progress:
    """How far it is, told from time to time, with the rate and how long the rest will take."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, tell: Callable[[str], None] = say) -> None:
        self._clock = clock
        self._say = tell
        self._first = -1
        self._began = self._told = 0.0
        self.filled = Filled(0, 0.0)

    def tell(self, done: Done) -> None:
        """Take note of how far it is."""
        now = self._clock()
        if self._first < 0:
            self._first, self._began, self._told = done.applied, now, now
        self.filled = Filled(done.applied - self._first, now - self._began)
        if now - self._told >= _TELL_SECONDS and done.applied < done.end:
            self._told = now
            rate = self.filled.rate
            rest = f", {_span((done.end - done.applied) / rate)} to go" if rate else ""
            self._say(f"{done.applied:,} of {done.end:,} records, {rate:,.0f} a second{rest}")


class Result(NamedTuple):
    """What came of it; `compared` is None where that was not asked for."""

    filled: Filled
    target: Settings
    compared: Compared | None

    def switching(self) -> str:
        """How to go over to the new store."""
        names = ["key_prefix"] if self.target.embedded_store else ["redis", "redis_cluster", "key_prefix"]
        shown = self.target.shown()
        given = " ".join(f"{variable(name)}={shown[variable(name)]}" for name in names)
        return f"To go over to it, restart web servers and then workers with {given}"


def document(result: Result) -> dict[str, Any]:
    """The result as JSON."""
    found, shown = result.compared, result.target.shown()
    return {
        "redis": shown[variable("redis")] or None,
        "key_prefix": result.target.key_prefix,
        "records": result.filled.records,
        "seconds": round(result.filled.seconds, 1),
        "records_per_second": round(result.filled.rate),
        "compared": found
        and {
            "as_of": found.as_of.isoformat(),
            "subjects": found.subjects,
            "equal": found.difference is None,
            "state_hash": found.state_hash,
            "first_difference": found.difference and _shown(found.difference),
        },
    }


def text(result: Result) -> str:
    """The result for people."""
    filled, found = result.filled, result.compared
    lines = [f"Filled: {filled.records:,} records in {_span(filled.seconds)}, {filled.rate:,.0f} a second"]
    if found and found.difference:
        lines.append(f"Not the same as the live store; the first subject that differs: {_words(found.difference)}")
    elif found:
        of_both = f"state hash on {found.as_of} {found.state_hash}"
        moved = "facts came while they were read, so there is no one hash of both"
        lines.append(
            f"The same as the live store: {found.subjects:,} subjects; {of_both if found.state_hash else moved}"
        )
    return "\n".join(lines)


def _shown(difference: Difference) -> dict[str, Any]:
    return {
        "subject_id": difference.subject_id,
        "new_store": _lacks(difference.new) | {"summary": difference.kept_new},
        "live_store": _lacks(difference.live) | {"summary": difference.kept_live},
    }


def _lacks(lack: Lack) -> dict[str, Any]:
    source, id_ = lack.first or (None, None)
    return {"facts_missing": lack.absent, "recorded_too_late": lack.late, "first_fact": lack.first and [source, id_]}


def _words(difference: Difference) -> str:
    parts = [
        *_of_store("new", difference.new, difference.kept_new),
        *_of_store("live", difference.live, difference.kept_live),
    ]
    return f"{difference.subject_id}\n  " + "\n  ".join(parts)


def _of_store(name: str, lack: Lack, kept: list[str]) -> list[str]:
    found = []
    which = f", the first of them {plain(' '.join(lack.first))}" if lack.first else ""
    if lack.absent:
        found.append(f"facts missing in the {name} store: {lack.absent}{which}")
    if lack.late:
        found.append(f"facts with a later recorded_at in the {name} store: {lack.late}{which}")
    if kept:
        found.append(f"kept in the {name} store, but not what its facts give: {', '.join(kept)}")
    return found


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
