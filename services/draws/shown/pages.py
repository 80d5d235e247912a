"""Draws a page at a time, the latest first. Pure."""

from __future__ import annotations

from collections.abc import Callable

from services.draws.steps import Draw, Draws


def page(draws: Draws, wanted: Callable[[Draw], bool], after: str | None, most: int) -> tuple[list[Draw], str | None]:
    """Draws that are wanted after the one that ended the page before, and the one that ends this, if more
    follow. None vanishes, and new ones come before the first page: whoever turns the pages misses nothing.
    """
    ids = list(draws.by_id)[::-1]
    start = ids.index(after) + 1 if after is not None and after in draws.by_id else 0
    found = [draw for each in ids[start:] if wanted(draw := draws.by_id[each])]
    shown = found[:most]
    return shown, shown[-1].draw_id if len(found) > most else None
