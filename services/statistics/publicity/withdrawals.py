"""Decisions that must be taken down wherever they were published. Pure.

A decision that is revoked or changed is withdrawn within three days, with the reason (行政处罚法 article 48): days of
work, since nobody answers on others. What was not public by then was never sent, and to list it would be to publish it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from services.statistics.publicity.rows import content_of, row_of
from shared.clock import day_of
from shared.credit.facts import Fact, parse_instant, standing
from shared.credit.item import Item
from shared.credit.score import Account
from shared.events.types.case_amended import CASE_AMENDED
from shared.events.types.case_revoked import CASE_REVOKED
from shared.registry.working_days import CalendarOf, NoCalendar, after

WITHDRAWN_WITHIN = 3
_GROUNDS = {"reconsideration": "行政复议", "litigation": "行政诉讼", "self_correction": "自行纠正"}
_AMENDED = "变更"
What = Literal["revoked", "amended"]

Assess = Callable[[Sequence[Fact]], Account]
"""The public account of a subject by some of its facts."""


class Withdrawal(NamedTuple):
    """A decision that must no longer be published as it was; `withdraw_by` is None where a year has no calendar."""

    what: What
    decision_no: str
    case_no: str
    organ: str
    decided_on: str
    on: str
    ground: str
    withdraw_by: str | None
    overdue: bool


def withdrawals(
    facts: Sequence[Fact],
    assess: Assess,
    first: date,
    last: date,
    today: date,
    calendars: CalendarOf,
    within: Callable[[str | None], bool] = lambda _: True,
) -> Iterator[Withdrawal]:
    """Of a subject's facts: decisions revoked or changed within some days that were public until then.

    `within` says of the region under which a decision was published whether it is asked for.
    """
    for fact in sorted(standing(facts)[0], key=lambda each: each.rank):
        if fact.type not in (CASE_REVOKED, CASE_AMENDED):
            continue
        on = _day(fact)
        if not any(first <= day <= last for day in (on, day_of(fact.recorded_at))):
            continue  # reported late it stands where it was reported, too: *else* no report would ever have it
        before = _public(assess([each for each in facts if each.recorded_at < fact.recorded_at]), fact)
        if before is None or not within(content_of(before)["region"]):
            continue
        if fact.type == CASE_AMENDED:
            now = _public(assess([each for each in facts if each.recorded_at <= fact.recorded_at]), fact)
            if now is not None and row_of(now, fact.subject, {}) == row_of(before, fact.subject, {}):
                continue  # the exchange sees no difference
        said = content_of(before)
        by = _by(on, calendars)
        yield Withdrawal(
            "revoked" if fact.type == CASE_REVOKED else "amended",
            said.get("decision_no", ""),
            said["case_no"],
            said.get("organ", {}).get("name", ""),
            said["decided_on"],
            on.isoformat(),
            _GROUNDS[fact.data["ground"]] if fact.type == CASE_REVOKED else _AMENDED,
            by.isoformat() if by else None,
            overdue=by is not None and today > by,
        )


def _day(fact: Fact) -> date:
    if fact.type == CASE_REVOKED:
        return date.fromisoformat(fact.data["revoked_on"])
    return day_of(parse_instant(fact.time))


def _public(account: Account, fact: Fact) -> Item | None:
    """The case that a fact ends, where it was public on the day of its end, or still when that became known."""
    days = _day(fact), day_of(fact.recorded_at)
    cases = (item for item in account.items if item.type == "case" and item.ref == fact.data["case_no"])
    return next((item for item in cases if any(item.active(day) for day in days)), None)


def _by(on: date, calendars: CalendarOf) -> date | None:
    try:
        return after(on, WITHDRAWN_WITHIN, calendars)
    except NoCalendar:
        return None
