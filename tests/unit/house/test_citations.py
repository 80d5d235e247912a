"""What comments cite is there: sections, rules and parts of the two pages that say how things must be."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = {
    "SCORING.md": ROOT / "shared/credit/SCORING.md",
    "DRAW.md": ROOT / "shared/draw/DRAW.md",
    "DESIGN.md": ROOT / "shared/DESIGN.md",
}
ROOMS = [path for room in ("shared", "services", "tests") for path in sorted((ROOT / room).rglob("*.*"))]
SOURCES = [ROOT / "README.md", *(path for path in ROOMS if path.suffix in (".py", ".lua", ".md", ".yaml", ".toml"))]
NUMBER = r"\d+(?:\.\d+)?"
NUMBERS = rf"((?:(?:,| and| to)? (?:sections? |rules? )?{NUMBER})*)"
NAME = r"(?:, ([a-z]+(?: [a-z]+)*)[).])?"
CITED = rf"\b(SCORING\.md|DRAW\.md|DESIGN\.md)(?:\]\([^)]*\))?{NUMBERS}{NAME}"


def cited(page, text):
    """Numbers and names of parts: `PAGE section 1, 3.4`, `PAGE 3.3 to 3.6`, `PAGE section 4, bad events)`."""
    found = [part for named, *part in re.findall(CITED, re.sub(r"\s+(?:--\s+)?", " ", text)) if named == page]
    return {part for numbers, name in found for part in (*re.findall(NUMBER, numbers), name) if part}


@pytest.mark.parametrize("page", PAGES)
def test_every_part_that_is_cited_has_a_heading(page):
    headings = re.findall(r"^#+ (.+)$", PAGES[page].read_text(), re.MULTILINE)
    there = {number[0] for heading in headings if (number := re.match(NUMBER, heading))}
    there |= {re.sub(r"^[\d. ]+|[^\x00-\x7f]", "", heading).strip().lower() for heading in headings}
    missing = {
        (str(path.relative_to(ROOT)), part) for path in SOURCES for part in cited(page, path.read_text()) - there
    }
    assert not missing


def test_citations_are_found_in_every_form():
    text = "(DESIGN.md section 4, bad events). (SCORING.md 3.3 to 3.6) [SCORING.md](a/SCORING.md), section 1, 3.1"
    assert cited("SCORING.md", text) == {"3.3", "3.6", "1", "3.1"}
    assert cited("DESIGN.md", text) == {"4", "bad events"}
