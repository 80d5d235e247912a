"""The HTTP door: `POST /v1/events` in the three modes of CloudEvents (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, request

from services.ingest.checking import MOST_FAULTS, check_all
from services.ingest.intake import Accepted, append
from services.ingest.judging import judge
from services.ingest.jurisdiction import CORRECTING, Sender
from services.ingest.known import KnownOf
from services.ingest.schemas import OutcomeSchema, headers, request_body
from shared.eventlog.port import Appender, LogUnavailable
from shared.events.door import Refused
from shared.events.envelope import (
    BadBatch,
    BadEnvelope,
    Event,
    Fault,
    NotJson,
    TooMuch,
    UnknownMediaType,
    pointer,
)
from shared.events.http_codec import decode
from shared.events.media import BATCH, TAKEN, media_type
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.applied import rebuilding
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
from shared.web.routes import current_access, requires

PARTLY_ACCEPTED = Kind("partly-accepted", 503, "The log failed in the middle")


@dataclass(frozen=True, slots=True)
class Limits:
    """Most bytes of a request's body, and most events of a batch."""

    bytes: int = 4 << 20
    events: int = 1000


def events(
    appender: Appender, prefix: str, limits: Limits, clock: Callable[[], datetime], known_of: KnownOf
) -> Blueprint:
    """The route; `prefix` begins the names of the log's topics, `clock` says what a date may not be after, and
    `known_of` what subjects are known by.
    """
    blueprint = Blueprint("events", __name__, description="The door for events")

    @blueprint.route("/v1/events", methods=["POST"])
    @requires("events:write")
    @blueprint.doc(
        requestBody=request_body(limits.events),
        parameters=headers(),
        responses={
            503: PARTLY_ACCEPTED.code,
            403: OUT_OF_BOUNDS.code,
            400: MALFORMED.code,
            413: TOO_LARGE.code,
            415: UNSUPPORTED_MEDIA_TYPE.code,
        },
    )
    @blueprint.response(202, OutcomeSchema)
    def post() -> Response:
        """Send one event, or a batch

        All events are checked before the first is appended: with one fault none goes in, and every fault is told.
        Sending an event again is harmless. 503 `partly-accepted` says which events are in.
        """
        try:
            checked = check_all(_decoded(limits), clock(), batch=_is_batch())
            _refuse_beyond(checked)
            return _append(checked)
        except Refused as refused:
            detail = "No event was accepted; the errors say where, what is wrong and what would be right."
            raise ProblemError(INVALID, detail, errors=refused.faults) from None

    def _refuse_beyond(checked: list[Event]) -> None:
        access = current_access()
        assert access is not None
        sender = Sender(access.bounds, CORRECTING in access.scopes)
        try:
            found = judge(checked, sender, known_of)
        except StoreUnavailable:
            detail = "The store does not answer, so nobody knows whose it is what these events name. Send them later."
            raise unavailable(detail) from None
        except Rebuilding as error:
            raise rebuilding(error.behind) from None
        if found:
            raise _beyond(found, batch=_is_batch())

    def _append(checked: list[Event]) -> Response:
        try:
            outcome = append(appender, checked, prefix)
        except LogUnavailable:
            raise unavailable("The log does not take events now; none was accepted. Send them again later.") from None
        accepted = [_shown(item) for item in outcome.accepted]
        if outcome.missing:
            detail = "The log failed in the middle. Send everything again: what is in already does no harm."
            retry = {"Retry-After": "5"}
            raise ProblemError(PARTLY_ACCEPTED, detail, headers=retry, accepted=accepted, missing=outcome.missing)
        return json_response({"accepted": accepted}, 202)

    return blueprint


def _beyond(found: Mapping[int, list[Fault]], *, batch: bool) -> ProblemError:
    errors = [
        Fault((pointer(place) if batch else "") + fault.pointer, fault.message)
        for place, faults in found.items()
        for fault in faults
    ][:MOST_FAULTS]
    detail = "No event was accepted; the errors say what is not this key's to send."
    return ProblemError(OUT_OF_BOUNDS, detail, errors=errors)


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


def _shown(item: Accepted) -> dict[str, Any]:
    return {
        "index": item.position,
        "source": item.event.source,
        "id": item.event.id,
        "subject": item.event.subject,
        "topic": item.place.topic,
        "partition": item.place.partition,
        "offset": item.place.offset,
        "recorded_at": item.recorded_at,
    }
