"""Where an inspection is: a subject's name and address as its register entry has them by now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from shared.store.client import StoreUnavailable
from shared.store.ledgers import Ledgers
from shared.web.problems import unavailable


class Address(NamedTuple):
    """What a subject is called, and where its premises 经营场所 are, where that was entered."""

    name: str
    address: str | None


Addresses = Callable[[Sequence[str]], Mapping[str, Address]]
"""Of subjects by id; who is not registered, and what is no subject (a case), is left out."""


def addresses_in(ledgers: Ledgers) -> Addresses:
    """Those that the scoring workers keep. The function raises `ProblemError` where the store does not answer."""

    def addresses(subjects: Sequence[str]) -> Mapping[str, Address]:
        try:
            kept = ledgers.heads(subjects)
        except StoreUnavailable:
            raise unavailable("The store does not answer now. Ask again later.") from None
        entries = {
            subject: summary.get("registration")
            for subject, (_, summary) in zip(subjects, kept, strict=True)
            if summary
        }
        return {subject: Address(entry["name"], entry.get("address")) for subject, entry in entries.items() if entry}

    return addresses
