"""Cases of the sample city and what becomes of them: replies, disputes, amendments, revocations, repairs."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from services.sample.diary import REVIEWERS, Diary
from services.sample.subjects import Subject
from shared.credit.rulebook import KindRules, Rulebooks

_SEVERITIES = ("minor", "general", "serious")
_WEIGHTS = (70, 27, 3)
ORGAN = {"code": "11320902MB0000000Q", "name": "盐城市亭湖区城市管理局"}
_FINES_CENTS = {"minor": 0, "general": 50_000, "serious": 500_000}


def violation(diary: Diary, rules: KindRules, before: str | None) -> tuple[str, str]:
    """Code and severity of a violation; one in three repeats the last."""
    [severity] = diary.chance.choices(_SEVERITIES, _WEIGHTS)
    codes = sorted(code for code, each in rules.violations.items() if severity in each.points)
    return before if before in codes and diary.happens(0.35) else diary.chance.choice(codes), severity


def case(
    diary: Diary, subject: Subject, rulebooks: Rulebooks, occurred_on: date, before: str | None, **found: Any
) -> str | None:
    """A case with all that follows. `found` is what an inspection found already. The answer is its code."""
    version = rulebooks.of(subject.kind).in_force(occurred_on)
    decided_on = diary.later(occurred_on, 1, 25)
    if version is None or decided_on > diary.until:
        return before
    code, severity = violation(diary, version.rules, before)
    case_no = diary.number("亭城管罚字〔{year}〕第{number}号", decided_on)
    data: dict[str, Any] = {
        "case_no": case_no,
        "violation_code": code,
        "severity": severity,
        "occurred_on": occurred_on.isoformat(),
        "decided_on": decided_on.isoformat(),
        "region": subject.region,
        "officers": diary.officers(),
        "decision_no": case_no.replace("罚字", "罚决字"),
        "organ": ORGAN,
        "procedure": "simple" if severity == "minor" else "ordinary",
        "penalties": [{"kind": "警告"}],
        **found,
    }
    data["facts"] = f"当事人有以下行为：{version.rules.violations[str(data['violation_code'])].name}。"
    if fine := _FINES_CENTS[data["severity"]]:
        data["penalties"] = [{"kind": "罚款", "amount_cents": fine}]
    if subject.vehicles:
        data["vehicle"] = diary.chance.choice(subject.vehicles)
    diary.write("case.decided", subject, decided_on, data)
    if diary.happens(0.06):
        reply(diary, subject, "case", {"case_no": data["case_no"]}, diary.later(decided_on, 1, 10))
    if diary.happens(0.06):
        _dispute_case(diary, subject, data, decided_on)
    elif diary.happens(0.015):
        _revoke(diary, subject, data["case_no"], diary.later(decided_on, 5, 60), "self_correction")
    elif diary.happens(0.02):
        corrected = data | {"summary": "更正笔误", "revision": 1}
        diary.write("case.amended", subject, diary.later(decided_on, 2, 30), corrected)
    elif diary.happens(0.25):
        repair = version.rules.violations[str(data["violation_code"])].repair[data["severity"]]
        if repair.allowed:
            day = diary.later(_months_later(decided_on, repair.after_months), 0, 40)
            instrument = diary.number("信修〔{year}〕{number}号", day)
            granted = {"target": data["case_no"], "granted_on": day.isoformat(), "instrument_no": instrument}
            diary.write("credit.repaired", subject, day, granted)
    return str(data["violation_code"])


def dispute(diary: Diary, subject: Subject, about: str, key: dict[str, str], day: date) -> tuple[str, date] | None:
    """A dispute about a `case` or an `inspection`; where it was closed, its outcome and day."""
    instrument = diary.number("亭城管异〔{year}〕{number}号", day)
    channel = diary.chance.choice(("objection", "objection", "reconsideration", "litigation"))
    opened = key | {"on": day.isoformat(), "channel": channel, "instrument_no": instrument}
    closed_on = diary.later(day, 3, 30)
    if not diary.write(f"{about}.disputed", subject, day, opened) or not diary.happens(0.85):
        return None
    [outcome] = diary.chance.choices(("upheld", "amended", "revoked", "withdrawn"), (70, 12, 12, 6))
    closure = opened | {"on": closed_on.isoformat(), "outcome": outcome, "reviewer": diary.chance.choice(REVIEWERS)}
    return (outcome, closed_on) if diary.write(f"{about}.dispute_closed", subject, closed_on, closure) else None


def reply(diary: Diary, subject: Subject, about: str, key: dict[str, str], day: date) -> None:
    """What the subject has to say of it."""
    statement = diary.chance.choice(
        ("已整改，附照片。", "当日店内装修，已清理。", "车辆已返厂检修。", "已对员工培训。")
    )
    diary.write(f"{about}.replied", subject, day, key | {"on": day.isoformat(), "statement": statement})


def _dispute_case(diary: Diary, subject: Subject, data: dict[str, Any], decided_on: date) -> None:
    closed = dispute(diary, subject, "case", {"case_no": data["case_no"]}, diary.later(decided_on, 1, 40))
    if closed and closed[0] == "revoked":
        _revoke(diary, subject, data["case_no"], closed[1], "reconsideration")
    elif closed and closed[0] == "amended":
        lighter = data | {"penalties": [{"kind": "警告"}], "summary": "减轻处罚", "revision": 1}
        diary.write("case.amended", subject, closed[1], lighter)


def _revoke(diary: Diary, subject: Subject, case_no: str, day: date, ground: str) -> None:
    instrument = diary.number("亭行复〔{year}〕{number}号", day)
    data = {"case_no": case_no, "revoked_on": day.isoformat(), "ground": ground, "instrument_no": instrument}
    diary.write("case.revoked", subject, day, data)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
