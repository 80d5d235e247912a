"""The plan 抽查计划: who is drawn how, decided and committed before anything random is known (DRAW.md section 2)."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import Any, NamedTuple

from shared.draw.canonical import no_constant, read
from shared.draw.checks import PROTOCOL, Refused
from shared.draw.instants import Instant, instant
from shared.draw.pattern import Pattern, parse_pattern
from shared.draw.plan_form import faults

ANY = "*"


@dataclass(frozen=True, slots=True)
class Stratum:
    """Of how many subjects of a stratum 层; exactly one of count and rate."""

    name: str
    count: int | None
    rate: Fraction | None


@dataclass(frozen=True, slots=True)
class Entry:
    """Seats of a panel that one department fills; `*` is any."""

    department: str
    count: int


class SeedSource(NamedTuple):
    """An event to come whose outcome is a part of the seed."""

    name: str
    not_before: Instant
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan that has the right form; `document` is all of it, further keys too."""

    draw_id: str
    strata: tuple[Stratum, ...]
    cap: int | None
    panel: tuple[Entry, ...]
    max_load: int | None
    inspector_region: str
    seed_sources: tuple[SeedSource, ...]
    publish_by: date
    journal: str
    document: Mapping[str, Any]

    @property
    def panel_size(self) -> int:
        """How many inspectors a panel has."""
        return sum(entry.count for entry in self.panel)

    def entry_of(self, seat: int) -> Entry:
        """The entry through which who has a seat joined; seats count from 0, in the order in which inspectors join.

        Looked for and never listed: of a draw of nobody a panel may have 2^53 seats.
        """
        ends = accumulate(entry.count for entry in self.panel)
        return next(entry for entry, end in zip(self.panel, ends, strict=True) if seat < end)


def parse_plan(data: bytes) -> Plan:
    """The plan out of its bytes. Raises `Refused` with `protocol` or `plan-form`."""
    _refuse_protocol(data)
    try:
        document = read(data)
    except ValueError as error:
        raise Refused("plan-form", f"the plan {error}") from None
    if not unicodedata.is_normalized("NFC", data.decode()):
        raise Refused("plan-form", "the plan is not in Unicode's form NFC")
    if found := list(faults(document)):
        raise Refused("plan-form", "; ".join(f"{fault.pointer or 'the plan'} {fault.message}" for fault in found[:10]))
    return _plan(document)


def _refuse_protocol(data: bytes) -> None:
    try:
        document = json.loads(data.decode(), parse_constant=no_constant)
    except (ValueError, RecursionError):
        return  # of no form at all
    if isinstance(document, dict) and document.get("protocol") != PROTOCOL:
        raise Refused("protocol", f"the plan is not of {PROTOCOL}")


def _plan(document: Mapping[str, Any]) -> Plan:
    return Plan(
        draw_id=document["draw_id"],
        strata=tuple(
            Stratum(each["stratum"], each.get("count"), Fraction(each["rate"]) if "rate" in each else None)
            for each in document["strata"]
        ),
        cap=document["cap"],
        panel=tuple(Entry(each["department"], each["count"]) for each in document["panel"]),
        max_load=document["max_load"],
        inspector_region=document["inspector_region"],
        seed_sources=tuple(
            SeedSource(each["name"], instant(each["not_before"]), parse_pattern(each["pattern"]))
            for each in document["seed_sources"]
        ),
        publish_by=date.fromisoformat(document["publish_by"]),
        journal=document["journal"],
        document=document,
    )
