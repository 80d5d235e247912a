"""A small service with one route of each sort."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from marshmallow import Schema, fields

from shared.web.access import AccessKeys
from shared.web.app import Service, create_app
from shared.web.keys import mint
from shared.web.openapi import Blueprint
from shared.web.parsing import read_body
from shared.web.routes import public, requires


class Page(Schema):
    limit = fields.Integer()


class Thing(Schema):
    name = fields.String(required=True)


def things() -> Blueprint:
    blueprint = Blueprint("things", __name__, description="Things")

    @blueprint.route("/v1/things")
    @public
    @blueprint.arguments(Page, location="query")
    @blueprint.response(200, Thing)
    def read(query):
        """All things"""
        return {"name": f"first {query.get('limit', 0)}"}

    @blueprint.route("/v1/things", methods=["POST"])
    @requires("events:write")
    @blueprint.arguments(Thing)
    @blueprint.response(201, Thing)
    def make(thing):
        """A new thing"""
        if thing["name"] == "bug":
            raise RuntimeError("the secret of subject 91320900MA1N00026Y")
        return thing

    @blueprint.route("/v1/bytes", methods=["POST"])
    @public
    def count():
        """Any bytes"""
        return {"bytes": len(read_body(100_000))}

    return blueprint


@pytest.fixture
def site():
    keys, minted, poor = AccessKeys(), mint(), mint()
    keys.created(minted.key_id, minted.key_hash, "", frozenset({"events:write"}), datetime.now(UTC))
    keys.created(poor.key_id, poor.key_hash, "", frozenset({"scores:read"}), datetime.now(UTC))
    keys.ready = True
    checks = {"log": lambda: None}
    app = create_app([Service("things", "Things", "Of all sorts.", [things()], checks)], keys=keys)
    bearer = {"Authorization": f"Bearer {minted.key}"}
    other = {"Authorization": f"Bearer {poor.key}"}
    return SimpleNamespace(app=app, http=app.test_client(), keys=keys, minted=minted, key=bearer, poor=other)
