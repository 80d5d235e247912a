"""All event types, found in `shared.events.types`: a new type is a new module there."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache

import shared.events.types
from shared.events.envelope import Event, Fault
from shared.events.event_type import EventType


class Catalogue:
    """Event types by name."""

    def __init__(self, types: Iterable[EventType]) -> None:
        by_type: dict[str, EventType] = {}
        for each in types:
            if by_type.setdefault(each.name, each) is not each:
                raise ValueError(f"{each.name} stands twice in shared.events.types")
        self.by_type: Mapping[str, EventType] = by_type

    def topic_of(self, type_name: str) -> str:
        """The topic (name without prefix and version) that holds a type. Raises `KeyError` for an unknown one."""
        return self.by_type[type_name].topic

    def unknown(self, type_name: str) -> Fault:
        """What to say of a type that is not here."""
        near = difflib.get_close_matches(type_name[:200], self.by_type, 1, 0.8)
        meant = f"; did you mean {near[0]}?" if near else ", such as cn.chengxin.case.decided.v1"
        return Fault("/type", f"must be a type of the catalogue{meant}")

    def log_faults(self, event: Event) -> list[Fault]:
        """What keeps an event on the log from being understood: [] for all that doors let in, newer doors too."""
        kind = self.by_type.get(event.type)
        return [self.unknown(event.type)] if kind is None else kind.checked.tolerant_faults(event.data, "data")


def discover() -> Catalogue:
    """Import all modules of `shared.events.types` and collect their `EVENT`."""
    found = [module.name for module in pkgutil.iter_modules(shared.events.types.__path__, "shared.events.types.")]
    return Catalogue(importlib.import_module(name).EVENT for name in sorted(found))


@cache
def catalogue() -> Catalogue:
    """The catalogue of this process."""
    return discover()
