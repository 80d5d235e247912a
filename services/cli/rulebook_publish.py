"""`chengxin rulebook publish`: a new version onto the log, after every rule about it was asked."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from services.cli import rulebook_sources as sources
from services.cli.desk import whoever
from services.cli.installation import WrongUse, fail
from services.cli.rulebook_diff import identity
from shared.clock import now
from shared.eventlog.port import Fenced
from shared.projection.offering import Answer, Offer, offer

_LATE = "choose a later day, or publish it knowingly with --late --yes"


@click.command()
@click.argument("file", type=sources.FILE)
@click.option("--late", is_flag=True, help="Although it is in force from a day that is not to come.")
@click.option("--yes", is_flag=True, help="Confirms --late: scores of past days change.")
@click.option("--by", default=whoever, show_default="cli:USER", help="Who does it, for the audit.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def publish(file: Path, late: bool, yes: bool, by: str, as_json: bool) -> None:
    """Publish the version in FILE: from then on every worker scores by it, and it never changes again.

    It is checked first (`rulebook check`), beside those published. Refused where its number is published with other
    bytes or goes backwards, or where it would be in force from today or earlier (but for the first version of an id).
    No key is asked for: whoever reaches the log's address may do all that the scope `admin` may, --late too.

    Exit code 0: it is published now, or was already; 1: refused; 2: wrong use.
    """
    if late and not yes:
        raise WrongUse("--late changes scores that were served already; add --yes if `rulebook dry-run` showed them")
    offered = Offer(sources.content_of(file), by, str(file), file.absolute().parent, late)
    with sources.on_the_log() as here:
        try:
            answer = offer(here.log, here.settings.topic_prefix, offered, now())
        except Fenced:
            fail("somebody else has begun to publish; look what is published, and call again")
        except OSError as error:
            raise sources.unreadable(error, file) from None
    if answer.state == "faulty":
        sources.stop_for_faults(file, answer.report)
    if answer.state == "refused":
        _refuse(answer, as_json=as_json)
    book = answer.book
    if answer.state == "published":
        for warning in answer.report.warnings:
            click.echo(str(warning._replace(message=f"warning: {warning.message}")), err=True)
    if as_json:
        warnings = [warning.message for warning in answer.report.warnings]
        told = {"state": answer.state, "changes": answer.changes, "warnings": warnings, "refusals": []}
        click.echo(json.dumps({**identity(book), **told}, ensure_ascii=False))
    elif answer.state == "already":
        click.echo(f"{book.id} v{book.version} is published already, with these very bytes; nothing to do")
    else:
        click.echo(f"published {book.id} v{book.version}, in force from {book.effective_from} (SHA-256 {book.sha256})")


def _refuse(answer: Answer, *, as_json: bool) -> NoReturn:
    sentences = [
        f"{each.sentence}; {_LATE}" if each.reason == "not-after-today" else each.sentence for each in answer.refusals
    ]
    if as_json:
        told = [{"reason": each.reason, "sentence": each.sentence} for each in answer.refusals]
        click.echo(json.dumps({**identity(answer.book), "state": "refused", "refusals": told}, ensure_ascii=False))
    for sentence in sentences:
        click.echo(f"Error: {sentence}", err=True)
    sys.exit(1)
