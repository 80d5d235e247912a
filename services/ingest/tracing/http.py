"""`GET /v1/events`: what became of an event (DESIGN.md section 5)."""

from __future__ import annotations

from typing import Any

from flask import Response

from services.ingest.tracing.schemas import IdentitySchema, TraceSchema
from services.ingest.tracing.tracer import Behind, Found, Tracer
from shared.desk.reading import TooManyLetters
from shared.eventlog.port import LogUnavailable, UnknownTopic
from shared.web.applied import REBUILDING, store_refusals
from shared.web.bounds import Bounds, out_of_bounds
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.problems import NOT_FOUND, OUT_OF_BOUNDS, ProblemError, unavailable
from shared.web.routes import holder, requires


def traces(tracer: Tracer) -> Blueprint:
    """The route, answered by a tracer."""
    blueprint = Blueprint("traces", __name__, description="What became of events")

    @blueprint.route("/v1/events")
    @requires("events:write", "scores:read")
    @blueprint.doc(responses={403: OUT_OF_BOUNDS.code, 404: NOT_FOUND.code, 503: REBUILDING.code})
    @blueprint.arguments(IdentitySchema, location="query")
    @blueprint.response(200, TraceSchema)
    def trace(query: dict[str, Any]) -> Response:
        """What became of an event

        By its identity. With `wait` the answer comes when it is applied, or refused, or the seconds are over: a sender
        that then asks for the score finds the event in it. An event that nobody has accepted is 404.
        """
        access = holder()
        named = {name: query[name] for name in ("subject", "source", "id")}
        if not access.bounds.covers_source(query["source"]):
            raise out_of_bounds("This access key is for other sources; it asks for events of its own.")
        found = _found(tracer, query)
        return json_response(named | _shown(found, access.bounds))

    return blueprint


def _found(tracer: Tracer, query: dict[str, Any]) -> Found:
    try:
        with store_refusals():
            found = tracer.trace(query["subject"], query["source"], query["id"], float(query["wait"]))
    except (LogUnavailable, UnknownTopic):
        raise unavailable("The log does not answer.") from None
    except TooManyLetters:
        raise unavailable("There are too many dead letters to look through.", retry_after=600) from None
    except Behind:
        raise unavailable("The workers are far behind: too much on the log is yet to be applied.") from None
    if found is None:
        detail = (
            "No event of this subject, source and id was accepted; what was sent a moment ago may come yet: `wait`."
        )
        raise ProblemError(NOT_FOUND, detail)
    return found


def _shown(found: Found, bounds: Bounds) -> dict[str, Any]:
    if found.region is not None:  # *else* it is nowhere yet, and its sender asks whether it has come
        bounds.refuse_region(found.region)
    trace = found.trace
    return {
        "state": trace.state,
        "recorded_at": trace.recorded_at,
        "place": trace.place and str(trace.place),
        "reason": trace.reason,
        "detail": trace.detail,
    }
