"""The README says what is so."""

import re
import subprocess
from pathlib import Path

from shared.settings import documentation

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text()


def test_its_table_of_settings_is_theirs():
    rows = [f"| `{name}` | {f'`{default}`' if default else ''} | {what} |" for name, default, what in documentation()]
    assert README.split("| setting | default | meaning |\n|---|---|---|\n")[1].splitlines() == rows


def test_every_room_of_its_map_is_there():
    table = README.split("| room | what it holds |\n|---|---|\n")[1].split("\n\n")[0]
    firsts = [line.split("|")[1] for line in table.splitlines()]
    rooms = [room for first in firsts for room in re.findall(r"`([a-z_/]+)`", first)]
    assert len(rooms) > 10
    for room in rooms:
        assert (ROOT / room).is_dir() or (ROOT / "services" / room).is_dir(), room


def test_every_target_it_names_is_one_that_make_explains():
    explained = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in set(re.findall(r"`?make ([a-z]+)`?", README)) & set(re.findall(r"(?:`|    )make ([a-z]+)", README)):
        assert re.search(rf"^  make {target} ", explained, re.MULTILINE), target
