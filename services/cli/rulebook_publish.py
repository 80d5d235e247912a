"""`chengxin rulebook publish`: a new version onto the log, after every rule about it was asked."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from services.cli import rulebook_sources as sources
from services.cli.installation import WrongUse
from services.cli.rulebook_diff import identity
from shared.clock import now
from shared.credit.rulebook import Rulebook
from shared.projection.publishing import publish as append
from shared.projection.publishing import published
from shared.rulebooks.difference import compare
from shared.rulebooks.publication import Refusal, judge
from shared.rulebooks.versions import predecessor

SOURCE = "urn:chengxin:cli"
_LATE = "choose a later day, or publish it knowingly with --late --yes"


@click.command()
@click.argument("file", type=sources.FILE)
@click.option("--late", is_flag=True, help="Although it is in force from a day that is not to come.")
@click.option("--yes", is_flag=True, help="Confirms --late: scores of past days change.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def publish(file: Path, late: bool, yes: bool, as_json: bool) -> None:
    """Publish the version in FILE: from then on every worker scores by it, and it never changes again.

    It is checked first (`rulebook check`), beside those published. Refused where its number is published with other
    bytes or goes backwards, or where it would be in force from today or earlier (but for the first version of an id).
    Exit code 0: it is published now, or was already; 1: refused; 2: wrong use.
    """
    if late and not yes:
        raise WrongUse("--late changes scores that were served already; add --yes if `rulebook dry-run` showed them")
    with sources.on_the_log() as here:
        book, content, report = sources.checked(file, here)
        verdict = judge(book, here.books, sources.today(), late=late)
        if verdict.refusals:
            _refuse(book, verdict.refusals, as_json=as_json)
        before = predecessor(book, here.books.books.values())
        if not verdict.published:
            for warning in report.warnings:
                click.echo(str(warning._replace(message=f"warning: {warning.message}")), err=True)
            append(here.log, here.topic, [(book, content)], source=SOURCE, now=now())
            # Somebody may have published the same number in between: what is on the log first is the one that counts.
            counted = judge(book, published(here.log, here.topic), sources.today(), late=True)
            if not counted.published:
                _refuse(book, counted.refusals, as_json=as_json)
    state = "already" if verdict.published else "published"
    if as_json:
        changes = len(compare(before, book).changes) if before else None
        warnings = [warning.message for warning in report.warnings]
        answer = {**identity(book), "state": state, "changes": changes, "warnings": warnings, "refusals": []}
        click.echo(json.dumps(answer, ensure_ascii=False))
    elif verdict.published:
        click.echo(f"{book.id} v{book.version} is published already, with these very bytes; nothing to do")
    else:
        click.echo(f"published {book.id} v{book.version}, in force from {book.effective_from} (SHA-256 {book.sha256})")


def _refuse(book: Rulebook, refusals: list[Refusal], *, as_json: bool) -> NoReturn:
    sentences = [
        f"{each.sentence}; {_LATE}" if each.reason == "not-after-today" else each.sentence for each in refusals
    ]
    if as_json:
        told = [{"reason": each.reason, "sentence": each.sentence} for each in refusals]
        click.echo(json.dumps({**identity(book), "state": "refused", "refusals": told}, ensure_ascii=False))
    for sentence in sentences:
        click.echo(f"Error: {sentence}", err=True)
    sys.exit(1)
