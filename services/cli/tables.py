"""Tables on standard output: as wide as the terminal, and of a fixed width where it goes into a file or a pipe."""

from __future__ import annotations

import sys

from rich import box
from rich.console import Console
from rich.table import Table

_WIDTH = 140


def show(table: Table) -> None:
    """Print a table; cells too long for their column go on in the next line, none is cut."""
    table.box = box.SIMPLE_HEAD
    for column in table.columns:
        column.overflow = "fold"
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else _WIDTH, highlight=False).print(table)
