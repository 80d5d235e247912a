"""The pools of plans: asks the register, and judges everybody by the plan's `as_of` and `known_at`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from services.draws.pools import defaults
from services.draws.pools.cases import cases_of, one_of_each
from services.draws.pools.chosen import ChosenBy
from services.draws.pools.entries import Assembled, Eligible, assembled
from services.draws.pools.pool import CasePool, Pool, SubjectPool, pool_of
from services.draws.pools.register import Register
from services.draws.pools.subjects import judged
from services.draws.pools.terms import Pending, Terms
from shared.credit.rulebook import SEVERITIES, Rulebooks, Versions
from shared.draw.plan import Plan
from shared.eventlog.port import LogUnavailable
from shared.web.applied import refuse_unapplied, store_refusals
from shared.web.problems import INVALID, Fault, ProblemError, unavailable

_LOOKS = 20
"""How often to look whether the workers have applied what was known: within seconds they have, unless they lag."""
_BETWEEN_LOOKS = 0.5


class Pools:
    """Makes pools; every method raises `ProblemError` where the store or the log cannot answer. Threads may share it.

    A pool is a function of what was recorded by `known_at`, and the store is asked only once it holds all of that. So a
    pool is the same whenever it is made, and whoever holds the log can make it again.
    """

    def __init__(
        self,
        register: Register,
        rulebooks: Callable[[datetime], Rulebooks],
        pending: Callable[[date, datetime], Pending],
        chosen: Callable[[datetime], ChosenBy],
        wait: Callable[[], None] = lambda: time.sleep(_BETWEEN_LOOKS),
    ) -> None:
        """`rulebooks` are those published by an instant, `pending` the draws under way on a day by what was known, and
        `chosen` says whom each draw had selected by then.
        """
        self._register, self._rulebooks, self._pending, self._wait = register, rulebooks, pending, wait
        self._chosen = chosen
        self._last: tuple[tuple[Pool, date, datetime], Assembled] | None = None
        """A plan without strata asks for its pool twice, and its freeze once more: *else* each would take as long."""

    def assemble(self, plan: Plan) -> Assembled:
        """The pool of a plan, and who is left out of it why."""
        document = plan.document
        as_of, known_at = date.fromisoformat(document["as_of"]), datetime.fromisoformat(document["known_at"])
        return self._made(pool_of(document["pool"], as_of), as_of, known_at)

    def default_strata(self, pool: Pool, as_of: date, known_at: datetime) -> list[dict[str, str]]:
        """The strata of a plan that names none, by the table of defaults and the sizes of its pool."""
        if isinstance(pool, CasePool):
            return defaults.case_strata()
        sizes = self._made(pool, as_of, known_at).sizes
        try:
            return defaults.subject_strata(sizes, key_items=pool.key_items)
        except KeyError as unknown:
            fault = Fault("/strata", f"must be given: there is no default rate for the grade {unknown.args[0]}")
            raise ProblemError(INVALID, "The plan names no strata.", errors=[fault]) from None

    def strata(self, pool: Pool, known_at: datetime) -> tuple[str, ...]:
        """Every stratum that a pool can have: what else a plan names is misspelt."""
        with _refusals():
            return _strata_of(pool, self._rulebooks(known_at).of(pool.kind))

    def _made(self, pool: Pool, as_of: date, known_at: datetime) -> Assembled:
        asked, last = (pool, as_of, known_at), self._last
        if last is not None and last[0] == asked:
            return last[1]
        made = self._make(pool, as_of, known_at)
        self._last = asked, made
        return made

    def _make(self, pool: Pool, as_of: date, known_at: datetime) -> Assembled:
        with _refusals():
            self._wait_for(known_at)
            versions = self._rulebooks(known_at).of(pool.kind)
            found: dict[str, Any] = {"versions": versions, "pending": self._pending(as_of, known_at)}
            found["chosen_by"] = self._chosen(known_at)
            if isinstance(pool, CasePool):
                return self._cases(Terms(pool, as_of, known_at, **found))
            return self._subjects(Terms(pool, as_of, known_at, **found))

    def _wait_for(self, known_at: datetime) -> None:
        until = self._register.applied_until()
        for _ in range(_LOOKS):
            if known_at <= until:
                return
            self._wait()
            until = self._register.applied_until()
        refuse_unapplied(known_at, until)

    def _subjects(self, terms: Terms[SubjectPool]) -> Assembled:
        found = (judged(name, facts, terms) for name, facts in self._register.everybody(terms.pool.kind))
        return assembled(filter(None, found), _strata_of(terms.pool, terms.versions))

    def _cases(self, terms: Terms[CasePool]) -> Assembled:
        everybody = self._register.everybody(terms.pool.kind)
        cases = one_of_each(case for name, facts in everybody for case in cases_of(name, facts, terms))
        eligible = {id_: case for id_, case in cases.items() if isinstance(case.entry, Eligible)}
        handlers = {id_: case.officers for id_, case in eligible.items()}
        subjects = {id_: case.subject for id_, case in eligible.items()}
        entries = (case.entry for case in cases.values())
        return assembled(entries, _strata_of(terms.pool, terms.versions), handlers, subjects)


def _strata_of(pool: Pool, versions: Versions) -> tuple[str, ...]:
    if isinstance(pool, CasePool):
        return SEVERITIES
    grades = {grade.name: None for version in versions.all for grade in version.rules.grades}
    return (*grades, defaults.UNRATED)


@contextmanager
def _refusals() -> Iterator[None]:
    """What cannot be said now, as a problem."""
    try:
        with store_refusals():
            yield
    except LogUnavailable:
        raise unavailable("The log does not answer.") from None
