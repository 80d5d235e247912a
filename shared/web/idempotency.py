"""`Idempotency-Key`: a POST that creates may be sent again (DESIGN.md section 5).

What it creates has an id made from the access key and the header, so that the same request again finds it; its own
service keeps the request's SHA-256, and refuses another request under the same key.
"""

from __future__ import annotations

import hashlib
import re

import orjson
from flask import request
from marshmallow import Schema, ValidationError, fields

from shared.web.problems import Kind

HEADER = "Idempotency-Key"
IDEMPOTENCY_KEY_REUSED = Kind("idempotency-key-reused", 422, "The Idempotency-Key was sent with another request")


_FORM = re.compile("[!-~]{1,255}")


def _visible(text: str) -> None:
    if not _FORM.fullmatch(text):
        raise ValidationError("must be 1 to 255 visible ASCII characters")


class IdempotencySchema(Schema):
    """The header of a POST that creates."""

    idempotency_key = fields.String(
        data_key=HEADER,
        validate=_visible,
        metadata={
            "pattern": f"^{_FORM.pattern}$",
            "description": "Any text of your own, new for each thing to be created: with it the same request again "
            "creates no second one",
        },
    )


def id_made_of(key_id: str, idempotency_key: str) -> str:
    """The id of what the holder of an access key creates under an Idempotency-Key: 32 hexadecimal digits."""
    return hashlib.sha256(f"{key_id}\n{idempotency_key}".encode()).hexdigest()[:32]


def sha256_of_body() -> str:
    """The SHA-256 of this request's JSON, however it is spaced and ordered."""
    document = orjson.loads(request.get_data())
    return hashlib.sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest()
