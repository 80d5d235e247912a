"""How far the sample city has been sent, kept beside the installation's data: an interrupted load goes on there."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import NamedTuple


class Marker(NamedTuple):
    """The last day of the city's events, how many deliveries were acknowledged, and whether all are scored."""

    until: date
    sent: int = 0
    done: bool = False


def read(home: Path) -> Marker | None:
    """The marker; None where no sample city was ever begun here."""
    try:
        kept = json.loads(_file(home).read_text())
    except FileNotFoundError:
        return None
    return Marker(date.fromisoformat(kept["until"]), kept["sent"], kept["done"])


def write(home: Path, marker: Marker) -> None:
    """Keep a marker in the place of the one before, whole or not at all."""
    home.mkdir(parents=True, exist_ok=True)
    beside = _file(home).with_suffix(".new")
    beside.write_text(json.dumps({"until": marker.until.isoformat(), "sent": marker.sent, "done": marker.done}))
    beside.replace(_file(home))


def remove(home: Path) -> None:
    """Forget what was begun here."""
    _file(home).unlink(missing_ok=True)


def _file(home: Path) -> Path:
    return home / "sample.json"
