"""Who may ask what: the audience of a caller, and the bounds of `as_of`, `known_at` and `ledger` (DESIGN.md section 5).

Visibility is judged by today in Shanghai and by all that is known now; so the public may ask for today and for later
days, and not for what was once visible or known.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from shared.credit.audience import Audience
from shared.credit.item import Ledger
from shared.web.access import UNBOUND, Access
from shared.web.bounds import SUBJECT_SCOPE, Bounds
from shared.web.problems import SCOPE_MISSING, Kind, ProblemError
from shared.web.routes import unauthenticated

PAST_NOT_PUBLIC = Kind("past-not-public", 403, "The past is not public")

SCOPE = "scores:read"


class Question(NamedTuple):
    """A look-up that its asker may make. `day` is today in Shanghai, `as_of` the day asked for."""

    subject_id: str
    audience: Audience
    ledger: Ledger
    day: date
    as_of: date
    known_at: datetime | None
    bounds: Bounds = UNBOUND
    """Of the asker, where his audience is not the public's."""

    @property
    def is_plain(self) -> bool:
        """Whether the kept summary answers it: today's view of the audience's own ledger, by all that is known.

        The public's own is the public ledger as the public sees it; the subject sees all that enforcement does.
        """
        own = "public" if self.audience == "public" else "internal"
        return self.as_of == self.day and self.known_at is None and self.ledger == own


def permitted(
    subject_id: str,
    access: Access | None,
    day: date,
    *,
    ledger: Ledger | None = None,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Question:
    """The question, where this caller may ask it; else 401, 403 or 403 `past-not-public`."""
    if access and SCOPE in access.scopes:
        return Question(subject_id, "internal", ledger or "internal", day, as_of or day, known_at, access.bounds)
    if access and SUBJECT_SCOPE in access.scopes and access.bounds.subject == subject_id:
        return Question(subject_id, "subject", ledger or "internal", day, as_of or day, known_at)
    _refuse_inside_view(access, day, ledger, as_of, known_at)
    return Question(subject_id, "public", "public", day, as_of or day, None)


def view_of(access: Access | None, day: date, ledger: Ledger | None) -> Ledger:
    """The ledger whose audience's view a list gives this caller; else 401 or 403."""
    if access and SCOPE in access.scopes:
        return ledger or "internal"
    _refuse_inside_view(access, day, ledger, None, None)
    return "public"


def regions_of(access: Access | None) -> tuple[str, ...]:
    """The regions beyond which a list shows this caller nothing; none where it shows what the public sees."""
    return access.bounds.regions if access and SCOPE in access.scopes else ()


def _refuse_inside_view(
    access: Access | None, day: date, ledger: Ledger | None, as_of: date | None, known_at: datetime | None
) -> None:
    if ledger == "internal":
        if access is None:
            raise unauthenticated(f"The internal ledger needs an access key with the scope `{SCOPE}`.")
        detail = f"The internal ledger needs the scope `{SCOPE}`, which this key does not have."
        raise ProblemError(SCOPE_MISSING, detail, scope=SCOPE)
    if known_at is not None:
        detail = f"What was known at an instant is shown to the scope `{SCOPE}` only; leave out `known_at`."
        raise ProblemError(PAST_NOT_PUBLIC, detail)
    if as_of is not None and as_of < day:
        detail = f"Days before today in Shanghai ({day}) are shown to the scope `{SCOPE}` only; ask for today or later."
        raise ProblemError(PAST_NOT_PUBLIC, detail)
