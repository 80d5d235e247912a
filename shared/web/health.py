"""`/livez`: the process answers. `/readyz`: so do the dependencies it was given, each checked by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from apispec import APISpec
from flask import Blueprint, Flask, Response

from shared.web.encoding import json_response
from shared.web.problems import UNAVAILABLE, ProblemError
from shared.web.routes import probe

Check = Callable[[], str | None]
"""None where all is well, else a sentence on what is not; it must answer within a second or so."""


def health(checks: Mapping[str, Check]) -> Blueprint:
    """The two routes of every service."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/livez")
    @probe
    def livez() -> Response:
        return json_response({"status": "alive"})

    @blueprint.get("/readyz")
    @probe
    def readyz() -> Response:
        found = {name: _ask(check) for name, check in checks.items()}
        bad = {name: sentence for name, sentence in found.items() if sentence is not None}
        if bad:
            detail = "Not ready: " + "; ".join(f"{name}: {sentence}" for name, sentence in bad.items())
            raise ProblemError(UNAVAILABLE, detail, headers={"Retry-After": "2"}, checks=_states(found))
        return json_response({"status": "ready", "checks": _states(found)})

    return blueprint


def _ask(check: Check) -> str | None:
    try:
        return check()
    except Exception as error:  # noqa: BLE001  # whatever breaks a check, the answer is "not ready"
        return f"cannot be checked ({type(error).__name__})"


def _states(found: Mapping[str, str | None]) -> dict[str, str]:
    return {name: sentence or "ok" for name, sentence in found.items()}


def describe_health(app: Flask, spec: APISpec) -> None:
    """Put the two routes into a service's OpenAPI document."""
    states: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "string"}}
    for route, status, more in (("livez", "alive", {}), ("readyz", "ready", {"checks": states})):
        schema = {
            "type": "object",
            "properties": {"status": {"type": "string", "enum": [status]}} | more,
            "required": ["status", *more],
        }
        answer = {"description": f"It is {status}", "content": {"application/json": {"schema": schema}}}
        operation = {
            "summary": "Does the process answer?" if status == "alive" else "Do its dependencies answer?",
            "tags": ["health"],
            "security": [],
            "x-scope": "public",
            "responses": {200: answer, "default": "DEFAULT_ERROR"} | ({503: "unavailable"} if more else {}),
        }
        rule = next(app.url_map.iter_rules(f"health.{route}"))
        spec.path(rule=rule, operations={"get": operation})
