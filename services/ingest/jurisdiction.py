"""Jurisdiction 管辖: what the bounds of a key, or of an organ's topic, let an event be about. Pure.

An event's own source and region must lie within. One that names another (a case, an inspection, a fact by source and
id) needs bounds that cover that one's source and region, or `events:correct`; so does one that states again what is
stated. What it names may not be applied yet: then it is taken from whom no region bounds; and from the same source
where a bound says whose that is, or its subject is registered within, since nothing else says whose business it is.
What has no region and names nothing belongs where its subject is registered. A closing of a dispute by an author of
what is disputed is refused whoever sends it (SCORING.md section 3.12).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.ingest.statements import STATING, Statements, member_naming
from shared.credit.dossiers import Stating, precedence
from shared.events.envelope import Fault
from shared.events.types.case_dispute_closed import CASE_DISPUTE_CLOSED
from shared.events.types.inspection_dispute_closed import INSPECTION_DISPUTE_CLOSED
from shared.events.types.inspector_upserted import INSPECTOR_UPSERTED
from shared.events.types.subject_upserted import SUBJECT_UPSERTED
from shared.web.bounds import Bounds

CORRECTING = "events:correct"

NOT_SEEN = (
    "names nothing that is applied by now; see that it is right, and send this again when that is there, or with a key "
    "that no region bounds"
)
BY_AUTHOR = "is an author of what is disputed; another officer has to review it"
_CLOSING = (CASE_DISPUTE_CLOSED, INSPECTION_DISPUTE_CLOSED)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and whether corrections of others' facts are his business."""

    bounds: Bounds
    corrects: bool = False

    @property
    def is_bounded(self) -> bool:
        """Whether anything lies beyond."""
        return bool(self.bounds.regions or self.bounds.sources)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an event's subject: what is stated of it, in the same batch too, and where it is registered."""

    statements: Statements = field(default_factory=Statements)
    region: str | None = None


def asks(event: Stating, sender: Sender) -> bool:
    """Whether an event cannot be judged without what is known of its subject."""
    judged_by_itself = sender.corrects and "region" in event.data and event.type != SUBJECT_UPSERTED
    return event.type in _CLOSING or (sender.is_bounded and not judged_by_itself)


def waits(event: Stating, sender: Sender) -> bool:
    """Whether it cannot be taken while nobody knows whose that is which it names, or where its subject is."""
    if member_naming(event) is not None:
        return sender.is_bounded and not sender.corrects
    if event.type == SUBJECT_UPSERTED:  # *else* it could be taken over from another region
        return bool(sender.bounds.regions)
    return bool(sender.bounds.regions) and "region" not in event.data


def faults(event: Stating, sender: Sender, known: Known) -> list[Fault]:
    """What keeps an event from being this sender's; [] where nothing does."""
    return [*_own(event, sender.bounds, known), *_others(event, sender, known), *_of_author(event, known)]


def _own(event: Stating, bounds: Bounds, known: Known) -> Iterable[Fault]:
    if not bounds.covers_source(event.source):
        yield Fault("/source", f"must be {' or '.join(bounds.sources)}: the key is for no other")
    if event.type == INSPECTOR_UPSERTED and (bounds.regions or bounds.sources):  # a roster is no single organ's
        yield Fault("/type", "is not taken from whom anything bounds; send it to PUT /v1/inspectors/{inspector_id}")
    if not bounds.regions:
        return
    here = ", ".join(bounds.regions)
    if event.type == INSPECTOR_UPSERTED:
        return
    if "region" in event.data:
        if not bounds.covers_region(event.data["region"]):
            yield Fault("/data/region", f"must lie in {here}: the key is for no other region")
        if event.type == SUBJECT_UPSERTED and known.region and not bounds.covers_region(known.region):
            yield Fault("/subject", f"is registered outside of {here}, the regions of the key")
    elif member_naming(event) is None and not bounds.covers_region(known.region):
        yield Fault("/subject", f"must be registered in {here}, the regions of the key")


def _others(event: Stating, sender: Sender, known: Known) -> Iterable[Fault]:
    bounds = sender.bounds
    if sender.corrects or not sender.is_bounded:
        return
    naming = member_naming(event)
    found = known.statements.spoken_of(event)
    for each in (*found, *known.statements.other_copies(event)):
        if not (bounds.covers_source(each.source) and bounds.covers_region(_region_of(each, known))):
            yield Fault(_pointer(event, each), f"is of another source or region; that takes the scope {CORRECTING}")
            return
    own = event.data.get("source") == event.source and (bounds.sources or bounds.covers_region(known.region))
    if naming and not found and bounds.regions and not own:
        yield Fault(naming, NOT_SEEN)


def _pointer(event: Stating, other: Stating) -> str:
    """The member of an event that is about another one."""
    if (other.source, other.id) == (event.source, event.id):
        return "/id"
    if naming := member_naming(event):
        return naming
    number = STATING[event.type]
    return f"/data/{number if event.data[number] == other.data.get(number) else 'inspection_id'}"


def _region_of(stated: Stating, known: Known) -> str | None:
    """Its own, else that of what it names, else its subject's."""
    named = (stated, *known.statements.spoken_of(stated))
    return next((str(each.data["region"]) for each in named if "region" in each.data), known.region)


def _of_author(event: Stating, known: Known) -> Iterable[Fault]:
    if event.type not in _CLOSING:
        return
    content = known.statements.spoken_of(event)
    if not content:
        return
    standing = max(content, key=precedence)
    if event.data["reviewer"] in (*standing.data.get("officers", ()), *standing.data.get("inspectors", ())):
        yield Fault("/data/reviewer", BY_AUTHOR)
