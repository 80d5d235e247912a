"""Jurisdiction 管辖: what the bounds of a key, or of an organ's topic, let an event be about. Pure.

An event's own source and region must lie within. One that names another (a case, an inspection, a fact by source and
id) needs bounds that cover that one's source and region, or `events:correct`; so does one that states again what is
stated. What it names may not be applied yet: then it is taken from the same source, or from whom no region bounds,
since nothing says whose business it is. What has no region and names nothing belongs where its subject is registered.
A closing of a dispute by an author of what is disputed is refused whoever sends it (SCORING.md section 3.12).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shared.credit.facts import order_of
from shared.events.envelope import Fault
from shared.events.types.case_amended import CASE_AMENDED
from shared.events.types.case_decided import CASE_DECIDED
from shared.events.types.case_dispute_closed import CASE_DISPUTE_CLOSED
from shared.events.types.credit_commended import CREDIT_COMMENDED
from shared.events.types.fact_withdrawn import FACT_WITHDRAWN
from shared.events.types.inspection_completed import INSPECTION_COMPLETED
from shared.events.types.inspection_dispute_closed import INSPECTION_DISPUTE_CLOSED
from shared.events.types.inspector_upserted import INSPECTOR_UPSERTED
from shared.events.types.subject_upserted import SUBJECT_UPSERTED
from shared.web.bounds import Bounds

CORRECTING = "events:correct"

STATING = {
    CASE_DECIDED: "case_no",
    CASE_AMENDED: "case_no",
    INSPECTION_COMPLETED: "inspection_id",
    CREDIT_COMMENDED: "commendation_no",
}
"""What states a case, an inspection or a commendation, and under which number."""
_NUMBERS = ("case_no", "inspection_id", "target")
_CLOSING = (CASE_DISPUTE_CLOSED, INSPECTION_DISPUTE_CLOSED)


class Stated(Protocol):
    """A fact that is applied, or an event that came before this one."""

    @property
    def source(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def time(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and whether corrections of others' facts are his business."""

    bounds: Bounds
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an event's subject: its facts, those before it in the same batch too, and its county."""

    stated: Collection[Stated] = ()
    region: str | None = None


NOTHING = Known()


def asks(event: Stated, sender: Sender) -> bool:
    """Whether an event cannot be judged without what is known of its subject."""
    return event.type in _CLOSING or (_bounded(sender) and not (sender.corrects and "region" in event.data))


def waits(event: Stated, sender: Sender) -> bool:
    """Whether it cannot be taken while nobody knows whose that is which it names, or where its subject is."""
    if member_naming(event) is not None:
        return _bounded(sender) and not sender.corrects
    return bool(sender.bounds.regions) and "region" not in event.data


def _bounded(sender: Sender) -> bool:
    return bool(sender.bounds.regions or sender.bounds.sources)


def faults(event: Stated, sender: Sender, known: Known) -> list[Fault]:
    """What keeps an event from being this sender's; [] where nothing does."""
    return [*_own(event, sender.bounds, known), *_others(event, sender, known), *_of_author(event, known)]


def _own(event: Stated, bounds: Bounds, known: Known) -> Iterable[Fault]:
    if not bounds.covers_source(event.source):
        yield Fault("/source", f"must be {' or '.join(bounds.sources)}: the key is for no other")
    if not bounds.regions:
        return
    here = ", ".join(bounds.regions)
    if event.type == INSPECTOR_UPSERTED:
        yield Fault("/type", "is not taken from whom a region bounds; send it to PUT /v1/inspectors/{inspector_id}")
    elif "region" in event.data:
        if not bounds.covers_region(event.data["region"]):
            yield Fault("/data/region", f"must lie in {here}: the key is for no other region")
        if event.type == SUBJECT_UPSERTED and known.region and not bounds.covers_region(known.region):
            yield Fault("/subject", f"is registered outside of {here}, the regions of the key")
    elif member_naming(event) is None and not bounds.covers_region(known.region):
        yield Fault("/subject", f"must be registered in {here}, the regions of the key")


def _others(event: Stated, sender: Sender, known: Known) -> Iterable[Fault]:
    bounds = sender.bounds
    if sender.corrects or not _bounded(sender):
        return
    naming = member_naming(event)
    pointer = naming or f"/data/{STATING.get(event.type)}"
    found = [each for each in known.stated if speaks_of(event, each)]
    for each in found:
        region = each.data.get("region") or known.region
        if not (bounds.covers_source(each.source) and bounds.covers_region(region)):
            yield Fault(pointer, f"is of another source or region; that takes the scope {CORRECTING}")
            return
    if naming and not found and bounds.regions and event.data.get("source") != event.source:
        told = "send this again when it is (GET /v1/events says so), or with a key that no region bounds"
        yield Fault(pointer, f"is not applied yet; {told}")


def _of_author(event: Stated, known: Known) -> Iterable[Fault]:
    if event.type not in _CLOSING:
        return
    content = [each for each in known.stated if each.type in STATING and speaks_of(event, each)]
    if not content:
        return
    standing = max(content, key=lambda each: (each.data.get("revision", 0), order_of(each.time), each.id, each.source))
    if event.data["reviewer"] in (*standing.data.get("officers", ()), *standing.data.get("inspectors", ())):
        yield Fault("/data/reviewer", "is an author of what is disputed; another officer has to review it")


def member_naming(event: Stated) -> str | None:
    """The member that names another."""
    if event.type == FACT_WITHDRAWN:
        return "/data/id"
    if event.type in (CASE_DECIDED, INSPECTION_COMPLETED, CREDIT_COMMENDED):
        return None
    return next((f"/data/{name}" for name in _NUMBERS if name in event.data), None)


def speaks_of(event: Stated, other: Stated) -> bool:
    """Whether an event names what another states, or states it again."""
    if event.type == FACT_WITHDRAWN:
        return (event.data["source"], event.data["id"]) == (other.source, other.id)
    if (event.source, event.id) == (other.source, other.id) or other.type not in STATING:
        return False
    number = other.data[STATING[other.type]]
    if CREDIT_COMMENDED in (event.type, other.type):
        return event.type == other.type and number == event.data["commendation_no"]
    return number in (event.data.get("target"), event.data.get(STATING[other.type]))
