"""OpenAPI 3.1 from the routes: flask-smorest, with problems for errors (`shared/web/problems.py`).

Overrides two private methods of `flask_smorest.Api`, as there is no public way: its own handlers answer
`application/json`, and its error responses are registered lazily, so editing them afterwards does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, cast

from flask import Flask
from flask_smorest import Api
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import INCLUDE, Schema, fields, validate

from shared.web.errors import MEDIA_TYPE
from shared.web.parsing import StrictParser
from shared.web.problems import KINDS, NAMESPACE, Kind
from shared.web.routes import BASIC_SCHEME, SECURITY_SCHEME, View

OPENAPI_VERSION = "3.1.1"
API_VERSION = "1"


class FaultSchema(Schema):
    """One fault of a request."""

    pointer = fields.String(
        required=True,
        metadata={
            "description": "JSON Pointer (RFC 6901) into the body, or /query/…, /path/…, /header/…, /line/… of YAML",
            "examples": ["/data/officers"],
        },
    )
    message = fields.String(required=True, metadata={"description": "What is wrong and what would be right"})


class ProblemSchema(Schema):
    """A problem (RFC 9457); some kinds have members of their own."""

    class Meta:
        """Members of its own are listed where the kind is."""

        unknown = INCLUDE

    type = fields.String(required=True, validate=validate.Regexp(f"^{NAMESPACE}[a-z-]+$"), metadata={"format": "uri"})
    title = fields.String(required=True)
    status = fields.Integer(required=True, validate=validate.Range(400, 599))
    detail = fields.String(required=True)
    request_id = fields.String(metadata={"description": "Name it when you ask for help"})
    errors = fields.List(fields.Nested(FaultSchema))


class Blueprint(SmorestBlueprint):
    """A blueprint whose parameters are parsed strictly; its decorators are typed here, as the library has no types."""

    ARGUMENTS_PARSER = StrictParser()

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        return cast("Callable[[View], View]", super().route(rule, **options))

    def arguments(self, schema: type[Schema], **options: Any) -> Callable[[View], View]:
        made = schema()  # once: webargs would make a class anew for each request
        return cast("Callable[[View], View]", super().arguments(made, **options))

    def response(self, status_code: int, schema: type[Schema] | None = None, **options: Any) -> Callable[[View], View]:
        return cast("Callable[[View], View]", super().response(status_code, schema, **options))

    def alt_response(self, status_code: int, **options: Any) -> Callable[[View], View]:
        return cast("Callable[[View], View]", super().alt_response(status_code, **options))

    @staticmethod
    def doc(**operation: Any) -> Callable[[View], View]:
        return cast("Callable[[View], View]", SmorestBlueprint.doc(**operation))


class ProblemApi(Api):
    """The OpenAPI document of one service."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """None: `shared.web.errors` answers them for the whole application."""

    def _register_pagination_header(self) -> None:
        """None: lists have opaque cursors, not numbers of pages."""

    def _register_responses(self) -> None:
        """By kind for our own routes, by name of the status for what flask-smorest refers to itself."""
        described = {kind.code: kind.title for kind in KINDS} | {"DEFAULT_ERROR": "Any other problem"}
        described |= {status.name: status.phrase for status in HTTPStatus}
        for name, description in described.items():
            self.spec.components.response(name, _problem(description), lazy=True)


def describe(
    app: Flask,
    service: str,
    title: str,
    description: str,
    blueprints: Sequence[SmorestBlueprint],
    kinds: Sequence[Kind] = (),
) -> ProblemApi:
    """Register a service's blueprints in the application and in an OpenAPI document of its own."""
    api = ProblemApi(
        app,
        config_prefix=service,
        spec_kwargs={
            "title": title,
            "version": API_VERSION,
            "openapi_version": OPENAPI_VERSION,
            "info": {"description": description},
            "servers": [{"url": "/"}],
        },
    )
    key = {"type": "http", "scheme": "bearer", "bearerFormat": "cx_<id>_<secret>"}
    api.spec.components.security_scheme(SECURITY_SCHEME, key)
    password = {"type": "http", "scheme": "basic", "description": "The access key as password, of any user name"}
    api.spec.components.security_scheme(BASIC_SCHEME, password)
    for kind in kinds:
        api.spec.components.response(kind.code, _problem(kind.title), lazy=True)
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    return api


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {MEDIA_TYPE: {"schema": ProblemSchema}}}
