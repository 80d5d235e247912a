"""Assignments 检查任务: who is to inspect whom, when, and what came of it, a page at a time.

Sealed as the result is: they are shown to those who work at draws, and never to the public.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.draws.codes import Opened
from services.draws.documents import Documents
from services.draws.ordering import no_draw
from services.draws.outcomes import Outcomes, outcomes_of, standing
from services.draws.people.addresses import Address, Addresses
from services.draws.people.filed import Outcome
from services.draws.people.panels import Seat
from services.draws.people.register import Register
from services.draws.people.seated import Seated
from services.draws.steps import Draw, Draws
from shared.web.problems import NOT_FOUND, ProblemError

_MOST_LOOKED_AT = 20
"""Draws that one page looks at, where an inspector is on few panels."""


def _everywhere(_: Draw) -> bool:
    return True


class Assignment(NamedTuple):
    """A seat with all that its holder has to know."""

    draw: Draw
    seat: Seat
    inspector_id: str
    address: Address | None
    outcome: Outcome | None
    inspector_name: str | None = None
    case: Opened | None = None
    """Which case a code stands for, where cases are drawn."""


class Page(NamedTuple):
    """Some assignments; `last` is where the next page begins, None where there is none. A page may be short."""

    rows: list[Assignment]
    last: str | None


class Assignments:
    """Answers out of results, codes and outcomes; raises `LogUnavailable` and `ProblemError`. Threads may share it."""

    def __init__(
        self, draws: Callable[[], Draws], documents: Documents, register: Register, addresses: Addresses
    ) -> None:
        """`draws` gives those that are known by now."""
        self._draws, self._documents, self._register, self._addresses = draws, documents, register, addresses
        self._seated = Seated(documents)

    def page(
        self,
        draw_id: str | None,
        inspector_id: str | None,
        after: str,
        most: int,
        within: Callable[[Draw], bool] = _everywhere,
    ) -> Page:
        """Assignments of a draw, of an inspector or of all, by draw and by when the seat was filled."""
        begin, _, place = after.partition("\n")
        found: list[tuple[Draw, int, Seat, str]] = []
        for number, draw in enumerate(filter(within, self._drawn(draw_id, begin))):
            if number == _MOST_LOOKED_AT:
                return Page(self._rows(found), f"{draw.draw_id}\n-1")
            first = int(place) if draw.draw_id == begin else -1
            for at, seat, inspector in self._seats(draw, inspector_id, first):
                if len(found) == most:
                    last, behind, *_ = found[-1]
                    return Page(self._rows(found), f"{last.draw_id}\n{behind}")
                found.append((draw, at, seat, inspector))
        return Page(self._rows(found), None)

    def all_of(
        self,
        inspector_id: str,
        draw_id: str | None,
        since: date,
        most: int,
        within: Callable[[Draw], bool] = _everywhere,
    ) -> list[Assignment] | None:
        """An inspector's assignments in windows that end on a day or later, without what came of them.

        None where there are more than so many.
        """
        found: list[tuple[Draw, Seat, str]] = []
        for draw in filter(within, self._drawn(draw_id, "")):
            if draw.plan.document["window"]["until"] < since.isoformat():
                continue
            for _, seat, inspector in self._seats(draw, inspector_id, -1):
                if len(found) == most:
                    return None
                found.append((draw, seat, inspector))
        addresses = self._addresses([seat.subject_id for _, seat, _ in found])
        return [
            Assignment(
                draw, seat, inspector, addresses.get(seat.subject_id), None, case=self._seated.of(draw).case(seat)
            )
            for draw, seat, inspector in found
        ]

    def refuse_unknown(self, draw_id: str | None = None, inspector_id: str | None = None) -> None:
        """Raises 404 for a draw or an inspector that there is not: an empty list would say that he has no work."""
        if draw_id is not None and draw_id not in self._draws().by_id:
            raise no_draw()
        if inspector_id is not None and not self._register.of([inspector_id]):
            raise ProblemError(NOT_FOUND, f"No inspector {inspector_id} is in the register.")

    def code_of(self, draw_id: str, inspector_id: str) -> str:
        """The code under which an inspector stands in a draw; what is no inspector's id stands for itself."""
        draw = self._draws().by_id.get(draw_id)
        if draw is None or draw.result_sha256 is None:
            return inspector_id
        return self._seated.of(draw).inspectors.by_id.get(inspector_id, inspector_id)

    def served(self, draw: Draw) -> frozenset[str]:
        """Codes of all who are or were on a panel of a draw that is drawn."""
        return self._seated.of(draw).panels.codes()

    def outcomes_in(self, draw: Draw) -> Outcomes:
        """Of how many subjects of a draw that is drawn an outcome is expected, and of how many it has come."""
        expected, come = self.inspected(draw)
        return outcomes_of(expected, come.keys())

    def inspected(self, draw: Draw) -> tuple[set[str], Mapping[str, Outcome]]:
        """Who is to be inspected after all replacements, of a draw that is drawn, and what has come of it."""
        assert draw.result_sha256 is not None
        result = json.loads(self._documents.get(draw.result_sha256))
        records = [json.loads(record) for _, record in draw.records]
        expected = standing((each["subject_id"] for each in result["selected"]), records)
        return expected, self._register.outcomes(draw.plan, list(expected))

    def counted(self, draw_id: str) -> Outcomes | None:
        """The same by the draw's id; None where the store does not answer, or there is no result."""
        draw = self._draws().by_id.get(draw_id)
        try:
            return self.outcomes_in(draw) if draw and draw.result_sha256 else None
        except ProblemError:
            return None

    def _drawn(self, draw_id: str | None, begin: str) -> Iterator[Draw]:
        """Draws that have a result, from one of them on."""
        for each, draw in sorted(self._draws().by_id.items()):
            if draw.result_sha256 is not None and each >= begin and draw_id in (None, each):
                yield draw

    def _seats(self, draw: Draw, inspector_id: str | None, behind: int) -> Iterator[tuple[int, Seat, str]]:
        """Seats of a draw behind a place, of an inspector where one is named; with the holder's id."""
        seats, codes, _ = self._seated.of(draw)
        code = None if inspector_id is None else codes.by_id.get(inspector_id, inspector_id)
        for place in seats.behind(behind, code):
            seat = seats.seats[place]
            yield place, seat, codes.id_of(seat.code)

    def _rows(self, found: Sequence[tuple[Draw, int, Seat, str]]) -> list[Assignment]:
        asked: dict[str, list[str]] = {}
        plans = {draw.draw_id: draw.plan for draw, *_ in found}
        for draw, _, seat, _ in found:
            asked.setdefault(draw.draw_id, []).append(seat.subject_id)
        outcomes: Mapping[str, Mapping[str, Outcome]] = {
            draw_id: self._register.outcomes(plans[draw_id], sorted(set(subjects)))
            for draw_id, subjects in asked.items()
        }
        addresses = self._addresses([seat.subject_id for _, _, seat, _ in found])
        people = self._register.of(sorted({inspector for *_, inspector in found}))
        names = {inspector: str(entry.data["name"]) for inspector, entry in people.items()}
        return [
            Assignment(
                draw,
                seat,
                inspector,
                addresses.get(seat.subject_id),
                outcomes[draw.draw_id].get(seat.subject_id),
                names.get(inspector),
                self._seated.of(draw).case(seat),
            )
            for draw, _, seat, inspector in found
        ]
