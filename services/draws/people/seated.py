"""Who sits where in draws, with the codes of inspectors and cases opened, kept for those that are asked for again."""

from __future__ import annotations

import json
from collections import OrderedDict
from threading import Lock
from typing import Any, NamedTuple

from services.draws.codes import Codes, Opened
from services.draws.documents import Documents
from services.draws.people.panels import Panels, Seat, panels
from services.draws.steps import Draw

_KEPT = 16
"""Draws whose panels are kept: those that are being inspected are asked for again and again."""


class Seats(NamedTuple):
    """The panels of a draw, and the codes of its inspectors and of the cases that were drawn."""

    panels: Panels
    inspectors: Codes
    cases: Codes

    def case(self, seat: Seat) -> Opened | None:
        """Which case is to be reviewed; None where subjects are inspected."""
        return next(iter(self.cases.open([seat.subject_id])), None)


class Seated:
    """Asks documents; raises what they do. Threads may share it."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._kept: OrderedDict[tuple[str, int], Seats] = OrderedDict()
        self._keeping = Lock()

    def of(self, draw: Draw) -> Seats:
        """The seats of a draw that is drawn, after its replacements."""
        key = draw.draw_id, len(draw.records)
        with self._keeping:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = self._make(draw)
        with self._keeping:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made

    def _make(self, draw: Draw) -> Seats:
        assert draw.result_sha256 is not None
        result: dict[str, Any] = json.loads(self._documents.get(draw.result_sha256))
        found = panels(result, [json.loads(record) for _, record in draw.records])
        cases = self._codes(draw.cases_sha256).open(seat.subject_id for seat in found.seats)
        return Seats(found, self._codes(draw.codes_sha256), Codes(cases))

    def _codes(self, sha256: str | None) -> Codes:
        return Codes.parse(self._documents.get(sha256) if sha256 else b"")
