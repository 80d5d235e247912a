"""`chengxin topics …`: the log's topics as the catalogue wants them."""

from __future__ import annotations

import json
import sys

import click

from services.cli.installation import on_servers, settings
from shared.eventlog import topics as catalogue
from shared.eventlog import topics_admin
from shared.eventlog.connection import Connection
from shared.settings import Settings


@click.group()
def topics() -> None:
    """The log's topics."""


@topics.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def apply(as_json: bool) -> None:
    """Create what is missing. What is there is compared, never altered: exit code 1 where it differs."""
    done = create(on_servers(settings()))
    if as_json:
        differences = [difference._asdict() for difference in done.differences]
        click.echo(json.dumps({"created": done.created, "existing": done.existing, "differences": differences}))
    else:
        for name in done.created:
            click.echo(f"created {name}")
        for difference in done.differences:
            click.echo(str(difference))
        click.echo(f"{len(done.created)} created, {len(done.existing)} there already")
    if done.differences:
        sys.exit(1)


def create(found: Settings) -> topics_admin.Applied:
    """Create the installation's topics. Raises `LogUnavailable`."""
    wanted = catalogue.wanted(found.topic_prefix, found.subject_partitions, found.organs)
    return topics_admin.apply(Connection.of(found), wanted, replication=found.replication, min_insync=found.min_insync)
