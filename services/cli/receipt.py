"""`chengxin receipt …`: what a score rests on, verified offline by whoever holds the receipt."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import IO, Any

import click
import orjson

from services.cli.installation import WrongUse
from services.cli.offline import FOLDER, facts_by_subject, rulebooks_in, together
from services.cli.signing import checked
from shared.credit.check_arithmetic import Check
from shared.credit.facts import Fact
from shared.credit.rulebook import Rulebooks
from shared.credit.verify import verify as verify_one
from shared.web.problems import NAMESPACE

_MOST_BYTES = 64 << 20
_WORDS = {True: "holds", False: "FAILS", None: "not checked"}


@click.group()
def receipt() -> None:
    """Receipts: verify what a score rests on."""


@receipt.command()
@click.argument("file", type=click.File("rb"))
@click.option("--rulebooks", "folder", type=FOLDER, help="A folder of rulebooks: check each line by its version.")
@click.option("--facts", type=click.File("rb"), help="A CloudEvent a line with recorded_at: recompute the whole.")
@click.option("--jwks", type=click.File("rb"), help="Keys, as /.well-known/jwks.json has them: with --signature.")
@click.option("--signature", type=click.File("rb"), help="The answer's headers, or its JWS-Signature alone.")
@click.option("--verbose", is_flag=True, help="Also each check that holds.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a receipt instead of lines.")
def verify(
    file: IO[bytes],
    folder: Path | None,
    facts: IO[bytes] | None,
    jwks: IO[bytes] | None,
    signature: IO[bytes] | None,
    verbose: bool,
    as_json: bool,
) -> None:
    """Verify the receipt in FILE, or each of several, one a line (- for standard input).

    Alone: its SHA-256, and the score from what is shown. With --rulebooks: the SHA-256 of each rulebook used, each item
    by its version, base, bounds, grade. With --facts also: the whole function gives the same bytes. With --jwks and
    --signature: who signed it. What could not be checked is told, such as a version that the folder does not hold; the
    lines then rest on nothing that was seen.
    Exit code 0: no check failed; 1: one did; 2: wrong use.
    """
    if facts is not None and folder is None:
        raise click.UsageError("--facts needs --rulebooks")
    if (jwks is None) != (signature is None):
        raise click.UsageError("--jwks and --signature go together")
    documents = _read(file)
    for document in documents:
        if isinstance(document, dict) and str(document.get("type", "")).startswith(NAMESPACE):
            raise click.UsageError(
                f"FILE holds a problem, {document.get('title')} ({document.get('status')}), no receipt"
            )
    if jwks is not None and len(documents) > 1:
        raise click.UsageError("a signature is of one receipt; FILE holds several")
    signed = [_signed(documents[0], signature, jwks)] if jwks and signature else []
    rulebooks = together(rulebooks_in(folder).values()) if folder else None
    known = facts_by_subject(facts) if facts else None
    all_hold = True
    for document in documents:
        checks = [*_verified(document, rulebooks, known), *signed]
        holds = all(check.holds is not False for check in checks)
        all_hold = all_hold and holds
        lines = _lines(document, holds, checks, verbose=verbose, alone=rulebooks is None)
        click.echo(_json(document, holds, checks) if as_json else lines)
    sys.exit(0 if all_hold else 1)


def _signed(document: Any, signature: IO[bytes], jwks: IO[bytes]) -> Check:
    holds, told = checked(document, signature, jwks)
    return Check("signature", holds, told)


def _read(file: IO[bytes]) -> list[Any]:
    """One document, or one a line."""
    content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise WrongUse(f"the file is larger than {_MOST_BYTES >> 20} MiB")
    if not content.strip():
        raise WrongUse("the file is empty; it must hold a receipt")
    try:
        return [orjson.loads(content)]
    except orjson.JSONDecodeError as error:
        lines = [(number, line) for number, line in enumerate(content.splitlines(), 1) if line.strip()]
        if len(lines) < 2:  # noqa: PLR2004  one line is no list of receipts
            raise WrongUse(f"the file is no JSON: {error}") from None
    documents = []
    for number, line in lines:
        try:
            documents.append(orjson.loads(line))
        except orjson.JSONDecodeError as error:
            raise WrongUse(f"line {number} is no JSON: {error}") from None
    return documents


def _verified(document: Any, rulebooks: Rulebooks | None, known: dict[str, list[Fact]] | None) -> list[Check]:
    facts = None if known is None else known.get(_subject(document), [])
    try:
        return verify_one(document, rulebooks, facts)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise WrongUse(f"the facts of {_subject(document)} cannot be compared: {error}") from None


def _subject(document: Any) -> str:
    named = isinstance(document, dict) and isinstance(document.get("subject_id"), str)
    return document["subject_id"] if named else "(no subject_id)"


def _lines(document: Any, holds: bool, checks: list[Check], *, verbose: bool, alone: bool) -> str:
    lines = [
        f"{_WORDS[check.holds]:>11}  {check.name}{': ' if check.detail else ''}{check.detail}"
        for check in checks
        if verbose or not check.holds
    ]
    whole = all(check.holds is not None for check in checks)
    far = " by itself, its rulebooks not looked at" if alone else "" if whole else " as far as it was checked"
    verdict = f"the receipt holds{far}" if holds else "the receipt does not hold"
    counts = Counter(_WORDS[check.holds] for check in checks)
    told = ", ".join(f"{counts[word]} {word}" for word in _WORDS.values() if counts[word])
    return "\n".join([*lines, f"{_subject(document)}: {verdict} (of its checks: {told})"])


def _json(document: Any, holds: bool, checks: list[Check]) -> str:
    answer = {"subject_id": _subject(document), "holds": holds, "checks": [check._asdict() for check in checks]}
    return orjson.dumps(answer).decode()
