"""The web process of gunicorn, which answers what never reaches the application as all else is answered (RFC 9457).

Without it such an answer is gunicorn's page, and its log holds the whole address: a name that somebody looked for.
"""

from __future__ import annotations

import gc
from http import HTTPStatus
from typing import Any

import orjson
from gunicorn.http.errors import (
    ExpectationFailed,
    InvalidRequestLine,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

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


class Worker(ThreadWorker):
    """Threads, as `gthread` has them."""

    def run(self) -> None:
        """Serve, until told to stop.

        What the application was built of stays as long as the process. A collection of garbage that goes through all of
        it holds every request up for a tenth of a second, so collections begin behind it.
        """
        gc.collect()
        gc.freeze()
        super().run()

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        ours = isinstance(exc, (InvalidResponseHeader, InvalidResponseHeaderName))  # a ParseException by descent alone
        if ours or not isinstance(exc, ParseException):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("Invalid request: %s", type(exc).__name__)
        try:
            write_nonblock(client, answer(exc))
        except OSError:
            self.log.debug("The answer to an invalid request could not be sent")


def answer(error: Exception) -> bytes:
    """What is sent to a client whose request cannot be read: the whole of an HTTP response."""
    kind, detail = next((said for sort, said in _SAID.items() if isinstance(error, sort)), _ELSE)
    body = orjson.dumps(ProblemError(kind, detail).body())
    head = (
        f"HTTP/1.1 {kind.status} {HTTPStatus(kind.status).phrase}\r\nConnection: close\r\n"
        f"Content-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
