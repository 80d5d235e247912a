"""The JSON Schemas of all events, generated: `python -m shared.events.contracts` writes them into `shared/contracts`.

`schemas/<type>.json` is that of a type's data, strict as the doors are; `schemas/event.json` is that of a whole event
in JSON form. What a schema cannot say (registers, dates after today, the order of dates) `shared.events.door` checks.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shared.events.attributes import (
    ENVELOPE,
    LEAST_WHOLE,
    MOST_ATTRIBUTES,
    MOST_WHOLE,
    ExtensionName,
    ExtensionText,
)
from shared.events.catalogue import catalogue
from shared.events.checked import DIALECT
from shared.events.event_type import EventType

FOLDER = Path(__file__).parents[1] / "contracts"


def render_all() -> dict[str, str]:
    """Text of every file, by its path below `shared/contracts`."""
    kinds = sorted(catalogue().by_type.values(), key=lambda kind: kind.name)
    documents = {f"schemas/{kind.name}.json": data_schema(kind) for kind in kinds}
    documents["schemas/event.json"] = event_schema([kind for kind in kinds if kind.elsewhere is None])
    return {path: json.dumps(each, ensure_ascii=False, indent=2) + "\n" for path, each in documents.items()}


def data_schema(kind: EventType) -> dict[str, Any]:
    """JSON Schema of a type's data."""
    about = {"$id": f"{kind.name}.json", "title": kind.name, "description": kind.does}
    return {"$schema": DIALECT, **about, **kind.checked.document, "examples": [kind.example["data"]]}


def event_schema(kinds: list[EventType]) -> dict[str, Any]:
    """JSON Schema of a whole event of one of these types, in JSON form; the data are those of its type."""
    about = {"$id": "event.json", "title": "CloudEvent", "description": "An event as doors take it, in JSON form"}
    envelope = ENVELOPE.document
    members = envelope["properties"]
    of_types = [
        {
            "if": {"properties": {"type": {"const": kind.name}}, "required": ["type"]},
            "then": {"properties": {"data": {"$ref": f"{kind.name}.json"}}},
        }
        for kind in kinds
    ]
    return {
        "$schema": DIALECT,
        **about,
        **envelope,
        "properties": members
        | {"type": {**members["type"], "enum": [kind.name for kind in kinds]}, "data": {"type": "object"}},
        "required": [*envelope["required"], "data"],
        "propertyNames": {"pattern": f"^{ExtensionName.pattern}$"},
        "maxProperties": MOST_ATTRIBUTES + 1,
        "additionalProperties": {
            "description": "An extension attribute",
            "type": ["string", "integer", "boolean", "null"],
            "maxLength": ExtensionText.most_characters,
            "pattern": f"^{ExtensionText.pattern}$",
            "minimum": LEAST_WHOLE,
            "maximum": MOST_WHOLE,
        },
        "allOf": of_types,
    }


def main() -> None:
    """Write what is generated and remove what is not."""
    rendered = {FOLDER / path: text for path, text in render_all().items()}
    for stale in set((FOLDER / "schemas").glob("*.json")) - set(rendered):
        stale.unlink()
    for path, text in rendered.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
