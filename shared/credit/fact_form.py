"""What the score function reads of each event type (SCORING.md section 1): the form that facts in a file must have.

Doors check far more (shared/events); here only what a score rests on, so that facts of newer doors are taken as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LAST_YEAR = 9000
Rule = Callable[[Any], str | None]
"""What would be right instead of a value; None where it is right."""


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) else "must be a text"


def _count(value: Any) -> str | None:
    return None if type(value) is int and value >= 0 else "must be a whole number, 0 or more"


def day(value: Any) -> str | None:
    """A civil date, early enough to add months to it."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return "must be a date such as 2026-02-01"
    try:
        return None if date.fromisoformat(value).year < _LAST_YEAR else f"must be a date before the year {_LAST_YEAR}"
    except ValueError:
        return "must be a date that the calendar has"


def _texts(value: Any) -> str | None:
    good = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return None if good else "must be a list of texts"


def _findings(value: Any) -> str | None:
    keys = ("violation_code", "severity")
    good = isinstance(value, list) and all(
        isinstance(item, dict) and all(isinstance(item.get(key), str) for key in keys) for item in value
    )
    return None if good else "must be a list of objects with the texts violation_code and severity"


_CASE: dict[str, Rule] = {"case_no": _text}
_DECISION = {
    **_CASE,
    **dict.fromkeys(("violation_code", "severity"), _text),
    **dict.fromkeys(("occurred_on", "decided_on"), day),
    "officers": _texts,
}
_INSPECTION: dict[str, Rule] = {"inspection_id": _text}
_COMPLETION = {
    **_INSPECTION,
    "result": _text,
    "findings": _findings,
    "inspected_on": day,
    "inspectors": _texts,
}
_RELEASE: dict[str, Rule] = dict.fromkeys(("reply_source", "reply_id", "reviewer"), _text)
_CLOSURE: dict[str, Rule] = {"on": day, "reviewer": _text}

_FORMS: Mapping[str, Mapping[str, Rule]] = {
    "case.decided": _DECISION,
    "case.amended": {**_DECISION, "revision": _count},
    "case.revoked": _CASE,
    "case.disputed": {**_CASE, "on": day},
    "case.dispute_closed": {**_CASE, **_CLOSURE},
    "case.replied": _CASE,
    "case.reply_released": {**_CASE, **_RELEASE},
    "inspection.completed": _COMPLETION,
    "inspection.disputed": {**_INSPECTION, "on": day},
    "inspection.dispute_closed": {**_INSPECTION, **_CLOSURE},
    "inspection.replied": _INSPECTION,
    "inspection.reply_released": {**_INSPECTION, **_RELEASE},
    "inspection.rectified": {**_INSPECTION, "verified_on": day},
    "credit.repaired": {"target": _text, "granted_on": day},
    "credit.commended": {"commendation_no": _text, "commendation_code": _text, "granted_on": day},
    "fleet.declared": {"declared_on": day, "vehicles": _count},
    "fact.withdrawn": {"source": _text, "id": _text},
}


def fault(type_: str, data: Mapping[str, Any]) -> str | None:
    """The first field of an event's data that has not the form that its type demands; None where all have."""
    form = _FORMS.get(type_.removeprefix("cn.chengxin.").removesuffix(".v1"), {})
    for name, rule in form.items():
        if name not in data:
            return f"/data/{name} is missing"
        if wrong := rule(data[name]):
            return f"/data/{name} {wrong}"
    return None
