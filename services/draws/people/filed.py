"""What the draws' worker files of events, and how it is read again. Pure.

Of an event's copies the earliest recorded stands, ties to the lesser content, as with facts (SCORING.md section 1).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from shared.credit.facts import order_of
from shared.events.envelope import Event
from shared.events.types.fact_withdrawn import FACT_WITHDRAWN
from shared.events.types.inspection_completed import INSPECTION_COMPLETED
from shared.events.types.inspector_upserted import INSPECTOR_UPSERTED
from shared.store.entries import instant
from shared.store.people import Effect, Line

TYPES = frozenset((INSPECTOR_UPSERTED, INSPECTION_COMPLETED, FACT_WITHDRAWN))
"""Types of events of which something is filed."""


class Entry(NamedTuple):
    """A version of an inspector's entry in the register 执法人员; `data` is the event's."""

    source: str
    id: str
    time: str
    data: Mapping[str, Any]
    recorded_at: datetime


class Outcome(NamedTuple):
    """What came of an inspection that a draw chose the subject for 检查结果."""

    inspection_id: str
    result: str
    inspected_on: str
    findings: int
    region: str
    recorded_at: datetime


def effect_of(event: Event, recorded: int) -> Effect | None:
    """What an event files that the log recorded at an instant, in milliseconds; None where it is nothing."""
    data = event.data
    if event.type == INSPECTOR_UPSERTED:
        return Effect("inspector", data["inspector_id"], recorded, _text([event.id, event.source, event.time, data]))
    if event.type == INSPECTION_COMPLETED and "draw_id" in data:
        said = [data["inspection_id"], data["result"], data["inspected_on"], len(data["findings"]), data["region"]]
        field = outcome_field(data["draw_id"], event.subject)
        return Effect("outcome", field, recorded, _text([event.id, event.source, *said]))
    if event.type == FACT_WITHDRAWN:
        return Effect("withdrawn", withdrawn_field(event.subject, data["source"], data["id"]))
    return None


def outcome_field(draw_id: str, subject_id: str) -> str:
    """Where outcomes of a draw's subject are filed."""
    return _text([draw_id, subject_id]).decode()


def withdrawn_field(subject_id: str, source: str, id_: str) -> str:
    """Where it is filed that a subject's fact was withdrawn."""
    return _text([subject_id, source, id_]).decode()


def entry_of(lines: Iterable[Line], known_at: datetime | None = None) -> Entry | None:
    """The entry that stands by what was known at an instant: the latest time, ties to the greater (id, source)."""
    found = [
        Entry(source, id_, time, data, recorded) for (id_, source, time, data), recorded in _standing(lines, known_at)
    ]
    return max(found, key=lambda each: (order_of(each.time), each.id, each.source), default=None)


def identities(lines: Iterable[Line]) -> set[tuple[str, str]]:
    """Source and id of all events that outcomes come from."""
    return {(source, id_) for (id_, source, *_), _ in _standing(lines)}


def outcome_of(
    lines: Iterable[Line], withdrawn: Collection[tuple[str, str]], regions: tuple[str, ...]
) -> Outcome | None:
    """The latest outcome of those that were not withdrawn, by day, then by when it was recorded.

    Only of inspections in some regions (prefixes): no other district's say what came of a draw.
    """
    found = [
        Outcome._make((*said, recorded))
        for (id_, source, *said), recorded in _standing(lines)
        if (source, id_) not in withdrawn and str(said[-1]).startswith(regions)
    ]
    return max(found, key=lambda each: (each.inspected_on, each.recorded_at, each.inspection_id), default=None)


def _standing(lines: Iterable[Line], known_at: datetime | None = None) -> Iterable[tuple[list[Any], datetime]]:
    """What was recorded by an instant, once for each source and id."""
    stands: dict[tuple[str, str], tuple[list[Any], datetime]] = {}
    for recorded, text in sorted(lines):
        said, recorded_at = orjson.loads(text), instant(recorded)
        if known_at is None or recorded_at <= known_at:
            stands.setdefault((said[1], said[0]), (said, recorded_at))
    return stands.values()


def _text(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
