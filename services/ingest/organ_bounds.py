"""What the settings let organs' own topics carry."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from shared.registry.regions import prefix_of
from shared.web.bounds import Bounds


def bounds_of(organ_bounds: Collection[str]) -> dict[str, Bounds]:
    """The bounds of organs' topics out of the setting: `<organ>:<prefix of regions>` or `<organ>:<source>`."""
    found: dict[str, Bounds] = {}
    for each in organ_bounds:
        organ, _, bound = each.partition(":")
        before = found.get(organ, Bounds())
        if bound.isdigit():  # a source has letters
            found[organ] = replace(before, regions=(*before.regions, prefix_of(bound)))
        else:
            found[organ] = replace(before, sources=(*before.sources, bound))
    return found
