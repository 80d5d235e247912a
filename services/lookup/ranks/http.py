"""`GET /v1/ranks`: places among peers of kind and region (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from services.lookup.answers import tag_of
from services.lookup.lists.schemas import Region
from services.lookup.question import SCOPE, Question
from services.lookup.ranks.kept import Peers, Rankings
from services.lookup.ranks.ranking import Place
from shared.clock import day_of
from shared.registry.kinds import KINDS
from shared.web.applied import REBUILDING
from shared.web.caching import cacheable
from shared.web.documented import ETAG, LINK, UNCHANGED
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.paging import Cursor, Limit, cursor_of, link_next
from shared.web.problems import NOT_FOUND, OUT_OF_BOUNDS, ProblemError
from shared.web.routes import holder, requires
from shared.web.subject_path import normalised


class RanksQuestionSchema(Schema):
    """Among whom, and whose place."""

    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS), error="must be one of {choices}"))
    region = Region(required=True, what="Region 区划, with all that lies in it")
    subject_id = fields.String(metadata={"description": "Only this subject's place", "minLength": 1, "maxLength": 100})
    cursor = Cursor()
    limit = Limit()


class PlaceSchema(Schema):
    """A place; ties share it."""

    rank = fields.Integer(required=True)
    subject_id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    score = fields.String(required=True)
    grade = fields.String(required=True, allow_none=True)


class RanksSchema(Schema):
    """Places, the best first."""

    kind = fields.String(required=True)
    region = fields.String(required=True)
    peers = fields.Integer(required=True, metadata={"description": "How many have a place"})
    unranked = fields.Integer(required=True, metadata={"description": "How many have too little evidence for one"})
    ranks = fields.List(fields.Nested(PlaceSchema), required=True)
    next = fields.String(required=True, allow_none=True)


def ranks(rankings: Rankings, clock: Callable[[], datetime]) -> Blueprint:
    """The route."""
    blueprint = Blueprint("ranks", __name__, description="Places among peers")

    @blueprint.route("/v1/ranks")
    @requires(SCOPE)
    @blueprint.doc(responses={**UNCHANGED, 403: OUT_OF_BOUNDS.code, 404: NOT_FOUND.code, 503: REBUILDING.code})
    @blueprint.arguments(RanksQuestionSchema, location="query")
    @blueprint.response(200, RanksSchema, headers=ETAG | LINK)
    def listed(query: dict[str, Any]) -> Response:
        """Ranks 排名 of open subjects of a kind in a region

        By today's score of the internal ledger, which is normalised for exposure; made anew once a minute. Not for the
        public: a place would tell what a rulebook keeps from it.
        """
        now = clock()
        day = day_of(now)
        holder().bounds.refuse_region(query["region"])
        peers = Peers(query["kind"], query["region"])
        ranking = rankings.of(peers, Question("", "internal", "internal", day, day, None))
        if "subject_id" in query:
            place = ranking.of(normalised(query["subject_id"]))
            if place is None:
                raise ProblemError(NOT_FOUND, "This subject has no place there: another kind or region, or no grade.")
            found, cursor = [place], None
        else:
            first = _first(query.get("cursor"))
            found = ranking.places[first : first + query["limit"]]
            behind = first + query["limit"]
            cursor = cursor_of(str(behind)) if behind < len(ranking.places) else None
        body = {
            **peers._asdict(),
            "peers": len(ranking.places),
            "unranked": ranking.unranked,
            "ranks": [_shown(place) for place in found],
            "next": cursor,
        }
        response = json_response(body)
        link_next(response, cursor)
        return cacheable(response, tag_of(body), now, private=True)

    return blueprint


def _first(cursor: str | None) -> int:
    return int(cursor) if cursor is not None and cursor.isascii() and cursor.isdigit() else 0


def _shown(place: Place) -> dict[str, Any]:
    return {"rank": place.rank, **{name: place.answer[name] for name in ("subject_id", "name", "score", "grade")}}
