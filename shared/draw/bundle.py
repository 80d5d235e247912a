"""A bundle verified: every check of DRAW.md section 6, in its order, from the files' bytes alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.credit.canonical import canonical, sha256_of
from shared.draw.canonical import no_constant, read, refuse_values
from shared.draw.checks import Refused
from shared.draw.drawing import Drawn, draw
from shared.draw.frozen import FILES, Frozen, freeze, refuse_infeasible
from shared.draw.replacing import Replacing
from shared.draw.seed import refuse_times, seed_of

Files = Mapping[str, bytes]
"""A bundle's files by their names (section 7)."""

PUBLISHED = (*FILES, "commitment.json", "seed.json", "result.json", "result.sha256")
"""The files that the journal's `published` line is about."""

_ENOUGH = 3
"""So many times a panel's inspectors to choose from leave something to chance."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a draw is made of: everything before its result. `values` are the seed's."""

    frozen: Frozen
    committed_at: str
    seed_at: str
    values: Mapping[str, str]
    seed: bytes


@dataclass(frozen=True, slots=True)
class Verified(Seeded):
    """What a bundle was found to be; `replacing` stands after the last of its records."""

    replacing: Replacing


def seeded(files: Files) -> Seeded:
    """The checks before a result: forms, commitment, feasibility, times and values. Raises `Refused`."""
    frozen = freeze(files)
    commitment = _object(files, "commitment.json")
    _refuse_others(commitment, {"commitment", "committed_at"}, "commitment")
    if commitment.get("commitment") != frozen.commitment:
        lists = ", ".join(f"{name} has the SHA-256 {hashlib.sha256(files[name]).hexdigest()}" for name in FILES[1:])
        raise Refused("commitment", f"the documents commit to {frozen.commitment}; {lists}")
    refuse_infeasible(frozen)
    entered = _object(files, "seed.json")
    committed_at, seed_at = commitment.get("committed_at"), entered.get("seed_at")
    refuse_times(frozen.plan, committed_at, seed_at)
    _refuse_others(entered, {"seed_at", "values"}, "seed-form")
    values: Any = entered.get("values")
    seed = seed_of(frozen.plan, frozen.commitment, values)
    return Seeded(frozen, str(committed_at), str(seed_at), values, seed)


def untimed(files: Files) -> tuple[Frozen, bytes]:
    """Frozen documents and their seed, where no commitment and no times are at hand yet: checks of forms, feasibility
    and values. Raises `Refused`.
    """
    frozen = freeze(files)
    refuse_infeasible(frozen)
    values: Any = _object(files, "seed.json").get("values")
    return frozen, seed_of(frozen.plan, frozen.commitment, values)


def verify(files: Files) -> Verified:
    """All checks of a bundle. Raises `Refused` with the first that fails."""
    before = seeded(files)
    result = files.get("result.json")
    if result is None:
        raise Refused("result-form", "result.json is missing")
    try:
        stated = read(result)
    except ValueError as error:
        raise Refused("result-form", f"result.json {error}") from None
    digest = hashlib.sha256(result).hexdigest()
    if files.get("result.sha256") != f"{digest}\n".encode():
        raise Refused("result-sha256", f"result.json has the SHA-256 {digest}")
    if not isinstance(stated, dict) or stated.get("seed") != before.seed.hex():
        raise Refused("seed", f"the values give the seed {before.seed.hex()}")
    drawn = draw(before.frozen, before.seed)
    if drawn.result != result:
        raise Refused("draw", _difference(stated, drawn))
    replacing = Replacing(before.frozen, before.seed, drawn)
    _replay(replacing, files.get("replacements.json", b"[]"))
    return Verified(before.frozen, before.committed_at, before.seed_at, before.values, before.seed, replacing)


def _replay(replacing: Replacing, data: bytes) -> None:
    """Make the records of `replacements.json` again. Raises `Refused` where one differs."""
    for number, record in enumerate(_records(data), 1):
        right = replacing.again(record)
        try:
            refuse_values(record)
            same = canonical(right) == canonical(record)
        except ValueError:
            same = False
        if not same:
            raise Refused("replacements", f"record {number} must be {canonical(right).decode()}")


def _records(data: bytes) -> list[Any]:
    """The array that `replacements.json` holds, nothing of it believed yet. Raises `Refused` with `replacements`."""
    try:
        records = _json(data)
    except ValueError as error:
        raise Refused("replacements", f"replacements.json {error}") from None
    if not isinstance(records, list):
        raise Refused("replacements", "replacements.json must hold an array")
    return records


def sealed_sha256(files: Files) -> str:
    """The hash that stands for a whole bundle while it is sealed: what the journal's line `published` is of."""
    return sha256_of({name: hashlib.sha256(files[name]).hexdigest() for name in PUBLISHED})


def remarks(frozen: Frozen) -> Iterator[str]:
    """What a verifier says and does not refuse."""
    if frozen.plan.document.get("public_source", "not said") is None:
        yield "witnessed, not verifiable: the plan names no public source"
    for name, quota in frozen.quotas.items():
        if quota == 0:
            yield f"stratum {name}: nobody is drawn"
    sizes = {stratum.decode() for stratum in set(frozen.pool.strata)}
    for name in sorted(sizes - frozen.quotas.keys()):
        yield f"stratum {name}: not in the plan, nobody is drawn"
    for code, number in frozen.excluded.items():
        yield f"left out as {code}: {number}"
    if few := sum(1 for _ in _few_to_choose_from(frozen)):
        yield f"subjects with fewer than {_ENOUGH} times their panel's inspectors to choose from: {few}"


def _few_to_choose_from(frozen: Frozen) -> Iterator[bytes]:
    drawn_from, pool, least = frozen.drawn_from(), frozen.pool, _ENOUGH * frozen.plan.panel_size
    departments = {entry.department for entry in frozen.plan.panel}
    of_region = {
        region: frozenset().union(*(frozen.lists.of(department, region).members for department in departments))
        for region in set(pool.regions)
    }
    for subject, stratum, region in zip(pool.subjects, pool.strata, pool.regions, strict=True):
        some = of_region[region]
        barred = frozen.recusals.get(subject, frozenset())
        if stratum in drawn_from and len(some) - len(some & barred) < least:
            yield subject


def _object(files: Files, name: str) -> Mapping[str, Any]:
    """A small JSON file; {} where it is missing or no object: then what should stand in it is missing."""
    try:
        document = _json(files.get(name, b"{}"))
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _refuse_others(document: Mapping[str, Any], names: set[str], check: str) -> None:
    """Nothing stands beside what is checked, to be taken for checked."""
    if others := document.keys() - names:
        raise Refused(check, f"there is {', '.join(map(repr, sorted(others)))} beside {' and '.join(sorted(names))}")


def _json(data: bytes) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("has a key twice")
        return dict(pairs)

    try:
        return json.loads(data.decode(), object_pairs_hook=once, parse_constant=no_constant)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise ValueError("is not JSON") from None


def _difference(stated: Mapping[str, Any], drawn: Drawn) -> str:
    said = stated.get("selected")
    right = [each.document() for each in drawn.selected]
    if isinstance(said, list):
        for place, due in enumerate(right):
            if place >= len(said) or said[place] != due:
                return f"place {place + 1} of selected must be {canonical(due).decode()}"
    return "the recomputed result has other bytes"
