"""What is remembered of a subject's last state: enough to see whether what anybody may see has changed. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from shared.credit.item import Ledger
from shared.credit.shown import Body, shown_of

LEDGERS: tuple[Ledger, ...] = ("internal", "public")


class View(NamedTuple):
    """What the audience of a ledger sees: a digest of the whole body, and the grade, None where it sees none."""

    digest: str
    grade: str | None


class Told(NamedTuple):
    """A subject's state as the record at an offset of `scores.v1` has it."""

    offset: int
    kind: str
    region: str | None
    views: Mapping[Ledger, View]

    def encode(self) -> bytes:
        """As it is kept: the offset, a space, and the rest as JSON."""
        rest = [self.kind, self.region, {ledger: list(view) for ledger, view in self.views.items()}]
        return b"%d %s" % (self.offset, orjson.dumps(rest))


def decode(text: bytes) -> Told:
    """What `encode` wrote."""
    offset, _, rest = text.partition(b" ")
    kind, region, views = orjson.loads(rest)
    return Told(int(offset), kind, region, {ledger: View(*view) for ledger, view in views.items()})


def told_of(state: Mapping[str, Any], offset: int) -> tuple[Told, Mapping[Ledger, Body]]:
    """What a state is remembered by, and the bodies that it shows."""
    bodies = {ledger: shown_of(state, ledger, public=ledger == "public") for ledger in LEDGERS}
    views = {ledger: View(_digest(body), body.get("grade")) for ledger, body in bodies.items()}
    return Told(offset, state["kind"], bodies["internal"]["region"], views), bodies


def _digest(body: Body) -> str:
    return hashlib.blake2b(orjson.dumps(body, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()
