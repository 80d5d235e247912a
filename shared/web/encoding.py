"""JSON by orjson: UTF-8 as it is, Decimal as a string, NaN and lone surrogates refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson
from flask import Response
from flask.json.provider import JSONProvider


def _other(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def to_json(value: Any) -> bytes:
    """Bytes of a JSON document; times in UTC are written with `Z`."""
    return orjson.dumps(value, default=_other, option=orjson.OPT_UTC_Z)


class OrjsonProvider(JSONProvider):
    """Flask's JSON, in and out."""

    def dumps(self, obj: Any, **_: Any) -> str:
        """A JSON document as text."""
        return to_json(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """What a JSON document holds."""
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """An answer of `application/json`."""
        return json_response(self._prepare_response_obj(args, kwargs))


def json_response(value: Any, status: int = 200) -> Response:
    """An answer of `application/json`."""
    return Response(to_json(value), status=status, mimetype="application/json")
