"""Who inspects whom after all replacements, out of a draw's result and its records (DRAW.md section 5). Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple


class Seat(NamedTuple):
    """An inspector, by his code, on a subject's panel; `stands` is false once he or the subject was replaced."""

    subject_id: str
    code: str
    stands: bool


class Panels:
    """Every seat there ever was, in the order in which they were filled: a place never becomes another's."""

    def __init__(self, seats: Iterable[Seat]) -> None:
        self.seats = list(seats)
        self._of: dict[str, list[int]] = defaultdict(list)
        for place, seat in enumerate(self.seats):
            self._of[seat.code].append(place)

    def behind(self, place: int, code: str | None = None) -> Iterator[int]:
        """Places of seats behind one of them, of an inspector where one is named."""
        if code is None:
            yield from range(place + 1, len(self.seats))
        else:
            places = self._of.get(code, [])
            yield from places[bisect_right(places, place) :]

    def codes(self) -> frozenset[str]:
        """Of those who served in the end: why somebody left a panel stands in the bundle, so he is not named."""
        return frozenset(each.code for each in self.seats if each.stands)


def panels(result: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> Panels:
    """The seats of a draw."""
    stands: dict[tuple[str, str], bool] = {}
    seated: dict[str, list[str]] = {}

    def sit(subject_id: str, codes: Iterable[str]) -> None:
        seated.setdefault(subject_id, []).extend(codes)
        stands.update({(subject_id, code): True for code in seated[subject_id] if (subject_id, code) not in stands})

    for each in result["selected"]:
        sit(each["subject_id"], each["inspectors"])
    for record in records:
        if "replaces" not in record:
            stands[record["subject_id"], record["leaves"]] = False
            if record["joins"] is not None:
                sit(record["subject_id"], [record["joins"]])
        elif record["selected"] is not None:
            stands.update({(record["replaces"], code): False for code in seated[record["replaces"]]})
            sit(record["selected"]["subject_id"], record["selected"]["inspectors"])
    return Panels(Seat(subject_id, code, standing) for (subject_id, code), standing in stands.items())
