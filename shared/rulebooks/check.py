"""All that is wrong with a folder of rulebooks: their form, the laws that they cite, and each beside the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from shared.credit.rulebook import Rulebook
from shared.rulebooks import laws as law_files
from shared.rulebooks import versions
from shared.rulebooks.faults import Fault, RulebookFileError
from shared.rulebooks.laws import Laws
from shared.rulebooks.loader import LAWS, SHIPPED, Loaded, examine_directory, repeated


class Report(NamedTuple):
    """The rulebooks that could be read, by id and version; faults and warnings by file and line."""

    books: list[Rulebook]
    faults: list[Fault]
    warnings: list[Fault]


def check_directory(path: Path) -> Report:
    """Check a folder. The laws are its own `laws.yaml`, where it has none those that are shipped. Raises `OSError`."""
    loaded = examine_directory(path)
    if not loaded:
        return Report([], [Fault(str(path), 0, "holds no rulebook (*.yaml)")], [])
    faults = [*(fault for one in loaded for fault in one.faults), *repeated(loaded)]
    own = path / LAWS
    try:
        laws = law_files.load(own if own.exists() else SHIPPED / LAWS)
    except RulebookFileError as error:
        faults += error.located
    else:
        faults += [fault for one in loaded for fault in _unlawful(one, laws)]
    by_version = {(one.book.id, one.book.version): one for one in reversed(loaded) if one.book}
    books = [one.book for _, one in sorted(by_version.items()) if one.book]
    faults += [_located(remark, by_version) for remark in versions.contradictions(books)]
    warned = [_located(remark, by_version) for remark in versions.warnings(books)]
    return Report(books, sorted(faults), sorted(warned))


def _unlawful(loaded: Loaded, laws: Laws) -> Iterator[Fault]:
    if loaded.book is None:
        return
    for kind, rules in loaded.book.kinds.items():
        for index, (code, violation) in enumerate(rules.violations.items()):
            for number, basis in enumerate(violation.legal_basis):
                if objection := laws.objection(basis, loaded.book.effective_from):
                    place = ("kinds", kind, "violations", index, "legal_basis", number)
                    yield Fault(loaded.file, loaded.document.line(place), f"{code}: {objection}")


def _located(remark: versions.Remark, files: dict[tuple[str, int], Loaded]) -> Fault:
    return files[remark.book.id, remark.book.version].fault(remark.place, remark.message)
