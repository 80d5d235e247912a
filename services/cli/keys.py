"""`chengxin keys …`: access keys 访问密钥. A key is shown once, when it is made; the log keeps a hash of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from services.cli.connect import on_the_log
from services.cli.installation import fail, settings
from shared.clock import SHANGHAI, now
from shared.eventlog.port import Log
from shared.eventlog.topics import ACCESS
from shared.web.access import AccessKey, AccessKeys
from shared.web.bounds import Bounds
from shared.web.key_log import read_keys
from shared.web.key_making import NewKey, create_key, revoke_key
from shared.web.key_rotation import NotRotatable, successor_of
from shared.web.keys import SCOPES, Minted, id_of

_as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")


@click.group()
def keys() -> None:
    """Access keys: create, rotate, list, revoke."""


@keys.command()
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="May be given again.")
@click.option("--label", default="unlabelled", show_default=True, help="What the key is for.")
@click.option("--region", "regions", multiple=True, help="Only this region (2, 4, 6, 9 or 12 digits). Again for more.")
@click.option("--source", "sources", multiple=True, help="Only events of this source. May be given again.")
@click.option(
    "--subject",
    help="Only this subject (with the scope subject:read); `inspector:` and an id (assignments:read, draws:file); "
    "`department:` and its name (draws:file).",
)
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The day, in Shanghai, at whose beginning it ends.")
@_as_json
def create(
    scopes: tuple[str, ...],
    label: str,
    regions: tuple[str, ...],
    sources: tuple[str, ...],
    subject: str | None,
    expires: datetime | None,
    as_json: bool,
) -> None:
    """Make a key. It is shown this once; nobody can read it again."""
    until = expires and expires.replace(tzinfo=SHANGHAI)
    with _log() as (log, topic):
        _make(log, topic, NewKey(frozenset(scopes), label, Bounds(regions, sources, subject), until), as_json)


@keys.command()
@click.argument("key_id")
@_as_json
def rotate(key_id: str, as_json: bool) -> None:
    """Make a second key that may just what KEY_ID may. Both are valid until the former is revoked."""
    with _log() as (log, topic):
        known = read_keys(log, topic)
        try:
            asked = successor_of(_known(known, key_id), known.all(), now())
        except NotRotatable as error:
            fail(str(error))
        _make(log, topic, asked, as_json)


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
        click.echo("  ".join([key["id"], state, ",".join(key["scopes"]), *_bounds(key), key["label"]]))


def _bounds(key: Mapping[str, Any]) -> Iterator[str]:
    if key["regions"] or key["sources"] or key["subject"]:
        yield "for " + ",".join([*key["regions"], *key["sources"], *filter(None, [key["subject"]])])
    if key["expires"]:
        yield f"until {key['expires']}"


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
        key = _known(read_keys(log, topic), key_id)
        if key.revoked is None:
            _appended(log, lambda appender: revoke_key(appender, topic, key, now()))
    click.echo(json.dumps({"id": key_id, "revoked": True}) if as_json else f"Key {key_id} is revoked.")


@contextmanager
def _log() -> Iterator[tuple[Log, str]]:
    """The log and the topic of keys."""
    found = settings()
    with on_the_log(found) as log:
        yield log, found.topic_prefix + ACCESS


def _known(keys: AccessKeys, key_id: str) -> AccessKey:
    key = keys.find(key_id)
    if key is None:
        fail(f"there is no key {key_id}; `chengxin keys list` shows all")
    return key


def _make(log: Log, topic: str, asked: NewKey, as_json: bool) -> None:
    try:
        minted: Minted = _appended(log, lambda appender: create_key(appender, topic, asked, now()))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if as_json:
        click.echo(json.dumps({"id": minted.key_id, "key": minted.key, **asked.data()}, ensure_ascii=False))
        return
    click.echo(minted.key)
    click.echo(
        f"Key {minted.key_id} ({asked.label}) with {', '.join(sorted(asked.scopes))}. Keep it: it is not shown again. "
        "Services take it within 2 s.",
        err=True,
    )


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
        "regions": list(key.bounds.regions),
        "sources": list(key.bounds.sources),
        "subject": key.bounds.subject,
        "expires": key.expires.isoformat() if key.expires else None,
        "replaces": key.replaces,
    }
