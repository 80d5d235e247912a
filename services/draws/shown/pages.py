"""Draws a page at a time, the latest first. Pure."""

from __future__ import annotations

from services.draws.steps import Draw, Draws


def page(draws: Draws, phase: str | None, after: str | None, most: int) -> tuple[list[Draw], str | None]:
    """Draws of a phase (None: of any) after the one that ended the page before, and the one that ends this, if more
    follow. None vanishes, and new ones come before the first page: whoever turns the pages misses nothing.
    """
    ids = list(draws.by_id)[::-1]
    start = ids.index(after) + 1 if after is not None and after in draws.by_id else 0
    found = [draw for each in ids[start:] if phase in (None, (draw := draws.by_id[each]).phase)]
    shown = found[:most]
    return shown, shown[-1].draw_id if len(found) > most else None
