"""Issues notices: finds the deduction, and prints a one-time code whose hash alone goes on the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from services.ingest.kept import Kept, refusals
from services.ingest.notices.notice import Deduction, find, notice
from shared.clock import SHANGHAI, day_of
from shared.credit.rulebook import NoRulebook
from shared.eventlog.own import append_own
from shared.eventlog.port import Appender
from shared.events.envelope import Event
from shared.events.types.one_time_code_issued import ONE_TIME_CODE_ISSUED
from shared.registry.working_days import CalendarOf
from shared.web.bounds import Bounds
from shared.web.codes import MintedCode, mint_code
from shared.web.key_making import SOURCE
from shared.web.problems import INVALID, NOT_FOUND, Fault, ProblemError, unavailable
from shared.web.rulebooks import KnownRulebooks

_NONE = "No deduction that counts today is known by this number."


class Issuer:
    """Makes notices. Threads may share it."""

    def __init__(
        self,
        kept: Kept,
        rulebooks: KnownRulebooks,
        appender: Appender,
        topic: str,
        clock: Callable[[], datetime],
        calendars: CalendarOf,
        file_days: int,
        code_days: int,
    ) -> None:
        """`file_days` are working days to object in, `code_days` those for which a code can be exchanged."""
        self._kept, self._rulebooks, self._appender, self._topic = kept, rulebooks, appender, topic
        self._clock, self._calendars, self._file_days, self._code_days = clock, calendars, file_days, code_days

    def read(self, deduction: Deduction, served_on: date | None, bounds: Bounds) -> dict[str, Any]:
        """What the notice says; a code is on issued ones alone. Raises `ProblemError`."""
        today = day_of(self._clock())
        served_on = served_on or today
        if served_on > today:
            raise ProblemError(INVALID, "The errors say what would be right.", errors=[_LATER])
        books = self._rulebooks()
        if books is None:
            raise unavailable("The rulebooks have not been read from the log yet.")
        with refusals():
            facts = self._kept.facts_of(deduction.subject_id)
        try:
            item = find(deduction, facts, books, today) if facts else None
        except NoRulebook:
            item = None
        if item is None:
            raise ProblemError(NOT_FOUND, _NONE)
        made = notice(deduction, item, facts, served_on, self._file_days, self._calendars)
        bounds.refuse_region(made["region"])
        return made

    def issue(self, deduction: Deduction, served_on: date | None, bounds: Bounds, by: str) -> dict[str, Any]:
        """The notice with a new code, which nobody can read again. Raises `ProblemError`."""
        made = self.read(deduction, served_on, bounds)
        now = self._clock()
        minted, expires = mint_code(), now + timedelta(days=self._code_days)
        with refusals():
            append_own(self._appender, self._topic, _issued(minted, deduction, now, expires, by))
        until = expires.astimezone(SHANGHAI).isoformat(timespec="seconds")
        return made | {"code_expires_at": until, "one_time_code": minted.code}


_LATER = Fault("/served_on", "must not be later than today")


def _issued(minted: MintedCode, deduction: Deduction, now: datetime, expires: datetime, by: str) -> Event:
    data = {
        "code_id": minted.code_id,
        "secret_hash": minted.code_hash,
        "subject": deduction.subject_id,
        "about": deduction.about,
        "number": deduction.number,
        "expires_at": expires.isoformat(timespec="seconds"),
        "issued_by": by,
    }
    subject, time = f"code:{minted.code_id}", now.isoformat()
    return Event(f"{minted.code_id}.issued", SOURCE, ONE_TIME_CODE_ISSUED, subject, time, data)
