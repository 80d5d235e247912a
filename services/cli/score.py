"""`chengxin score`: the score function over files, with no network: whoever holds the facts can recompute a score."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

import click
import orjson

from services.cli.installation import WrongUse
from shared.credit.facts import Fact, FactError, parse_fact, parse_instant
from shared.credit.items import Ledger
from shared.credit.receipt import Receipt
from shared.credit.receipt import score as score_of
from shared.credit.rulebook import NoRulebook, Rulebook, RulebookError, Rulebooks
from shared.rulebooks.loader import load_file

_LEDGERS: tuple[Ledger, ...] = ("internal", "public")


class BadRequest(ValueError):
    """A line that asks for nothing that can be answered; a sentence that says why."""


class Request(NamedTuple):
    """One question: a subject, its facts, and what is asked of them."""

    subject_id: str
    facts: list[Fact]
    as_of: date
    known_at: datetime | None
    ledger: Ledger
    rulebooks: tuple[str, ...] | None


@click.command()
@click.option("--rulebooks", "folder", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--facts", type=click.File("rb"), help="A CloudEvent a line, with the log's recorded_at beside it.")
@click.option("--requests", type=click.File("rb"), help="A request a line: subject_id, ledger, as_of, known_at, facts.")
@click.option("--as-of", help="The day that is asked about, YYYY-MM-DD (with --facts).")
@click.option("--known-at", help="Only what was recorded by this instant, RFC 3339 (with --facts).")
@click.option("--ledger", type=click.Choice(_LEDGERS), default="internal", show_default=True)
def score(
    folder: Path,
    facts: IO[bytes] | None,
    requests: IO[bytes] | None,
    as_of: str | None,
    known_at: str | None,
    ledger: Ledger,
) -> None:
    """Write receipts, one a line.

    With --facts: one receipt for each subject in the file, by subject. With --requests: the answer to each line, a
    receipt or {"error": …}. Nothing is connected; a file may be - for standard input. Exit code 2 where a file of
    facts cannot be read, before anything is written.
    """
    if (facts is None) == (requests is None):
        raise click.UsageError("give either --facts or --requests")
    books = _load(folder)
    answers: Iterator[Receipt]
    if requests is not None:
        answers = (_answer(line, books) for line in requests if line.strip())
    else:
        assert facts is not None
        day = _option("--as-of", as_of)
        known = parse_instant(known_at) if known_at else None
        every = Rulebooks(books.values())
        answers = (
            _scored(Request(subject, found, day, known, ledger, None), every)
            for subject, found in sorted(_by_subject(facts).items())
        )
    for answer in answers:
        sys.stdout.buffer.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE))


def _load(folder: Path) -> dict[str, Rulebook]:
    files = sorted(folder.glob("*-v*.yaml"))
    if not files:
        raise WrongUse(f"{folder} holds no rulebook: their files are named ID-vVERSION.yaml")
    try:
        return {file.name: load_file(file) for file in files}
    except RulebookError as error:
        raise WrongUse(str(error)) from None


def _option(name: str, text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise click.UsageError(f"{name} must be a date such as 2026-02-01") from None


def _by_subject(lines: Iterable[bytes]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = defaultdict(list)
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                fact = parse_fact(orjson.loads(line))
            except (FactError, orjson.JSONDecodeError) as error:
                raise WrongUse(f"line {number} of the facts: {error}") from None
            found[fact.subject].append(fact)
    return found


def _answer(line: bytes, books: dict[str, Rulebook]) -> Receipt:
    try:
        request = _parse(line)
        return _scored(request, _chosen(request, books))
    except (BadRequest, FactError, RulebookError, orjson.JSONDecodeError) as error:
        return {"error": str(error)}


def _chosen(request: Request, books: dict[str, Rulebook]) -> Rulebooks:
    names = list(books) if request.rulebooks is None else request.rulebooks
    if unknown := [name for name in names if name not in books]:
        raise BadRequest(f"/rulebooks: no file {', '.join(unknown)} among the rulebooks")
    return Rulebooks(books[name] for name in names)


def _parse(line: bytes) -> Request:
    document: Any = orjson.loads(line)
    if not isinstance(document, dict) or not isinstance(document.get("subject_id"), str):
        raise BadRequest("/subject_id must be a text")
    ledger = document.get("ledger", "internal")
    if ledger not in _LEDGERS:
        raise BadRequest(f"/ledger must be one of {', '.join(_LEDGERS)}")
    try:
        as_of = date.fromisoformat(document.get("as_of", ""))
    except (TypeError, ValueError):
        raise BadRequest("/as_of must be a date such as 2026-02-01") from None
    facts = document.get("facts")
    if not isinstance(facts, list):
        raise BadRequest("/facts must be a list")
    known_at = document.get("known_at")
    names = document.get("rulebooks")
    return Request(
        document["subject_id"],
        [parse_fact(fact) for fact in facts],
        as_of,
        None if known_at is None else parse_instant(known_at),
        ledger,
        None if names is None else tuple(map(str, names)),
    )


def _scored(request: Request, rulebooks: Rulebooks) -> Receipt:
    facts = [fact for fact in request.facts if fact.subject == request.subject_id]
    try:
        return score_of(request.subject_id, facts, rulebooks, request.as_of, request.known_at, request.ledger)
    except NoRulebook:
        return {"error": "no-rulebook"}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return {"error": f"the facts of {request.subject_id} are not in the form of their types: {error!r}"}
