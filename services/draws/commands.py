"""What may be asked of a draw. `by` is who asks; `expected` is the draw's sequence number as the asker saw it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.draws.freezing import Freezable
from services.draws.outcomes import Outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePlan:
    """A new draw. `plan` lacks what is put in here: protocol, draw_id, journal, and what is said of the public source.

    `public_source` is the name of the seed source that nobody taking part chooses; `strata` those that a pool can have,
    where that is known. `request_sha256` is of the request, where the same may come again.
    """

    draw_id: str
    by: str
    plan: Mapping[str, Any]
    public_source: str | None
    strata: Collection[str] | None = None
    codes_sha256: str | None = None
    """Of the list of inspectors' codes, which lies in `documents.v1` by now."""
    request_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A next step of a draw that is there."""

    draw_id: str
    expected: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze(Command):
    """Commit to lists, which lie in `documents.v1` by now, and so does that of the cases' codes."""

    lists: Freezable
    cases_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecusal(Command):
    """That an inspector, by the id in the register, may not inspect a subject of the pool."""

    inspector_id: str
    subject_id: str
    reason: str
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDepartment(Command):
    """Whom a partner department gives, certified inspectors of its own by now, and what they inspect."""

    department: str
    inspectors: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness(Command):
    """Name a witness by role and full name; the name is masked before it is written."""

    role: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterValue(Command):
    """What came of a seed source."""

    source: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Command):
    """The result that the seed gives, which lies in `documents.v1` by now."""

    sha256: str
    selected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose(Command):
    """A replacement of a subject, or of an inspector on its panel, that the protocol allows."""

    subject_id: str
    inspector: str | None
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Command):
    """The record that a proposal gives now, in canonical JSON."""

    proposal: int
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish(Command):
    """The bundle; `outcomes` are those that were there right before, None where nobody counted them."""

    outcomes: Outcomes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Abandon(Command):
    """Give a draw up, for a cause that stays visible."""

    cause: str
