"""The bundle's files of a draw, as its events have them (DRAW.md section 7). Pure; documents are asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from services.draws.steps import Draw
from shared.credit.canonical import canonical
from shared.draw.bundle import PUBLISHED
from shared.draw.journal import sha256_of_step

Document = Callable[[str], bytes]
"""A document by its SHA-256."""


def frozen_files(draw: Draw, document: Document) -> dict[str, bytes]:
    """The five frozen documents of a draw that is committed."""
    assert draw.committed is not None
    lists = {name: document(sha256) for name, sha256 in draw.committed.sha256s.items()}
    return {"plan.json": canonical(draw.plan.document), **lists}


def small_files(draw: Draw) -> dict[str, bytes]:
    """What follows from the events alone, as far as the draw is: commitment, seed, and the hash of the result."""
    found: dict[str, bytes] = {}
    if draw.committed is not None:
        committed = {"commitment": draw.committed.commitment, "committed_at": draw.committed.at}
        found["commitment.json"] = canonical(committed)
    if draw.is_seeded:
        first = next(iter(draw.values.values()))
        values = {name: each.value for name, each in draw.values.items()}
        found["seed.json"] = canonical({"seed_at": first.at, "values": values})
    if draw.result_sha256 is not None:
        found["result.sha256"] = f"{draw.result_sha256}\n".encode()
    return found


def bundle_files(draw: Draw, document: Document) -> dict[str, bytes]:
    """Every file of a draw that is drawn; of replacements those confirmed by now."""
    assert draw.result_sha256 is not None
    records = [json.loads(record) for _, record in draw.records]
    replacements = {"replacements.json": canonical(records)} if records else {}
    result = {"result.json": document(draw.result_sha256)}
    return {**frozen_files(draw, document), **small_files(draw), **result, **replacements}


def published_sha256s(draw: Draw) -> dict[str, str]:
    """The SHA-256s that the journal's line `published` is about, without reading a document."""
    assert draw.committed is not None
    assert draw.result_sha256 is not None
    small = {name: hashlib.sha256(content).hexdigest() for name, content in small_files(draw).items()}
    known = {"plan.json": draw.plan_sha256, **draw.committed.sha256s, **small, "result.json": draw.result_sha256}
    return {name: known[name] for name in PUBLISHED}


def sealed_sha256(draw: Draw) -> str:
    """The hash that stands for the whole bundle before anybody may see it, from the result on: the very one that the
    journal's line `published` repeats, so that witnesses can compare. Replacements have lines of their own.
    """
    return sha256_of_step(published_sha256s(draw))
