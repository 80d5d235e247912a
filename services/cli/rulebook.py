"""`chengxin rulebook …`: check, compare, try and publish rulebooks."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from services.cli.rulebook_diff import diff
from services.cli.rulebook_dry_run import dry_run_command
from services.cli.rulebook_publish import publish
from shared.rulebooks.check import Report, check_directory
from shared.rulebooks.loader import SHIPPED


@click.group()
def rulebook() -> None:
    """Rulebooks: check, compare, try and publish them."""


rulebook.add_command(diff)
rulebook.add_command(dry_run_command)
rulebook.add_command(publish)


@rulebook.command()
@click.argument(
    "directory", type=click.Path(exists=True, file_okay=False, readable=True, path_type=Path), default=SHIPPED
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def check(directory: Path, as_json: bool) -> None:
    """Check the rulebooks of DIRECTORY (the shipped ones unless given).

    Form, the laws cited (its own laws.yaml, else the shipped one), every version beside the others, and the bytes of
    published ones (its own published.lock, else the shipped one). Each fault is a line FILE:LINE: MESSAGE. Exit code
    0: all hold; 1: some do not; 2: wrong use.
    """
    try:
        report = check_directory(directory)
    except OSError as error:
        raise click.UsageError(f"{error.filename or directory} cannot be read: {error.strerror}") from None
    click.echo(json.dumps(_document(report), ensure_ascii=False, indent=2) if as_json else _lines(report))
    if report.faults:
        sys.exit(1)


def _lines(report: Report) -> str:
    lines = [str(fault) for fault in report.faults]
    lines += [str(fault._replace(message=f"warning: {fault.message}")) for fault in report.warnings]
    names = ", ".join(f"{book.id} v{book.version}" for book in report.books)
    verdict = f"does not hold, faults: {len(report.faults)}" if report.faults else f"holds: {names}"
    return "\n".join([*lines, verdict])


def _document(report: Report) -> dict[str, object]:
    return {
        "holds": not report.faults,
        "rulebooks": [
            {
                "id": book.id,
                "version": book.version,
                "kinds": list(book.kinds),
                "effective_from": book.effective_from.isoformat(),
                "sha256": book.sha256,
            }
            for book in report.books
        ],
        "faults": [fault._asdict() for fault in report.faults],
        "warnings": [fault._asdict() for fault in report.warnings],
    }
