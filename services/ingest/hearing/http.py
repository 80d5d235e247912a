"""`/v1/objections`: objections 异议 and replies 陈述 of subjects, and what clerks decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response

from services.ingest.hearing.desk import DECIDED, OBJECTION_OPEN, Desk
from services.ingest.hearing.hearing import Told, by_day, by_urgency
from services.ingest.hearing.records import Records
from services.ingest.hearing.releasing import TAKEN_BACK, Releasing
from services.ingest.hearing.schemas import (
    PARAMETERS,
    DecisionSchema,
    FiledSchema,
    FilingSchema,
    ListSchema,
    OpenSchema,
    ReleaseSchema,
    WaitingSchema,
)
from shared.web.applied import REBUILDING
from shared.web.documented import BODY, LINK
from shared.web.encoding import json_response
from shared.web.idempotency import IdempotencySchema
from shared.web.openapi import Blueprint
from shared.web.paging import cursor_of, link_next
from shared.web.problems import NOT_FOUND, OUT_OF_BOUNDS
from shared.web.routes import holder, requires

_PATH = "/v1/objections"
_ONE = f"{_PATH}/<string:objection_id>"
_REFUSALS = {403: OUT_OF_BOUNDS.code, 503: REBUILDING.code}
_LOCATION = {"Location": {"description": "Where it is followed", "schema": {"type": "string"}}}


def hearing(records: Records, desk: Desk, releasing: Releasing) -> Blueprint:
    """The routes: what was filed is told by the records, what is to be done is done by the others."""
    blueprint = Blueprint("objections", __name__, description="Objections and replies of subjects")

    @blueprint.route(_PATH, methods=["POST"])
    @requires("objections:file")
    @blueprint.doc(responses={**BODY, **_REFUSALS, 409: OBJECTION_OPEN.code})
    @blueprint.arguments(IdempotencySchema, location="headers")
    @blueprint.arguments(FilingSchema)
    @blueprint.response(201, FiledSchema, headers=_LOCATION)
    def file(headers: dict[str, Any], body: dict[str, Any]) -> Response:
        """File an objection or a reply

        The mark 异议中 stands beside the item as soon as the answer is here, and the clock runs. The statement is for
        whoever decides, and is not published unless a clerk releases it.
        """
        access = holder()
        told = desk.file(access.bounds, access.key_id, body, headers.get("idempotency_key"))
        response = json_response(told, 201)
        response.headers["Location"] = f"{_PATH}/{told['objection_id']}"
        return response

    @blueprint.route(_PATH)
    @requires("objections:decide", "objections:file")
    @blueprint.doc(responses={503: REBUILDING.code})
    @blueprint.arguments(ListSchema, location="query")
    @blueprint.response(200, OpenSchema, headers=LINK)
    def list_(query: dict[str, Any]) -> Response:
        """Objections

        For clerks those that wait for a decision, within the key's regions, the most urgent first. For a subject all
        that it has filed itself, replies too, the earliest first.
        """
        access = holder()
        if "objections:decide" in access.scopes:
            return _page("objections", records.open(access.bounds), by_urgency, query)
        return _page("objections", records.own(str(access.bounds.subject)), by_day, query)

    @blueprint.route("/v1/replies")
    @requires("objections:decide")
    @blueprint.doc(responses={503: REBUILDING.code})
    @blueprint.arguments(ListSchema, location="query")
    @blueprint.response(200, WaitingSchema, headers=LINK)
    def replies(query: dict[str, Any]) -> Response:
        """Statements that nobody has released, within the key's regions

        Of replies 陈述 and of objections: each is read before the public may read it.
        """
        return _page("replies", releasing.waiting(holder().bounds), by_day, query)

    @blueprint.route(_ONE, parameters=PARAMETERS)
    @requires("objections:file", "objections:decide")
    @blueprint.doc(responses={**_REFUSALS, 404: NOT_FOUND.code})
    @blueprint.response(200, FiledSchema)
    def one(objection_id: str) -> Response:
        """Follow what was filed, and its clock"""
        return json_response(records.read(objection_id, holder().bounds))

    @blueprint.route(f"{_ONE}/decision", methods=["POST"], parameters=PARAMETERS)
    @requires("objections:decide")
    @blueprint.doc(responses={**BODY, **_REFUSALS, 404: NOT_FOUND.code, 409: DECIDED.code})
    @blueprint.arguments(DecisionSchema)
    @blueprint.response(200, FiledSchema)
    def decide(body: dict[str, Any], objection_id: str) -> Response:
        """Decide an objection

        It closes the dispute. `revoked` also revokes the case, or takes the inspection back, under the number of the
        document that says so. An officer or inspector who signed what is disputed decides nothing about it.
        """
        return json_response(desk.decide(objection_id, holder().bounds, body))

    @blueprint.route(f"{_ONE}/release", methods=["POST"], parameters=PARAMETERS)
    @requires("objections:decide")
    @blueprint.doc(responses={**BODY, **_REFUSALS, 404: NOT_FOUND.code, 409: TAKEN_BACK.code})
    @blueprint.arguments(ReleaseSchema)
    @blueprint.response(200, FiledSchema)
    def release(body: dict[str, Any], objection_id: str) -> Response:
        """Let the public read what was said

        Beside the item, as long as the item is public. Whoever releases it has read it: it may name persons.
        """
        return json_response(releasing.release(objection_id, holder().bounds, body["reviewer"]))

    @blueprint.route(f"{_ONE}/release", methods=["DELETE"], parameters=PARAMETERS)
    @requires("objections:decide")
    @blueprint.doc(responses={**_REFUSALS, 404: NOT_FOUND.code})
    @blueprint.response(200, FiledSchema)
    def take_back(objection_id: str) -> Response:
        """Take a release back

        The public reads it no more, from the next look-up on, and it cannot be released again.
        """
        return json_response(releasing.take_back(objection_id, holder().bounds))

    return blueprint


def _page(name: str, found: Sequence[Told], place_of: Callable[[Told], str], query: dict[str, Any]) -> Response:
    behind, most = query.get("cursor", ""), query["limit"]
    left = sorted((each for each in found if place_of(each) > behind), key=place_of)
    following = cursor_of(place_of(left[most - 1])) if len(left) > most else None
    response = json_response({name: left[:most], "next": following})
    link_next(response, following)
    return response
