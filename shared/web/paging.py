"""Lists a page at a time: opaque cursors, bounded pages, and the address of the next one (RFC 8288)."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from marshmallow import ValidationError, fields, validate

DEFAULT, MOST = 50, 200
"""Entries of a page."""
_LONGEST = 512
_DIGITS = 4


class Limit(fields.Integer):
    """How many entries a page may have."""

    def __init__(self) -> None:
        super().__init__(
            load_default=DEFAULT,
            validate=validate.Range(1, MOST, error="must be from {min} to {max}, not {input}"),
            metadata={"description": "Most entries of a page"},
        )

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if not (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _DIGITS):
            raise ValidationError(f"must be a number from 1 to {MOST}")
        return int(value)


class Cursor(fields.String):
    """Where a page begins, as the one before it has said; gives the text that it was made of."""

    def __init__(self) -> None:
        super().__init__(metadata={"description": "`next` of the page before", "minLength": 1, "maxLength": _LONGEST})

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        try:
            text = base64.urlsafe_b64decode(value).decode() if len(value) <= _LONGEST else ""
        except (binascii.Error, ValueError):
            text = ""
        if not text or cursor_of(text) != value:
            raise ValidationError("must be `next` of the page before, as it was given")
        return text


def cursor_of(text: str) -> str:
    """The cursor made of a text, which is hidden from no one."""
    return base64.urlsafe_b64encode(text.encode()).decode()


def link_next(response: Response, cursor: str | None) -> None:
    """Say where the next page is, if there is one."""
    if cursor is not None:
        query = urlencode({**request.args.to_dict(), "cursor": cursor})
        response.headers["Link"] = f'<{request.path}?{query}>; rel="next"'
