"""What may be seen of a draw, when and by whom: decided here and nowhere else. Pure.

The pool and the seed together are the list of who will be inspected, and anybody can look the seed's public value up.
So documents, values and result stay sealed until the publication; until then witnesses hold hashes of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Literal

from services.draws.steps import Draw
from shared.web.bounds import DRAW_FILING_SCOPE
from shared.web.problems import Kind

BUNDLE_SEALED = Kind("bundle-sealed", 403, "The bundle is sealed until the publication")

Part = Literal["outline", "plan", "commitment", "hashes", "values", "bundle", "steps"]
"""`outline`: title, seed sources, window, witnesses. `commitment`: with the counts of the lists. `hashes`: of
the result and of the sealed bundle. `values`: what was entered of the seed. `bundle`: documents, seed, result,
replacements. `steps`: who did what; with the bundle also the proposals that are not confirmed.
"""

SCOPES = ("draws:plan", "draws:seed", "draws:publish")
"""Of those who work at draws."""
_READERS = (*SCOPES, DRAW_FILING_SCOPE)
"""Of those who have to know a plan before it is frozen; that there is one, the journal tells everybody."""

_Reached = Callable[[Draw], bool]

_PUBLIC: Mapping[Part, _Reached] = {
    "outline": lambda draw: draw.committed is not None or draw.phase == "abandoned",
    "plan": lambda draw: draw.committed is not None,
    "commitment": lambda draw: draw.committed is not None,
    "hashes": lambda draw: draw.result_sha256 is not None,
    "values": lambda draw: draw.phase == "published",
    "bundle": lambda draw: draw.phase == "published",
    "steps": lambda _: False,
}
_WITH_SCOPE: Mapping[Part, tuple[_Reached, Collection[str]]] = {
    "outline": (lambda _: True, _READERS),
    "plan": (lambda _: True, _READERS),
    "values": (lambda _: True, SCOPES),
    "bundle": (lambda draw: draw.result_sha256 is not None, ("draws:plan", "draws:publish")),
    "steps": (lambda _: True, SCOPES),
}
"""What those who work at draws see before the public does: the planner and the publisher have to check the bundle, and
to know who inspects whom; who enters a seed need not know what it gives.
"""


def may_see(part: Part, draw: Draw, scopes: Collection[str] = ()) -> bool:
    """Whether a part may be shown to the holder of a key with such scopes; to anybody without any."""
    if _PUBLIC[part](draw):
        return True
    reached, holders = _WITH_SCOPE.get(part, (lambda _: False, ()))
    return reached(draw) and not set(scopes).isdisjoint(holders)
