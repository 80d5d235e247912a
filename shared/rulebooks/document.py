"""YAML as rulebooks use it: texts, whole numbers, true, false, null, lists and mappings, each with its line.

YAML guesses what an unquoted scalar means, and readers guess differently (01 is 1, no is false, 2026-01-01 is a date).
A rulebook must mean one thing everywhere, so whatever is neither plainly a text nor one of those is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from shared.credit.rulebook import Place
from shared.rulebooks.faults import Fault

MOST_BYTES = 1 << 20
_MOST_DEPTH = 20
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is ten times as fast where it is there
_RESOLVER: Any = yaml.SafeLoader("")
_TEXT = "tag:yaml.org,2002:str"
_WORDS = {"true": True, "false": False, "null": None}
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"[-+]?[.]?[0-9][0-9_.]*([eE][-+]?[0-9]+)?|0o[0-7]+")  # of YAML 1.2, which PyYAML does not know
_MARK = b"\xef\xbb\xbf"


class Document(NamedTuple):
    """What a file holds, the line of every place in it, and the faults found on the way."""

    value: Any
    lines: dict[Place, int]
    faults: list[Fault]

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest thing around it that is there."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read(content: bytes, file: str) -> Document:
    """Read a file of at most `MOST_BYTES`, UTF-8 with LF line ends and no byte order mark. Faults are in the answer."""
    if fault := _unreadable(content):
        return Document(None, {}, [Fault(file, *fault)])
    reader = _Reader(content.decode(), file)
    try:
        value = reader.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = f"is no YAML: {error.problem or error.context}"
        return Document(None, reader.lines, [*reader.faults, Fault(file, mark.line + 1 if mark else 1, said)])
    except yaml.YAMLError as error:
        return Document(
            None, reader.lines, [*reader.faults, Fault(file, 1, f"is no YAML: {' '.join(str(error).split())}")]
        )
    return Document(value, reader.lines, reader.faults)


def _unreadable(content: bytes) -> tuple[int, str] | None:
    if len(content) > MOST_BYTES:
        return 0, f"is larger than {MOST_BYTES} bytes"
    if content.startswith(_MARK):
        return 1, "begins with a byte order mark; save the file as UTF-8 without it"
    if (at := content.find(b"\r")) >= 0:
        return content.count(b"\n", 0, at) + 1, "has a carriage return; lines must end with LF alone"
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return content.count(b"\n", 0, error.start) + 1, "is not UTF-8"
    return None


class _Reader:
    """Builds the value from the parser's events in one pass, so that depth is bounded before anything grows."""

    def __init__(self, text: str, file: str) -> None:
        self.events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        self.file = file
        self.lines: dict[Place, int] = {}
        self.faults: list[Fault] = []

    def document(self) -> Any:
        next(self.events)  # the stream's start
        if isinstance(event := next(self.events), yaml.StreamEndEvent):
            self.fault(event, "holds nothing")
            return None
        value = self.node(next(self.events), ())
        next(self.events)  # the document's end
        if not isinstance(event := next(self.events), yaml.StreamEndEvent):
            self.fault(event, "must hold one document only")
        return value

    def node(self, event: Any, at: Place) -> Any:
        self.lines.setdefault(at, event.start_mark.line + 1)
        if len(at) > _MOST_DEPTH:
            raise yaml.MarkedYAMLError(problem="nested too deep", problem_mark=event.start_mark)
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            self.fault(event, "must not use anchors and aliases; write it out")
        if isinstance(event, yaml.AliasEvent):
            return None
        if event.tag is not None:
            self.fault(event, f"must not use the tag {event.tag}")
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(at)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.items(at)
        return self.scalar(event)

    def mapping(self, at: Place) -> dict[str, Any]:
        value: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.scalar(event) if isinstance(event, yaml.ScalarEvent) else self.node(event, (*at, ""))
            if not isinstance(key, str):
                self.fault(event, "a key must be a text")
                key = ""
            self.lines.setdefault((*at, key), event.start_mark.line + 1)
            item = self.node(next(self.events), (*at, key))
            if key in value:
                self.fault(event, f"{key} stands twice; the first is on line {self.lines[*at, key]}")
            value.setdefault(key, item)
        return value

    def items(self, at: Place) -> list[Any]:
        value: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            value.append(self.node(event, (*at, len(value))))
        return value

    def scalar(self, event: Any) -> Any:
        text: str = event.value
        if event.style:  # it stands in quotes, or is a block
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _WHOLE.fullmatch(text):
            return int(text)
        if _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) != _TEXT or _NUMBER.fullmatch(text):
            self.fault(event, f"{text or 'an empty value'} can be read in several ways: put a text into quotes, write "
                       "null, true, false or a whole number as they are")  # fmt: skip
        return text

    def fault(self, event: Any, message: str) -> None:
        self.faults.append(Fault(self.file, event.start_mark.line + 1, message))
