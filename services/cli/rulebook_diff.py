"""`chengxin rulebook diff`: what differs between two versions, rule by rule."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from services.cli.installation import WrongUse
from services.cli.rulebook_sources import referred
from services.cli.tables import show
from shared.credit.rulebook import Rulebook
from shared.rulebooks.difference import Difference, compare
from shared.rulebooks.flat import Value


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def diff(old: str, new: str, as_json: bool) -> None:
    """Show what differs between two versions of a rulebook.

    OLD and NEW are files, or ID:VERSION of a shipped or published one (such as shop-credit:2). Warnings name what is
    allowed and seldom meant; faults say why NEW cannot follow OLD. Exit code 0: it can; 1: it cannot; 2: wrong use.
    """
    try:
        difference = compare(referred(old), referred(new))
    except ValueError as error:
        raise WrongUse(str(error)) from None
    if as_json:
        click.echo(json.dumps(document(difference), ensure_ascii=False, indent=2))
    else:
        _print(difference)
    if difference.faults:
        sys.exit(1)


def document(difference: Difference) -> dict[str, Any]:
    """The difference as JSON."""
    return {
        "old": identity(difference.old),
        "new": identity(difference.new),
        "added": [{"kind": kind, "code": code} for kind, code in difference.added],
        "removed": [{"kind": kind, "code": code} for kind, code in difference.removed],
        "changes": [{**change.rule._asdict(), "old": change.old, "new": change.new} for change in difference.changes],
        "faults": difference.faults,
        "warnings": difference.warnings,
    }


def identity(book: Rulebook) -> dict[str, Any]:
    """Which version it is."""
    return {
        "id": book.id,
        "version": book.version,
        "effective_from": book.effective_from.isoformat(),
        "sha256": book.sha256,
    }


def _print(difference: Difference) -> None:
    old, new = difference.old, difference.new
    click.echo(f"{old.id} v{old.version} (from {old.effective_from}) → v{new.version} (from {new.effective_from})")
    if difference.changes:
        table = Table("Kind", "Code", "Rule", f"v{old.version}", f"v{new.version}")
        for change in difference.changes:
            rule = change.rule
            cells = (rule.kind or "", rule.code or "", rule.field, _shown(change.old), _shown(change.new))
            table.add_row(*map(Text, cells))
        show(table)
    else:
        click.echo("No rule differs.")
    for fault in difference.faults:
        click.echo(f"fault: {fault}")
    for warning in difference.warnings:
        click.echo(f"warning: {warning}")


def _shown(value: Value) -> str:
    if value is None:
        return "–"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
