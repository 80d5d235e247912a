"""`POST /v1/subject-keys`: the one-time code of a notice for a key of the subject (DESIGN.md section 5, audience)."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from services.ingest.subject_keys.exchange import CODE_NOT_VALID, CODE_USED, Exchange
from shared.events.fields import Wire
from shared.events.texts import Text
from shared.web.documented import BODY
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.routes import count_attempt, public


class CodeSchema(Wire):
    """The code, in the body alone: an address is kept in too many logs."""

    code = Text(100, what="The one-time code as it stands on the notice")


class SubjectKeySchema(Schema):
    """A key of one subject, shown this once."""

    key_id = fields.String(required=True)
    key = fields.String(required=True, metadata={"description": "Keep it: nobody can read it again"})
    scopes = fields.List(fields.String(), required=True)
    subject_id = fields.String(required=True, metadata={"description": "The only subject that it sees"})
    about = fields.String(required=True)
    number = fields.String(required=True, metadata={"description": "What the notice was about"})
    expires_at = fields.AwareDateTime(required=True)


def subject_keys(exchange: Exchange, attempts: int) -> Blueprint:
    """The route; an address may try so many codes a minute."""
    blueprint = Blueprint("subject-keys", __name__, description="Keys of subjects")

    @blueprint.route("/v1/subject-keys", methods=["POST"])
    @public
    @blueprint.doc(responses={**BODY, 404: CODE_NOT_VALID.code, 409: CODE_USED.code})
    @blueprint.arguments(CodeSchema)
    @blueprint.response(201, SubjectKeySchema)
    def make(body: dict[str, Any]) -> Response:
        """Exchange a one-time code for a key of the subject

        Once; 2 s after its notice was issued the code is known, and 2 s later every service takes the key. With it the
        subject sees all of its own items in both ledgers, and files objections and replies.
        """
        count_attempt("subject-keys", attempts)
        minted, code, expires = exchange.exchange(body["code"])
        told = {
            "key_id": minted.key_id,
            "key": minted.key,
            "scopes": ["objections:file", "subject:read"],
            "subject_id": code.subject,
            "about": code.about,
            "number": code.number,
            "expires_at": expires,
        }
        return json_response(told, 201)

    return blueprint
