"""Rows of double publicity 双公示 out of the accounts of subjects. Pure.

A penalty is in the table while the public ledger has it: what is revoked, repaired or past its period is not. Amounts
are in 万元 with six decimals, the exchange's unit: 200 yuan are 0.020000. A decision that was revoked after it could
have been sent is in the list of withdrawals, with the last day for it: three working days (行政处罚法 第四十八条).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from services.statistics.publicity.columns import INDIVIDUAL, LEGAL, Row
from shared.credit.facts import Fact, standing
from shared.credit.item import Item
from shared.credit.score import Account
from shared.events.types.case_revoked import CASE_REVOKED
from shared.registry.subject import parse_subject_id
from shared.registry.working_days import CalendarOf, NoCalendar, after

WITHDRAWN_WITHIN = 3
"""Working days from a revocation to the withdrawal of what was published."""
_UNIFIED = 18
_CENTS_OF_WAN = Decimal(1_000_000)
_SIX = Decimal("0.000001")
_GROUNDS = {"reconsideration": "行政复议", "litigation": "行政诉讼", "self_correction": "自行纠正"}


class Withdrawal(NamedTuple):
    """A decision that must no longer be published anywhere; `withdraw_by` is None where a year has no calendar."""

    decision_no: str
    case_no: str
    organ: str
    decided_on: str
    revoked_on: str
    ground: str
    withdraw_by: str | None
    overdue: bool


def penalties(account: Account, registered: Mapping[str, Any], first: date, last: date, today: date) -> Iterator[Row]:
    """The rows of a subject's public cases that were decided within some days, both included."""
    for item in account.items:
        if item.type == "case" and item.active(today) and first <= item.decided_on <= last:
            yield _row(item, account.dossiers.subject_id, registered)


def withdrawals(facts: list[Fact], first: date, last: date, today: date, calendars: CalendarOf) -> Iterator[Withdrawal]:
    """Of a subject's facts: decisions revoked within some days."""
    known, _ = standing(facts)
    decided = {
        fact.data["case_no"]: fact.data
        for fact in sorted(known, key=lambda each: (each.data.get("revision", 0), each.rank))
        if "decided_on" in fact.data and "case_no" in fact.data
    }
    for fact in sorted(known, key=lambda each: each.rank):
        if fact.type != CASE_REVOKED or fact.data["case_no"] not in decided:
            continue
        revoked, content = date.fromisoformat(fact.data["revoked_on"]), decided[fact.data["case_no"]]
        if first <= revoked <= last:
            by = _by(revoked, calendars)
            yield Withdrawal(
                content.get("decision_no", ""),
                content["case_no"],
                content.get("organ", {}).get("name", ""),
                content["decided_on"],
                fact.data["revoked_on"],
                _GROUNDS[fact.data["ground"]],
                by.isoformat() if by else None,
                overdue=by is not None and today > by,
            )


def _row(item: Item, subject_id: str, registered: Mapping[str, Any]) -> Row:
    content = item.dossier.content
    assert content is not None
    assert item.until is not None
    data, code = content.data, parse_subject_id(subject_id).code
    given = data.get("penalties", ())
    organ = data.get("organ", {})
    individual = registered.get("legal_form") == "individual"
    return {
        "cf_xdr_mc": registered.get("name", ""),
        "cf_xdr_lb": INDIVIDUAL if individual else LEGAL,
        "cf_xdr_shxym" if len(code) == _UNIFIED else "cf_xdr_gszc": code,
        "cf_frdb": registered.get("operator", ""),
        "cf_wsh": data.get("decision_no", ""),
        "cf_wfxw": item.violation.name if item.violation else data["violation_code"],
        "cf_sy": data.get("facts", data.get("summary", "")),
        "cf_yj": "；".join(item.violation.legal_basis) if item.violation else "",
        "cf_cflb": "；".join(dict.fromkeys(each["kind"] for each in given)),
        "cf_nr": "；".join(each.get("content", each["kind"]) for each in given),
        "cf_nr_fk": _wan(given, "罚款"),
        "cf_nr_wfff": _wan(given, "没收"),
        "cf_jdrq": data["decided_on"],
        "cf_gsjzq": (item.until - timedelta(days=1)).isoformat(),
        "cf_cfjg": organ.get("name", ""),
        "cf_cfjgdm": organ.get("code", ""),
        "cf_sjly": organ.get("name", ""),
        "cf_sjlydm": organ.get("code", ""),
    }


def _wan(given: Any, kind: str) -> str:
    """The sum of one kind of penalties in 万元; empty where there is none."""
    cents = [each["amount_cents"] for each in given if kind in each["kind"] and "amount_cents" in each]
    return str((Decimal(sum(cents)) / _CENTS_OF_WAN).quantize(_SIX)) if cents else ""


def _by(revoked: date, calendars: CalendarOf) -> date | None:
    try:
        return after(revoked, WITHDRAWN_WITHIN, calendars)
    except NoCalendar:
        return None
