"""`chengxin signing …`: the keys by which this installation signs, and the check of what was signed by anybody."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import IO, Any

import click
import orjson

from services.cli.installation import WrongUse, fail, settings
from shared.clock import now
from shared.settings import Settings, variable
from shared.signing.folder import BadFolder, add, make_missing, read
from shared.signing.jws import BadSignature, found_in
from shared.signing.jws import verify as verify_jws

KEYS = "keys"
"""The folder of signing keys below the home, unless the settings name another."""
_MOST_BYTES = 64 << 20
_as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")


@click.group()
def signing() -> None:
    """The keys that sign receipts and commitments."""


@signing.command()
@_as_json
def rotate(as_json: bool) -> None:
    """Make a new key, which signs a minute from now. The former ones stay published until their files are deleted."""
    folder = folder_of(settings())
    if not any(folder.glob("signing-*.json")):
        make_missing(folder, now)
        kid = str(read(folder).signing[0].kid)
    else:
        kid = add(folder, now())
    said = f"Key {kid} is published within 10 s, and signs a minute from now. It lies in {folder}."
    click.echo(json.dumps({"kid": kid, "folder": str(folder)}) if as_json else said)


@signing.command("list")
@_as_json
def list_(as_json: bool) -> None:
    """List the keys that are published, the one that signs first."""
    try:
        keys = read(folder_of(settings())).signing
    except BadFolder as error:
        fail(str(error))
    found = [{"kid": str(key.kid), "created": str(key["created"])} for key in keys]
    lines = ["  created ".join(key.values()) for key in found]
    click.echo(json.dumps({"keys": found}) if as_json else "\n".join(lines))


@signing.command()
@click.argument("file", type=click.File("rb"))
@click.option("--signature", type=click.File("rb"), required=True, help="The JWS, or the headers of the answer.")
@click.option("--jwks", type=click.File("rb"), required=True, help="The keys: `/.well-known/jwks.json` as it was got.")
@_as_json
def verify(file: IO[bytes], signature: IO[bytes], jwks: IO[bytes], as_json: bool) -> None:
    """Verify the detached signature over the JSON document in FILE. Exit code 1 where it does not hold."""
    holds, told = checked(read_json(file), signature, jwks)
    click.echo(json.dumps({"holds": holds, "detail": told}) if as_json else told)
    sys.exit(0 if holds else 1)


def checked(document: Any, signature: IO[bytes], jwks: IO[bytes]) -> tuple[bool, str]:
    """Whether a signature over a document holds, and what to tell of it. Raises `WrongUse`."""
    found = found_in(signature.read(_MOST_BYTES))
    if found is None:
        raise WrongUse("there is no detached JWS in the file of the signature; save the headers by `curl -D FILE`")
    try:
        return True, f"signed by {verify_jws(document, found, read_json(jwks))}"
    except BadSignature as error:
        return False, f"the signature does not hold: {error}"


def read_json(file: IO[bytes]) -> Any:
    """The JSON document in a file. Raises `WrongUse`."""
    content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise WrongUse(f"the file is larger than {_MOST_BYTES >> 20} MiB")
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise WrongUse(f"{file.name} is no JSON: {error}") from None


def folder_of(found: Settings) -> Path:
    """Where the signing keys lie: where the settings say, else in the home."""
    if found.signing_keys:
        return Path(found.signing_keys)
    if found.embedded_log:
        return found.home / KEYS
    raise WrongUse(f"{variable('signing_keys')} must say in which folder the keys lie")


def refuse_bad_folder(found: Settings) -> None:
    """Raises `WrongUse` where the settings name a folder whose keys cannot be read."""
    if found.signing_keys:
        try:
            read(Path(found.signing_keys))
        except BadFolder as error:
            raise WrongUse(f"{variable('signing_keys')}: {error}") from None
