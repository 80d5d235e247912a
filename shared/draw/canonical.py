"""JSON as the protocol has it: RFC 8785, and of its values only those that every program writes alike (section 1)."""

from __future__ import annotations

import json
from typing import Any

from shared.credit.canonical import canonical

MOST = 2**53 - 1
DEEPEST = 64
"""How deep a document may be nested: how much deeper each program can read is another question on each machine."""


def read(data: bytes) -> Any:
    """What canonical bytes say. Raises `ValueError` where they are not canonical JSON of the protocol's values."""
    try:
        value = json.loads(data.decode())
        same = canonical(value) == data
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON at character {error.pos}") from None
    if not same:
        raise ValueError("is not canonical JSON: sorted keys, no white space, no key twice")
    refuse_values(value)
    return value


def no_constant(word: str) -> None:
    """For `json.loads`: NaN and Infinity, which it would take, are no JSON."""
    raise ValueError(f"has {word}, which is no JSON")


def refuse_values(value: Any, depth: int = 0) -> None:
    """Raises `ValueError` for numbers that are not whole or not exact everywhere, for keys that are not ASCII, and for
    what is nested too deeply.
    """
    if depth > DEEPEST:
        raise ValueError("is nested too deeply")
    if isinstance(value, float):
        raise ValueError(f"has {value}, and every number must be whole")  # noqa: TRY004 - of values, not of ours
    if isinstance(value, int) and abs(value) > MOST:
        raise ValueError(f"has {value}, and no number may be beyond {MOST}")
    if isinstance(value, list):
        for each in value:
            refuse_values(each, depth + 1)
    if isinstance(value, dict):
        for name, each in value.items():
            if not name.isascii():
                raise ValueError(f"has the key {name!r}, and keys must be ASCII")
            refuse_values(each, depth + 1)


def write(document: dict[str, Any]) -> bytes:
    """The canonical bytes of a document of the protocol's values: with ASCII keys and without floats plain `json` does
    it, many times as fast.
    """
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
