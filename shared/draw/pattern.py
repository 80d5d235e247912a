"""The patterns of seed values: one spelling per outcome, and nothing that has to be guessed (DRAW.md section 2).

Literals, classes of them, and how often each stands; no choice, no optional part, no negation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod

_LITERALS = frozenset(map(chr, range(0x21, 0x7F))) - set("\\^$.|?*+()[]{}")
_ATOM = re.compile(r"(?:\[([^\[\]]+)\]|([^\[\]{}]))(?:\{([0-9]{1,6})\})?")
_IN_CLASS = _LITERALS | {"."}


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a value must be, part by part: characters, and how many of them."""

    parts: tuple[tuple[frozenset[str], int], ...]

    @property
    def outcomes(self) -> int:
        """How many values are of this pattern."""
        return prod(len(characters) ** times for characters, times in self.parts)

    def matches(self, value: str) -> bool:
        """Whether the whole value is of this pattern."""
        start = 0
        for characters, times in self.parts:
            part = value[start : start + times]
            if len(part) < times or not characters.issuperset(part):
                return False
            start += times
        return start == len(value) > 0


def parse_pattern(text: str) -> Pattern:
    """The pattern. Raises `ValueError` for anything else than literals, `[…]` and `{m}`."""
    parts, start = [], 0
    while start < len(text):
        atom = _ATOM.match(text, start)
        if atom is None:
            raise ValueError(f"has {text[start]!r} where a character or a class must stand")
        inside, literal, times = atom.groups("")
        if literal and literal not in _LITERALS:
            raise ValueError(f"has {literal!r}, that is none of the characters which stand for themselves")
        parts.append((frozenset(literal) or _class(inside), int(times or 1)))
        start = atom.end()
    if not parts:
        raise ValueError("is empty")
    return Pattern(tuple(parts))


def _class(inside: str) -> frozenset[str]:
    if strange := set(inside) - _IN_CLASS:
        raise ValueError(f"has {min(strange)!r} in a class")
    characters: set[str] = set()
    start = 0
    while start < len(inside):
        first, last = inside[start], inside[start]
        if inside[start + 1 : start + 2] == "-" and start + 2 < len(inside):
            last = inside[start + 2]
            start += 2
        if first > last:
            raise ValueError(f"has the range {first}-{last}, which is empty")
        characters |= {chr(each) for each in range(ord(first), ord(last) + 1)}
        start += 1
    return frozenset(characters)
