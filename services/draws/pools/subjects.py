"""Whether a subject may be drawn, in which stratum, or why not: by its own facts alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import structlog

from services.draws.pools.chosen import is_outcome
from services.draws.pools.defaults import UNRATED
from services.draws.pools.entries import DRAWN_PENDING, Eligible, Entry, LeftOut
from services.draws.pools.pool import SubjectPool
from services.draws.pools.terms import Terms
from shared.credit.audience import view_for
from shared.credit.dossiers import Dossiers, gather
from shared.credit.facts import Fact
from shared.credit.periods import parse_day
from shared.credit.rulebook import NoRulebook
from shared.credit.score import open_account
from shared.credit.summary import registration

CLOSED = "closed"
FAILED = "failed"
NO_SCORE = "no-score"
DRAWN_CLEAN = "drawn-clean"
YEARLY_CAP = "yearly-cap"

_CLEAN = "01"
"""The result 未发现问题 of the official list."""

logger = structlog.get_logger()


def judged(subject_id: str, facts: Iterable[Fact], terms: Terms[SubjectPool]) -> Entry | None:
    """Where a subject stands; None where it is not of the snapshot.

    Facts recorded after `known_at` say nothing: whatever comes in while a register is read changes no list. Of several
    reasons to be left out the first of these is told: closed, drawn already, no grade, drawn and clean, drawn often.
    """
    known = [fact for fact in facts if fact.recorded_at <= terms.known_at]
    registered = registration(known)
    if registered is None or not registered["region"].startswith(terms.pool.regions):
        return None
    if registered["status"] != "open":
        return LeftOut(subject_id, CLOSED)
    try:
        return _open(subject_id, registered["region"], known, terms)
    except NoRulebook:
        return LeftOut(subject_id, NO_SCORE)
    except Exception:
        # A bug of ours must not keep everybody else from being drawn. Which subject it is, the list says: logs name
        # nobody.
        logger.exception("a subject cannot be judged for a draw")
        return LeftOut(subject_id, FAILED)


def _open(subject_id: str, region: str, known: Sequence[Fact], terms: Terms[SubjectPool]) -> Entry:
    dossiers = gather(subject_id, known, terms.versions)
    inspections = (each.content.data for each in dossiers.inspections.values() if each.content)
    drawn = [data for data in inspections if is_outcome(terms.chosen_by, subject_id, data)]
    if terms.pending.get(subject_id, frozenset()) - {data["draw_id"] for data in drawn}:
        return LeftOut(subject_id, DRAWN_PENDING)
    grade = _grade(dossiers, terms)
    visits = [(parse_day(data["inspected_on"]), data) for data in drawn]
    before = [(day, data) for day, data in visits if day <= terms.as_of]
    if _was_clean(before, grade, terms):
        return LeftOut(subject_id, DRAWN_CLEAN)
    most = terms.pool.visits_per_year.get(grade)
    if most is not None and sum(day.year == terms.as_of.year for day, _ in before) >= most:
        return LeftOut(subject_id, YEARLY_CAP)
    return Eligible(subject_id, grade, region)


def _grade(dossiers: Dossiers, terms: Terms[SubjectPool]) -> str:
    """The grade that the public sees. Raises `NoRulebook`.

    Strata are published with the pool and stay public. *Else*, with the grade of the internal ledger, everybody would
    learn of each subject what no decision has established.
    """
    account = open_account(dossiers, terms.versions, "public")
    return view_for("public", account, terms.as_of, terms.as_of).get("grade") or UNRATED


def _was_clean(visits: Iterable[tuple[date, Mapping[str, Any]]], grade: str, terms: Terms[SubjectPool]) -> bool:
    """Whether a drawn visit found nothing, so that its days, the visit's own the first of them, are not over yet."""
    if grade in terms.pool.clean_days_not_for:
        return False
    days = timedelta(terms.pool.clean_days)
    return any(terms.as_of < day + days and data["result"] == _CLEAN and not data["findings"] for day, data in visits)
