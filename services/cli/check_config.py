"""`chengxin check-config`: every setting as it is read, or every fault at once."""

from __future__ import annotations

import json

import click

from services.cli.installation import settings
from services.cli.signing import refuse_bad_folder


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def check_config(as_json: bool) -> None:
    """Show all settings (secrets as ***). Exit code 2 where they do not hold, with every fault."""
    found = settings()
    refuse_bad_folder(found)
    shown = found.shown()
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(f"{name}={value}" for name, value in shown.items()))
