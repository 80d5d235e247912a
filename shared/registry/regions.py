"""Administrative divisions 行政区划 as codes of 12 digits: 2 + 2 + 2 (GB/T 2260) + 3 + 3, cut short by zeros.

A region is checked by its form alone, as codes change every year; its name is shown where `data/regions.csv` knows it.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

LEVELS = {2: "省", 4: "市", 6: "县区", 9: "街道", 12: "社区"}
"""What a prefix of so many digits names: province, city, district or county, sub-district, community."""

_LENGTHS = tuple(LEVELS)


def prefix_of(region: str) -> str:
    """The part of a code that names it: 320902001000 is 320902001, and 320900, as people write a city, is 3209.

    Raises `ValueError` for a text that is neither.
    """
    if not (region.isascii() and region.isdigit() and len(region) in LEVELS):
        raise ValueError("a region or its prefix must have 2, 4, 6, 9 or 12 digits")
    length = len(region)
    for shorter in reversed(_LENGTHS[: _LENGTHS.index(length)]):
        if region[shorter:length].strip("0"):
            break
        length = shorter
    return region[:length]


def level(region: str) -> str:
    """Which of `LEVELS` a region or prefix is. Raises `ValueError`."""
    return LEVELS[len(prefix_of(region))]


def name_of(region: str) -> str | None:
    """The official name of a region or prefix; None where it is not known here."""
    return _names().get(prefix_of(region))


def communities_within(prefix: str) -> tuple[str, ...]:
    """The known communities 社区 of a division, as codes of 12 digits, in order."""
    begin = prefix_of(prefix)
    return tuple(code for code in _names() if len(code) == _LENGTHS[-1] and code.startswith(begin))


@cache
def _names() -> dict[str, str]:
    text = files(__package__).joinpath("data/regions.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}
