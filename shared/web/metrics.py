"""`/metrics`: what a monitor takes, for keys of the scope `admin`, and for processes of this machine without one.

Behind a proxy on the same machine every caller comes from the loopback address. So one counts as of this machine only
where nothing speaks of a proxy: no header that proxies add, and a Host that is a name of this machine. A proxy may add
nothing and put its own name for this server there, as nginx does unless it is told otherwise; so a key is wanted of
everybody unless `CHENGXIN_METRICS_LOOPBACK` says that there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from apispec import APISpec
from flask import Blueprint, Flask, Response, request

from shared.telemetry.metrics import MEDIA_TYPE
from shared.web.problems import SCOPE_MISSING, UNAUTHENTICATED
from shared.web.routes import SECURITY_SCHEME, public, requires

PATH = "/metrics"
_OF_PROXIES = ("Forwarded", "Via", "X-Real-IP", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto")


def metrics(exposition: Callable[[], bytes], *, loopback: bool) -> Blueprint:
    """The route of every service; `loopback` says whether this machine's processes need no key."""
    blueprint = Blueprint("metrics", __name__)

    def shown() -> Response:
        return Response(exposition(), content_type=MEDIA_TYPE)

    with_key = requires("admin")(shown)

    @blueprint.get(PATH)
    @public
    def read() -> Response:
        answer: Response = shown() if loopback and _of_this_machine() else with_key()
        return answer

    return blueprint


def _of_this_machine() -> bool:
    """Whoever sends a key is judged by it."""
    if "Authorization" in request.headers or any(name in request.headers for name in _OF_PROXIES):
        return False
    return _is_loopback(request.remote_addr) and _is_loopback(urlsplit(f"//{request.host}").hostname)


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def describe_metrics(app: Flask, spec: APISpec) -> None:
    """Put the route into a service's OpenAPI document."""
    answer = {"description": "Prometheus' text form", "content": {"text/plain": {"schema": {"type": "string"}}}}
    operation = {
        "summary": "What a monitor takes",
        "description": "For keys of the scope `admin`; processes of the same machine need none, unless it is so set.",
        "tags": ["metrics"],
        "security": [{}, {SECURITY_SCHEME: []}],
        "x-scope": "admin",
        "responses": {
            200: answer,
            401: UNAUTHENTICATED.code,
            403: SCOPE_MISSING.code,
            503: "unavailable",
            "default": "DEFAULT_ERROR",
        },
    }
    spec.path(rule=next(app.url_map.iter_rules("metrics.read")), operations={"get": operation})
