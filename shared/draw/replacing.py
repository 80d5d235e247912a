"""After the draw: subjects that prove ineligible, and inspectors who cannot serve (DRAW.md section 5).

Nobody is removed and nothing is chosen: who comes next follows from the seed, and each step is a record in one row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.draw.checks import Refused
from shared.draw.drawing import Drawn, Selected, region_of, reserve
from shared.draw.frozen import Frozen
from shared.draw.plan_form import is_text

CAUSES = ("recusal", "illness", "certificate", "transfer")
"""Why an inspector leaves 回避, 疾病, 证件, 调动. By another cause than recusal he is no candidate any more."""

Record = dict[str, Any]
"""One line of `replacements.json`."""


@dataclass(slots=True)
class _Panel:
    """Who sits where; `stood` is everybody who ever did."""

    seats: list[bytes | None]
    stratum: bytes
    stood: set[bytes] = field(default_factory=set)
    replaced: bool = False


class Replacing:
    """The records after a draw, made one after another. Raises `Refused` with `replacements` for what cannot be."""

    def __init__(self, frozen: Frozen, seed: bytes, drawn: Drawn) -> None:
        self._frozen, self._seed, self._filling = frozen, seed, drawn.panels
        self._panels: dict[bytes, _Panel] = {}
        self._used: dict[bytes, int] = defaultdict(int)
        self._reserves: dict[bytes, list[tuple[bytes, bytes]]] = {}
        self.records: list[Record] = []
        """Those made, in order."""
        for each in drawn.selected:
            self._stand(each)

    def again(self, record: Any) -> Record:
        """The record that the function gives where this one stands: another than this, unless it is right."""
        if not isinstance(record, Mapping):
            raise _refused("a record must be an object")
        if "replaces" in record:
            return self.subject(record["replaces"], record.get("cause"))
        return self.inspector(record.get("subject_id"), record.get("leaves"), record.get("cause"))

    def subject(self, subject_id: Any, cause: Any) -> Record:
        """The stratum's next takes the place of a subject, with a panel of its own.

        Where nobody is left, or its panel cannot be filled, the subject stays and may be called again.
        """
        panel = self._standing(subject_id)
        if not is_text(cause):
            raise _refused("cause must be a text, not empty and without control characters")
        selected = self._next(panel.stratum)
        if selected is not None:
            panel.replaced = True
            self._stand(selected)
        document = selected.document() if selected else None
        return self._record({"replaces": subject_id, "cause": cause, "selected": document})

    def inspector(self, subject_id: Any, leaves: Any, cause: Any) -> Record:
        """Somebody else takes the seat of an inspector who cannot serve; where nobody can, it stays empty."""
        panel = self._standing(subject_id)
        if cause not in CAUSES:
            raise _refused(f"cause must be one of {', '.join(CAUSES)}")
        inspector = _bytes(leaves)
        if inspector not in panel.seats:
            raise _refused(f"{leaves} is not on the panel of {subject_id}")
        place = panel.seats.index(inspector)
        if cause != "recusal":
            self._filling.gone.add(inspector)
        subject = subject_id.encode()
        entry = self._frozen.plan.entry_of(place)
        joined = self._filling.join(subject, region_of(self._frozen, subject), entry, panel.stood)
        joins, over_load = joined or (None, False)
        panel.seats[place] = joins
        if joins is not None:
            panel.stood.add(joins)
        joined_id = joins.decode() if joins is not None else None
        return self._record(
            {"subject_id": subject_id, "leaves": leaves, "cause": cause, "joins": joined_id, "over_load": over_load}
        )

    def _record(self, members: Record) -> Record:
        self.records.append({"seq": len(self.records) + 1, **members})
        return self.records[-1]

    def _standing(self, subject_id: Any) -> _Panel:
        panel = self._panels.get(_bytes(subject_id))
        if panel is None:
            raise _refused(f"{subject_id} is not drawn")
        if panel.replaced:
            raise _refused(f"{subject_id} is replaced already")
        return panel

    def _stand(self, selected: Selected) -> None:
        self._panels[selected.subject] = _Panel(list(selected.inspectors), selected.stratum, set(selected.inspectors))

    def _next(self, stratum: bytes) -> Selected | None:
        if stratum not in self._reserves:
            self._reserves[stratum] = reserve(self._frozen, self._seed, stratum)
        place = self._used[stratum]
        if place >= len(self._reserves[stratum]):
            return None
        self._used[stratum] += 1
        ticket, subject = self._reserves[stratum][place]
        named = self._filling.fill(subject, region_of(self._frozen, subject))
        if named is None:
            return None
        rank = self._frozen.quotas[stratum.decode()] + place + 1
        return Selected(subject, ticket, stratum, rank, tuple(named[0]), named[1])


def _bytes(name: Any) -> bytes:
    """An id as the documents have it; of what is no text, one that nobody has."""
    return name.encode(errors="surrogatepass") if isinstance(name, str) else b""


def _refused(detail: str) -> Refused:
    return Refused("replacements", detail)
