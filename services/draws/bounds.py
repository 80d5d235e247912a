"""How far a key's bounds let its holder work at a draw: by the regions of the plan's pool and roster. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.draws.steps import Draw
from shared.web.access import Access
from shared.web.bounds import Bounds

NOBODY: frozenset[str] = frozenset()


def scopes_at(draw: Draw, access: Access | None) -> frozenset[str]:
    """The scopes that somebody has at a draw: none at one beyond his bounds, which he sees as anybody does."""
    if access is None or not _covers(access.bounds, draw.plan.document):
        return NOBODY
    return access.scopes


def refuse_beyond(bounds: Bounds, plan: Mapping[str, Any]) -> None:
    """Raises 403 `out-of-bounds` where a plan reaches further than a key may."""
    if not _covers(bounds, plan):
        bounds.refuse_region(None)


def _covers(bounds: Bounds, plan: Mapping[str, Any]) -> bool:
    """What names no regions draws from everywhere."""
    named = [plan.get(part, {}).get("regions", [None]) for part in ("pool", "roster")]
    return all(bounds.covers_region(region) for regions in named for region in regions)
