"""The rows of a file: CSV in UTF-8 or GB18030, or XLSX. One at a time, so that a large file needs no more memory."""

from __future__ import annotations

import csv
import io
import lzma
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile

import orjson

from services.ingest.uploads import sheet
from services.ingest.uploads.columns import Sort
from services.ingest.uploads.rows import Row
from shared.spreadsheets import as_written

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = {CSV: 100_000, XLSX: 20_000}
MOST_BYTES = 32 << 20
_MOST_UNPACKED = 256 << 20
"""Bytes that an XLSX may unpack to: more is no table of twenty thousand rows."""
_MOST_COLUMNS, _MOST_CELL = 200, 5_000
_BAD_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
_FAR = "has cells far away from the table, or more than can be read; delete them, and save it anew"
_PIECE = 1 << 20
_SPACES = " \t\r\n\u3000\u00a0\ufeff"


class Unreadable(ValueError):
    """A file that is no table of its sort; the sentence says what would be right."""


def rows(content: bytes, media_type: str, sort: Sort) -> Iterator[Row]:
    """The rows below the headings that are not empty. Raises `Unreadable`, in the middle too."""
    lines = _csv(content) if media_type == CSV else _xlsx(content)
    headings = [_heading(each) for each in next(lines, [])]
    _refuse_headings(headings, sort)
    number = 0
    for place, line in enumerate(lines, 2):
        stripped = ((name, cell.strip(_SPACES)) for name, cell in zip(headings, line, strict=False))
        cells = {name: as_written(text) for name, text in stripped if text}
        if not cells:
            continue
        number += 1
        if number > (most := MOST_ROWS[media_type]):
            raise Unreadable(f"has more than {most:,} rows; send it in parts")
        yield Row(place, cells)


def encoding_of(content: bytes) -> str:
    """How a CSV is encoded. Raises `Unreadable`."""
    for name in ("utf-8-sig", "gb18030"):
        try:
            for _ in io.TextIOWrapper(io.BytesIO(content), name, newline=""):
                pass
        except UnicodeDecodeError:
            continue
        return name
    raise Unreadable("is neither in UTF-8 nor in GB18030; save it as CSV UTF-8")


def _csv(content: bytes) -> Iterator[list[str]]:
    lines = csv.reader(io.TextIOWrapper(io.BytesIO(content), encoding_of(content), newline=""), strict=True)
    try:
        for line in lines:
            yield _bounded(line)
    except csv.Error as error:
        raise Unreadable(f"is no CSV at line {lines.line_num}: {error}") from None


def _xlsx(content: bytes) -> Iterator[list[str]]:
    _refuse_bomb(content)
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        reader = Popen([sys.executable, "-m", sheet.__name__], stdin=file, stdout=PIPE, stderr=DEVNULL)
        assert reader.stdout is not None
        try:
            for said in reader.stdout:
                line = orjson.loads(said)
                if isinstance(line, str):
                    raise Unreadable(line)
                yield _bounded(line)
            if reader.wait():
                raise Unreadable(_FAR)
        except orjson.JSONDecodeError:  # it ended in the middle of a line
            raise Unreadable(_FAR) from None
        finally:
            reader.kill()
            reader.stdout.close()
            reader.wait()


def _refuse_bomb(content: bytes) -> None:
    """What a zip says of its sizes may be a lie, so it is unpacked, a piece at a time, and thrown away."""
    try:
        sizes = sum(map(len, _pieces(content)))
    except _BAD_ZIP:
        raise Unreadable("is no XLSX that can be read; save it anew, an old .xls as .xlsx") from None
    if sizes > _MOST_UNPACKED:
        raise Unreadable(f"unpacks to more than {_MOST_UNPACKED >> 20} MiB; send it in parts")


def _pieces(content: bytes) -> Iterator[bytes]:
    """What is packed, until it is too much."""
    left = _MOST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for each in packed.infolist():
            with packed.open(each) as file:
                while left >= 0 and (piece := file.read(_PIECE)):
                    left -= len(piece)
                    yield piece


def _bounded(line: list[str]) -> list[str]:
    if len(line) > _MOST_COLUMNS or any(len(cell) > _MOST_CELL for cell in line):
        raise Unreadable(f"has a row of more than {_MOST_COLUMNS} cells, or one of over {_MOST_CELL} characters")
    return line


def _heading(cell: str) -> str:
    return cell.strip(_SPACES).removesuffix("*").replace("(", "（").replace(")", "）").strip(_SPACES)


def _refuse_headings(headings: Sequence[str], sort: Sort) -> None:
    needed = [column.heading for column in sort.columns if column.required]
    if missing := [each for each in needed if each not in headings]:
        if not any(headings):
            raise Unreadable("is empty; the first row has the headings, as the template does")
        if len(headings) == 1 and any(sign in headings[0] for sign in ";\t"):
            raise Unreadable("has no commas between its columns; save it as CSV with commas")
        raise Unreadable(f"lacks columns: {'、'.join(missing)}; the first row has the headings, as the template does")
    known = {column.heading for column in sort.columns}
    if twice := sorted(each for each in known if headings.count(each) > 1):
        raise Unreadable(f"has columns twice: {'、'.join(twice)}")
