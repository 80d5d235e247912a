"""Claims: of several who want to do something that is done once, in whichever process, one may.

A claim only keeps two at once apart, and ends by itself; that the thing was done is told by the log.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from shared.store.client import Store, StoreUnavailable
from shared.store.keys import Keys

SECONDS = 600
"""Far longer than what was done takes to be known everywhere."""


class Claiming(Protocol):
    """Whoever keeps claims; raises `StoreUnavailable`."""

    def take(self, what: str, by: str) -> bool:
        """Whether it is his who asks; asking again says the same."""

    def leave(self, what: str) -> None:
        """Let another have it."""


class Taken(Exception):
    """Somebody does it, or has just done it."""


@contextmanager
def alone(claims: Claiming, what: str | None) -> Iterator[None]:
    """Do what is done once; where that fails, another may. Raises `Taken` and `StoreUnavailable`. With None it may be
    done as often as somebody asks, and no store is asked.
    """
    if what is None:
        yield
        return
    if not claims.take(what, secrets.token_hex(8)):
        raise Taken
    try:
        yield
    except BaseException:
        with suppress(StoreUnavailable):  # it ends by itself
            claims.leave(what)
        raise


@contextmanager
def in_turn(claims: Claiming, what: str) -> Iterator[None]:
    """Do what is done again and again, by one at a time. Raises `Taken` and `StoreUnavailable`."""
    with alone(claims, what):
        yield
    with suppress(StoreUnavailable):  # it ends by itself
        claims.leave(what)


class Claims:
    """Claims in the store. Threads and processes may share them."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store, self._keys = store, keys

    def take(self, what: str, by: str) -> bool:
        """Whether it is his who asks; `by` is new for each that asks. A call that is sent twice answers the same."""
        key = self._keys.claim(what)
        [held] = self._store.pipelined(lambda pipe, _: pipe.set(key, by, nx=True, ex=SECONDS, get=True), [None])
        return held is None or held == by.encode()

    def leave(self, what: str) -> None:
        """Let another have it: nothing was done."""
        self._store.pipelined(lambda pipe, _: pipe.delete(self._keys.claim(what)), [None])
