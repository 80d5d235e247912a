"""Rulebooks from YAML: every fault with its file and line; the SHA-256 is that of the bytes as they are."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import yaml

from shared.credit.rulebook import Place, Rulebook, RulebookError
from shared.credit.rulebook_form import parse

MOST_BYTES = 1 << 20


class RulebookFileError(RulebookError):
    """Faults of a file; `lines` has each as `file:line: message`."""

    def __init__(self, name: str, faults: list[tuple[Place, str]], line_of: dict[Place, int]) -> None:
        super().__init__(faults)
        self.lines = [f"{name}:{_line(place, line_of)}: {_named(place)}{message}" for place, message in faults]

    def __str__(self) -> str:
        return "\n".join(self.lines)


def load_bytes(content: bytes, name: str) -> Rulebook:
    """A rulebook from the bytes of its file. Raises `RulebookFileError`."""
    lines: dict[Place, int] = {}
    if len(content) > MOST_BYTES:
        raise RulebookFileError(name, [((), f"is larger than {MOST_BYTES} bytes")], lines)
    if content.startswith(b"\xef\xbb\xbf") or b"\r" in content:
        raise RulebookFileError(name, [((), "must be UTF-8 with LF line ends and without a byte order mark")], lines)
    try:
        node = yaml.compose(content.decode(), Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        raise RulebookFileError(name, [((), "must be UTF-8")], lines) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise RulebookFileError(name, [((), str(error.problem))], {(): mark.line + 1 if mark else 1}) from None
    faults: list[tuple[Place, str]] = []
    document = _value(node, (), lines, faults)
    if faults:
        raise RulebookFileError(name, faults, lines)
    try:
        return parse(document, hashlib.sha256(content).hexdigest())
    except RulebookError as error:
        raise RulebookFileError(name, error.faults, lines) from None


def load_file(path: Path) -> Rulebook:
    """A rulebook from its file. Raises `RulebookFileError` and `OSError`."""
    return load_bytes(path.read_bytes(), path.name)


def load_directory(path: Path) -> list[Rulebook]:
    """Every rulebook (`*-v*.yaml`) of a folder, by file name. Raises `RulebookFileError` and `OSError`."""
    return [load_file(file) for file in sorted(path.glob("*-v*.yaml"))]


def _value(node: yaml.Node | None, at: Place, lines: dict[Place, int], faults: list[tuple[Place, str]]) -> Any:
    """The value of a node, noting on which line each place stands; a key that stands twice is a fault."""
    if node is None:
        return None
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key, item in node.value:
            name = str(key.value)
            if name in result:
                faults.append(((*at, name), "stands twice"))
            result[name] = _value(item, (*at, name), lines, faults)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*at, index), lines, faults) for index, item in enumerate(node.value)]
    return yaml.SafeLoader("").construct_object(node)


def _line(place: Place, lines: dict[Place, int]) -> int:
    """The line of a place, or of the nearest thing around it that is there."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _named(place: Place) -> str:
    return f"{'.'.join(map(str, place))} " if place else ""
