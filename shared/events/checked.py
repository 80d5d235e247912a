"""A marshmallow schema in its two uses: compiled from its JSON Schema it says yes or no, itself it says why not.

The compiled form takes half a microsecond, marshmallow a hundred; so the second is asked only about what the first has
refused. They agree by construction (`shared.events.fields`) and by a property test.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import jsonschema_rs
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import fields

from shared.events.envelope import Fault, pointer
from shared.events.fields import UNKNOWN, Several, Wire

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MOST_FAULTS = 100
MOST_LEVELS = 100
MOST_EXACT = 2**53

_OPENAPI = "3.1.1"  # the first version of OpenAPI whose schemas are JSON Schema 2020-12
_COMPONENTS = "#/components/schemas/"


class Checked:
    """A schema `name`d for its `$defs`, with a strict form for doors and a tolerant one for what is on the log."""

    def __init__(self, schema: type[Wire]) -> None:
        self.schema = schema()

    @cached_property
    def document(self) -> dict[str, Any]:
        """The JSON Schema (draft 2020-12) of the strict form, nested objects under `$defs`."""
        spec = APISpec("", "", _OPENAPI, plugins=[MarshmallowPlugin()])
        spec.components.schema("", schema=self.schema)
        schemas = json.loads(json.dumps(spec.components.schemas).replace(_COMPONENTS, "#/$defs/"))
        root = schemas.pop("")
        return {"$schema": DIALECT, **root, **({"$defs": schemas} if schemas else {})}

    @cached_property
    def strict(self) -> jsonschema_rs.Validator:
        """Compiled: members that are not known are refused."""
        return jsonschema_rs.validator_for(self.document, validate_formats=True, mask="it")

    @cached_property
    def tolerant(self) -> jsonschema_rs.Validator:
        """Compiled: members that are not known are passed over, wherever they stand."""
        return jsonschema_rs.validator_for(_opened(self.document), validate_formats=True, mask="it")

    def strict_faults(self, document: Any, *at: str | int) -> list[Fault]:
        """What keeps a document from being accepted at a door; `at` is where it stands."""
        if self.strict.is_valid(document):
            return []
        return (_flat(self.schema.validate(document), *at) or _terse(self.strict, document, *at))[:MOST_FAULTS]

    def tolerant_faults(self, document: Any, *at: str | int) -> list[Fault]:
        """What keeps a document from being understood on the log; `at` is where it stands."""
        if self.strict.is_valid(document):
            return []
        if self.tolerant.is_valid(document):
            return list(_uncarried(document, at))[:MOST_FAULTS]
        known = [fault for fault in _flat(self.schema.validate(document), *at) if fault.message != UNKNOWN]
        return (known or _terse(self.tolerant, document, *at))[:MOST_FAULTS]

    def members(self, kind: type[fields.Field[Any]]) -> tuple[str, ...]:
        """Names of the top-level members whose field, or whose items' field, is of this class."""
        return tuple(
            name
            for name, field in self.schema.fields.items()
            if isinstance(field.inner if isinstance(field, Several) else field, kind)
        )


def _opened(schema: Any) -> Any:
    """The schema without its refusal of further members."""
    opened = copy.deepcopy(schema)
    for each in (opened, *opened.get("$defs", {}).values()):
        if each.get("additionalProperties") is False:
            del each["additionalProperties"]
    return opened


def _uncarried(value: Any, at: tuple[str | int, ...], levels: int = 1) -> Iterator[Fault]:
    """What no schema speaks of, and neither RFC 8785 nor the store can carry: copies of it could not be compared."""
    if isinstance(value, int) and abs(value) > MOST_EXACT:
        yield Fault(pointer(*at), "must be a number up to 2^53, where JSON numbers stop being exact")
    elif isinstance(value, dict | list):
        if levels > MOST_LEVELS:
            yield Fault(pointer(*at), f"must not be nested deeper than {MOST_LEVELS} levels")
            return
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _uncarried(inner, (*at, name), levels + 1)


def _flat(messages: Any, *at: str | int) -> list[Fault]:
    """Marshmallow's nested messages as a flat list."""
    if isinstance(messages, Mapping):
        return [
            fault
            for key, value in messages.items()
            for fault in (_flat(value, *at) if key == "_schema" else _flat(value, *at, key))
        ]
    if isinstance(messages, list):
        return [fault for value in messages for fault in _flat(value, *at)]
    return [Fault(pointer(*at), str(messages))]


def _terse(validator: jsonschema_rs.Validator, document: Any, *at: str | int) -> list[Fault]:
    """The compiled schema's own words, without the values: for what marshmallow would have let pass."""
    return [Fault(pointer(*at, *error.instance_path), error.message) for error in validator.iter_errors(document)]
