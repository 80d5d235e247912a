"""Register entries of the sample city: subjects, their changes, fleets, commendations, and officers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from services.sample.diary import OFFICERS, REVIEWERS, Diary
from services.sample.subjects import DISTRICT, Subject
from shared.credit.rulebook import Rulebooks
from shared.registry.regions import communities_within

_ASSISTANTS = tuple(f"{DISTRICT}-{place:04d}" for place in range(8801, 8811))


def inspectors(diary: Diary) -> None:
    """Officers, reviewers and assistants 协管人员; a few are suspended or have left."""
    for inspector_id in (*OFFICERS, *REVIEWERS, *_ASSISTANTS):
        status = "active" if diary.happens(0.92) else diary.chance.choice(("suspended", "left"))
        entry = {
            "inspector_id": inspector_id,
            "name": f"{diary.chance.choice('王李张刘陈杨')}某",
            "department": "亭湖区综合行政执法大队",
            "region": f"{DISTRICT}000000",
            "role": "assistant" if inspector_id in _ASSISTANTS else "officer",
            "certificate_no": f"苏1009{inspector_id[-4:]}",
            "valid_until": (diary.until + timedelta(days=diary.chance.randrange(-60, 900))).isoformat(),
            "status": status,
        }
        diary.write("inspector.upserted", f"inspector:{inspector_id}", diary.start, entry)


def enter(diary: Diary, subject: Subject) -> date:
    """The subject's entries; the answer is its last day: that of its closure, or the city's last."""
    entry: dict[str, Any] = {"name": subject.name, "region": subject.region, "status": "open"}
    entry |= {"legal_form": subject.legal_form, "operator": subject.operator, "road": subject.road}
    diary.write("subject.upserted", subject, diary.later(diary.start, 0, 20), entry)
    if diary.happens(0.015):
        entry["name"] = f"新{subject.name}"
        diary.write("subject.upserted", subject, diary.any_day(), entry)
    if diary.happens(0.01):
        entry["region"] = diary.chance.choice(communities_within(DISTRICT))
        diary.write("subject.upserted", subject, diary.any_day(), entry)
    if subject.kind == "shop" and diary.happens(0.02):
        closed = diary.later(diary.start, 200, 720)
        diary.write("subject.upserted", subject, closed, entry | {"status": "closed", "closed_on": closed.isoformat()})
        return closed
    return diary.until


def fleet(diary: Diary, subject: Subject) -> None:
    """A declaration every half year, while the fleet grows or shrinks to what it is; one is declared in error."""
    for half_year in range(4):
        day = diary.start + timedelta(days=1 + 182 * half_year)
        vehicles = max(1, len(subject.vehicles) - 8 * (3 - half_year) + diary.chance.randint(-5, 5))
        diary.write("fleet.declared", subject, day, {"declared_on": day.isoformat(), "vehicles": vehicles})
    if diary.happens(0.2):
        wrong = diary.any_day()
        event = diary.write("fleet.declared", subject, wrong, {"declared_on": wrong.isoformat(), "vehicles": 5000})
        if event:
            withdraw(diary, subject, event.source, event.id, diary.later(wrong, 1, 20))


def withdraw(diary: Diary, subject: Subject, source: str, id_: str, day: date) -> None:
    """Take back what was entered in error."""
    instrument = diary.number("亭城管更〔{year}〕{number}号", day)
    data = {"source": source, "id": id_, "ground": "entered_in_error", "instrument_no": instrument}
    diary.write("fact.withdrawn", subject, day, data)


def commend(diary: Diary, subject: Subject, rulebooks: Rulebooks) -> None:
    """A commendation by one of the codes of the day's rulebook."""
    day = diary.any_day()
    version = rulebooks.of(subject.kind).in_force(day)
    if version:
        code = diary.chance.choice(sorted(version.rules.commendations))
        number = diary.number("亭管奖〔{year}〕{number}号", day)
        data = {"commendation_no": number, "commendation_code": code, "granted_on": day.isoformat()}
        diary.write("credit.commended", subject, day, data)
