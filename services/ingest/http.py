"""The HTTP door: `POST /v1/events` in the three modes of CloudEvents (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, request

from services.ingest.answering import NAMED_NOT_SEEN, beyond, judged, shown
from services.ingest.checking import check_all
from services.ingest.code_tables.tables import KnownTables
from services.ingest.doubt import Doubt
from services.ingest.doubting import doubting
from services.ingest.intake import Outcome, append
from services.ingest.judges import Judges
from services.ingest.judging import judge
from services.ingest.jurisdiction import CORRECTING, Sender
from services.ingest.known import KnownOf
from services.ingest.schemas import JudgedSchema, OutcomeSchema, ValidateSchema, parameters, request_body
from services.ingest.translating import translated
from shared.eventlog.port import Appender, LogUnavailable
from shared.events.door import Refused
from shared.events.envelope import (
    BadBatch,
    BadEnvelope,
    Event,
    NotJson,
    TooMuch,
    UnknownMediaType,
)
from shared.events.http_codec import decode
from shared.events.media import BATCH, TAKEN, media_type
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.applied import rebuilding
from shared.web.documented import BODY
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.parsing import read_body
from shared.web.problems import (
    INVALID,
    MALFORMED,
    OUT_OF_BOUNDS,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    Kind,
    ProblemError,
    unavailable,
)
from shared.web.routes import holder, requires

PARTLY_ACCEPTED = Kind("partly-accepted", 503, "The log failed in the middle")


@dataclass(frozen=True, slots=True)
class Limits:
    """Most bytes of a request's body, and most events of a batch."""

    bytes: int = 4 << 20
    events: int = 1000


def events(appender: Appender, prefix: str, limits: Limits, clock: Callable[[], datetime], judges: Judges) -> Blueprint:
    """The route; `prefix` begins the names of the log's topics, `clock` says what a date may not be after."""
    blueprint = Blueprint("events", __name__, description="The door for events")

    @blueprint.route("/v1/events", methods=["POST"])
    @requires("events:write")
    @blueprint.doc(
        requestBody=request_body(limits.events),
        parameters=parameters(),
        responses={
            503: PARTLY_ACCEPTED.code,
            403: OUT_OF_BOUNDS.code,
            409: NAMED_NOT_SEEN.code,
            **BODY,
        },
    )
    @blueprint.arguments(ValidateSchema, location="query")
    @blueprint.response(202, OutcomeSchema)
    @blueprint.alt_response(200, schema=JudgedSchema, description="They would be accepted; nothing was written")
    def post(query: dict[str, Any]) -> Response:
        """Send one event, or a batch

        All events are checked before the first is appended: with one fault none goes in, and every fault is told.
        Sending an event again is harmless. 503 `partly-accepted` says which events are in. Warnings tell what is
        strange about an event that is taken; with `validate=true` nothing is appended.
        """
        try:
            checked = check_all(_decoded(limits), clock(), batch=_is_batch())
        except Refused as refused:
            detail = "No event was accepted; the errors say where, what is wrong and what would be right."
            raise ProblemError(INVALID, detail, errors=refused.faults) from None
        checked = _translated(checked, judges.tables)
        _refuse_beyond(checked, judges.known_of)
        doubts = doubting(checked, judges.glance_at, judges.rulebooks())
        if query["judged"]:
            told = [judged(place, *each, prefix) for place, each in enumerate(zip(checked, doubts, strict=True))]
            return json_response({"judged": told})
        return _appended(lambda: append(appender, checked, prefix), doubts)

    return blueprint


def _translated(events: list[Event], tables: KnownTables) -> list[Event]:
    try:
        known = tables()
    except LogUnavailable:
        raise unavailable("What organs' own codes mean was not read from the log yet.") from None
    return [translated(event, known) for event in events]


def _refuse_beyond(checked: list[Event], known_of: KnownOf) -> None:
    access = holder()
    try:
        found = judge(checked, Sender(access.bounds, CORRECTING in access.scopes), known_of)
    except StoreUnavailable:
        detail = "The store does not answer, so nobody knows whose it is what these events name. Send them later."
        raise unavailable(detail) from None
    except Rebuilding as error:
        raise rebuilding(error.behind) from None
    if found:
        raise beyond(found, batch=_is_batch())


def _appended(act: Callable[[], Outcome], doubts: Sequence[Sequence[Doubt]]) -> Response:
    try:
        outcome = act()
    except LogUnavailable:
        raise unavailable("The log does not take events now; none was accepted. Send them again later.") from None
    accepted = [shown(item, doubts[item.position]) for item in outcome.accepted]
    if outcome.missing:
        detail = "The log failed in the middle. Send everything again: what is in already does no harm."
        retry = {"Retry-After": "5"}
        raise ProblemError(PARTLY_ACCEPTED, detail, headers=retry, accepted=accepted, missing=outcome.missing)
    return json_response({"accepted": accepted}, 202)


def _is_batch() -> bool:
    return media_type(request.content_type, *TAKEN) == BATCH


def _decoded(limits: Limits) -> Mapping[int, Event | BadEnvelope]:
    """What was sent, by its place: events, and what is none."""
    try:
        return dict(enumerate(decode(request.headers.items(), read_body(limits.bytes), limits.events)))
    except BadBatch as bad:
        return {**bad.events, **bad.refused}
    except NotJson as bad:
        raise ProblemError(MALFORMED, f"The body {bad.message}.", errors=bad.faults) from None
    except TooMuch as bad:
        raise ProblemError(TOO_LARGE, f"The batch {bad.message}.") from None
    except UnknownMediaType as bad:
        raise ProblemError(UNSUPPORTED_MEDIA_TYPE, f"An event {bad.message}.") from None
    except BadEnvelope as bad:
        return {0: bad}
