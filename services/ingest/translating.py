"""Organs' own codes 自编码 turned into violation codes at the door, by the tables that they have entered. Pure.

What the organ has sent stays beside it as `own_code`. An entry stands for good: another code under the same one would
make another event of what is sent again under its old id, and the old one would count.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from shared.events.envelope import Event
from shared.events.types.case_amended import CASE_AMENDED
from shared.events.types.case_decided import CASE_DECIDED
from shared.events.types.inspection_completed import INSPECTION_COMPLETED

Tables = Mapping[str, Mapping[str, str]]
"""Violation codes by own codes, by the source whose these are."""


def translated(event: Event, tables: Tables) -> Event:
    """The event by violation codes, where its source has a table."""
    table = tables.get(event.source)
    if not table:
        return event
    if event.type in (CASE_DECIDED, CASE_AMENDED):
        return dataclasses.replace(event, data=_one(event.data, table))
    if event.type == INSPECTION_COMPLETED:
        findings = [_one(each, table) for each in event.data["findings"]]
        return dataclasses.replace(event, data={**event.data, "findings": findings})
    return event


def _one(said: Mapping[str, Any], table: Mapping[str, str]) -> dict[str, Any]:
    code = table.get(said["violation_code"])
    return dict(said) if code is None else {**said, "violation_code": code, "own_code": said["violation_code"]}
