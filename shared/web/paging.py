"""Pages of lists: an opaque cursor says behind which entry the next page begins; body and header Link name it."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlencode

import orjson
from flask import Response, request

from shared.web.problems import INVALID, Fault, ProblemError, pointer

Place = tuple[str | int, ...]
"""By what a list is sorted: that of an entry says where the list goes on behind it."""


def cursor_of(place: Place) -> str:
    """The cursor of an entry. It holds nothing but its place: whoever changes it sees another page, and no more."""
    return urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def place_in(cursor: str, *types: type) -> Place:
    """The place in a cursor that came with a request, of members of these types; else 422."""
    try:
        place = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        place = None
    if not isinstance(place, list) or [type(each) for each in place] != list(types):
        fault = Fault(pointer("query", "cursor"), "is no cursor of this list; take it from `next`")
        raise ProblemError(INVALID, "The query of the address breaks a rule.", errors=[fault])
    return tuple(place)


def link_next(response: Response, cursor: str | None) -> Response:
    """The answer with the address of its next page (RFC 8288), where there is one."""
    if cursor is not None:
        query = urlencode(request.args.to_dict() | {"cursor": cursor})
        response.headers["Link"] = f'<{request.path}?{query}>; rel="next"'
    return response
