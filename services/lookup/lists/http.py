"""`GET /v1/subjects`: lists of subjects (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response

from services.lookup.answers import tag_of
from services.lookup.lists.criteria import Criteria
from services.lookup.lists.pages import Lists
from services.lookup.lists.schemas import ListedSchema, ListQuestionSchema, ListSchema
from services.lookup.question import regions_of, view_of
from shared.clock import day_of
from shared.web.applied import REBUILDING
from shared.web.bounds import Bounds
from shared.web.caching import cacheable
from shared.web.documented import ETAG, KEPT, LINK, UNCHANGED
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.paging import cursor_of, link_next
from shared.web.problems import OUT_OF_BOUNDS
from shared.web.routes import current_access, public

_HEADERS = {
    **ETAG,
    **KEPT,
    **LINK,
}
_REFUSALS = {
    **UNCHANGED,
    403: OUT_OF_BOUNDS.code,
    503: REBUILDING.code,
}
_SHOWN = tuple(ListedSchema().fields)


def listed(lists: Lists, clock: Callable[[], datetime]) -> Blueprint:
    """The route, answered by lists; `clock` says what day it is in Shanghai."""
    blueprint = Blueprint("lists", __name__, description="Lists of subjects")

    @blueprint.route("/v1/subjects")
    @public
    @blueprint.doc(responses=_REFUSALS)
    @blueprint.arguments(ListQuestionSchema, location="query")
    @blueprint.response(200, ListSchema, headers=_HEADERS)
    def subjects(query: dict[str, Any]) -> Response:
        """Subjects by name, code, kind, region, grade and status

        By subject id, a page at a time, nobody twice. With an access key of the scope `scores:read` in the view of
        either ledger, without one in that of the public. A subject that a fault of ours failed on is left out.
        """
        now = clock()
        day = day_of(now)
        after, most, ledger = query.pop("cursor", ""), query.pop("limit"), query.pop("ledger", None)
        access = current_access()
        view, within = view_of(access, day, ledger), regions_of(access)
        Bounds(within).refuse_foreign(query.get("region", ""))
        page = lists.page(Criteria(view, **query, within=within), day, after, most)
        cursor = cursor_of(page.last) if page.last else None
        body = {
            "subjects": [{name: row[name] for name in _SHOWN if name in row} for row in page.rows],
            "ledger": view,
            "as_of": page.extent.swept.isoformat(),
            "applied_until": page.extent.applied_until,
            "next": cursor,
        }
        response = json_response(body)
        link_next(response, cursor)
        return cacheable(response, tag_of(body), now, private=view != "public", weak=True)

    return blueprint
