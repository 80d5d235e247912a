"""`chengxin draw …`: draws made and verified offline, by whoever holds the published files 双随机抽查."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import click

from services.cli import bundles
from services.cli.signing import checked
from shared.credit.canonical import canonical
from shared.draw import journal_checks
from shared.draw.bundle import Files, Verified, remarks, sealed_sha256, seeded, untimed
from shared.draw.bundle import verify as verify_bundle
from shared.draw.checks import CHECKS, Infeasible, Refused
from shared.draw.drawing import draw as draw_from
from shared.draw.journal import parse_journal
from shared.draw.replacing import CAUSES

_PATH = click.Path(exists=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_MANY = 200_000
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")


@click.group()
def draw() -> None:
    """Draws 双随机: make one from frozen documents, verify one, replace who cannot be inspected or cannot serve.

    No server and no network are asked. PATH is a bundle: a folder, or where it is only verified a zip too.
    """


def _head(_: click.Context, __: click.Parameter, typed: str | None) -> str | None:
    """A head as somebody types it from a slip."""
    head = None if typed is None else typed.strip().lower()
    if head is not None and not re.fullmatch("[0-9a-f]{64}", head):
        raise click.BadParameter("a head is 64 hexadecimal digits")
    return head


@draw.command()
@click.argument("path", type=_PATH)
@click.option("--journal", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The public journal.")
@click.option(
    "--head",
    callback=_head,
    help="The hash of a journal's line that is known from elsewhere, such as a witness's slip.",
)
@click.option("--jwks", type=click.File("rb"), help="Keys, as /.well-known/jwks.json has them: with --signature.")
@click.option(
    "--signature", type=click.File("rb"), help="The draw as /v1/draws/ID shows it, or its commitment_jws alone."
)
@_JSON
def verify(
    path: Path,
    journal: Path | None,
    head: str | None,
    jwks: IO[bytes] | None,
    signature: IO[bytes] | None,
    as_json: bool,
) -> None:
    """Recompute a draw, and say whether it holds or which check fails first.

    `sealed` is the hash that witnesses were given before the publication. With --jwks and --signature: who signed the
    commitment.
    Exit code 0: it holds; 1: it does not; 2: wrong use.
    """
    if head and not journal:
        raise click.UsageError("--head needs --journal")
    if (jwks is None) != (signature is None):
        raise click.UsageError("--jwks and --signature go together")
    files = _read(path)
    with _verdict(as_json):
        found = verify_bundle(files)
        told = [*remarks(found.frozen), *_by_journal(found, files, journal, head), *_by_keys(found, signature, jwks)]
        lines = _lines(found, sealed_sha256(files), told, _checked(journal, head))
        _say(as_json, holds=True, check=None, detail="; ".join(told) or "every check holds", lines=lines)


@draw.command()
@click.argument("path", type=_FOLDER)
@_JSON
def run(path: Path, as_json: bool) -> None:
    """Make result.json and result.sha256 from the frozen documents and the values of seed.json.

    Where a panel cannot be filled, or what is there does not fit, nothing is written, and the exit code is 1.
    """
    files = _read(path)
    with _verdict(as_json, making=True):
        frozen, seed = _seed_of(files)
        result = draw_from(frozen, seed).result
        if files.get("result.json", result) != result:
            raise Refused("draw", "result.json is there already, and is another")
        digest = hashlib.sha256(result).hexdigest()
        bundles.write(path, {"result.json": result, "result.sha256": f"{digest}\n".encode()})
        _say(as_json, holds=True, check=None, detail=digest, lines=[f"result.json: SHA-256 {digest}"])


@draw.command()
@click.argument("path", type=_FOLDER)
@click.option("--subject", required=True, help="Who proved ineligible; with --inspector, on whose panel he was.")
@click.option("--inspector", help=f"Who cannot serve; then --cause is one of {', '.join(CAUSES)}.")
@click.option("--cause", required=True, help="Why, in words.")
@_JSON
def replace(path: Path, subject: str, inspector: str | None, cause: str, as_json: bool) -> None:
    """Append the next record to replacements.json: who takes the place follows from the seed.

    The bundle is verified first. Exit code 1, and nothing is written, where it does not hold or nobody can be replaced.
    """
    if inspector == "":
        raise click.UsageError("--inspector is empty; leave it out to replace the subject")
    files = _read(path)
    with _verdict(as_json):
        found = verify_bundle(files)
        next_ = found.replacing
        record = next_.inspector(subject, inspector, cause) if inspector is not None else next_.subject(subject, cause)
        lines = ",\n".join(canonical(each).decode() for each in next_.records)
        bundles.write(path, {"replacements.json": f"[\n{lines}\n]\n".encode()})
        click.echo(canonical(record).decode())


def _seed_of(files: Files) -> tuple[Any, bytes]:
    """The commitment and the times are checked where they are given."""
    if "commitment.json" not in files:
        return untimed(files)
    before = seeded(files)
    return before.frozen, before.seed


def _by_journal(found: Verified, files: Files, journal: Path | None, head: str | None) -> Iterator[str]:
    if journal is None:
        yield "time not proven: no journal was given"
        yield "replacements not proven: only the journal says how many there were"
        return
    lines = parse_journal(journal.read_bytes())
    journal_checks.refuse_another_start(lines, found)
    if head:
        journal_checks.refuse_another_head(lines, head)
    journal_checks.refuse_other_lines(lines, found, files)
    yield from journal_checks.remarks(lines, found, files, datetime.now(UTC))
    if not head:
        yield "time not proven: no head from elsewhere was given"


def _by_keys(found: Verified, signature: IO[bytes] | None, jwks: IO[bytes] | None) -> Iterator[str]:
    if signature is None or jwks is None:
        return
    frozen = found.frozen
    stated = {"draw_id": frozen.plan.draw_id, "commitment": frozen.commitment, "committed_at": found.committed_at}
    holds, told = checked(stated, signature, jwks)
    if not holds:
        raise Refused("signature", told)
    yield told


def _checked(journal: Path | None, head: str | None) -> list[str]:
    """The checks that were made where all hold."""
    unmade = (
        {"journal-chain", "journal-head", "journal-draw"} if journal is None else set() if head else {"journal-head"}
    )
    return [check for check in CHECKS if check not in unmade]


def _lines(found: Verified, sealed: str, told: list[str], checks: Sequence[str]) -> list[str]:
    frozen = found.frozen
    return [
        f"{frozen.plan.draw_id}: the draw holds",
        f"  checked     {', '.join(checks)}",
        f"  commitment  {frozen.commitment}, committed {found.committed_at}",
        *(f"  stratum     {name}: {quota} drawn" for name, quota in frozen.quotas.items()),
        f"  inspectors  {len(frozen.roster.inspectors)} on the roster, {frozen.plan.panel_size} on a panel",
        f"  sealed      {sealed}",
        f"  replaced    {len(found.replacing.records)}",
        *(f"  note        {each}" for each in told),
    ]


def _read(path: Path) -> dict[str, bytes]:
    """The files of a bundle; of one that takes a while it is said how large it is."""
    files = bundles.read(path)
    if (subjects := files.get("pool.tsv", b"").count(b"\n")) > _MANY:
        click.echo(f"{subjects:,} subjects: some ten seconds for each million", err=True)
    return files


@contextmanager
def _verdict(as_json: bool, *, making: bool = False) -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        before = CHECKS[: CHECKS.index(refused.check)] if refused.check in CHECKS and not making else ()
        lines = [f"does not hold: {refused.check}: {refused.detail}"]
        lines += [f"  held before: {', '.join(before)}"] if before else []
        told = (
            {"subjects": refused.subjects} if making and isinstance(refused, Infeasible) else {"detail": refused.detail}
        )
        _say(as_json, holds=False, check=refused.check, lines=lines, **told)
        sys.exit(1)


def _say(as_json: bool, *, lines: list[str], **document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False) if as_json else "\n".join(lines))
