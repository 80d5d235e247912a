"""The journal 抽查台账: one line for every step of every draw, each bound to the line before (DRAW.md section 8)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.credit.canonical import canonical
from shared.draw.canonical import read, write
from shared.draw.checks import Refused
from shared.draw.instants import Instant, instant
from shared.draw.plan_form import is_text

STEPS = ("planned", "committed", "seeded", "drawn", "replaced", "published", "abandoned")
FIRST = "0" * 64
"""What stands for the line before the first."""

_NAMES = {"at", "draw_id", "prev", "seq", "sha256", "step"}
_OF_COMMITMENT = {"publish_by", "replaces", "seed_sources", "pool_sha256"}
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Line:
    """A step. `more` has what a committed line says beside the others; `hash` is that of the line with its LF."""

    seq: int
    at: str
    draw_id: str
    step: str
    sha256: str
    prev: str
    hash: str
    more: Mapping[str, Any]

    @property
    def instant(self) -> Instant:
        """When it was written."""
        return instant(self.at)


def append(before: Line | None, at: str, draw_id: str, step: str, sha256: str, more: Mapping[str, Any]) -> bytes:
    """The bytes of the next line, its LF included."""
    document = {
        "at": at,
        "draw_id": draw_id,
        "prev": before.hash if before else FIRST,
        "seq": before.seq + 1 if before else 1,
        "sha256": sha256,
        "step": step,
    }
    return write(document | dict(more)) + b"\n"


def parse_journal(data: bytes) -> list[Line]:
    """Every line. Raises `Refused` with `journal-chain` at the first that does not follow from the one before."""
    lines: list[Line] = []
    for number, text in enumerate(data.split(b"\n")[:-1], 1):
        lines.append(_line(text, lines[-1] if lines else None, number))
    if not data.endswith(b"\n"):
        raise _broken(len(lines) + 1, "has no LF" if data else "is missing")
    return lines


def sha256_of_step(document: Any) -> str:
    """The SHA-256 of what a line is about, where that is a JSON value."""
    return hashlib.sha256(canonical(document)).hexdigest()


def _line(text: bytes, before: Line | None, number: int) -> Line:
    try:
        document = read(text)
    except ValueError as error:
        raise _broken(number, str(error)) from None
    if not isinstance(document, dict) or document.keys() & _NAMES != _NAMES:
        raise _broken(number, f"must have {', '.join(sorted(_NAMES))}")
    if wrong := next(_faults(document, before, number), None):
        raise _broken(number, wrong)
    more = {name: value for name, value in document.items() if name not in _NAMES}
    return Line(hash=hashlib.sha256(text + b"\n").hexdigest(), more=more, **{name: document[name] for name in _NAMES})


def _faults(document: Mapping[str, Any], before: Line | None, number: int) -> Iterator[str]:
    """What is wrong with a line, by itself and after the one before."""
    if document["step"] not in STEPS:
        yield f"has a step that is none: {document['step']!r}"
    if document.keys() - _NAMES != (_OF_COMMITMENT if document["step"] == "committed" else set()):
        yield f"has not just the members of a line {document['step']}"
    if not is_text(document["draw_id"]):
        yield "must have a draw_id that is a text"
    if not isinstance(document["sha256"], str) or not _HASH.fullmatch(document["sha256"]):
        yield "must have a SHA-256 in lower-case hex"
    if type(document["seq"]) is not int or document["seq"] != number:
        yield f"must have seq {number}"
    if document["prev"] != (before.hash if before else FIRST):
        yield "does not follow from the line before: its prev is another"
    try:
        at = instant(document["at"])
    except ValueError:
        yield "must have an instant with an offset in at"
    else:
        if before and at < before.instant:
            yield "is earlier than the line before"


def _broken(number: int, detail: str) -> Refused:
    return Refused("journal-chain", f"line {number}: {detail}")
