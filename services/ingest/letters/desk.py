"""The desk of dead letters as the HTTP routes see it: whatever keeps it from answering is a problem."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from shared.desk.acting import Desk, Outcome
from shared.desk.letters import Letter, Wish
from shared.desk.passing import Fate, fate
from shared.desk.reading import Box, TooManyLetters, read, within
from shared.desk.wishing import NoSuchTopic, wish_of
from shared.eventlog.port import Fenced, Log, LogUnavailable, UnknownTopic
from shared.web.problems import INVALID, Fault, ProblemError, pointer, unavailable

_MOST = 10_000
"""Letters that one call sends again, in some seconds: there may be a hundred times as many."""
_NARROW = "The errors say how to ask for less, or for what there is."


class Filters(NamedTuple):
    """What was asked for, and `at` what pointer topics are named."""

    topics: Sequence[str] = ()
    reasons: Sequence[str] = ()
    ids: Sequence[str] = ()
    states: Sequence[str] = ()
    at: str = pointer("query", "topic")


class Letters:
    """Reads letters, and sends them again. `audit` is the full name of the topic."""

    def __init__(
        self, log: Log, boxes: Collection[Box], prefix: str, audit: str, clock: Callable[[], datetime]
    ) -> None:
        self._log, self._boxes, self._prefix, self._audit, self._clock = log, boxes, prefix, audit, clock

    def meant(self, filters: Filters) -> list[Letter]:
        """Every letter that is asked for, the latest refused first."""
        wish = self._wish(filters)
        with _problems(filters.at):
            letters = read(self._log, within(self._boxes, wish.topics), self._audit)
        return sorted(filter(wish.takes, letters.values()), key=place_of, reverse=True)

    def replay(self, filters: Filters, by: str, seconds: float) -> tuple[Outcome, Fate | None]:
        """Send what is open of it again, as much as one call may.

        Beside it what became of that within so many seconds, None where nobody knows.
        """
        wish = self._wish(filters)
        with _problems(filters.at):
            outcome = Desk(self._log, self._boxes, self._audit, by, self._clock).replay(wish, most=_MOST)
        try:
            return outcome, fate(self._log, self._boxes, self._audit, outcome, seconds=seconds)
        except LogUnavailable:
            return outcome, None

    def _wish(self, filters: Filters) -> Wish:
        topics, reasons, ids, states, at = filters
        try:
            return wish_of(self._prefix, self._boxes, topics=topics, reasons=reasons, ids=ids, states=states)
        except NoSuchTopic as error:
            fault = Fault(at, f"must be of {', '.join(error.known)}")
            raise ProblemError(INVALID, _NARROW, errors=[fault]) from None


def place_of(letter: Letter) -> str:
    """Where a letter stands in the list, by when it was refused and by what it is: texts in the order of the list."""
    topic, partition, offset, group = letter.identity
    return f"{letter.refused:019} {topic} {partition:05} {offset:019} {group}"


@contextmanager
def _problems(at: str) -> Iterator[None]:
    try:
        yield
    except TooManyLetters as error:
        raise ProblemError(INVALID, _NARROW, errors=[Fault(at, str(error))]) from None
    except Fenced:
        detail = (
            "Somebody else has begun to work at the desk. What was not done yet is still open: look, and call again."
        )
        raise unavailable(detail, retry_after=1) from None
    except LogUnavailable:
        raise unavailable("The log does not answer. What is open may be sent again later.") from None
    except UnknownTopic as error:
        raise unavailable(f"The log has no topic {error}; `chengxin topics apply` makes it.") from None
