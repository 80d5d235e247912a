"""Inspections of the sample city: most find nothing; findings are put right in time, late or never, or become cases."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.sample.cases import case, dispute, reply, violation
from services.sample.diary import Diary
from services.sample.register import withdraw
from services.sample.subjects import Subject
from shared.credit.rulebook import KindRules, Rulebooks

_ORIGINS, _ORIGIN_WEIGHTS = ("draw", "routine", "complaint", "transfer"), (45, 35, 17, 3)
_CLEAN, _CLEAN_WEIGHTS = ("01", "06", "07"), (92, 4, 4)


def inspection(diary: Diary, subject: Subject, rulebooks: Rulebooks, day: date) -> None:
    """An inspection on a day, with all that follows."""
    version = rulebooks.of(subject.kind).in_force(day)
    if version is None:
        return
    [origin] = diary.chance.choices(_ORIGINS, _ORIGIN_WEIGHTS)
    data: dict[str, Any] = {
        "inspection_id": diary.number("亭查-{year}-{number}", day),
        "result": diary.chance.choices(_CLEAN, _CLEAN_WEIGHTS)[0],
        "findings": [],
        "inspected_on": day.isoformat(),
        "region": subject.region,
        "inspectors": diary.officers(),
        "origin": origin,
    }
    if origin == "draw":
        data["draw_id"] = f"{day.year}-{day.month:02d}-{subject.kind}"
    if diary.happens(0.06 + 0.5 * subject.trouble):
        _find(diary, data, version.rules)
    event = diary.write("inspection.completed", subject, day, data)
    if event:
        _follow(diary, subject, rulebooks, day, data)
        if diary.happens(0.004):
            withdraw(diary, subject, event.source, event.id, diary.later(day, 1, 30))


def _find(diary: Diary, data: dict[str, Any], rules: KindRules) -> None:
    """One violation or two: put right at once, to be put right, or to become a case."""
    pairs = [violation(diary, rules, None) for _ in range(2 if diary.happens(0.2) else 1)]
    data["findings"] = [{"violation_code": code, "severity": severity} for code, severity in pairs]
    if all(severity == "minor" for _, severity in pairs) and diary.happens(0.5):
        data["result"] = "02"
    else:
        data["result"] = "04" if diary.happens(0.12) else "03"


def _follow(diary: Diary, subject: Subject, rulebooks: Rulebooks, day: date, data: dict[str, Any]) -> None:
    """What becomes of the findings."""
    key = {"inspection_id": data["inspection_id"]}
    if data["result"] == "04":
        case(diary, subject, rulebooks, day, None, **key, **data["findings"][0])
    if data["result"] == "03" and diary.happens(0.9):
        verified = diary.later(day, 2, 10) if diary.happens(0.8) else diary.later(day, 25, 60)
        diary.write("inspection.rectified", subject, verified, key | {"verified_on": verified.isoformat()})
    if data["findings"] and diary.happens(0.03):
        reply(diary, subject, "inspection", key, diary.later(day, 1, 7))
    if data["findings"] and diary.happens(0.03):
        dispute(diary, subject, "inspection", key, diary.later(day, 1, 20))
