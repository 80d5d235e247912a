"""Codes in the place of ids that the public may not read 抽查编号, made for one draw: inspectors', and cases'.

A code is the beginning of the SHA-256 of a salt and the id: whoever has the salt sees whose it is, and nobody can find
another id for it afterwards. Inspectors have theirs since the planning, and the plan binds the list of them; cases have
theirs since the freeze, which commits to them in the pool. Pure; salts come in from the edge.
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
    id: str
    salt: str


def code_of(id_: str, salt: str) -> str:
    """The code of an id; the salt is hexadecimal."""
    return hashlib.sha256(f"{salt} {id_}".encode()).hexdigest()[:_DIGITS]


class Codes:
    """Who, or what, has which code in a draw."""

    def __init__(self, opened: Iterable[Opened]) -> None:
        self._by_code = {each.code: each for each in opened}
        self.by_id: Mapping[str, str] = {each.id: each.code for each in self._by_code.values()}
        """The codes by id."""

    @classmethod
    def make(cls, ids: Collection[str], new_salt: Callable[[], str]) -> Codes:
        """Codes of ids; no salt is used twice."""
        salted = [(id_, new_salt()) for id_ in sorted(ids)]
        return cls(Opened(code_of(id_, salt), id_, salt) for id_, salt in salted)

    @classmethod
    def parse(cls, private: bytes) -> Codes:
        """The codes out of `private`."""
        return cls(Opened(*line.split("\t")) for line in private.decode().split("\n")[:-1])

    @property
    def private(self) -> bytes:
        """The list that is kept: `code TAB id TAB salt LF` by code. Never public."""
        return "".join("\t".join(each) + "\n" for _, each in sorted(self._by_code.items())).encode()

    @property
    def public(self) -> bytes:
        """The list that the plan binds: `code LF`, ascending. It says nothing of anybody."""
        return "".join(f"{code}\n" for code in sorted(self._by_code)).encode()

    @property
    def sha256(self) -> str | None:
        """What the plan says of them as `inspector_codes`; None where there is nobody."""
        return hashlib.sha256(self.public).hexdigest() if self._by_code else None

    def id_of(self, code: str) -> str:
        """Whose a code is; what is none stands for itself."""
        return self._by_code[code].id if code in self._by_code else code

    def open(self, codes: Iterable[str]) -> list[Opened]:
        """Whose some codes are, in their order."""
        return [self._by_code[code] for code in sorted(set(codes)) if code in self._by_code]
