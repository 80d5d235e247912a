"""The kinds of subjects that are scored. A new kind is one row here and one rulebook."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple


class Kind(NamedTuple):
    """A row: its name in ids and rulebooks, and what people call it."""

    name: str
    chinese: str


KINDS = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("shop", "沿街商铺"),
            Kind("sanitation", "环卫企业"),
            Kind("hauler", "建筑垃圾运输企业"),
        )
    }
)
"""Kinds by name, in the order in which they are listed everywhere."""
