"""What comments cite is there: sections and rules of the two pages that say how things must be."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = {"SCORING.md": ROOT / "shared/credit/SCORING.md", "DESIGN.md": ROOT / "shared/DESIGN.md"}
SOURCES = [
    path
    for room in ("shared", "services", "tests")
    for end in ("py", "lua")
    for path in (ROOT / room).rglob(f"*.{end}")
]


def numbers(page):
    """Sections by number, and rules of a section as `section.rule`."""
    found, section = set(), ""
    for line in PAGES[page].read_text().splitlines():
        if heading := re.match(r"## (\d+)\. ", line):
            section = heading[1]
            found.add(section)
        elif rule := re.match(r"(\d+)\. ", line):
            found.add(f"{section}.{rule[1]}")
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_section_that_is_cited_is_there(page):
    known = numbers(page)
    cited = {
        number
        for path in SOURCES
        for text in re.findall(
            rf"{page.replace('.', '[.]')}((?:,? (?:section )?\d+(?:\.\d+)?)+)", path.read_text("utf-8")
        )
        for number in re.findall(r"\d+(?:\.\d+)?", text)
    }
    assert cited
    assert cited <= known
