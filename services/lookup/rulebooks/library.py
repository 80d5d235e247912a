"""The published rulebooks as outsiders may have them, and the way in for a new version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shared.eventlog.port import Fenced, Log, LogUnavailable, UnknownTopic
from shared.projection.offering import Answer, Offer, offer
from shared.projection.rulebooks import Publication
from shared.rulebooks.faults import Fault as Located
from shared.web.problems import INVALID, NOT_FOUND, Fault, Kind, ProblemError, pointer, unavailable
from shared.web.rulebooks import Publications

NOT_PUBLISHABLE = Kind("not-publishable", 409, "This version may not be published now")


_REFUSED = "Nothing was published; the refusals say why."
_LATE = "; choose a later day, or publish it knowingly with `late=true`"


class Library:
    """Every refusal is a problem. `known` gives the versions published by now, None before the log was read."""

    def __init__(self, known: Callable[[], Publications | None], log: Log, prefix: str) -> None:
        self._known = known
        self._log = log
        self._prefix = prefix

    def publications(self) -> list[Publication]:
        """All of them, by id and version."""
        known = self._known()
        if known is None:
            raise unavailable("The rulebooks have not been read from the log yet.")
        return [publication for _, publication in sorted(known.items())]

    def publication(self, id_: str, version: int) -> Publication:
        """One of them."""
        for each in self.publications():
            if (each.book.id, each.book.version) == (id_, version):
                return each
        raise ProblemError(NOT_FOUND, "No such version is published; /v1/rulebooks lists those that are.")

    def publish(self, content: bytes, by: str, now: datetime, *, late: bool) -> Answer:
        """Publish a version, or find these very bytes published already."""
        try:
            answer = offer(self._log, self._prefix, Offer(content, by, late=late), now)
        except Fenced:
            raise unavailable("Somebody else is publishing; try again.", retry_after=1) from None
        except LogUnavailable:
            detail = "The log does not answer. Send it again later: if it is published already, nothing happens twice."
            raise unavailable(detail) from None
        except UnknownTopic as error:
            raise unavailable(f"The log has no topic {error}; `chengxin topics apply` makes it.") from None
        if answer.state == "faulty":
            detail = "Nothing was published; the errors say in which line, what is wrong and what would be right."
            raise ProblemError(INVALID, detail, errors=lines(answer.report.faults))
        if answer.state == "refused":
            refusals = [
                {"reason": each.reason, "message": each.sentence + _LATE * (each.reason == "not-after-today")}
                for each in answer.refusals
            ]
            raise ProblemError(NOT_PUBLISHABLE, _REFUSED, refusals=refusals)
        return answer


def lines(located: list[Located]) -> list[Fault]:
    """Faults of a document by its lines: YAML has no JSON Pointers. Those of the document as a whole point to it."""
    return [Fault(pointer("line", each.line) if each.line else "", each.message) for each in located]
