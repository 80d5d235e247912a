"""`/v1/notices`: notices of deductions 信用积分通知书, as data and as a page to be printed.

They stand at the door and not with the look-ups, since issuing one writes: its code's hash goes on the log. For that
reason it is a POST that issues, and the GET shows the same without a code.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import segno
from flask import Response, render_template, request
from markupsafe import Markup

from services.ingest.notices.issuing import Issuer
from services.ingest.notices.notice import Deduction
from services.ingest.notices.schemas import IssuedSchema, NewNoticeSchema, NoticeQuestionSchema, NoticeSchema
from shared.registry.subject import SubjectIdError, normalise_subject_id, parse_subject_id
from shared.web.applied import REBUILDING
from shared.web.documented import BODY
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.problems import INVALID, NOT_FOUND, OUT_OF_BOUNDS, Fault, ProblemError
from shared.web.routes import holder, requires

_PATH = "/v1/notices"
_PAGE, _JSON = "text/html", "application/json"
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_REFUSALS = {403: OUT_OF_BOUNDS.code, 404: NOT_FOUND.code, 503: REBUILDING.code}
_PRINTED = {201: {"content": {_PAGE: {"schema": {"type": "string"}}}}}


def notices(issuer: Issuer, public_url: str) -> Blueprint:
    """The routes; `public_url` is where people reach this installation, empty for where they ask."""
    blueprint = Blueprint("notices", __name__, description="Notices of deductions", template_folder="templates")

    @blueprint.route(_PATH)
    @requires("notices:issue")
    @blueprint.doc(responses=_REFUSALS)
    @blueprint.arguments(NoticeQuestionSchema, location="query")
    @blueprint.response(200, NoticeSchema)
    def read(query: dict[str, Any]) -> Response:
        """What the notice of a deduction says

        Of one that counts today alone: what has ended has no notice.
        """
        access = holder()
        return json_response(issuer.read(_deduction(query, "/query"), query.get("served_on"), access.bounds))

    @blueprint.route(_PATH, methods=["POST"])
    @requires("notices:issue")
    @blueprint.doc(responses={**BODY, **_REFUSALS, **_PRINTED})
    @blueprint.arguments(NewNoticeSchema)
    @blueprint.response(201, IssuedSchema)
    def issue(body: dict[str, Any]) -> Response:
        """Issue a notice, with a one-time code

        With `Accept: text/html` it is a page to be printed, whose QR code leads to the exchange. Each request makes a
        code of its own, which nobody can read again; it gives the subject one key.
        """
        access = holder()
        served = date.fromisoformat(body["served_on"]) if "served_on" in body else None
        made = issuer.issue(_deduction(body, ""), served, access.bounds, f"key:{access.key_id}")
        if request.accept_mimetypes.best_match([_JSON, _PAGE]) == _PAGE:
            return _printed(made, public_url or request.url_root.rstrip("/"))
        return json_response(made, 201)

    return blueprint


def _deduction(asked: dict[str, Any], where: str) -> Deduction:
    try:
        subject_id = str(parse_subject_id(normalise_subject_id(asked["subject_id"])))
    except SubjectIdError as error:
        fault = Fault(f"{where}/subject_id", str(error))
        raise ProblemError(INVALID, "The errors say what would be right.", errors=[fault]) from None
    return Deduction(subject_id, asked["about"], asked["number"], asked.get("index", 0))


def _printed(made: dict[str, Any], address: str) -> Response:
    """The code stands behind `#`, which no browser sends: it is in no log of any server on its way."""
    link = f"{address}/subject-keys#code={made['one_time_code']}"
    drawn = segno.make(link, error="m", micro=False)
    page = render_template(
        "notice.html",
        notice=made,
        address=address,
        qr=Markup(drawn.svg_inline(omitsize=True, svgclass="qr", lineclass=None)),  # noqa: S704  # ours
    )
    response = Response(page, 201, mimetype=_PAGE)
    response.headers["Content-Security-Policy"] = _PAGE_POLICY
    return response
