"""Calendars of working days 工作日 that an installation adds to those that are shipped: files of a folder.

The notice of the next year comes in autumn, and whoever plans over the turn of the year cannot wait for a release. A
file `2027.json` has the form of those in `shared/registry/data/calendars`; it goes before a shipped one of that year,
since a notice may be changed by a later one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from shared.registry.calendar_form import Calendar, parse_calendar
from shared.registry.working_days import CalendarOf, calendar_of

_NAME = re.compile("((?:19|20)[0-9]{2})[.]json")
_MOST_BYTES = 1 << 16


class CalendarsError(Exception):
    """A folder does not hold calendars; `faults` has all that is wrong with it, a sentence each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


def load_calendars(folder: Path) -> Mapping[int, Calendar]:
    """The calendars of a folder by year; what does not end in `.json` is passed over. Raises `CalendarsError`."""
    if not folder.is_dir():
        raise CalendarsError(["must be the path of a folder"])
    found: dict[int, Calendar] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.json")):
        try:
            year = _year_of(path)
            found[year] = parse_calendar(_content(path), year)
        except (OSError, ValueError) as error:
            wrong = "cannot be read" if isinstance(error, OSError) else str(error)
            faults.append(f"{path.name} {wrong}")
    if faults:
        raise CalendarsError(faults)
    return found


def calendars_with(folder: str) -> CalendarOf:
    """The shipped calendars, and those of a folder where one is named. Raises `CalendarsError`."""
    if not folder:
        return calendar_of
    added = load_calendars(Path(folder))
    return lambda year: added.get(year) or calendar_of(year)


def _year_of(path: Path) -> int:
    named = _NAME.fullmatch(path.name)
    if named is None:
        raise ValueError("must be named by its year, such as 2027.json")
    return int(named[1])


def _content(path: Path) -> bytes:
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError(f"must have at most {_MOST_BYTES} bytes")
    return path.read_bytes()
