"""Files that the offline commands read: rulebooks by file name, facts by subject. Nothing is connected."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import click
import orjson

from services.cli.installation import WrongUse, say
from shared.credit.facts import Fact, FactError, parse_fact
from shared.credit.rulebook import Rulebook, RulebookError, Rulebooks
from shared.rulebooks.loader import LAWS, load_file

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
"""The type of an option that names a folder of rulebooks."""

_PATIENCE = 2.0
_T = TypeVar("_T")


def rulebooks_in(folder: Path) -> dict[str, Rulebook]:
    """Every rulebook of a folder by the name of its file; `WrongUse` where one cannot be read."""
    files = sorted(file for file in folder.glob("*.yaml") if file.name != LAWS)
    if not files:
        raise WrongUse(f"{folder} holds no rulebook (*.yaml)")
    try:
        return {file.name: load_file(file) for file in files}
    except RulebookError as error:
        raise WrongUse(str(error)) from None
    except OSError as error:
        raise WrongUse(f"{error.filename} cannot be read: {error.strerror}") from None


def together(books: Iterable[Rulebook]) -> Rulebooks:
    """Rulebooks as one set; `WrongUse` where they contradict each other."""
    try:
        return Rulebooks(books)
    except RulebookError as error:
        raise WrongUse(str(error)) from None


def facts_by_subject(lines: Iterable[bytes]) -> dict[str, list[Fact]]:
    """The facts of a file, a CloudEvent a line; `WrongUse` names the first line that is none."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for number, line in enumerate(with_progress(lines, "lines of facts read"), 1):
        if line.strip():
            try:
                fact = parse_fact(orjson.loads(line))
            except orjson.JSONDecodeError:
                raise WrongUse(f"line {number} of the facts must hold one CloudEvent as a JSON object") from None
            except FactError as error:
                raise WrongUse(f"line {number} of the facts: {error}") from None
            found[fact.subject].append(fact)
    return found


def with_progress(things: Iterable[_T], what: str) -> Iterator[_T]:
    """The same things; while they take long, how many have gone by is told on standard error."""
    told = time.monotonic()
    for number, thing in enumerate(things):
        if (now := time.monotonic()) - told > _PATIENCE:
            say(f"{number:,} {what}")
            told = now
        yield thing
