"""The form of a plan, each fault told by where it stands (DRAW.md section 2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from shared.draw.checks import PROTOCOL
from shared.draw.instants import instant
from shared.draw.pattern import parse_pattern

REGIONS = ("any", "same", "other")
LEAST_SEATS = 2
"""行政处罚法 第四十二条: law is enforced by two at least."""

_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")  # and what UTF-8 cannot say
_RATE = re.compile(r"(?:0|1)(?:[.][0-9]{1,9})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HASH = re.compile(r"[0-9a-f]{64}")


class Fault(NamedTuple):
    """A JSON Pointer (RFC 6901) into the plan, and a sentence on what would be right."""

    pointer: str
    message: str


Form = Callable[[Any], str | None]
"""What would be right instead of a value; None where it is right."""


def is_text(value: Any) -> bool:
    """A text that is not empty and holds no control characters."""
    return isinstance(value, str) and value != "" and not _CONTROL.search(value)


def faults(document: Any) -> Iterator[Fault]:
    """All that keeps a document from being a plan."""
    if not isinstance(document, Mapping):
        yield Fault("", "must be an object")
        return
    if missing := sorted(_FORMS.keys() - document.keys()):
        yield Fault("", f"must have {', '.join(missing)}")
    for name, form in _FORMS.items():
        if name in document:
            yield from form(document[name], f"/{name}")


def _one(form: Form) -> Callable[[Any, str], Iterator[Fault]]:
    def told(value: Any, at: str) -> Iterator[Fault]:
        if wrong := form(value):
            yield Fault(at, wrong)

    return told


def _members(value: Any, at: str, forms: Mapping[str, Form], *others: Collection[str]) -> Iterator[Fault]:
    """Faults of an object that has just these members; of `others` just one set of names may stand for them all."""
    wanted = [frozenset(forms) - frozenset(left_out) for left_out in others] or [frozenset(forms)]
    if not isinstance(value, Mapping) or frozenset(value) not in wanted:
        yield Fault(at, "must be an object with just " + ", or just ".join(", ".join(sorted(each)) for each in wanted))
        return
    for name, form in forms.items():
        if name in value and (wrong := form(value[name])):
            yield Fault(f"{at}/{name}", wrong)


def _each(
    value: Any, at: str, forms: Mapping[str, Form], *others: Collection[str], unique: str | None = None
) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield Fault(at, "must be a list")
        return
    found = [fault for index, each in enumerate(value) for fault in _members(each, f"{at}/{index}", forms, *others)]
    yield from found
    if unique and not found:
        seen: set[str] = set()
        for index, each in enumerate(value):
            if each[unique] in seen:
                yield Fault(f"{at}/{index}/{unique}", "must not stand twice")
            seen.add(each[unique])


def _text(value: Any) -> str | None:
    return None if is_text(value) else "must be a text, not empty and without control characters"


def _whole(least: int) -> Form:
    return lambda value: None if type(value) is int and value >= least else f"must be a whole number, {least} or more"


def _or_null(form: Form) -> Form:
    return lambda value: None if value is None or not (wrong := form(value)) else f"{wrong}, or null"


def _name(value: Any) -> str | None:
    return _text(value) or ("must have no =" if "=" in value else None)


def _rate(value: Any) -> str | None:
    good = isinstance(value, str) and _RATE.fullmatch(value) and (value[0] == "0" or not value[2:].strip("0"))
    return None if good else "must be a text such as 0.05, from 0 to 1, with at most 9 digits behind the point"


def _instant(value: Any) -> str | None:
    try:
        instant(value)
    except ValueError:
        return "must be an instant with an offset, such as 2026-11-02T09:30:00+08:00"
    return None


def _pattern(value: Any) -> str | None:
    if not isinstance(value, str):
        return "must be a text"
    try:
        parse_pattern(value)
    except ValueError as error:
        return str(error)
    return None


def _day(value: Any) -> str | None:
    try:
        good = isinstance(value, str) and _DAY.fullmatch(value) and date.fromisoformat(value)
    except ValueError:
        good = None
    return None if good else "must be a date such as 2026-12-31"


def _is(*values: str) -> Form:
    return lambda value: None if value in values else f"must be {' or '.join(values)}"


def _strata(value: Any, at: str) -> Iterator[Fault]:
    forms = {"stratum": _text, "count": _whole(0), "rate": _rate}
    yield from _each(value, at, forms, ("count",), ("rate",), unique="stratum")


def _panel(value: Any, at: str) -> Iterator[Fault]:
    found = list(_each(value, at, {"department": _text, "count": _whole(1)}))
    yield from found
    if not found and sum(each["count"] for each in value) < LEAST_SEATS:
        yield Fault(at, f"must have {LEAST_SEATS} seats at least (行政处罚法 42)")


def _sources(value: Any, at: str) -> Iterator[Fault]:
    yield from _each(value, at, {"name": _name, "not_before": _instant, "pattern": _pattern}, unique="name")
    if value == []:
        yield Fault(at, "must not be empty")


def _replaces(value: Any, at: str) -> Iterator[Fault]:
    if value is not None:
        yield from _members(value, at, {"draw_id": _text, "cause": _text})


_FORMS: Mapping[str, Callable[[Any, str], Iterator[Fault]]] = {
    "protocol": _one(_is(PROTOCOL)),
    "draw_id": _one(_text),
    "title": _one(_text),
    "strata": _strata,
    "cap": _one(_or_null(_whole(0))),
    "panel": _panel,
    "max_load": _one(_or_null(_whole(1))),
    "inspector_region": _one(_is(*REGIONS)),
    "seed_sources": _sources,
    "publish_by": _one(_day),
    "journal": _one(
        lambda value: (
            None if isinstance(value, str) and _HASH.fullmatch(value) else "must be a SHA-256 in lower-case hex"
        )
    ),
    "replaces": _replaces,
}
