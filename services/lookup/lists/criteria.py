"""What a list is asked for, as the directory finds it and as a subject's own answer is held against it (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.lookup.directory import (
    COUNTY,
    EVERYBODY,
    grade_facet,
    name_facet,
    pieces,
    plain,
    region_facet,
    status_facet,
)
from shared.credit.item import Ledger
from shared.registry.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Criteria:
    """Only subjects for which all that is given holds; `grade` is that of `ledger`, as its audience sees it.

    `name` is a part of the name, two characters or more; `code` a prefix of the credit code, `region` one of the
    region's code; both in their normal form. `within` are prefixes too, of which one must hold.
    """

    ledger: Ledger
    name: str | None = None
    code: str | None = None
    kind: str | None = None
    region: str | None = None
    grade: str | None = None
    status: str | None = None
    within: tuple[str, ...] = ()

    def covers(self, county: str) -> bool:
        """Whether subjects of a county may be asked for."""
        here = county.startswith((self.region or "")[:COUNTY])
        return here and (not self.within or any(county.startswith(each[:COUNTY]) for each in self.within))

    def facets(self) -> list[str]:
        """What all of them are filed under in their counties."""
        found = [name_facet(piece) for piece in sorted(pieces(self.name or ""))]
        if self.region and len(self.region) > COUNTY:
            found.append(region_facet(self.region))
        if self.status:
            found.append(status_facet(self.status))
        if self.grade:
            found.append(grade_facet(self.ledger, self.grade))
        return found or [EVERYBODY]

    def beginnings(self) -> list[str]:
        """How their ids begin: with the kind and then the code."""
        if self.code is None:
            return [f"{self.kind}:" if self.kind else ""]
        return [f"{kind}:{self.code}" for kind in ([self.kind] if self.kind else KINDS)]

    def hold(self, body: Mapping[str, Any]) -> bool:
        """Whether they hold for a subject's own answer, in the view of the ledger."""
        return self.find(body) and (self.name is None or plain(self.name) in plain(body["name"] or ""))

    def find(self, body: Mapping[str, Any]) -> bool:
        """Whether that is true by which a subject is found: all of them but for the order of the name's characters."""
        return (
            pieces(self.name or "") <= pieces(body["name"] or "")
            and body["subject_id"].startswith(tuple(self.beginnings()))
            and (body["region"] or "").startswith(self.region or "")
            and (not self.within or (body["region"] or "").startswith(self.within))
            and self.status in (None, body["status"])
            and self.grade in (None, body.get("grade"))
        )
