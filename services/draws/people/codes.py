"""Codes in the place of inspectors' ids 抽查编号: made for one draw at its planning, opened of those who served.

A code is the beginning of the SHA-256 of a salt and the id: whoever has the salt sees whose it is, and nobody can find
another id for it afterwards. The plan binds the list of all codes. Pure; salts come in from the edge.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

_DIGITS = 32
"""Hexadecimal digits of a code: 128 bits."""


class Opened(NamedTuple):
    """Whose a code is, with the salt that proves it."""

    code: str
    inspector_id: str
    salt: str


def code_of(inspector_id: str, salt: str) -> str:
    """The code of an inspector; the salt is hexadecimal."""
    return hashlib.sha256(f"{salt} {inspector_id}".encode()).hexdigest()[:_DIGITS]


class Codes:
    """Who has which code in a draw."""

    def __init__(self, opened: Iterable[Opened]) -> None:
        self._by_code = {each.code: each for each in opened}
        self.by_inspector: Mapping[str, str] = {each.inspector_id: each.code for each in self._by_code.values()}
        """The codes by inspector."""

    @classmethod
    def make(cls, inspectors: Collection[str], new_salt: Callable[[], str]) -> Codes:
        """Codes of inspectors; no salt is used twice."""
        salted = [(inspector_id, new_salt()) for inspector_id in sorted(inspectors)]
        return cls(Opened(code_of(inspector_id, salt), inspector_id, salt) for inspector_id, salt in salted)

    @classmethod
    def parse(cls, private: bytes) -> Codes:
        """The codes out of `private`."""
        return cls(Opened(*line.split("\t")) for line in private.decode().split("\n")[:-1])

    @property
    def private(self) -> bytes:
        """The list that is kept: `code TAB inspector_id TAB salt LF` by code. Never public."""
        return "".join("\t".join(each) + "\n" for _, each in sorted(self._by_code.items())).encode()

    @property
    def public(self) -> bytes:
        """The list that the plan binds: `code LF`, ascending. It says nothing of anybody."""
        return "".join(f"{code}\n" for code in sorted(self._by_code)).encode()

    @property
    def sha256(self) -> str | None:
        """What the plan says of them as `inspector_codes`; None where there is nobody."""
        return hashlib.sha256(self.public).hexdigest() if self._by_code else None

    def inspector(self, code: str) -> str:
        """Whose a code is; what is none stands for itself."""
        return self._by_code[code].inspector_id if code in self._by_code else code

    def open(self, codes: Iterable[str]) -> list[Opened]:
        """Whose some codes are, in their order."""
        return [self._by_code[code] for code in sorted(set(codes)) if code in self._by_code]
