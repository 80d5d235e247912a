"""What each vehicle 车辆 of a hauler has cost it: the cases of an account by their number plates. Pure."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from shared.credit.item import Item
from shared.credit.points import show_points
from shared.credit.score import Account


def by_plate(account: Account, as_of: date) -> list[dict[str, Any]]:
    """Plates with their cases, those that count most first; cases that name none stand under null, last of all."""
    found: dict[str | None, list[Item]] = defaultdict(list)
    for item in account.items:
        if item.type == "case" and item.dossier.content is not None:
            found[item.dossier.content.data.get("vehicle")].append(item)
    rows = [_row(plate, items, as_of) for plate, items in found.items()]
    return [row for _, row in sorted(rows, key=lambda each: each[0])]


def _row(plate: str | None, items: list[Item], as_of: date) -> tuple[tuple[bool, int, str], dict[str, Any]]:
    counted = sum(item.counted(as_of) for item in items)
    lines = [
        {
            "ref": item.ref,
            "code": item.code,
            "decided_on": item.decided_on.isoformat(),
            "state": item.state(as_of),
            "counted": show_points(item.counted(as_of)),
        }
        for item in sorted(items, key=lambda each: (each.decided_on, each.ref), reverse=True)
    ]
    row = {"plate": plate, "counted": show_points(counted), "cases": lines}
    return (plate is None, -counted, plate or ""), row
