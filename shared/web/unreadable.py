"""The answers to what cannot be read as a request, as all else is answered (RFC 9457).

Without them such an answer is gunicorn's page.
"""

from __future__ import annotations

from http import HTTPStatus

import orjson
from gunicorn.http.errors import (
    ExpectationFailed,
    InvalidRequestLine,
    LimitRequestHeaders,
    LimitRequestLine,
    UnsupportedTransferCoding,
)

from shared.web.errors import MEDIA_TYPE
from shared.web.problems import MALFORMED, Kind, ProblemError

URI_TOO_LONG = Kind("uri-too-long", 414, "The address is too long")
HEADERS_TOO_LARGE = Kind("headers-too-large", 431, "The headers are too large")
NOT_IMPLEMENTED = Kind("not-implemented", 501, "This transfer coding is not understood here")
EXPECTATION_FAILED = Kind("expectation-failed", 417, "This expectation cannot be met")

_NOT_ENCODED = (
    "The request line is none of HTTP (RFC 9112). An address is ASCII: write all else in it, and every blank, "
    "percent-encoded as UTF-8 (curl does it with -G --data-urlencode 'name=…')."
)
_SAID: dict[type[Exception], tuple[Kind, str]] = {
    LimitRequestLine: (URI_TOO_LONG, "Send many ids to POST /v1/subjects/lookups."),
    LimitRequestHeaders: (HEADERS_TOO_LARGE, "Send fewer or shorter headers."),
    UnsupportedTransferCoding: (NOT_IMPLEMENTED, "Send the body with Content-Length, or chunked."),
    ExpectationFailed: (EXPECTATION_FAILED, "Only 100-continue can be expected."),
    InvalidRequestLine: (MALFORMED, _NOT_ENCODED),
}
_ELSE = MALFORMED, "The head of the request, or the frame of its body, is none of HTTP (RFC 9112)."


def answer(error: Exception) -> bytes:
    """What is sent to a client whose request cannot be read: the whole of an HTTP response."""
    kind, detail = next((said for sort, said in _SAID.items() if isinstance(error, sort)), _ELSE)
    body = orjson.dumps(ProblemError(kind, detail).body())
    head = (
        f"HTTP/1.1 {kind.status} {HTTPStatus(kind.status).phrase}\r\nConnection: close\r\n"
        f"Content-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
