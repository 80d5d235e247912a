"""The planner's counter: a plan is judged, told what it would draw from, and made once however often it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from services.draws.assembling import Assembler, Lists
from services.draws.commands import MakePlan
from services.draws.earlier import sealed_beside
from services.draws.freezing import LEFT_OUT, freezable, left_out
from services.draws.office import Office
from services.draws.plans.drafting import drafted
from services.draws.plans.remarks import remarks
from services.draws.problems import DRAW_EXISTS
from services.draws.reading import Reading
from services.draws.steps import Draw
from services.draws.writing import Written
from shared.registry.working_days import CalendarOf, calendar_of
from shared.web.idempotency import IDEMPOTENCY_KEY_REUSED, id_made_of
from shared.web.problems import ProblemError

_COUNTS = ("strata", "subjects", "inspectors", "excluded")


class Asked(NamedTuple):
    """A request for a draw: what it says, whose it is, and what makes it known again."""

    body: Mapping[str, Any]
    person: str
    idempotency_key: str | None
    sha256: str
    made_id: str
    """The draw's, unless the body has one."""

    @property
    def draw_id(self) -> str:
        return str(self.body.get("draw_id", self.made_id))


def asked_for(body: Mapping[str, Any], person: str, idempotency_key: str | None, sha256: str) -> Asked:
    """A request for a draw; without an id and a way to know the request again it makes a new draw each time."""
    made = id_made_of(person, idempotency_key) if idempotency_key is not None else uuid4().hex
    return Asked(body, person, idempotency_key, sha256, made)


class Planner:
    """Plans draws; every act raises what `Office.execute` does."""

    def __init__(
        self,
        office: Office,
        reading: Reading,
        assembler: Assembler,
        *,
        clock: Callable[[], datetime],
        calendars: CalendarOf = calendar_of,
    ) -> None:
        self._office, self._reading, self._assembler = office, reading, assembler
        self._clock, self._calendars = clock, calendars

    def would(self, asked: Asked) -> Draw:
        """The draw that would be planned; nothing is written."""
        return self._office.would(self._command(asked, keep=False))

    def plan(self, asked: Asked) -> tuple[Written, bool]:
        """The draw, and whether it is new: the same request again finds the one that it has made."""
        if asked.idempotency_key is not None:
            there = self._reading.refresh().by_id.get(asked.draw_id)
            if there and (draw := _made_before(there, asked)):
                return Written(draw, -1), False
        try:
            return self._office.execute(self._command(asked, keep=True)), True
        except ProblemError as refused:
            if refused.kind != DRAW_EXISTS or asked.idempotency_key is None:
                raise
            draw = _made_before(self._reading.draws.by_id[asked.draw_id], asked)
            if draw is None:
                raise
            return Written(draw, -1), False

    def glimpse(self, draw: Draw) -> dict[str, Any]:
        """The preview of a draw that is not planned. None while an earlier draw is sealed.

        *Else* whoever may plan could ask of one street after the other whether somebody there is to be inspected, and
        leave no trace. A plan that is made is a step that stays visible, and says who made it.
        """
        if sealed := sealed_beside(self._reading.draws, draw.plan):
            told = f"Its numbers would tell whom {sealed} has selected, which is sealed. Plan it, and they are shown."
            return {"feasible": None, "withheld": told}
        return self.preview(draw)

    def preview(self, draw: Draw) -> dict[str, Any]:
        """What a draw would be drawn from if it were frozen now, and what would keep it from being frozen."""
        lists = Lists({}, ())
        try:
            lists = self._assembler.assemble(draw)
            found = freezable(draw.plan, lists)
        except ProblemError as refused:
            return {"feasible": False, "problem": refused.body(), LEFT_OUT: left_out(lists)}
        counts = {name: found.told[name] for name in _COUNTS}
        said = [each._asdict() for each in remarks(found, lists)]
        return {"feasible": True, **counts, LEFT_OUT: left_out(lists), "remarks": said}

    def _command(self, asked: Asked, *, keep: bool) -> MakePlan:
        drawn_up = drafted(asked.body, self._clock(), self._calendars)
        completed = self._assembler.completed(drawn_up, keep=keep)
        return MakePlan(
            draw_id=asked.draw_id,
            by=asked.person,
            plan=completed.plan,
            public_source=asked.body.get("public_source"),
            strata=completed.strata,
            codes_sha256=completed.codes_sha256,
            request_sha256=asked.sha256 if asked.idempotency_key is not None else None,
        )


def _made_before(there: Draw, asked: Asked) -> Draw | None:
    """The draw that this very request has made; None where the draw is another's of its own id."""
    if there.planner == asked.person and there.request_sha256 == asked.sha256:
        return there
    if "draw_id" in asked.body:
        return None
    detail = "Another request came with this Idempotency-Key before; send a new one with what is new."
    raise ProblemError(IDEMPOTENCY_KEY_REUSED, detail, draw_id=there.draw_id)
