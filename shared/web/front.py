"""Answers that anybody may have are given once more before the framework is asked, within two seconds: what everybody
asks for at once is made once. *Else* a look-up behind a public page costs its processor five times as much.

Every cache on the way may keep such an answer for longer (`shared/web/caching.py`), so nobody is told anything older by
this. Answers to holders of keys are never kept: who has just sent an event finds it in the score.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Flask, request

from shared.web.caching import seconds_left
from shared.web.limiting import Limiter, rate_headers
from shared.web.requests import REQUEST_ID, id_of_request, told

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Header = tuple[str, str]

LIFE = 2.0
"""Seconds."""
_RENEWED = 0.5
"""Seconds before its end in which an answer is made anew."""
_MOMENT = 0.05
"""Seconds from asking whether an answer is at hand to giving it."""
_MOST = 20_000
"""Answers: some dozens of megabytes."""
_KEEP, _ROUTE = "chengxin.keep", "chengxin.route"
_FRONT = "chengxin_front"
_OF_ONE_REQUEST = frozenset({REQUEST_ID.lower(), "ratelimit", "ratelimit-policy"})
_OF_THE_BODY = frozenset({"content-type", "content-length"})


class _Kept(NamedTuple):
    """An answer as it was sent, without what is a single request's own. The first who asks after `until` has it made
    anew; the others get this one meanwhile, and nobody does after `last`.
    """

    until: float
    last: float
    route: str
    tag: str
    headers: tuple[Header, ...]
    body: bytes


def keep(now: datetime) -> None:
    """Have this answer given once more to whoever asks the same without a key, and not on the next day in Shanghai."""
    assert request.url_rule is not None
    request.environ[_KEEP] = min(LIFE, seconds_left(now))
    request.environ[_ROUTE] = request.url_rule.rule


def stand_before(app: Flask, limiter: Callable[[], Limiter | None]) -> None:
    """Have a front stand before an application; `limiter` gives what counts its requests."""
    app.extensions[_FRONT] = app.wsgi_app = Front(app.wsgi_app, limiter)  # type: ignore[method-assign]


def front_of(app: Flask) -> Front | None:
    """The front of an application, where there is one."""
    return app.extensions.get(_FRONT)


class Front:
    """Stands before an application. Threads may share it: each change is one assignment."""

    def __init__(
        self,
        application: WSGIApplication,
        limiter: Callable[[], Limiter | None],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._application, self._limiter, self._seconds = application, limiter, seconds
        self._kept: dict[tuple[str, str], _Kept] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING") or "HTTP_AUTHORIZATION" in environ:
            return self._application(environ, start_response)
        place = environ["wsgi.url_scheme"], environ["PATH_INFO"]
        kept, now = self._kept.get(place), self._seconds()
        if kept is None or kept.until <= now:
            if kept:  # else all who ask at this moment would have it made
                self._kept[place] = kept._replace(until=kept.last)
            return self._asked(place, environ, start_response)
        began, limiter = time.perf_counter(), self._limiter()
        rate = limiter.taken_by_address(environ.get("REMOTE_ADDR")) if limiter else None
        if rate and not rate.taken.allowed:
            return self._application(environ, start_response)  # which refuses it
        own = [(REQUEST_ID, id_of_request(environ.get("HTTP_X_REQUEST_ID", ""))), *rate_headers(rate)]
        same = _has(environ.get("HTTP_IF_NONE_MATCH", ""), kept.tag)
        status, body = ("304 NOT MODIFIED", b"") if same else ("200 OK", kept.body)
        shown = (each for each in kept.headers if not (same and each[0].lower() in _OF_THE_BODY))
        start_response(status, [*shown, *own])
        told(kept.route, "GET", int(status[:3]), time.perf_counter() - began, own[0][1], None)
        return [body]

    def has(self, path: str) -> bool:
        """Whether the answer to a request without a query is at hand, for a moment yet."""
        soon = self._seconds() + _MOMENT
        found = (self._kept.get((scheme, path)) for scheme in ("http", "https"))
        return any(kept and kept.until > soon for kept in found)

    def _asked(
        self, place: tuple[str, str], environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        begun: list[tuple[str, list[Header]]] = []

        def start(status: str, headers: list[Header], *error: Any) -> Any:
            begun[:] = [(status, headers)]
            return start_response(status, headers, *error)

        answer = self._application(environ, start)
        if _KEEP not in environ or not begun or not begun[0][0].startswith("200"):
            return answer
        try:
            body = b"".join(answer)
        finally:
            if close := getattr(answer, "close", None):
                close()
        headers = tuple(each for each in begun[0][1] if each[0].lower() not in _OF_ONE_REQUEST)
        tag = next((value for name, value in headers if name.lower() == "etag"), "")
        if len(self._kept) >= _MOST:
            self._kept = {}
        last = self._seconds() + environ[_KEEP]
        self._kept[place] = _Kept(last - _RENEWED, last, environ[_ROUTE], tag, headers, body)
        return [body]


def _has(asked: str, tag: str) -> bool:
    """Whether a caller has an answer already: by the weak comparison (RFC 9110, section 13.1.2)."""
    if not asked or not tag:
        return False
    known = tag.removeprefix("W/")
    return asked.strip() == "*" or any(each.strip().removeprefix("W/") == known for each in asked.split(","))
