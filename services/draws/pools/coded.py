"""Cases stand in a pool by codes: a bundle is public for ever, and most cases never were, or are to be forgotten. Pure.

Who reads a bundle needs no number: he checks that each line was drawn as it had to be. Whoever reviews a file is told
which it is, with the salt that proves it.
"""

from __future__ import annotations

from collections.abc import Callable

from services.draws.codes import Codes
from services.draws.pools.entries import Assembled
from shared.draw.normalising import document


def coded(found: Assembled, new_salt: Callable[[], str]) -> tuple[Assembled, Codes]:
    """The lists with a new code in the place of each case's id, and whose codes these are."""
    pool, excluded = (text.decode().split("\n")[:-1] for text in (found.pool, found.excluded))
    codes = Codes.make([line.split("\t", 1)[0] for line in (*pool, *excluded)], new_salt)
    handlers = {codes.by_id[id_]: officers for id_, officers in found.handlers.items()}
    hidden = _hidden(pool, codes), _hidden(excluded, codes)
    subjects = {codes.by_id[id_]: subject for id_, subject in found.subjects.items()}
    return Assembled(*hidden, found.strata, found.sizes, handlers, subjects), codes


def _hidden(lines: list[str], codes: Codes) -> bytes:
    split = (line.split("\t", 1) for line in lines)
    return document(f"{codes.by_id[id_]}\t{rest}" for id_, rest in split)
