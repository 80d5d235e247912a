"""`/v1/code-tables`: what an organ's own codes mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from services.ingest.code_tables.tables import Directory
from services.ingest.kept import refusals
from shared.credit.rulebook import Rulebooks
from shared.eventlog.own import append_own
from shared.eventlog.port import Appender
from shared.events.attributes import MOST_CHARACTERS, Source
from shared.events.checked import MOST_FAULTS
from shared.events.envelope import Event
from shared.events.fields import Part, Several, Wire
from shared.events.types.code_table_entered import CODE_TABLE_ENTERED, MOST_CODES, OwnCode
from shared.registry.kinds import KINDS
from shared.store.claims import Claiming, Taken, in_turn
from shared.web.access import Access
from shared.web.bounds import out_of_bounds
from shared.web.documented import BODY
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.problems import INVALID, OUT_OF_BOUNDS, Fault, Kind, ProblemError, pointer, unavailable
from shared.web.routes import holder, requires
from shared.web.rulebooks import KnownRulebooks

SOURCE = "urn:chengxin:code-tables"
CODE_STANDS = Kind("code-stands", 409, "An own code has its meaning already")
_PATH = "/v1/code-tables"
_BEYOND = {403: OUT_OF_BOUNDS.code}


class TableQuestionSchema(Schema):
    """Whose table."""

    source = Source(MOST_CHARACTERS, what="Source of the events that have these codes")


class TableSchema(Wire):
    """A table of own codes 自编码对照表."""

    codes = Several(Part(OwnCode), 1, MOST_CODES, what="Every entry: those that stand, and new ones")


class ShownSchema(Schema):
    """A table as it stands."""

    source = fields.String(required=True)
    codes = fields.List(fields.Nested(OwnCode), required=True)


def code_tables(
    directory: Directory,
    appender: Appender,
    topic: str,
    clock: Callable[[], datetime],
    rulebooks: KnownRulebooks,
    claims: Claiming,
) -> Blueprint:
    """The routes, out of the tables that are known; new ones go to `topic`. No violation code of `rulebooks` is an own
    code: a table would give what everybody sends another meaning.
    """
    blueprint = Blueprint("code_tables", __name__, description="Own codes of organs 自编码对照表")

    @blueprint.route(_PATH)
    @requires("events:write")
    @blueprint.doc(responses=_BEYOND)
    @blueprint.arguments(TableQuestionSchema, location="query")
    @blueprint.response(200, ShownSchema)
    def show(query: dict[str, Any]) -> Response:
        """A source's table

        Empty where there is none: then events have violation codes already.
        """
        _asker(query["source"])
        with refusals():
            return json_response(_shown(query["source"], directory.tables().get(query["source"], {})))

    @blueprint.route(_PATH, methods=["PUT"])
    @requires("events:write")
    @blueprint.doc(responses={**BODY, **_BEYOND, 409: CODE_STANDS.code})
    @blueprint.arguments(TableQuestionSchema, location="query")
    @blueprint.arguments(TableSchema)
    @blueprint.response(200, ShownSchema)
    def put(query: dict[str, Any], body: dict[str, Any]) -> Response:
        """Enter a source's table

        From two seconds later on every door turns these codes, in cases and findings, into violation codes, and keeps
        the own one beside. A table is sent whole, with what stands. An entry stands for good, since an event that is
        sent again has to be the same: of an own code that means something else from now on, send an own code of another
        name.
        """
        access, source = _asker(query["source"]), query["source"]
        if access.bounds.regions and not access.bounds.sources:
            raise out_of_bounds(
                "A table is for good and of a source; enter it with a key that is bound to that source."
            )
        published = rulebooks()
        if published is None:
            raise unavailable("The rulebooks have not been read from the log yet.")
        codes = _codes(body["codes"], published)
        with _in_turn(claims, source):
            directory.refresh()  # what another process has taken a moment ago stands too
            before = directory.tables().get(source, {})
            _refuse_changes(before, codes)
            if codes != before:
                data = {"source": source, "codes": body["codes"], "by": f"key:{access.key_id}"}
                at = clock().isoformat(timespec="milliseconds")
                event = Event(f"{source}.{at}"[-200:], SOURCE, CODE_TABLE_ENTERED, f"code-table:{source}", at, data)
                append_own(appender, topic, event)
                directory.put(source, codes)
        return json_response(_shown(source, codes))

    return blueprint


@contextmanager
def _in_turn(claims: Claiming, source: str) -> Iterator[None]:
    """One table of a source after the other: *else* of two at once the later would replace what stands for good."""
    try:
        with refusals(), in_turn(claims, f"code-table:{source}"):
            yield
    except Taken:
        raise unavailable("Somebody else enters this table just now. Send it again.", retry_after=2) from None


def _refuse_changes(before: Mapping[str, str], codes: Mapping[str, str]) -> None:
    left_out = [own for own in before if own not in codes]
    changed = [own for own, code in before.items() if codes.get(own, code) != code]
    if changed:
        detail = f"{len(changed)} own codes stand with another meaning, the first of them {changed[0]}: name new ones."
    elif left_out:
        detail = (
            f"{len(left_out)} entries are left out, the first of them {left_out[0]}: send what stands with the new."
        )
    else:
        return
    raise ProblemError(CODE_STANDS, detail, codes=[*changed, *left_out][:100])


def _codes(entries: list[dict[str, str]], rulebooks: Rulebooks) -> dict[str, str]:
    listed = _listed(rulebooks)
    codes: dict[str, str] = {}
    faults: list[Fault] = []
    for place, each in enumerate(entries):
        if each["own_code"] in codes:
            faults.append(Fault(pointer("codes", place, "own_code"), "stands in the table before"))
        elif each["own_code"] in listed:
            faults.append(Fault(pointer("codes", place, "own_code"), "is a violation code of a rulebook itself"))
        elif each["violation_code"] not in listed:
            told = "is in no rulebook that is published; an entry is for good, so publish the rulebook first"
            faults.append(Fault(pointer("codes", place, "violation_code"), told))
        codes[each["own_code"]] = each["violation_code"]
    if faults:
        raise ProblemError(
            INVALID, "An own code has one meaning, that of a violation code.", errors=faults[:MOST_FAULTS]
        )
    return codes


def _listed(rulebooks: Rulebooks) -> frozenset[str]:
    versions = (version for kind in KINDS for version in rulebooks.of(kind).all)
    return frozenset(code for version in versions for code in version.rules.violations)


def _shown(source: str, codes: Mapping[str, str]) -> dict[str, Any]:
    listed = [{"own_code": own, "violation_code": code} for own, code in sorted(codes.items())]
    return {"source": source, "codes": listed}


def _asker(source: str) -> Access:
    access = holder()
    if not access.bounds.covers_source(source):
        raise out_of_bounds(f"This access key is for the source {' or '.join(access.bounds.sources)} alone.")
    return access
