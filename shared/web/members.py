"""The members of bodies as rows of a table for a page, out of an OpenAPI document. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_DEEPEST = 5


class Member(NamedTuple):
    """A member: `name` with the names above it, `[]` for each of a list, and what may stand there."""

    name: str
    form: str
    required: bool
    description: str


class Sort(NamedTuple):
    """One of several sorts of bodies, by the type that it names."""

    name: str
    does: str
    members: list[Member]


def members(document: Mapping[str, Any], operation: Mapping[str, Any]) -> list[Member]:
    """What the JSON body of an operation may hold, the members of members too; empty where it takes none."""
    return _of(document, operation.get("requestBody", {}))


def answered(document: Mapping[str, Any], operation: Mapping[str, Any]) -> list[Member]:
    """What the JSON of its answer holds where all goes well."""
    responses = operation.get("responses", {})
    return next((found for status in ("200", "201", "202") if (found := _of(document, responses.get(status, {})))), [])


def sorts(document: Mapping[str, Any], operation: Mapping[str, Any]) -> list[Sort]:
    """Of an operation that takes events: each type, and what its data hold."""
    body = _resolved(document, operation.get("requestBody", {}))
    schemas = (content.get("schema", {}) for content in body.get("content", {}).values())
    given = next((schema["oneOf"] for schema in schemas if "oneOf" in schema), ())
    return [
        Sort(each["title"], each["description"], list(_below(document, each["properties"]["data"], "", 0)))
        for each in given
    ]


def _of(document: Mapping[str, Any], body: Mapping[str, Any]) -> list[Member]:
    schema = _resolved(document, body).get("content", {}).get("application/json", {}).get("schema", {})
    return list(_below(document, schema, "", 0))


def _below(document: Mapping[str, Any], schema: Mapping[str, Any], above: str, depth: int) -> Iterator[Member]:
    schema = _resolved(document, schema)
    if "items" in schema and depth <= _DEEPEST:
        yield from _below(document, schema["items"], f"{above}[]", depth)
        return
    required = schema.get("required", ())
    for name, given in schema.get("properties", {}).items():
        member = _resolved(document, given)
        path = f"{above}.{name}" if above else name
        said = given.get("description") or member.get("description", "")
        yield Member(path, _form(document, member), name in required, said)
        if depth < _DEEPEST:
            yield from _below(document, member, path, depth + 1)


def _form(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """What may stand there: the words of an enumeration, else type and bounds."""
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"] if each is not None)
    types = schema.get("type", "")
    kind = " or ".join(types) if isinstance(types, list) else str(types)
    if "items" in schema:
        return f"{kind} of {_form(document, _resolved(document, schema['items'])) or 'any'}"
    low, high = schema.get("minimum"), schema.get("maximum")
    bounds = f" {'' if low is None else low} to {'' if high is None else high}" if (low, high) != (None, None) else ""
    most = f", at most {schema['maxLength']} characters" if "maxLength" in schema else ""
    return f"{schema.get('format') or kind}{bounds}{most}"


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference names; of `allOf` with one part, that part."""
    while "$ref" in schema or len(schema.get("allOf", ())) == 1 or "anyOf" in schema:
        if "$ref" in schema:
            found: Any = document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        else:
            schema = (schema.get("allOf") or [each for each in schema["anyOf"] if each != {"type": "null"}])[0]
    return schema
