"""What has become of each draw: the events of `draws.v1`, folded. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from shared.draw.journal import FIRST
from shared.draw.plan import Plan, parse_plan
from shared.events.types.draw_abandoned import DRAW_ABANDONED
from shared.events.types.draw_committed import DRAW_COMMITTED
from shared.events.types.draw_department_confirmed import DRAW_DEPARTMENT_CONFIRMED
from shared.events.types.draw_drawn import DRAW_DRAWN
from shared.events.types.draw_planned import DRAW_PLANNED
from shared.events.types.draw_published import DRAW_PUBLISHED
from shared.events.types.draw_recusal_filed import DRAW_RECUSAL_FILED
from shared.events.types.draw_replaced import DRAW_REPLACED
from shared.events.types.draw_replacement_proposed import DRAW_REPLACEMENT_PROPOSED
from shared.events.types.draw_seed_value_entered import DRAW_SEED_VALUE_ENTERED
from shared.events.types.draw_seeded import DRAW_SEEDED
from shared.events.types.draw_witnessed import DRAW_WITNESSED

LISTS = ("pool.tsv", "roster.tsv", "recusals.tsv", "excluded.tsv")
"""The frozen documents that lie in `documents.v1`; the plan stands in its event."""

_PHASES = {
    DRAW_PLANNED: "planned",
    DRAW_COMMITTED: "committed",
    DRAW_SEEDED: "seeded",
    DRAW_DRAWN: "drawn",
    DRAW_PUBLISHED: "published",
    DRAW_ABANDONED: "abandoned",
}
PHASES = tuple(_PHASES.values())
"""How far a draw can be."""


class Step(NamedTuple):
    """A step that is decided: the type of its event, and its data."""

    type: str
    data: dict[str, Any]


class Value(NamedTuple):
    """A seed source's value, and when the log took it."""

    value: str
    at: str


class Done(NamedTuple):
    """What was done, as its event is called; by whom, and when by the journal."""

    step: str
    by: str
    at: str


class Proposal(NamedTuple):
    """A replacement that somebody asks for; of an inspector where one is named."""

    subject_id: str
    inspector: str | None
    cause: str
    by: str


class Recusal(NamedTuple):
    """Whom an inspector, by the id in the register, is kept away from."""

    inspector_id: str
    subject_id: str
    reason: str
    by: str


class Confirmation(NamedTuple):
    """Whom a partner department gives, by the ids in the register, what they inspect, and when it said so."""

    inspectors: tuple[str, ...]
    items: tuple[str, ...]
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Committed:
    """What was committed to, when by the journal, and the SHA-256s of the frozen lists by file name; `told` is all that
    its event says.
    """

    commitment: str
    at: str
    sha256s: Mapping[str, str]
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw by its events. `sequence` is the number of these; instants are the journal's."""

    plan: Plan
    plan_sha256: str
    planner: str
    codes_sha256: str | None = None
    """Of the list of inspectors' codes, which is not public."""
    sequence: int = 1
    phase: str = "planned"
    committed: Committed | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    """The seed's, by source, in the order in which they were entered."""
    result_sha256: str | None = None
    proposals: Mapping[int, Proposal] = field(default_factory=dict)
    """By the step at which they were made."""
    records: tuple[tuple[int, str], ...] = ()
    """Confirmed replacements: by which proposal, and the record's canonical JSON."""
    witnesses: tuple[tuple[str, str], ...] = ()
    """Role and masked name."""
    recusals: tuple[Recusal, ...] = ()
    confirmations: Mapping[str, Confirmation] = field(default_factory=dict)
    """By partner department."""
    cause: str | None = None
    """Why it was given up."""
    request_sha256: str | None = None
    """Of the request that planned it, where that came with an Idempotency-Key."""
    history: tuple[Done, ...] = ()

    @property
    def draw_id(self) -> str:
        return self.plan.draw_id

    @property
    def cases_sha256(self) -> str | None:
        """Of the list of the codes of cases, which is not public; None where subjects are drawn."""
        return self.committed.told.get("cases_sha256") if self.committed else None

    @property
    def replaces(self) -> str | None:
        """The draw that this one replaces."""
        named = self.plan.document["replaces"]
        return named and str(named["draw_id"])

    @property
    def is_seeded(self) -> bool:
        """Whether the seed is known, from which on nothing can be given up."""
        return self.phase in ("seeded", "drawn", "published")


