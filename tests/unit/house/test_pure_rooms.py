"""Pure rooms hold functions over values: what they import can reach no clock, no chance, no file and no network."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROOMS = ("shared.credit", "shared.draw", "shared.registry")
OUTSIDE = {
    *("asyncio", "concurrent", "ftplib", "glob", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random"),
    *("secrets", "select", "shutil", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time"),
    *("urllib", "uuid", "zoneinfo"),
}
MODULES = [path for room in ROOMS for path in sorted((ROOT / room.replace(".", "/")).rglob("*.py"))]


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module if not node.level else f".{node.module or ''}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_pure_module_imports_the_standard_library_and_pure_rooms_only(path):
    known = sys.stdlib_module_names - OUTSIDE
    strange = [
        name
        for name in imported(path)
        if name.split(".")[0] not in known and not name.startswith(tuple(f"{room}." for room in ROOMS))
    ]
    assert strange == []


def test_there_are_pure_rooms():
    assert len(MODULES) > 20
