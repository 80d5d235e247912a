"""Who was selected by draws that are under way: those are not drawn again before their inspection. Pure."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache

from services.draws.codes import Codes
from services.draws.files import Document
from services.draws.pools.chosen import NOBODY, Chosen, ChosenBy, regions_of
from services.draws.pools.terms import Pending
from services.draws.schedule import last_day
from services.draws.steps import Draw
from shared.draw.journal import Line


def pending(
    draws: Mapping[str, Draw], journal: Iterable[Line], document: Document, as_of: date, known_at: datetime
) -> Pending:
    """The draws, by each id selected, that were drawn by `known_at` and whose window has not ended before `as_of`.

    Of a case it is its own id, not the code. Whether the outcome has come, a subject's own facts say. A plan that names
    no window is over with its `publish_by`.
    """
    steps = _steps(journal, known_at)
    found: dict[str, set[str]] = defaultdict(set)
    for draw_id, draw in draws.items():
        if steps[draw_id, "drawn"] and last_day(draw.plan) >= as_of:
            cases = Codes.parse(document(draw.cases_sha256) if draw.cases_sha256 else b"")
            for selected in _selected(draw, steps[draw_id, "replaced"], document):
                found[cases.id_of(selected)].add(draw_id)
    return {selected: frozenset(draw_ids) for selected, draw_ids in found.items()}


def chosen(draws: Mapping[str, Draw], journal: Iterable[Line], document: Document, known_at: datetime) -> ChosenBy:
    """Whom draws that were drawn by `known_at` had selected by then; each result is read when it is first asked for."""
    steps = _steps(journal, known_at)

    @cache
    def of(draw_id: str) -> Chosen:
        draw = draws.get(draw_id)
        if draw is None or not steps[draw_id, "drawn"]:
            return NOBODY
        return Chosen(frozenset(_selected(draw, steps[draw_id, "replaced"], document)), regions_of(draw.plan))

    return of


def _steps(journal: Iterable[Line], known_at: datetime) -> Counter[tuple[str, str]]:
    return Counter((line.draw_id, line.step) for line in journal if datetime.fromisoformat(line.at) <= known_at)


def _selected(draw: Draw, replacements: int, document: Document) -> set[str]:
    """Whom a draw has selected after so many records. Who is not replaced by anybody is still to be inspected."""
    assert draw.result_sha256 is not None
    found = {each["subject_id"] for each in json.loads(document(draw.result_sha256))["selected"]}
    for _, text in draw.records[:replacements]:
        record = json.loads(text)
        if record.get("selected"):
            found.discard(record["replaces"])
            found.add(record["selected"]["subject_id"])
    return found
