"""`…/badge.svg` and `…/qr.svg`: for the door of a shop (DESIGN.md section 5)."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

import segno
from flask import Response, request

from services.lookup.desk import Desk
from services.lookup.door.badge import badge
from services.lookup.question import permitted
from shared.clock import day_of
from shared.web.applied import REBUILDING
from shared.web.caching import cacheable
from shared.web.documented import UNCHANGED
from shared.web.openapi import Blueprint
from shared.web.problems import NOT_FOUND
from shared.web.routes import public
from shared.web.subject_path import PARAMETERS, PATH, normalised

_TYPE = "image/svg+xml"
_IMAGE = {"description": "An image", "content": {_TYPE: {"schema": {"type": "string"}}}}
_ANSWERS = {
    200: _IMAGE,
    **UNCHANGED,
    404: NOT_FOUND.code,
    503: REBUILDING.code,
}


def door(desk: Desk, clock: Callable[[], datetime], public_url: str) -> Blueprint:
    """The routes; `public_url` is where people reach this installation, empty for where they ask."""
    blueprint = Blueprint("door", __name__, description="For the door of a shop")

    @blueprint.route(f"{PATH}/badge.svg", parameters=PARAMETERS)
    @public
    @blueprint.doc(responses=_ANSWERS)
    def image(subject_id: str) -> Response:
        """A badge of the grade, as the public sees it

        The same for everybody, whatever key comes with the request.
        """
        now = clock()
        answer = desk.answer(permitted(normalised(subject_id), None, day_of(now)))
        return _sent(badge(answer), now)

    @blueprint.route(f"{PATH}/qr.svg", parameters=PARAMETERS)
    @public
    @blueprint.doc(responses=_ANSWERS)
    def code(subject_id: str) -> Response:
        """A QR code that leads to the page of what is public of the subject"""
        now, normal = clock(), normalised(subject_id)
        desk.answer(permitted(normal, None, day_of(now)))  # a code that leads nowhere is none
        address = f"{public_url or request.url_root.rstrip('/')}/subjects/{quote(normal, safe=':')}"
        drawn = io.BytesIO()
        segno.make(address, error="m", micro=False).save(drawn, kind="svg", scale=4, xmldecl=False, nl=False)
        return _sent(drawn.getvalue().decode(), now)

    return blueprint


def _sent(image: str, now: datetime) -> Response:
    response = Response(image, mimetype=_TYPE)
    return cacheable(response, hashlib.sha256(image.encode()).hexdigest()[:32], now, private=False)
