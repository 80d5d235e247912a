"""Subjects of the sample city that are worth looking at."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from services.sample.city import City


class Highlight(NamedTuple):
    """A subject, and why to look at it."""

    subject_id: str
    why: str


_LATE = timedelta(days=90)
_WANTED = (
    ("shop", "repeated violations, one of them repaired", {"case.decided": 3, "credit.repaired": 1}),
    (
        "shop",
        "a case that was revoked and so counts no more",
        {"case.revoked": 1, "case.decided": 2, "case.replied": 1},
    ),
    ("hauler", "cases of many vehicles, scaled by the size of the fleet, one disputed", {"case.disputed": 1}),
)


def highlights(city: City) -> list[Highlight]:
    """One subject of each sort: the one with the most cases of late, so that the public sees some of them."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    late: Counter[str] = Counter()
    since = (max(datetime.fromisoformat(event.time) for event in city.events) - _LATE).isoformat()
    for event in city.events:
        name = event.type.removeprefix("cn.chengxin.").removesuffix(".v1")
        counts[event.subject][name] += 1
        late[event.subject] += name == "case.decided" and event.time > since
    found: list[Highlight] = []
    for kind, why, wanted in _WANTED:
        fitting = [each for each in city.subjects if each.kind == kind and counts[each.id] >= Counter(wanted)]
        if fitting:
            best = max(fitting, key=lambda each: late[each.id])
            found.append(Highlight(best.id, f"{best.name}: {why}"))
    return found
