"""The people of a draw out of the register: codes at its planning, roster and recusals at its freeze."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple

from services.draws.documents import Documents
from services.draws.people.certified import refuse_uncertified
from services.draws.people.codes import Codes, Opened
from services.draws.people.problems import CODES_MISSING
from services.draws.people.register import Register
from services.draws.people.roster import Roster, roster
from services.draws.steps import Draw
from shared.web.problems import ProblemError

_SALT_BYTES = 32


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

    def code(self, known_at: datetime) -> Coded:
        """Make codes for all inspectors who are known, before a draw is planned. Raises `ProblemError`."""
        codes = Codes.make(self._register.entries(known_at), self._salt)
        return Coded(codes.sha256, self._documents.put(codes.private))

    def assemble(self, draw: Draw, handlers: Mapping[str, Collection[str]], pool: bytes) -> Roster:
        """Roster and recusals as the plan has them; `pool` is the draw's. Raises `ProblemError`.

        Without the list of the codes nothing can be said: it lies in `documents.v1` since before the plan.
        """
        known_at = datetime.fromisoformat(draw.plan.document["known_at"])
        self._register.refuse_unapplied(known_at)
        codes = self.codes(draw)
        subjects = frozenset(line.split("\t", 1)[0] for line in pool.decode().split("\n")[:-1])
        return roster(draw, self._register.entries(known_at), codes.by_inspector, handlers, subjects)

    def refuse_uncertified(self, draw: Draw, named: Collection[str], of: str | None = None) -> None:
        """Raises `ProblemError` unless all who are named are certified officers, of a department where one is given."""
        last = date.fromisoformat(draw.plan.document["window"]["until"])
        refuse_uncertified(named, self._register.of(list(named)), last, of)

    def codes_list(self, draw: Draw) -> bytes:
        """`codes.txt`: all codes of a draw, which the plan's `inspector_codes` is the SHA-256 of."""
        return self.codes(draw).public

    def opened(self, draw: Draw, codes: Collection[str]) -> list[Opened]:
        """Whose the codes of those are who served; nobody else's is ever told."""
        return self.codes(draw).open(codes)

    def codes(self, draw: Draw) -> Codes:
        """Who has which code. Raises `ProblemError` where the draw has none."""
        if draw.codes_sha256 is None:
            raise ProblemError(CODES_MISSING, f"{draw.draw_id} has no codes; plan it again.")
        return Codes.parse(self._documents.get(draw.codes_sha256))
