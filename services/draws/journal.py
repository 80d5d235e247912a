"""The public journal 抽查台账 out of the steps of all draws, in the order of the log (DRAW.md section 8). Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from services.draws.steps import Step
from shared.draw import journal
from shared.draw.journal import FIRST, Line
from shared.events.types.draw_abandoned import DRAW_ABANDONED
from shared.events.types.draw_committed import DRAW_COMMITTED
from shared.events.types.draw_drawn import DRAW_DRAWN
from shared.events.types.draw_planned import DRAW_PLANNED
from shared.events.types.draw_published import DRAW_PUBLISHED
from shared.events.types.draw_replaced import DRAW_REPLACED
from shared.events.types.draw_seeded import DRAW_SEEDED

_LINES = {
    DRAW_PLANNED: ("planned", "sha256"),
    DRAW_COMMITTED: ("committed", "commitment"),
    DRAW_SEEDED: ("seeded", "sha256"),
    DRAW_DRAWN: ("drawn", "sha256"),
    DRAW_REPLACED: ("replaced", "sha256"),
    DRAW_PUBLISHED: ("published", "sha256"),
    DRAW_ABANDONED: ("abandoned", "sha256"),
}
"""Events that have a line: its step, and the member with what it is about. The others are no steps of the protocol."""


class Journal:
    """All lines so far."""

    def __init__(self) -> None:
        self._bytes: list[bytes] = []
        self.lines: list[Line] = []

    @property
    def content(self) -> bytes:
        """`journal.ndjson`."""
        return self.upto(len(self.lines))

    def upto(self, seq: int) -> bytes:
        """The first so many lines; there may be more by now, since another thread may be reading on."""
        return b"".join(self._bytes[:seq])

    @property
    def first(self) -> str:
        """The hash of the first line, which every plan names; 64 zeros while there is none."""
        return self.lines[0].hash if self.lines else FIRST

    @property
    def head(self) -> str:
        """The hash of the last line: it stands for the whole journal."""
        return self.lines[-1].hash if self.lines else FIRST

    def take(self, step: Step, at: str) -> None:
        """Write the line of a step, where it has one; `at` is when the log took it."""
        if step.type not in _LINES:
            return
        name, member = _LINES[step.type]
        draw_id, sha256, more = step.data["draw_id"], step.data[member], _more(step)
        before, prev = (self.lines[-1] if self.lines else None), self.head
        text = journal.append(before, at, draw_id, name, sha256, more)
        digest = hashlib.sha256(text).hexdigest()
        self._bytes.append(text)
        self.lines.append(Line(len(self.lines) + 1, at, draw_id, name, sha256, prev, digest, more))


def _more(step: Step) -> Mapping[str, Any]:
    if step.type != DRAW_COMMITTED:
        return {}
    named = {name: step.data[name] for name in ("publish_by", "seed_sources", "pool_sha256")}
    return {**named, "replaces": step.data.get("replaces")}
