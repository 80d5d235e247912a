"""`/.well-known/jwks.json`: the keys by which receipts and commitments are verified (RFC 7517, RFC 8615)."""

from __future__ import annotations

from flask import Blueprint, Response

from shared.signing.jws import HEADER
from shared.signing.signing import Signing
from shared.web.encoding import json_response
from shared.web.routes import public

SIGNATURE = {HEADER: {"description": "Detached JWS over the body's canonical JSON", "schema": {"type": "string"}}}
_LIFE = 300
"""Seconds: a verifier learns of a new key by its id, and asks again."""


def jwks(signing: Signing) -> Blueprint:
    """The route of every service."""
    blueprint = Blueprint("jwks", __name__)

    @blueprint.get("/.well-known/jwks.json")
    @public
    def keys() -> Response:
        response = json_response(signing.jwks())
        response.mimetype = "application/jwk-set+json"
        response.headers["Cache-Control"] = f"public, max-age={_LIFE}"
        return response

    return blueprint


def signed(response: Response, document: object, signing: Signing) -> Response:
    """An answer with the detached JWS of its body in a header, where this installation signs."""
    if signature := signing.sign(document):
        response.headers[HEADER] = signature
    return response
