"""Receipts verified by whoever holds them: by themselves, by rulebooks, by facts (DESIGN.md 1.3). Pure.

The public view of a receipt may leave amounts out. What would rest on them is told as not checked, never as holding.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from shared.credit.audience import Audience, receipt_for
from shared.credit.canonical import canonical, sha256_of
from shared.credit.check_arithmetic import Check, by_arithmetic, judged
from shared.credit.check_rules import by_rulebooks, named
from shared.credit.facts import Fact, parse_instant
from shared.credit.receipt import Receipt, assess
from shared.credit.rulebook import NoRulebook, Rulebooks
from shared.credit.stated import Stated, read
from shared.credit.stated_reader import StatedError


def verify(document: Any, rulebooks: Rulebooks | None = None, facts: Iterable[Fact] | None = None) -> list[Check]:
    """Every check that what is given allows: hash, form, arithmetic; the rulebooks; the whole function.

    The receipt holds, as far as it could be checked, where no check is False. What has not the form of a receipt is
    looked at no further; lines and facts are not checked where a rulebook that the receipt names is not given. Raises
    `ValueError` for facts without rulebooks, and what the score function raises for facts that have not the form of
    their types.
    """
    if facts is not None and rulebooks is None:
        raise ValueError("facts say nothing without rulebooks")
    checks = [_by_hash(document)]
    try:
        stated = read(document)
    except StatedError as error:
        return [*checks, Check("form", False, str(error))]
    checks += [Check("form", True), *by_arithmetic(stated)]
    if rulebooks is None:
        return checks
    used, present = named(stated, rulebooks)
    checks += present
    if used is None:
        names = ("lines", *(() if facts is None else ("facts",)))
        return [*checks, *(Check(name, None, "needs every rulebook that the receipt names") for name in names)]
    checks += by_rulebooks(stated, used)
    if facts is not None:
        checks.append(_by_facts(document, stated, used, facts))
    return checks


def _by_hash(document: Any) -> Check:
    """The receipt's own SHA-256 over the canonical JSON of everything else in it."""
    if not isinstance(document, dict):
        return Check("sha256", False, "a receipt is a JSON object")
    try:
        digest = sha256_of({name: value for name, value in document.items() if name != "sha256"})
    except ValueError as error:
        return Check("sha256", False, str(error))
    return judged("sha256", [] if document.get("sha256") == digest else [f"that of what stands here is {digest}"])


def _by_facts(document: Receipt, stated: Stated, rulebooks: Rulebooks, facts: Iterable[Fact]) -> Check:
    """The whole function over the facts must give the same bytes."""
    known_at = parse_instant(document["known_at"]) if document.get("known_at") else None
    own = [fact for fact in facts if fact.subject == stated.subject_id]
    account = assess(stated.subject_id, own, rulebooks, known_at, "public" if stated.ledger == "public" else "internal")
    audience: Audience = "public" if stated.public_view else "internal"
    # The day on which the public asked is not said; what it was shown changes with the versions: try each one's last.
    starts = [version.effective_from for version in account.versions.all]
    days = [stated.as_of, *(day - timedelta(days=1) for day in starts[1:] if day <= stated.as_of)]
    try:
        rights = [receipt_for(audience, account, stated.as_of, day) for day in days]
    except NoRulebook:
        return Check("facts", False, f"no rulebook is in force on {stated.as_of}")
    if canonical(document) in map(canonical, rights):
        return Check("facts", True)
    return Check("facts", False, "; ".join(_differences(document, rights[0])))


def _differences(document: Receipt, right: Receipt) -> list[str]:
    """What of a receipt the facts do not give, the lines by their names; the hash follows from the rest."""
    tops = [(name, document.get(name, "absent"), right.get(name, "absent")) for name in sorted({*document, *right})]
    found = [
        f"{name} must be {due}, not {said}"
        for name, said, due in tops
        if name not in ("sha256", "items") and said != due
    ]
    stated, given = ({_place(item): item for item in one["items"]} for one in (document, right))
    for place in sorted({*stated, *given}, key=str):
        fields = [name for name, value in given.get(place, {}).items() if stated.get(place, {}).get(name) != value]
        if place not in given:
            found.append(f"{place} does not follow from the facts")
        elif place not in stated:
            found.append(f"{place} is missing")
        elif stated[place] != given[place]:
            found.append(f"{place}: {', '.join(fields) or 'more fields than there are'}")
    return found or ["the bytes differ"]


def _place(item: dict[str, Any]) -> str:
    return f"{item.get('type')} {item.get('ref')} {item.get('index')}"
