"""What every command of a draw answers: the draw as its asker sees it, with its address where it cannot be read yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Response

from services.draws.bounds import refuse_beyond, scopes_at
from services.draws.dossier import dossier
from services.draws.reading import Reading
from services.draws.steps import Draw
from services.draws.writing import Written
from shared.web.encoding import json_response
from shared.web.routes import current_access, holder

LOCATION = {"Location": {"description": "Address of the draw", "schema": {"type": "string"}}}
WRITTEN = "It is written, and not everybody can read it yet: look at the draw"


def by() -> str:
    """Who asks, as the draw's steps name him."""
    access = holder()
    return access.person


def refuse_stranger(plan: Mapping[str, Any]) -> None:
    """Raises 403 `out-of-bounds` where a plan reaches further than the asker's key may."""
    access = holder()
    refuse_beyond(access.bounds, plan)


def shown(reading: Reading, draw: Draw) -> dict[str, Any]:
    """The draw as its asker may see it."""
    return dossier(reading.draws, draw, scopes_at(draw, current_access()))


def answer(reading: Reading, written: Written) -> Response:
    """200 where the step can be read by everybody, else 202."""
    body = shown(reading, written.draw)
    return json_response(body) if written.readable else located(json_response(body, 202), written.draw)


def located(response: Response, draw: Draw) -> Response:
    """With the draw's address."""
    response.headers["Location"] = f"/v1/draws/{quote(draw.draw_id, safe=':')}"
    return response
