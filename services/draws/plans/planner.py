"""The planner's counter: a plan is judged, told what it would draw from, and made once however often it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from services.draws.assembling import Assemble
from services.draws.commands import MakePlan
from services.draws.filing import partners_of
from services.draws.freezing import freezable
from services.draws.office import Office
from services.draws.people.assembling import People
from services.draws.plans.drafting import drafted
from services.draws.problems import DRAW_EXISTS
from services.draws.reading import Reading
from services.draws.steps import Draw
from services.draws.writing import Written
from shared.clock import day_of
from shared.registry.working_days import CalendarOf, calendar_of
from shared.web.idempotency import IDEMPOTENCY_KEY_REUSED, id_made_of
from shared.web.problems import ProblemError

_COUNTS = ("strata", "subjects", "inspectors", "excluded")


class Asked(NamedTuple):
    """A request for a draw: what it says, whose it is, and what makes it known again."""

    body: Mapping[str, Any]
    key_id: str
    idempotency_key: str | None
    sha256: str


class Planner:
    """Plans draws; every act raises what `Office.execute` does."""

    def __init__(
        self,
        office: Office,
        reading: Reading,
        assemble: Assemble,
        people: People,
        clock: Callable[[], datetime],
        calendars: CalendarOf = calendar_of,
    ) -> None:
        self._office, self._reading, self._assemble, self._people = office, reading, assemble, people
        self._clock, self._calendars = clock, calendars

    def would(self, asked: Asked) -> Draw:
        """The draw that would be planned; nothing is written."""
        return self._office.would(self._command(asked, keep=False))

    def plan(self, asked: Asked) -> tuple[Written, bool]:
        """The draw, and whether it is new: the same request again finds the one that it has made."""
        command = self._command(asked, keep=True)
        try:
            return self._office.execute(command), True
        except ProblemError as refused:
            if refused.kind != DRAW_EXISTS or asked.idempotency_key is None:
                raise
            return Written(self._made_before(command, asked, refused), -1), False

    def preview(self, draw: Draw) -> dict[str, Any]:
        """What a draw would be drawn from if it were frozen now, and what would keep it from being frozen."""
        try:
            lists = self._assemble(draw)
            told = freezable(draw.plan, lists.files, lists.strata).told
        except ProblemError as refused:
            return {"feasible": False, "problem": refused.body()}
        return {"feasible": True, **{name: told[name] for name in _COUNTS}}

    def _made_before(self, command: MakePlan, asked: Asked, refused: ProblemError) -> Draw:
        there = self._reading.draws.by_id[command.draw_id]
        if there.planner == command.by and there.request_sha256 == command.request_sha256:
            return there
        if "draw_id" in asked.body:
            raise refused
        detail = "Another request came with this Idempotency-Key before; send a new one with what is new."
        raise ProblemError(IDEMPOTENCY_KEY_REUSED, detail, draw_id=there.draw_id)

    def _command(self, asked: Asked, *, keep: bool) -> MakePlan:
        """The command; codes for its inspectors are kept where it is to be carried out."""
        key, now = asked.idempotency_key, self._clock()
        plan = drafted(asked.body, now)
        coded = self._people.code(datetime.fromisoformat(plan["known_at"]), keep=keep)
        partners = partners_of([each["department"] for each in plan["partners"]], day_of(now), self._calendars)
        made = id_made_of(asked.key_id, key) if key is not None else uuid4().hex
        return MakePlan(
            draw_id=asked.body.get("draw_id", made),
            by=f"key:{asked.key_id}",
            plan={**plan, "partners": partners, "inspector_codes": coded.inspector_codes},
            public_source=asked.body.get("public_source"),
            request_sha256=asked.sha256 if key is not None else None,
            codes_sha256=coded.codes_sha256,
        )
