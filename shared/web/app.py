"""The application factory: one Flask application out of one service, or out of several behind one port."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint as PlainBlueprint
from flask import Flask

from shared.signing.signing import Signing
from shared.telemetry.metrics import exposition
from shared.web import errors, requests
from shared.web.access import AccessKeys
from shared.web.docs import docs
from shared.web.encoding import OrjsonProvider
from shared.web.front import stand_before
from shared.web.health import Check, describe_health, health
from shared.web.jwks import jwks
from shared.web.limiting import Limiter
from shared.web.metrics import describe_metrics, metrics
from shared.web.openapi import Blueprint, describe
from shared.web.parsing import MAX_BODY_BYTES
from shared.web.problems import KINDS, Kind
from shared.web.refusals import Refusals
from shared.web.routes import check_declared, limiter_of, use_keys, use_limiter

_DOCUMENTS = "chengxin_openapi"


@dataclass(frozen=True, slots=True)
class Service:
    """What a service brings: its routes, and the checks that must hold before it is ready."""

    name: str
    title: str
    description: str
    blueprints: Sequence[Blueprint]
    checks: Mapping[str, Check] = field(default_factory=dict)
    kinds: Sequence[Kind] = ()
    """Its own kinds of problems, beside those of all services."""


def create_app(
    services: Sequence[Service],
    *,
    keys: AccessKeys,
    signing: Signing | None = None,
    limiter: Limiter | None = None,
    refusals: Refusals | None = None,
    exposition: Callable[[], bytes] = exposition,
    metrics_loopback: bool = False,
    pages: Sequence[PlainBlueprint] = (),
) -> Flask:
    """One WSGI application; raises `UndeclaredRouteError` where a route declares no scope and is not `public`.

    Without `signing` there are no keys to publish, without a `limiter` nobody is counted, and without `refusals` nobody
    is told of them. `pages` are for people, and in no document. `exposition` is what `/metrics` shows,
    `metrics_loopback` whether this machine's processes need no key for it.

    Nothing is connected here and no thread is started: what the views need came in with their blueprints.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json = OrjsonProvider(app)
    app.url_map.merge_slashes = False
    use_keys(app, keys)
    errors.register(app)
    requests.register(app, refusals)
    if limiter:
        use_limiter(app, limiter)
    documents: dict[str, dict[str, Any]] = {}
    checks: dict[str, Check] = {"access keys": lambda: None if keys.ready else "not read from the log yet"}
    app.register_blueprint(health(checks))
    app.register_blueprint(jwks(signing or Signing(None)))
    app.register_blueprint(metrics(exposition, loopback=metrics_loopback))
    for service in services:
        api = describe(app, service.name, service.title, service.description, service.blueprints, service.kinds)
        describe_health(app, api.spec)
        describe_metrics(app, api.spec)
        documents[service.name] = api.spec.to_dict()
        checks |= service.checks
    own = dict.fromkeys(kind for service in services for kind in service.kinds)
    for each in (docs(documents, (*KINDS, *own)), *pages):
        app.register_blueprint(each)
    app.extensions[_DOCUMENTS] = documents
    check_declared(app)
    stand_before(app, lambda: limiter_of(app))
    return app


def openapi_of(app: Flask, service: str) -> dict[str, Any]:
    """The OpenAPI document of a service in this application."""
    document: dict[str, Any] = app.extensions[_DOCUMENTS][service]
    return document
