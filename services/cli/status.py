"""`chengxin status`: every partition with its owner, lag, age and breaker, and what waits, failed or is late."""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing

import click

from services.cli.connect import open_log, open_store
from services.cli.installation import PATIENCE, STORE_RETRIES, STORE_SECONDS, keep_logs_aside, settings
from services.cli.status_answer import document, print_tables
from shared.projection.overview import Figures, gather


@click.command()
@click.option("--behind", is_flag=True, help="Only partitions that are behind, have stopped, or have no owner.")
@click.option("--watch", type=click.FloatRange(0.5, 3600), metavar="SECONDS", help="Look again so often, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (a line, with --watch) instead of tables.")
def status(behind: bool, watch: float | None, as_json: bool) -> None:
    """Show how far the workers are, partition by partition, and what waits, failed or is late.

    It only reads, and answers within a few seconds whatever is down. Exit code 0 where nothing needs anybody; 1 where
    the log or the store is down, a breaker is open, a partition has no owner, a worker waits, subjects failed, or the
    daily sweep is late.
    """
    found = settings()
    keep_logs_aside()
    figures: Figures | None = None
    with (
        closing(open_log(found, PATIENCE)) as log,
        closing(open_store(found, timeout=STORE_SECONDS, retries=STORE_RETRIES)) as store,
    ):
        try:
            while True:
                figures = gather(found, log, store)
                _show(figures, behind=behind, as_json=as_json, again=watch is not None)
                if watch is None:
                    break
                time.sleep(watch)
        except KeyboardInterrupt:
            if figures is None:
                raise
    sys.exit(1 if figures.troubles() else 0)


def _show(figures: Figures, *, behind: bool, as_json: bool, again: bool) -> None:
    if as_json:
        click.echo(json.dumps(document(figures, behind=behind), ensure_ascii=False))
        return
    if again:
        click.clear()
    print_tables(figures, behind=behind)
