"""What the commands of the dead letters' desk share: the log, its boxes, and texts that are safe on a terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from getpass import getuser
from typing import NamedTuple

from services.cli.connect import on_the_log
from services.cli.installation import fail, keep_logs_aside, settings
from shared.desk.letters import Identity, Letter
from shared.desk.reading import Box, TooManyLetters, boxes, read, within
from shared.desk.wishing import full
from shared.eventlog.port import Fenced, Log
from shared.eventlog.topics import AUDIT
from shared.settings import Settings


class Office(NamedTuple):
    """An installation's log, and where its dead letters and its audit lie."""

    found: Settings
    log: Log
    boxes: list[Box]
    audit: str

    def full(self, topic: str) -> str:
        """A topic's full name; it may be given without the prefix."""
        return full(self.found.topic_prefix, topic)

    def letters(self, topics: Collection[str] = ()) -> dict[Identity, Letter]:
        """Every letter in its state, or those from some topics."""
        return read(self.log, within(self.boxes, topics), self.audit)


@contextmanager
def office() -> Iterator[Office]:
    """The desk; what keeps it from working ends the command with exit code 1."""
    found = settings()
    keep_logs_aside()
    held = boxes(found.topic_prefix, found.subject_partitions, found.organs)
    try:
        with on_the_log(found) as log:
            yield Office(found, log, held, found.topic_prefix + AUDIT)
    except TooManyLetters as error:
        fail(str(error))
    except Fenced:
        fail("somebody else has begun to work at the desk; what was not done yet is still open: look, and call again")


def whoever() -> str:
    """Who calls, as the audit names them unless they say otherwise."""
    try:
        return f"cli:{getuser()}"[:200]
    except (OSError, KeyError):
        return "cli:unknown"


def plain(text: str) -> str:
    """A sender's text without what a terminal would obey."""
    return "".join(character if character.isprintable() else "�" for character in text)
