"""Parameters and JSON bodies by marshmallow schemas, strictly: what is not known is refused, not ignored."""

from __future__ import annotations

from typing import Any, NoReturn

import marshmallow
import orjson
from flask import Request, request
from webargs.flaskparser import FlaskParser

from shared.web.problems import INVALID, MALFORMED, UNSUPPORTED_MEDIA_TYPE, ProblemError, faults, too_large

MAX_BODY_BYTES = 64 * 1024
"""The largest body of a request; a view that takes more asks `read_body` for it."""


class StrictParser(FlaskParser):
    """webargs with our problems; of a body's faults the pointers start at the body's root."""

    DEFAULT_UNKNOWN_BY_LOCATION = FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION | {"query": marshmallow.RAISE}

    def load_json(self, req: Request, schema: marshmallow.Schema) -> Any:  # noqa: ARG002  # webargs' signature
        """The body as JSON: 415 for another media type, 400 where it cannot be read."""
        if req.mimetype != "application/json":
            raise ProblemError(UNSUPPORTED_MEDIA_TYPE, "Send the body as `Content-Type: application/json`.")
        return read_json(read_body(MAX_BODY_BYTES))

    def handle_error(
        self,
        error: marshmallow.ValidationError,
        req: Request,  # noqa: ARG002  # webargs' signature
        schema: marshmallow.Schema,  # noqa: ARG002
        *,
        error_status_code: int | None,  # noqa: ARG002
        error_headers: Any,  # noqa: ARG002
    ) -> NoReturn:
        """All faults at once, as 422."""
        messages = error.messages
        if isinstance(messages, dict) and "json" in messages:
            messages = messages["json"]
        if isinstance(messages, dict) and "headers" in messages:
            messages = {"header": messages["headers"]}
        detail = "The errors say where, what is wrong and what would be right."
        raise ProblemError(INVALID, detail, errors=faults(messages)) from None


def read_body(most: int) -> bytes:
    """The request's body, 413 where it has more bytes.

    Werkzeug cuts a body without Content-Length (chunked) off at its limit in silence, so one byte more is asked for.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ProblemError(UNSUPPORTED_MEDIA_TYPE, "Send the body as it is, without Content-Encoding.")
    request.max_content_length = most + 1
    body = request.get_data()
    if len(body) > most:
        raise too_large(most)
    return body


def read_json(body: bytes) -> Any:
    """A JSON document of a request's body, else 400 with line and column."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ProblemError(MALFORMED, f"The body is not JSON in UTF-8: {where}.") from None
