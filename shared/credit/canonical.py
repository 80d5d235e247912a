"""RFC 8785 canonical JSON: one byte string per value, so that a hash of it can be recomputed by anyone."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

_quote = json.JSONEncoder(ensure_ascii=False).encode


def canonical(value: Any) -> bytes:
    """The canonical UTF-8 form of a JSON value.

    Raises `ValueError` for what JSON cannot say (NaN, infinities, lone surrogates) or RFC 8785 cannot carry (other
    types, integers beyond 2^53).
    """
    return _text(value).encode()


def sha256_of(value: Any) -> str:
    """Lower-case hex SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _text(value: Any) -> str:
    if isinstance(value, str):
        return _quote(value)
    if value is None or value is True or value is False:
        return _quote(value)
    if isinstance(value, int):
        if abs(value) > 2**53:
            raise ValueError(f"{value} is beyond 2^53, where JSON numbers stop being exact")
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        pairs = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be"))
        return "{" + ",".join(f"{_text(key)}:{_text(item)}" for key, item in pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_text, value)) + "]"
    raise ValueError(f"JSON has no {type(value).__name__}")


def _number(value: float) -> str:
    """ECMAScript's Number::toString: Python finds the same shortest digits, only the point stands elsewhere."""
    if not math.isfinite(value):
        raise ValueError("JSON has no NaN and no infinity")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    digits, exponent = _digits(abs(value))
    if len(digits) <= exponent <= 21:  # noqa: PLR2004  ECMA-262, 6.1.6.1.20
        text = digits + "0" * (exponent - len(digits))
    elif 0 < exponent <= 21:  # noqa: PLR2004
        text = f"{digits[:exponent]}.{digits[exponent:]}"
    elif -6 < exponent <= 0:  # noqa: PLR2004
        text = "0." + "0" * -exponent + digits
    else:
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        text = f"{digits[0]}{fraction}e{exponent - 1:+d}"
    return sign + text


def _digits(value: float) -> tuple[str, int]:
    """Shortest digits and the position of the point: value = 0.digits * 10**exponent."""
    mantissa, _, power = f"{value!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    leading = len(whole + fraction) - len(digits) if whole.strip("0") == "" else 0
    exponent = len(whole) - leading + int(power or 0)
    return digits.rstrip("0"), exponent
