"""What a subject is filed under: its county, and the facets it is found by (pure).

The directory says whom to look at and no more: what is shown of a subject is read from its own summary. So no score
is copied here, and nothing has to be forgotten here that the summary has forgotten.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from shared.credit.item import Ledger

COUNTY = 6
"""Digits of a county's code."""
UNREGISTERED = "000000"
"""The county of subjects that facts have named and no register yet."""
PIECE = 2
"""Characters of a name that are filed together: Chinese is written without spaces, so a word is found by its pairs."""

EVERYBODY = "all"


class Filed(NamedTuple):
    """Where a subject is filed, and under what."""

    county: str
    facets: frozenset[str]


def filed(state: Mapping[str, Any]) -> Filed | None:
    """Where the latest state on `scores.v1` files its subject.

    None where a fault of ours failed on it: nothing new is known of it then, and it stays where it is.
    """
    if "failed" in state:
        return None
    registered = state.get("registration") or {}
    region, status = registered.get("region"), registered.get("status")
    facets = {EVERYBODY, *(name_facet(piece) for piece in pieces(registered.get("name", "")))}
    if region:
        facets.update(region_facet(region[:length]) for length in (9, 12))
    if status:
        facets.add(status_facet(status))
    for ledger in ("internal", "public"):
        grade = (state.get(ledger) or {}).get("grade")  # of the public's view it is left out where it is not public
        if grade is not None:
            facets.add(grade_facet(ledger, grade))
    return Filed(region[:COUNTY] if region else UNREGISTERED, frozenset(facets))


def region_facet(prefix: str) -> str:
    """In a sub-district (9 digits) or community (12)."""
    return f"in:{prefix}"


def status_facet(status: str) -> str:
    """Open or closed."""
    return f"is:{status}"


def grade_facet(ledger: Ledger, grade: str) -> str:
    """Of a grade, as the audience of the ledger sees it."""
    return f"{ledger}:{grade}"


def name_facet(piece: str) -> str:
    """With these two characters side by side in its name."""
    return f"name:{piece}"


def plain(name: str) -> str:
    """A name as it is searched: half-width, in lower case, letters and digits alone."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).casefold()))


def pieces(name: str) -> set[str]:
    """All pairs of neighbouring characters of a name, as it is searched."""
    text = plain(name)
    return {text[at : at + PIECE] for at in range(len(text) - PIECE + 1)}
