"""Rulebooks from YAML files: every fault with its file and line; the SHA-256 is that of the bytes as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from shared.credit.rulebook import Place, Rulebook, RulebookError
from shared.credit.rulebook_form import parse
from shared.rulebooks import document
from shared.rulebooks.document import Document
from shared.rulebooks.faults import Fault, RulebookFileError

SHIPPED = Path(__file__).parent
"""The folder of the rulebooks that are shipped."""

LAWS = "laws.yaml"
"""The one YAML file in a folder of rulebooks that is none."""


class Loaded(NamedTuple):
    """A file that was read; `book` is None where it has faults."""

    file: str
    document: Document
    book: Rulebook | None
    faults: list[Fault]

    def fault(self, place: Place, message: str) -> Fault:
        """A fault of this file by its place in the document."""
        where = ".".join(map(str, place))
        return Fault(self.file, self.document.line(place), f"{where}: {message}" if where else message)


def load_bytes(content: bytes, name: str) -> Rulebook:
    """A rulebook from the bytes of its file. Raises `RulebookFileError`."""
    loaded = examine(content, name)
    if loaded.book is None:
        raise RulebookFileError(loaded.faults)
    return loaded.book


def load_file(path: Path) -> Rulebook:
    """A rulebook from its file. Raises `RulebookFileError` and `OSError`."""
    return load_bytes(_content(path), str(path))


def load_directory(path: Path) -> list[Rulebook]:
    """Every rulebook of a folder, by id and version. Raises `RulebookFileError` with all faults, and `OSError`."""
    loaded = examine_directory(path)
    faults = [*(fault for one in loaded for fault in one.faults), *repeated(loaded)]
    if not loaded:
        faults = [Fault(str(path), 0, "holds no rulebook (*.yaml)")]
    if faults:
        raise RulebookFileError(faults)
    return sorted((one.book for one in loaded if one.book), key=lambda book: (book.id, book.version))


def examine(content: bytes, name: str) -> Loaded:
    """Read a rulebook and note its faults instead of raising them."""
    read = document.read(content, name)
    loaded = Loaded(name, read, None, list(read.faults))
    if read.value is None:
        return loaded if read.faults else loaded._replace(faults=[Fault(name, 1, "must be a mapping")])
    try:
        book = parse(read.value, hashlib.sha256(content).hexdigest())
    except RulebookError as error:
        return loaded._replace(faults=sorted([*read.faults, *(loaded.fault(*fault) for fault in error.faults)]))
    return loaded if read.faults else loaded._replace(book=book)


def examine_directory(path: Path) -> list[Loaded]:
    """Read every rulebook of a folder (all `*.yaml` but the laws), by file name. Raises `OSError`."""
    files = sorted(file for file in path.iterdir() if file.suffix == ".yaml" and file.name != LAWS)
    return [examine(_content(file), str(file)) for file in files]


def repeated(loaded: Iterable[Loaded]) -> list[Fault]:
    """A version must stand in one file: a published (id, version) never changes."""
    first: dict[tuple[str, int], str] = {}
    faults = []
    for one in loaded:
        if one.book is None:
            continue
        other = first.setdefault((one.book.id, one.book.version), one.file)
        if other != one.file:
            faults.append(one.fault(("version",), f"{one.book.id} {one.book.version} is also in {other}"))
    return faults


def _content(path: Path) -> bytes:
    """The bytes of a file; one more than is allowed, so that a file too large is refused and not cut."""
    with path.open("rb") as file:
        return file.read(document.MOST_BYTES + 1)
