"""`chengxin score`: the score function over files, with no network: whoever holds the facts can recompute a score."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO

import click
import orjson

from services.cli.offline import FOLDER, facts_by_subject, rulebooks_in, together, with_progress
from services.cli.score_requests import LEDGERS, BadRequest, Request, parse_request
from shared.credit.fact_form import day as date_fault
from shared.credit.facts import Fact, FactError, parse_known_at
from shared.credit.item import Ledger
from shared.credit.receipt import Receipt
from shared.credit.receipt import score as score_of
from shared.credit.rulebook import NoRulebook, Rulebook, RulebookError, Rulebooks


@click.command()
@click.option("--rulebooks", "folder", required=True, type=FOLDER, help="A folder of rulebooks (*.yaml).")
@click.option("--facts", type=click.File("rb"), help="A CloudEvent a line, with the log's recorded_at beside it.")
@click.option("--requests", type=click.File("rb"), help="A request a line: subject_id, ledger, as_of, known_at, facts.")
@click.option("--as-of", help="The day that is asked about, YYYY-MM-DD (with --facts).")
@click.option("--known-at", help="Only what was recorded by this instant, RFC 3339 (with --facts).")
@click.option("--ledger", type=click.Choice(LEDGERS), help="internal unless given (with --facts).")
@click.option("--json", "as_json", is_flag=True, expose_value=False, help="Receipts are JSON in any case.")
def score(
    folder: Path,
    facts: IO[bytes] | None,
    requests: IO[bytes] | None,
    as_of: str | None,
    known_at: str | None,
    ledger: Ledger | None,
) -> None:
    """Write receipts, one a line.

    With --facts: one receipt for each subject in the file, by subject. With --requests: the answer to each line, a
    receipt or {"error": …}; a request may name its `rulebooks` by their files. A file may be - for standard input.
    Exit code 2 where a file of facts cannot be read, before anything is written.
    """
    if (facts is None) == (requests is None):
        raise click.UsageError("give either --facts or --requests")
    books = rulebooks_in(folder)
    if requests is not None:
        if as_of or known_at or ledger:
            raise click.UsageError("--as-of, --known-at and --ledger go with --facts; a request says its own")
        answers = _to_requests(requests, books)
    else:
        assert facts is not None
        day, known = _day(as_of), _instant(known_at)
        answers = _to_facts(facts_by_subject(facts), together(books.values()), day, known, ledger or "internal")
    for answer in with_progress(answers, "answers written"):
        sys.stdout.buffer.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def _day(text: str | None) -> date:
    if wrong := date_fault(text):
        raise click.UsageError(f"--as-of {wrong}")
    return date.fromisoformat(text or "")


def _instant(text: str | None) -> datetime | None:
    try:
        return parse_known_at(text) if text else None
    except FactError as error:
        raise click.UsageError(f"--known-at: {error}") from None


def _to_facts(
    subjects: dict[str, list[Fact]], rulebooks: Rulebooks, as_of: date, known_at: datetime | None, ledger: Ledger
) -> Iterator[Receipt]:
    for subject_id, facts in sorted(subjects.items()):
        answer = _scored(Request(subject_id, facts, as_of, known_at, ledger, None), rulebooks)
        yield {"subject_id": subject_id, **answer}


def _to_requests(lines: Iterable[bytes], books: dict[str, Rulebook]) -> Iterator[Receipt]:
    chosen: dict[tuple[str, ...] | None, Rulebooks] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            request = parse_request(line)
            if request.rulebooks not in chosen:
                chosen[request.rulebooks] = _choose(request.rulebooks, books)
            yield _scored(request, chosen[request.rulebooks])
        except (BadRequest, FactError, RulebookError) as error:
            yield {"error": f"line {number}: {error}"}


def _choose(names: tuple[str, ...] | None, books: dict[str, Rulebook]) -> Rulebooks:
    names = tuple(books) if names is None else names
    if unknown := [name for name in names if name not in books]:
        raise BadRequest(f"/rulebooks: there is no file {', '.join(unknown)} among the rulebooks")
    return Rulebooks(books[name] for name in names)


def _scored(request: Request, rulebooks: Rulebooks) -> Receipt:
    facts = [fact for fact in request.facts if fact.subject == request.subject_id]
    try:
        return score_of(request.subject_id, facts, rulebooks, request.as_of, request.known_at, request.ledger)
    except NoRulebook:
        return {"error": "no-rulebook"}
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        return {"error": f"the facts of {request.subject_id} cannot be compared: {error}"}
