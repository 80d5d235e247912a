"""What commands share that go through everything: a bar, a file that is whole or not there, how our bugs are told."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import IO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.cli.installation import WrongUse, say


@contextmanager
def bar(title: str, *, every: float = 5.0) -> Iterator[Progress]:
    """A progress bar on standard error; where that is no terminal, a line in so many seconds."""
    terminal = sys.stderr.isatty()
    progress = Progress(
        TextColumn(f"{title}: {{task.description}}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(file=sys.stderr),
        transient=True,
        disable=not terminal,
    )
    over = Event()
    telling = Thread(target=_tell, args=(title, progress, every, over), name="progress")
    with progress:
        if not terminal:
            telling.start()
        try:
            yield progress
        finally:
            over.set()
            if not terminal:
                telling.join()


def _tell(title: str, progress: Progress, every: float, over: Event) -> None:
    while not over.wait(every):
        if parts := [f"{each.description} {each.completed:,.0f} of {each.total:,.0f}" for each in progress.tasks]:
            say(f"{title}: {'; '.join(parts)}")


@contextmanager
def whole_file(path: Path, encoding: str = "utf-8") -> Iterator[IO[str]]:
    """A text file that is written beside its path and put there when it is whole; `WrongUse` where it cannot be."""
    part = path.with_name(f"{path.name}.part")
    try:
        file = part.open("w", encoding=encoding, newline="")
    except OSError as error:
        raise WrongUse(f"{path} cannot be written: {error.strerror}") from None
    try:
        with file:
            yield file
    except BaseException:
        part.unlink()
        raise
    part.replace(path)


def place_of(error: Exception) -> str:
    """The kind of an error and its place; its message may hold what the facts hold."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__qualname__} at {Path(frame.filename).name}:{frame.lineno}"
