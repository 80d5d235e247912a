"""What a dry-run tells: a matrix for each kind and ledger, or one JSON object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from services.cli.rulebook_diff import identity
from services.cli.tables import show
from shared.credit.item import Ledger
from shared.registry.kinds import KINDS
from shared.rulebooks.dry_run import INSUFFICIENT, NO_RULEBOOK, DryRun, Tally


def document(
    run: DryRun, applied_until: datetime, failed: Sequence[Mapping[str, str]], warnings: Sequence[str]
) -> dict[str, Any]:
    """The answer as JSON: every pair of places that any subject has, those that stay too."""
    return {
        "rulebook": identity(run.new),
        "as_of": run.as_of.isoformat(),
        "applied_until": applied_until.isoformat(),
        "acts": run.acts,
        "ledgers": [
            {
                "kind": kind,
                "ledger": ledger,
                "subjects": tally.subjects,
                "moving": tally.moving,
                "rescored": tally.rescored,
                "grades": [
                    {"from": before, "to": after, "subjects": tally.grades[before, after]}
                    for before in run.grades(kind)
                    for after in run.grades(kind)
                    if tally.grades[before, after]
                ],
            }
            for (kind, ledger), tally in run.tallies.items()
        ],
        "failed": list(failed),
        "warnings": list(warnings),
    }


def print_tables(run: DryRun, applied_until: datetime) -> None:
    """A matrix for each kind and ledger: rows without the new version, columns with it."""
    new = run.new
    click.echo(f"{new.id} v{new.version}, in force from {new.effective_from}: grades on {run.as_of}")
    click.echo(f"By all that was applied until {applied_until.isoformat(timespec='seconds')}")
    for (kind, ledger), tally in run.tallies.items():
        click.echo(f"\n{_headline(kind, ledger, tally)}")
        show(_matrix(run.grades(kind), tally))


def _headline(kind: str, ledger: Ledger, tally: Tally) -> str:
    counted = f"{tally.subjects:,} subjects, {tally.moving:,} move, {tally.rescored:,} more have another score"
    return f"{kind} {KINDS[kind].chinese}, {ledger} ledger: {counted}"


def _matrix(grades: Sequence[str], tally: Tally) -> Table:
    used = {place for pair in tally.grades for place in pair}
    shown = [grade for grade in grades if grade not in (INSUFFICIENT, NO_RULEBOOK) or grade in used]
    table = Table("from \\ to", *shown, "all")
    for column in table.columns[1:]:
        column.justify = "right"
    for before in shown:
        numbers = [tally.grades[before, after] for after in shown]
        cells = [
            Text(f"{number:,}" if number else "·", style="bold" if number and before != after else "")
            for number, after in zip(numbers, shown, strict=True)
        ]
        table.add_row(Text(before), *cells, f"{sum(numbers):,}")
    totals = [sum(tally.grades[before, after] for before in shown) for after in shown]
    table.add_section()
    table.add_row("all", *(f"{number:,}" for number in totals), f"{sum(totals):,}")
    return table
