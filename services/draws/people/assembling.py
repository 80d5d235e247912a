"""The people of a draw out of the register: codes at its planning, roster and recusals at its freeze."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from threading import Lock
from typing import NamedTuple

from services.draws.codes import Codes
from services.draws.documents import Documents
from services.draws.people.certified import refuse_assistant, refuse_uncertified
from services.draws.people.problems import CODES_MISSING
from services.draws.people.register import Register
from services.draws.people.roster import Roster, roster
from services.draws.pools.entries import Assembled
from services.draws.steps import Draw
from shared.web.problems import ProblemError

_SALT_BYTES = 32
_REMEMBERED = 4
"""Lists of codes that were made last: what a plan that is only judged would give is told right afterwards."""


def new_salt() -> str:
    """A salt that nobody can guess."""
    return secrets.token_hex(_SALT_BYTES)


class Coded(NamedTuple):
    """Codes that were made for a draw: the plan's `inspector_codes`, and the SHA-256 of the private list."""

    inspector_codes: str | None
    codes_sha256: str


class People:
    """Asks the register and keeps the codes in `documents.v1`; raises `LogUnavailable` for these. Threads may share
    it.
    """

    def __init__(self, register: Register, documents: Documents, salt: Callable[[], str] = new_salt) -> None:
        self._register, self._documents, self._salt = register, documents, salt
        self._made: OrderedDict[str, Codes] = OrderedDict()
        self._making = Lock()

    def code(self, known_at: datetime, *, keep: bool) -> Coded:
        """Make codes for all inspectors who are known, before a draw is planned. Raises `ProblemError`.

        They are kept in `documents.v1` unless the plan is only judged.
        """
        codes = Codes.make(self._register.entries(known_at), self._salt)
        private = codes.private
        sha256 = self._documents.put(private) if keep else hashlib.sha256(private).hexdigest()
        with self._making:
            self._made[sha256] = codes
            while len(self._made) > _REMEMBERED:
                self._made.popitem(last=False)
        return Coded(codes.sha256, sha256)

    def assemble(self, draw: Draw, pool: Assembled, cases: Mapping[str, str]) -> Roster:
        """Roster and recusals as the plan has them; `pool` is the draw's, `cases` the codes in it. Raises
        `ProblemError`.

        Without the list of the codes nothing can be said: it lies in `documents.v1` since before the plan.
        """
        known_at = datetime.fromisoformat(draw.plan.document["known_at"])
        self._register.await_applied(known_at)
        codes = self.codes(draw)
        subjects = frozenset(line.split("\t", 1)[0] for line in pool.pool.decode().split("\n")[:-1])
        filed = [(each.inspector_id, cases.get(each.subject_id, each.subject_id)) for each in draw.recusals]
        entries = self._register.entries(known_at)
        return roster(draw, entries, codes.by_id, pool.handlers, filed, subjects, pool.subjects)

    def refuse_assistant(self, inspector_id: str) -> None:
        """Raises `ProblemError` where somebody is not in the register, or is no law enforcement officer."""
        refuse_assistant(inspector_id, self._register.of([inspector_id]))

    def refuse_uncertified(self, draw: Draw, named: Collection[str], of: str | None = None) -> None:
        """Raises `ProblemError` unless all who are named are certified officers, of a department where one is given."""
        last = date.fromisoformat(draw.plan.document["window"]["until"])
        refuse_uncertified(named, self._register.of(list(named)), last, of)

    def codes(self, draw: Draw) -> Codes:
        """Who has which code. Raises `ProblemError` where the draw has none."""
        if draw.codes_sha256 is None:
            raise ProblemError(CODES_MISSING, f"{draw.draw_id} has no codes; plan it again.")
        return self._made.get(draw.codes_sha256) or Codes.parse(self._documents.get(draw.codes_sha256))
