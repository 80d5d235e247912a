"""What `chengxin score` is asked: a subject, its facts and a day; one request a line, as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

import orjson

from shared.credit.fact_form import day as date_fault
from shared.credit.facts import Fact, FactError, parse_fact, parse_known_at
from shared.credit.item import Ledger

LEDGERS: tuple[Ledger, ...] = ("internal", "public")


class BadRequest(ValueError):
    """A line that asks for nothing that can be answered; a sentence that says why."""


class Request(NamedTuple):
    """One question: a subject, its facts, and what is asked of them. `rulebooks` names files, None means all."""

    subject_id: str
    facts: list[Fact]
    as_of: date
    known_at: datetime | None
    ledger: Ledger
    rulebooks: tuple[str, ...] | None


def parse_request(line: bytes) -> Request:
    """The request on a line. Raises `BadRequest`."""
    try:
        document: Any = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise BadRequest("the line is no JSON") from None
    if not isinstance(document, dict):
        raise BadRequest("a request is a JSON object")
    if not isinstance(document.get("subject_id"), str):
        raise BadRequest("/subject_id must be a text")
    ledger = document.get("ledger", "internal")
    if ledger not in LEDGERS:
        raise BadRequest(f"/ledger must be one of {', '.join(LEDGERS)}")
    if wrong := date_fault(document.get("as_of")):
        raise BadRequest(f"/as_of {wrong}")
    as_of = date.fromisoformat(document["as_of"])
    names = document.get("rulebooks")
    if names is not None and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise BadRequest("/rulebooks must be a list of file names")
    try:
        known_at = None if document.get("known_at") is None else parse_known_at(document["known_at"])
    except FactError as error:
        raise BadRequest(f"/known_at: {error}") from None
    return Request(
        document["subject_id"],
        _facts(document.get("facts")),
        as_of,
        known_at,
        ledger,
        None if names is None else tuple(names),
    )


def _facts(documents: Any) -> list[Fact]:
    if not isinstance(documents, list):
        raise BadRequest("/facts must be a list")
    facts = []
    for index, document in enumerate(documents):
        try:
            facts.append(parse_fact(document))
        except FactError as error:
            raise BadRequest(f"/facts/{index}: {error}") from None
    return facts
