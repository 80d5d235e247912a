"""`chengxin status`: every partition with its owner, lag, age and breaker, and what waits in the store."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import click
from rich.table import Table

from services.cli import tables
from services.cli.installation import say, settings
from services.cli.status_figures import Figures, gather


@click.command()
@click.option("--watch", type=click.FloatRange(0.5, 3600), help="Look again every so many seconds, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
def status(watch: float | None, as_json: bool) -> None:
    """Show how far the workers are, partition by partition, and what has stopped, failed or waits.

    Exit code 0 where nothing needs anybody; 1 where log or store do not answer, a breaker is open, subjects failed, or
    a partition has records and no owner.
    """
    found = settings()
    while True:
        figures = gather(found)
        if as_json:
            click.echo(json.dumps(_shown(figures), ensure_ascii=False))
        else:
            _print(figures)
        if watch is None:
            sys.exit(1 if figures.trouble() else 0)
        time.sleep(watch)


def _shown(figures: Figures) -> dict[str, Any]:
    return {
        "partitions": [row._asdict() for row in figures.rows],
        **figures.totals,
        "trouble": figures.trouble(),
    }


def _print(figures: Figures) -> None:
    table = Table("partition", "owner", "committed", "end", "behind", "oldest", "breaker")
    for row in figures.rows:
        age = f"{row.oldest_seconds:.0f} s" if row.oldest_seconds is not None else ""
        place = f"{row.topic}:{row.partition}"
        table.add_row(place, row.owner or "-", str(row.committed), str(row.end), str(row.lag), age, row.breaker or "")
    if figures.rows:
        tables.show(table)
    for name, value in figures.totals.items():
        if value not in (None, {}, []):
            click.echo(f"{name.replace('_', ' '):22}{_words(value)}")
    for sentence in figures.trouble():
        say(f"! {sentence}")


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{number} {name}" for name, number in value.items())
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return str(value)
