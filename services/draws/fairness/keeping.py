"""Keeps the comparison of all published draws in a process: each is counted once, since it never changes again."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

import structlog

from services.draws.codes import Codes
from services.draws.documents import Corrupt, Documents, NotThere
from services.draws.fairness.comparison import Comparison
from services.draws.fairness.tally import Tally, tally
from services.draws.steps import Draw, Draws
from shared.draw.documents import parse_recusals, parse_roster
from shared.web.background import Repeated

logger = structlog.get_logger()

_EVERY = 2.0


class Keeping:
    """Counts in a thread what was published since. Only sums are kept, and the ids of what is in them."""

    def __init__(self, draws: Callable[[], Draws], documents: Documents) -> None:
        self._draws, self._documents = draws, documents
        self._counting = Lock()
        self._counted: set[str] = set()
        self._left: set[str] = set()
        self._thread = Repeated("fairness of draws", self.count, every=_EVERY)
        self.comparison = Comparison()
        """Replaced whole, so that others may read it."""

    def start(self) -> Keeping:
        """Begin, after the fork; nobody waits for it."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop, and wait until the draw that is being counted is."""
        self._thread.stop()

    def count(self) -> None:
        """Count every draw that is published and was not counted yet. Raises `LogUnavailable`.

        One whose documents are not there, or not what was committed to, is left out until the next start; a published
        draw that cannot be shown is an alarm of its own.
        """
        with self._counting:
            for draw in list(self._draws().by_id.values()):
                if draw.phase == "published" and draw.draw_id not in self._counted | self._left:
                    self._take(draw)

    def _take(self, draw: Draw) -> None:
        try:
            self.comparison = self.comparison.plus(_tally(draw, self._documents), _ids(draw, self._documents))
            self._counted.add(draw.draw_id)
        except (NotThere, Corrupt) as error:
            logger.error("a published draw cannot be counted", draw_id=draw.draw_id, reason=str(error))  # noqa: TRY400
            self._left.add(draw.draw_id)


def _ids(draw: Draw, documents: Documents) -> dict[str, str]:
    """Who is who, of a draw whose codes are known."""
    if draw.codes_sha256 is None:
        return {}
    codes = Codes.parse(documents.get(draw.codes_sha256))
    return {code: inspector_id for inspector_id, code in codes.by_id.items()}


def _tally(draw: Draw, documents: Documents) -> Tally:
    assert draw.committed is not None
    assert draw.result_sha256 is not None
    sha256s = draw.committed.sha256s
    return tally(
        draw.plan,
        documents.chunks(sha256s["pool.tsv"]),
        parse_roster(documents.get(sha256s["roster.tsv"])),
        parse_recusals(documents.get(sha256s["recusals.tsv"])),
        documents.get(draw.result_sha256),
    )
