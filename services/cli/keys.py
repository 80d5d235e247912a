"""`chengxin keys …`: access keys 访问密钥. A key is shown once, when it is made; the log keeps a hash of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from services.cli.connect import on_the_log
from services.cli.installation import fail, settings
from shared.clock import now
from shared.eventlog.port import Log
from shared.eventlog.topics import ACCESS
from shared.web.access import AccessKey
from shared.web.key_log import create_key, read_keys, revoke_key
from shared.web.keys import SCOPES, id_of

_as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")


@click.group()
def keys() -> None:
    """Access keys: create, list, revoke."""


@keys.command()
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="May be given again.")
@click.option("--label", default="unlabelled", show_default=True, help="What the key is for.")
@_as_json
def create(scopes: tuple[str, ...], label: str, as_json: bool) -> None:
    """Make a key. It is shown this once; nobody can read it again."""
    with _log() as (log, topic):
        try:
            minted = _appended(log, lambda appender: create_key(appender, topic, scopes, label, now()))
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    shown = {"id": minted.key_id, "key": minted.key, "label": label, "scopes": sorted(set(scopes))}
    click.echo(json.dumps(shown, ensure_ascii=False) if as_json else minted.key)
    if not as_json:
        click.echo(
            f"Key {minted.key_id} ({label}) with {', '.join(shown['scopes'])}. Keep it: it is not shown again. "
            "Services take it within 2 s.",
            err=True,
        )


@keys.command("list")
@_as_json
def list_(as_json: bool) -> None:
    """List all keys, also the revoked ones."""
    with _log() as (log, topic):
        found = [_shown(key) for key in read_keys(log, topic).all()]
    if as_json:
        click.echo(json.dumps({"keys": found}, ensure_ascii=False))
        return
    for key in found:
        state = f"revoked {key['revoked']}" if key["revoked"] else f"created {key['created']}"
        click.echo(f"{key['id']}  {state}  {','.join(key['scopes'])}  {key['label']}")


@keys.command()
@click.argument("key_id")
@_as_json
def revoke(key_id: str, as_json: bool) -> None:
    """Revoke a key by its ID (the part between `cx_` and the secret); no service takes it 2 s later."""
    if id_of(key_id):
        raise click.UsageError(
            "give the id alone, the 12 digits after `cx_`; the key itself belongs on no command line"
        )
    with _log() as (log, topic):
        key = read_keys(log, topic).find(key_id)
        if key is None:
            fail(f"there is no key {key_id}; `chengxin keys list` shows all")
        if key.revoked is None:
            _appended(log, lambda appender: revoke_key(appender, topic, key, now()))
    click.echo(json.dumps({"id": key_id, "revoked": True}) if as_json else f"Key {key_id} is revoked.")


@contextmanager
def _log() -> Iterator[tuple[Log, str]]:
    """The log and the topic of keys."""
    found = settings()
    with on_the_log(found) as log:
        yield log, found.topic_prefix + ACCESS


def _appended(log: Log, act: Callable[[Any], Any]) -> Any:
    appender = log.appender()
    try:
        return act(appender)
    finally:
        appender.close()


def _shown(key: AccessKey) -> dict[str, Any]:
    return {
        "id": key.key_id,
        "label": key.label,
        "scopes": sorted(key.scopes),
        "created": key.created.isoformat() if key.created else None,
        "revoked": key.revoked.isoformat() if key.revoked else None,
    }
