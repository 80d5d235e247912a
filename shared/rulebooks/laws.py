"""Which law a legal basis cites, and whether it is in force on a day (行政处罚法 37: an act is judged by its own day).

A basis begins with 《title》, in full or short, then perhaps （number）, then whatever names the article. Local
instruments and contracts are cited the same way; the marks 《》 may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from shared.credit.rulebook import Place
from shared.rulebooks import document
from shared.rulebooks.faults import Fault, RulebookFileError

_BASIS = re.compile(r"《([^》]+)》(?:（([^）]+)）)?")


class Text(NamedTuple):
    """One text of a law: its number where it has one, and the days `[begins, ends)` on which it is in force."""

    number: str | None
    begins: date
    ends: date | None

    def in_force(self, day: date) -> bool:
        """Whether it is in force on the day."""
        return self.begins <= day and (self.ends is None or day < self.ends)

    def __str__(self) -> str:
        return f"{self.begins} to {self.ends or 'now'}"


class Law(NamedTuple):
    """A law and all of its texts that are known here."""

    title: str
    texts: tuple[Text, ...]


class Laws:
    """The laws that rulebooks may cite, by every name."""

    def __init__(self, by_name: dict[str, Law]) -> None:
        self.by_name = by_name

    def objection(self, basis: str, day: date) -> str | None:
        """What is wrong with a legal basis on the day from which it shall hold; None where nothing is."""
        match = _BASIS.match(basis)
        name, number = (match[1], match[2]) if match else (self._unmarked(basis), None)
        if name is None:
            return f'"{basis}" must begin with the 《title》 of a law'
        if name not in self.by_name:
            return f"《{name}》 is not among the laws in laws.yaml"
        texts = self.by_name[name].texts
        numbered = [text for text in texts if text.number == number] if number else list(texts)
        if not numbered:
            known = "、".join(text.number for text in texts if text.number) or "none"
            return f"《{name}》 has no text of the number {number} (known: {known})"
        if not any(text.in_force(day) for text in numbered):
            return f"《{name}》 is not in force on {day} (in force: {'; '.join(map(str, numbered))})"
        return None

    def _unmarked(self, basis: str) -> str | None:
        return max((name for name in self.by_name if basis.startswith(name)), key=len, default=None)


def load(path: Path) -> Laws:
    """Read a file of laws. Raises `RulebookFileError` with every fault, and `OSError`."""
    with path.open("rb") as file:
        read = document.read(file.read(document.MOST_BYTES + 1), str(path))
    form = _Form()
    laws = [] if read.faults else list(form.laws(read.value))
    by_name: dict[str, Law] = {}
    for place, names, law in laws:
        for name in names:
            if by_name.setdefault(name, law) is not law:
                form.faults.append((place, f"{name} stands twice"))
    faults = [*read.faults, *(Fault(str(path), read.line(place), message) for place, message in form.faults)]
    if faults:
        raise RulebookFileError(faults)
    return Laws(by_name)


class _Form:
    """Reads `laws: [{title, short, texts: [{number, from, until}]}]` and collects the faults."""

    def __init__(self) -> None:
        self.faults: list[tuple[Place, str]] = []

    def laws(self, value: Any) -> Iterator[tuple[Place, list[str], Law]]:
        for place, entry in self.entries(self.known(value, (), {"laws"}).get("laws"), ("laws",)):
            known = self.known(entry, place, {"title", "short", "texts"})
            names = [known[name] for name in ("title", "short") if name in known]
            texts = tuple(self.text(item, at) for at, item in self.entries(known.get("texts"), (*place, "texts")))
            if "title" in known and all(isinstance(name, str) and name for name in names):
                yield place, names, Law(names[0], texts)
            else:
                self.faults.append((place, "title and short must be texts that are not empty, and title is needed"))

    def text(self, value: Any, at: Place) -> Text:
        entry = self.known(value, at, {"number", "from", "until"})
        number = entry.get("number")
        if number is not None and not isinstance(number, str):
            self.faults.append(((*at, "number"), "number must be a text or null"))
        begins = self.day(entry.get("from"), (*at, "from"))
        ends = None if entry.get("until") is None else self.day(entry["until"], (*at, "until"))
        if ends is not None and ends <= begins:
            self.faults.append(((*at, "until"), f"until must be later than from ({begins})"))
        return Text(number, begins, ends)

    def day(self, value: Any, at: Place) -> date:
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.faults.append((at, f"{at[-1]} must be a quoted date such as '2020-09-01'"))
            return date.min

    def known(self, value: Any, at: Place, names: set[str]) -> dict[str, Any]:
        if not isinstance(value, dict) or not set(value) <= names:
            self.faults.append((at, f"must be a mapping of {', '.join(sorted(names))}"))
        return value if isinstance(value, dict) else {}

    def entries(self, value: Any, at: Place) -> list[tuple[Place, Any]]:
        if not isinstance(value, list) or not value:
            self.faults.append((at, "must be a list that is not empty"))
            return []
        return [((*at, index), item) for index, item in enumerate(value)]
