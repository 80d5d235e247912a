"""The journal, bundles and slips over HTTP (DESIGN.md section 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import segno
from flask import Response, render_template, request
from markupsafe import Markup

from services.draws.audience import BUNDLE_SEALED, may_see
from services.draws.bounds import scopes_at
from services.draws.course import ROLES
from services.draws.dossier import VERIFIABLE, assurance
from services.draws.following import Following
from services.draws.office import Office
from services.draws.ordering import DRAWN, no_draw, require
from services.draws.planning import JOURNAL
from services.draws.problems import OUT_OF_ORDER
from services.draws.proof.slip import slip
from services.draws.proof.zipped import zipped
from services.draws.refusing import log_refusals
from services.draws.schemas import PARAMETERS
from services.draws.shown.http import HEADERS, READ
from services.draws.steps import Draw
from shared.clock import SHANGHAI
from shared.draw.journal import FIRST
from shared.web.caching import cacheable
from shared.web.openapi import Blueprint
from shared.web.problems import NOT_FOUND, ProblemError
from shared.web.routes import current_access, public

_KEPT = 8
"""Bundles: everybody may ask for one, and to pack a large one takes seconds."""
_LINES, _ZIP, _PAGE = "application/x-ndjson", "application/zip", "text/html"
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_HEAD = {"Journal-Head": {"description": "SHA-256 of the last line with its LF", "schema": {"type": "string"}}}
_ROLE_NAMES = dict(zip(ROLES, ("人大代表 deputy", "政协委员 committee", "市民 citizen", "公证员 notary"), strict=True))


def proofs(office: Office, following: Following, clock: Callable[[], datetime], public_url: str = "") -> Blueprint:
    """The routes; documents are asked of the office, all else is followed. `public_url` is where people reach this
    installation, empty for where they ask.
    """
    blueprint = Blueprint("proofs", __name__, template_folder="templates", description="What can be taken home")

    @lru_cache(maxsize=_KEPT)
    def packed(draw_id: str, records: int) -> bytes:  # noqa: ARG001 - with another record it is another bundle
        return zipped(office.bundle(draw_id))

    @blueprint.route(f"/v1/draws/{JOURNAL}")
    @public
    @blueprint.doc(responses=READ | {200: _document(_LINES, "The journal's lines", HEADERS | _HEAD)})
    def journal() -> Response:
        """The journal 抽查台账, whole

        A line for each step of each draw; each names the hash of the line before. The head is its ETag.
        """
        lines = following.lines()
        response = Response(following.journal_upto(len(lines)), mimetype=_LINES)
        head = lines[-1].hash if lines else FIRST
        response.headers["Journal-Head"] = head
        return cacheable(response, head, clock(), private=False, most=0)

    @blueprint.route("/v1/draws/<string:draw_id>/bundle.zip", parameters=PARAMETERS)
    @public
    @blueprint.doc(
        responses=READ
        | {200: _document(_ZIP, "The bundle", HEADERS), 403: BUNDLE_SEALED.code, 404: NOT_FOUND.code}
        | {409: OUT_OF_ORDER.code}
    )
    def bundle(draw_id: str) -> Response:
        """The bundle: all that a draw rests on, and a program that verifies it

        For everybody from the publication on; before, from the draw on, with a key of the scope `draws:plan` or
        `draws:publish`. The same bytes as long as no replacement is added.
        """
        draw = _draw(following, draw_id)
        require(draw, *DRAWN)
        if not may_see("bundle", draw, scopes_at(draw, current_access())):
            raise ProblemError(BUNDLE_SEALED, "Pool and seed together are the list of who will be inspected.")
        with log_refusals():
            content = packed(draw_id, len(draw.records))
        response = Response(content, mimetype=_ZIP)
        response.headers["Content-Disposition"] = f'attachment; filename="{draw_id.replace(":", "-")}.zip"'
        private = not may_see("bundle", draw)
        return cacheable(response, hashlib.sha256(content).hexdigest(), clock(), private=private, most=0)

    @blueprint.route("/v1/draws/<string:draw_id>/slip", parameters=PARAMETERS)
    @public
    @blueprint.doc(
        responses=READ
        | {200: _document(_PAGE, "A page to be printed", HEADERS), 404: NOT_FOUND.code, 409: OUT_OF_ORDER.code}
    )
    def printed(draw_id: str) -> Response:
        """The slip 凭条 that witnesses take home, from the commitment on

        Commitment, its line of the journal, and the journal's head, as text and as a QR code.
        """
        found = slip(_draw(following, draw_id), following.lines(), public_url or request.url_root.rstrip("/"))
        drawn = segno.make(found.text, error="m", micro=False)
        said = assurance(found.draw)
        page = render_template(
            "slip.html",
            slip=found,
            qr=Markup(drawn.svg_inline(omitsize=True, svgclass="qr", lineclass=None)),  # noqa: S704 - ours
            roles=_ROLE_NAMES,
            here=_here,
            witnessed=None if said == VERIFIABLE else said,
        )
        response = Response(page, mimetype=_PAGE)
        response.headers["Content-Security-Policy"] = _PAGE_POLICY
        tag = hashlib.sha256(response.get_data()).hexdigest()
        return cacheable(response, tag, clock(), private=False, most=0)

    return blueprint


def _here(instant: str) -> str:
    """An instant by the clocks of those who take the slip home."""
    return datetime.fromisoformat(instant).astimezone(SHANGHAI).isoformat(timespec="seconds")


def _draw(following: Following, draw_id: str) -> Draw:
    draw = following.draws().by_id.get(draw_id)
    if draw is None:
        raise no_draw()
    return draw


def _document(media_type: str, what: str, headers: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": what, "content": {media_type: {"schema": {"type": "string"}}}, "headers": headers}
