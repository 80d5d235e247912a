"""Which letters somebody means, out of what they have typed: names of topics may lack the installation's prefix."""

from __future__ import annotations

from collections.abc import Collection

from shared.desk.letters import Wish
from shared.desk.reading import Box

MOST_IDS = 1000
"""Letters that may be named at once."""


class NoSuchTopic(Exception):
    """Topics that are given, and are none of which letters are kept."""

    def __init__(self, unknown: Collection[str], known: Collection[str]) -> None:
        self.unknown, self.known = sorted(unknown), sorted(known)
        super().__init__(f"{', '.join(self.unknown)}: must be one of {', '.join(self.known)}")


def full(prefix: str, name: str) -> str:
    """A name that begins with a topic's, with the prefix."""
    return name if name.startswith(prefix) else prefix + name


def wish_of(
    prefix: str,
    boxes: Collection[Box],
    *,
    topics: Collection[str] = (),
    reasons: Collection[str] = (),
    ids: Collection[str] = (),
    states: Collection[str] = (),
) -> Wish:
    """What is meant; nothing given means all. Raises `NoSuchTopic`."""
    known = {box.source for box in boxes}
    meant = frozenset(full(prefix, topic) for topic in topics)
    if unknown := meant - known:
        raise NoSuchTopic(unknown, known)
    return Wish(meant, frozenset(reasons), frozenset(full(prefix, each) for each in ids), frozenset(states))
