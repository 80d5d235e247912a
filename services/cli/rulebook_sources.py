"""Where the rulebooks that the commands speak of come from: a file, the shipped ones, the log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple, NoReturn

import click

from services.cli import connect
from services.cli.installation import WrongUse, fail, keep_logs_aside, settings
from shared.clock import day_of, now
from shared.credit.rulebook import Rulebook, RulebookError, Rulebooks
from shared.eventlog.port import Log
from shared.eventlog.topics import RULEBOOKS
from shared.projection.publishing import published
from shared.rulebooks.check import Report, check_candidate
from shared.rulebooks.document import MOST_BYTES
from shared.rulebooks.loader import SHIPPED, load_file
from shared.settings import Settings

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
"""The type of an argument that names the file of a new version."""

_REFERENCE = re.compile(r"([^:/]+):v?([1-9][0-9]{0,6})")


def today() -> date:
    """The civil date in Shanghai."""
    return day_of(now())


class Published(NamedTuple):
    """An installation's log, its topic of rulebooks, and what it holds by now."""

    settings: Settings
    log: Log
    topic: str
    books: Rulebooks


@contextmanager
def on_the_log() -> Iterator[Published]:
    """The published rulebooks; a log that does not answer ends the command with exit code 1."""
    found = settings()
    keep_logs_aside()
    topic = found.topic_prefix + RULEBOOKS
    with connect.on_the_log(found) as log:
        yield Published(found, log, topic, published(log, topic))


def referred(reference: str) -> Rulebook:
    """A version by a file's path or ID:VERSION: the shipped one, else the one on the log. Raises `WrongUse`."""
    path, match = Path(reference), _REFERENCE.fullmatch(reference)
    if path.is_file() or match is None:
        return _loaded(path)
    id_, version = match[1], int(match[2])
    shipped = SHIPPED / f"{id_}-v{version}.yaml"
    if shipped.is_file():
        return _loaded(shipped)
    with on_the_log() as here:
        book = here.books.books.get((id_, version))
    if book is None:
        raise WrongUse(f"{reference} is no file, and no version that is shipped or published")
    return book


def checked(file: Path, here: Published) -> tuple[Rulebook, Report]:
    """A new version, checked beside those published; faults end the command with exit code 1."""
    try:
        report = check_candidate(content_of(file), str(file), here.books.books.values(), file.absolute().parent)
    except OSError as error:
        raise unreadable(error, file) from None
    if report.faults:
        stop_for_faults(file, report)
    return report.books[0], report


def content_of(file: Path) -> bytes:
    """The bytes of a file; one more than is allowed, so that a file too large is refused and not cut."""
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise unreadable(error, file) from None


def unreadable(error: OSError, file: Path) -> WrongUse:
    """What to say of a file, or of one beside it (laws, lock), that cannot be read."""
    return WrongUse(f"{error.filename or file} cannot be read: {error.strerror}")


def stop_for_faults(file: Path, report: Report) -> NoReturn:
    """Tell every fault of a file; exit code 1."""
    for fault in report.faults:
        click.echo(str(fault), err=True)
    fail(f"{file} does not hold, faults: {len(report.faults)}")


def _loaded(path: Path) -> Rulebook:
    try:
        return load_file(path)
    except RulebookError as error:
        raise WrongUse(str(error)) from None
    except OSError as error:
        raise WrongUse(
            f"{path} cannot be read ({error.strerror}); give a file, or ID:VERSION such as shop-credit:2"
        ) from None
