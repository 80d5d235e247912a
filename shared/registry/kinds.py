"""The kinds of subjects that are scored. A new kind is one row here and one rulebook."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple


class Kind(NamedTuple):
    """A row: its name in ids and rulebooks, what people call it, and how its violation codes begin."""

    name: str
    chinese: str
    english: str
    code_prefix: str


KINDS = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("shop", "沿街商铺", "street shop", "SP-"),
            Kind("sanitation", "环卫企业", "sanitation firm", "HW-"),
            Kind("hauler", "建筑垃圾运输企业", "construction-waste hauler", "ZT-"),
        )
    }
)
"""Kinds by name, in the order in which they are listed everywhere."""
