"""A doubt about an event that is taken all the same, and the sorts of doubts. Pure."""

from __future__ import annotations

from typing import NamedTuple

CODES = {
    "code-not-in-force": "No rulebook in force on the day of the act lists this code with this severity",
    "subject-not-registered": "No register entry of the subject is known",
    "not-seen": "Nothing that it names is known",
    "id-conflict": "Another content was sent under the same source and id; that one stands",
    "number-conflict": "Another source has stated the same number",
    "number-again": "The same source has stated this case before, with other content",
    "revision-stands": "Another amendment of the case, of this revision or a later one, is known",
    "entry-stands": "Another register entry of the subject is as late, or later, and stands",
    "repair-not-allowed": "The rulebook allows no repair of this on that day, so it counts for nothing",
    "days-out-of-order": "A day lies before another that it has to follow",
    "result-contradicts": "The result says otherwise than the findings",
    "personal-numbers": "A text has numbers by which a person is found",
    "not-compared": "It was not compared with what is known",
}
"""The kinds of doubts, and what they mean."""


class Doubt(NamedTuple):
    """One thing, and which member it is about; nothing in it is of the event's content."""

    code: str
    pointer: str
    message: str


def doubt(code: str, pointer: str, message: str) -> Doubt:
    """A doubt of a sort, with what can be done about it."""
    return Doubt(code, pointer, f"{CODES[code]}: {message}")