@dataclass(frozen=True, slots=True)
class Draws:
    """All draws by id, and the hash of the journal's first line (64 zeros while there is none)."""

    by_id: Mapping[str, Draw]
    first: str = FIRST

    def replacing(self, draw_id: str) -> Draw | None:
        """The draw that replaces this one, or is about to: one that was given up before its commitment is not."""
        return next(
            (
                each
                for each in self.by_id.values()
                if each.replaces == draw_id and (each.committed or each.phase != "abandoned")
            ),
            None,
        )


def fold(draw: Draw | None, step: Step, at: str) -> Draw:
    """The draw after a step that the journal has at an instant. Raises `ValueError` for one that is not the next."""
    data = step.data
    if data["sequence"] != (draw.sequence if draw else 0) + 1:
        raise ValueError(f"step {data['sequence']} of {data['draw_id']} is not the next")
    if draw is None:
        if step.type != DRAW_PLANNED:
            raise ValueError(f"{data['draw_id']} begins with {step.type}")
        plan, planner = parse_plan(data["plan"].encode()), data["by"]
        codes, asked, done = data.get("codes_sha256"), data.get("request_sha256"), (_done(step, at),)
        return Draw(plan, data["sha256"], planner, codes, request_sha256=asked, history=done)
    phase, history = _PHASES.get(step.type, draw.phase), (*draw.history, _done(step, at))
    after = replace(draw, sequence=data["sequence"], phase=phase, history=history)
    change = _CHANGES.get(step.type)
    return replace(after, **change(draw, data, at)) if change else after


def _done(step: Step, at: str) -> Done:
    return Done(step.type.split(".")[3], step.data["by"], at)


_Change = Callable[[Draw, Mapping[str, Any], str], Mapping[str, Any]]


def _committed(_: Draw, data: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    sha256s = {name: data[f"{name.removesuffix('.tsv')}_sha256"] for name in LISTS}
    return {"committed": Committed(data["commitment"], at, sha256s, data)}


def _proposed(draw: Draw, data: Mapping[str, Any], _: str) -> Mapping[str, Any]:
    proposal = Proposal(data["subject_id"], data.get("inspector"), data["cause"], data["by"])
    return {"proposals": {**draw.proposals, data["sequence"]: proposal}}


_CHANGES: Mapping[str, _Change] = {
    DRAW_COMMITTED: _committed,
    DRAW_WITNESSED: lambda draw, data, _: {"witnesses": (*draw.witnesses, (data["role"], data["name"]))},
    DRAW_SEED_VALUE_ENTERED: lambda draw, data, at: {
        "values": {**draw.values, data["source"]: Value(data["value"], at)}
    },
    DRAW_DRAWN: lambda _, data, __: {"result_sha256": data["sha256"]},
    DRAW_RECUSAL_FILED: lambda draw, data, _: {
        "recusals": (
            *draw.recusals,
            Recusal(data["inspector_id"], data["subject_id"], data["reason"], data["by"]),
        )
    },
    DRAW_DEPARTMENT_CONFIRMED: lambda draw, data, at: {
        "confirmations": {
            **draw.confirmations,
            data["department"]: Confirmation(tuple(data["inspectors"]), tuple(data["items"]), data["by"], at),
        }
    },
    DRAW_REPLACEMENT_PROPOSED: _proposed,
    DRAW_ABANDONED: lambda _, data, __: {"cause": data["cause"]},
    DRAW_REPLACED: lambda draw, data, _: {"records": (*draw.records, (data["proposal"], data["record"]))},
}
"""What a step changes beside the phase."""
