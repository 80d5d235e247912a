"""`/v1/keys`: access keys, for administrators (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Response

from services.ingest.keys.desk import KEY_EXISTS, NOT_ROTATABLE, OWN_KEY, KeysDesk, state_of
from services.ingest.keys.schemas import (
    PARAMETERS,
    KeySchema,
    KeysQuestionSchema,
    KeysSchema,
    MintedSchema,
    NewKeySchema,
)
from shared.registry.regions import prefix_of
from shared.web.access import AccessKey
from shared.web.bounds import Bounds
from shared.web.documented import BODY, LINK
from shared.web.encoding import json_response
from shared.web.idempotency import IdempotencySchema, id_made_of
from shared.web.key_making import NewKey
from shared.web.keys import Minted
from shared.web.openapi import Blueprint
from shared.web.paging import cursor_of, link_next
from shared.web.problems import NOT_FOUND
from shared.web.routes import holder, requires

_PATH = "/v1/keys"
_ID_DIGITS = 12
_LOCATION = {"Location": {"description": "Address of the key", "schema": {"type": "string"}}}


def keys(desk: KeysDesk, clock: Callable[[], datetime]) -> Blueprint:
    """The routes, answered by a desk."""
    blueprint = Blueprint("keys", __name__, description="Access keys")

    @blueprint.route(_PATH, methods=["POST"])
    @requires("admin")
    @blueprint.doc(responses={**BODY, 409: KEY_EXISTS.code})
    @blueprint.arguments(IdempotencySchema, location="headers")
    @blueprint.arguments(NewKeySchema)
    @blueprint.response(201, MintedSchema, headers=_LOCATION)
    def make(headers: dict[str, Any], body: dict[str, Any]) -> Response:
        """Make a key

        Every service takes it within 2 s. With an Idempotency-Key the same request again makes no second key, and
        cannot show the first one again.
        """
        by = holder().key_id
        bounds = Bounds(tuple(body.get("regions", ())), tuple(body.get("sources", ())), body.get("subject"))
        expires = datetime.fromisoformat(body["expires_at"]) if "expires_at" in body else None
        asked = NewKey(frozenset(body["scopes"]), body["label"], bounds, expires, by=f"key:{by}")
        sent = headers.get("idempotency_key")
        return _minted(desk.make(asked, id_made_of(by, sent)[:_ID_DIGITS] if sent is not None else None), asked)

    @blueprint.route(_PATH)
    @requires("admin")
    @blueprint.arguments(KeysQuestionSchema, location="query")
    @blueprint.response(200, KeysSchema, headers=LINK)
    def list_(query: dict[str, Any]) -> Response:
        """Keys, by id

        Also those that are not valid any more.
        """
        found, last = desk.page(query.get("state"), query.get("cursor", ""), query["limit"])
        cursor, used, now = cursor_of(last) if last else None, desk.used(), clock()
        response = json_response({"keys": [_shown(key, used, now) for key in found], "next": cursor})
        link_next(response, cursor)
        return response

    @blueprint.route(f"{_PATH}/<string:key_id>", parameters=PARAMETERS)
    @requires("admin")
    @blueprint.doc(responses={404: NOT_FOUND.code})
    @blueprint.response(200, KeySchema)
    def one(key_id: str) -> Response:
        """A key"""
        return json_response(_shown(desk.find(key_id), desk.used(), clock()))

    @blueprint.route(f"{_PATH}/<string:key_id>/rotations", methods=["POST"], parameters=PARAMETERS)
    @requires("admin")
    @blueprint.doc(responses={404: NOT_FOUND.code, 409: NOT_ROTATABLE.code})
    @blueprint.response(201, MintedSchema, headers=_LOCATION)
    def rotate(key_id: str) -> Response:
        """Make a second key that may the same

        Both are valid until the first is revoked: its holder changes over without a gap.
        """
        return _minted(*desk.rotate(key_id, f"key:{holder().key_id}"))

    @blueprint.route(f"{_PATH}/<string:key_id>", methods=["DELETE"], parameters=PARAMETERS)
    @requires("admin")
    @blueprint.doc(responses={404: NOT_FOUND.code, 409: OWN_KEY.code})
    @blueprint.response(204)
    def revoke(key_id: str) -> Response:
        """Revoke a key

        For good; no service takes it 2 s later.
        """
        desk.revoke(key_id, holder().key_id)
        return Response(status=204)

    return blueprint


def _minted(minted: Minted, asked: NewKey) -> Response:
    body = {
        "key_id": minted.key_id,
        "key": minted.key,
        "label": asked.label,
        "scopes": sorted(asked.scopes),
        "regions": [prefix_of(region) for region in asked.bounds.regions],
        "sources": list(asked.bounds.sources),
        "subject": asked.bounds.subject,
        "expires_at": asked.expires,
        "replaces": asked.replaces,
    }
    response = json_response(body, 201)
    response.headers["Location"] = f"{_PATH}/{minted.key_id}"
    return response


def _shown(key: AccessKey, used: Mapping[str, datetime] | None, now: datetime) -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "label": key.label,
        "scopes": sorted(key.scopes),
        "regions": list(key.bounds.regions),
        "sources": list(key.bounds.sources),
        "subject": key.bounds.subject,
        "state": state_of(key, now),
        "created_at": key.created,
        "expires_at": key.expires,
        "revoked_at": key.revoked,
        "replaces": key.replaces,
        **({} if used is None else {"last_used_at": used.get(key.key_id)}),
    }
