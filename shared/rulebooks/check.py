"""All that is wrong with a folder of rulebooks: their form, the laws that they cite, and each beside the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from shared.credit.rulebook import Rulebook, RulebookError, Rulebooks
from shared.rulebooks import laws as law_files
from shared.rulebooks import lock, versions
from shared.rulebooks.faults import Fault, RulebookFileError
from shared.rulebooks.laws import Laws
from shared.rulebooks.loader import LAWS, SHIPPED, Loaded, examine, examine_directory, repeated
from shared.rulebooks.lock import LOCK

_ID = re.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,63}")


class Report(NamedTuple):
    """The rulebooks that could be read, by id and version; faults and warnings by file and line."""

    books: list[Rulebook]
    faults: list[Fault]
    warnings: list[Fault]


def check_directory(path: Path) -> Report:
    """Check a folder. Laws and lock are its own `laws.yaml` and `published.lock`, else the shipped ones.

    Raises `OSError`.
    """
    loaded = examine_directory(path)
    if not loaded:
        return Report([], [Fault(str(path), 0, "holds no rulebook (*.yaml)")], [])
    faults = [*(fault for one in loaded for fault in one.faults), *repeated(loaded), *_beside_laws(loaded, path)]
    by_version = {(one.book.id, one.book.version): one for one in reversed(loaded) if one.book}
    if (path / LOCK).exists():
        faults += _missing(path, {*by_version})
    books = [one.book for _, one in sorted(by_version.items()) if one.book]
    faults += [_located(remark, by_version) for remark in versions.contradictions(books)]
    warned = [_located(remark, by_version) for remark in versions.warnings(books)]
    return Report(books, sorted(faults), sorted(warned))


def check_candidate(content: bytes, name: str, published: Iterable[Rulebook], folder: Path = SHIPPED) -> Report:
    """Check one version by its bytes, as if it stood beside those published; laws and lock are the folder's.

    `books` of the answer holds it alone, or nothing. Whether it may be published now is for `publication` to say.
    """
    one = examine(content, name)
    faults = [*one.faults, *_beside_laws([one], folder)]
    book = one.book
    if book is None:
        return Report([], sorted(faults), [])
    if not _ID.fullmatch(book.id):
        faults.append(one.fault(("id",), "must be letters, digits, dots, hyphens, at most 64: it stands in addresses"))
    others = [other for other in published if (other.id, other.version) != (book.id, book.version)]
    before = versions.predecessor(book, others)
    faults += [one.fault(remark.place, remark.message) for remark in (versions.broken(before, book) if before else ())]
    try:
        Rulebooks([*others, book])
    except RulebookError as error:
        faults += [one.fault(*fault) for fault in error.faults]
    warned = [one.fault(remark.place, remark.message) for remark in versions.warnings_of(book, before)]
    return Report([book], sorted(faults), sorted(warned))


def _beside_laws(loaded: list[Loaded], folder: Path) -> Iterator[Fault]:
    """Against the laws and the lock of a folder; faults of these files themselves too."""
    own_laws, own_lock = folder / LAWS, folder / LOCK
    try:
        laws = law_files.load(own_laws if own_laws.exists() else SHIPPED / LAWS)
    except RulebookFileError as error:
        yield from error.located
    else:
        for one in loaded:
            yield from _unlawful(one, laws)
    try:
        locked = lock.load(own_lock if own_lock.exists() else SHIPPED / LOCK)
    except RulebookFileError as error:
        yield from error.located
    else:
        for one in loaded:
            if one.book and (objection := lock.objection(one.book, locked)):
                yield Fault(one.file, 0, objection)


def _missing(folder: Path, found: set[tuple[str, int]]) -> Iterator[Fault]:
    try:
        locked = lock.load(folder / LOCK)
    except RulebookFileError:
        return  # told already
    for id_, version in sorted({*locked} - found):
        yield Fault(str(folder / LOCK), 0, f"{id_}-v{version}.yaml is published and must stay in its folder")


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
