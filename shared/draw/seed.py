"""The seed 随机种子: the commitment, and values that nobody could know when it was given (DRAW.md section 3)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from shared.draw.checks import PROTOCOL, Refused
from shared.draw.instants import instant
from shared.draw.plan import Plan

_PRINTABLE = re.compile("[!-~]+")


def seed_of(plan: Plan, commitment: str, values: Mapping[str, str]) -> bytes:
    """The 32 bytes of the seed. Raises `Refused` with `seed-form`."""
    refuse_values(plan, values)
    parts = [f"{source.name}={values[source.name]}\n" for source in plan.seed_sources]
    return hashlib.sha256(f"{PROTOCOL} seed\n{commitment}\n{''.join(parts)}".encode()).digest()


def refuse_values(plan: Plan, values: Any) -> None:
    """Raises `Refused` with `seed-form` unless every source, and no other, gives one value of its pattern."""
    if not isinstance(values, Mapping):
        raise Refused("seed-form", "the values must be an object: source → value")
    names = {source.name for source in plan.seed_sources}
    if missing := names - values.keys():
        raise Refused("seed-form", f"there is no value of {', '.join(sorted(missing))}")
    if others := values.keys() - names:
        raise Refused("seed-form", f"the plan names no source {', '.join(sorted(others))}")
    for source in plan.seed_sources:
        refuse_value(plan, source.name, values[source.name])


def refuse_value(plan: Plan, name: str, value: Any) -> None:
    """Raises `Refused` with `seed-form` unless a value is of its source's pattern, in its one spelling."""
    source = next(each for each in plan.seed_sources if each.name == name)
    if not isinstance(value, str) or not _PRINTABLE.fullmatch(value):
        raise Refused("seed-form", f"the value of {name} must be printable ASCII without spaces, and not empty")
    if not source.pattern.matches(value):
        raise Refused("seed-form", f"the value of {name} is not of the plan's pattern")


def refuse_times(plan: Plan, committed_at: Any, seed_at: Any) -> None:
    """Raises `Refused` with `seed-time` unless all was committed before the first event, and no value came earlier."""
    given = {}
    for name, text in (("committed_at", committed_at), ("seed_at", seed_at)):
        try:
            given[name] = instant(text)
        except ValueError:
            raise Refused("seed-time", f"{name} must be an instant with an offset") from None
    for source in plan.seed_sources:
        if source.not_before <= given["committed_at"]:
            raise Refused("seed-time", f"{source.name} could happen before the commitment")
    if given["seed_at"] < min(source.not_before for source in plan.seed_sources):
        raise Refused("seed-time", "the first value was entered before any event could happen")
