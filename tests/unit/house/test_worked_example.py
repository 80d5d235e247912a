"""SCORING.md says of its example what the command says."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.cli.main import main

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "shared/credit/SCORING.md").read_text()
VECTORS = ROOT / "shared/contracts/vectors"
ANSWERS = re.findall(r"^\| `(--as-of .*?)` \| (.*) \|$", PAGE, re.MULTILINE)


def receipt(options):
    files = ["--rulebooks", str(VECTORS / "rulebooks"), "--facts", str(VECTORS / "worked_example.jsonl")]
    return json.loads(CliRunner().invoke(main, ["score", *files, *options.split()]).output)


@pytest.mark.parametrize(("options", "said"), ANSWERS)
def test_its_questions_have_the_answers_that_it_gives(options, said):
    answer = receipt(options)
    found = [answer["score"], answer["grade"], answer["next_change_on"], answer["sha256"][:8]]
    assert found == said.split(" | ")


def test_its_items_are_those_of_the_receipt():
    names = ("type", "ref", "n", "multiplier", "points", "from", "until", "state", "counted")
    lines = [[item[name] for name in names] for item in receipt(ANSWERS[0][0])["items"]]
    rows = [f"| {' | '.join('' if value is None else str(value) for value in line)} |" for line in lines]
    assert rows == re.findall(r"^\| (?:case|finding|clean_inspection|commendation) \| .*$", PAGE, re.MULTILINE)


def test_the_other_examples_that_it_names_are_there():
    known = {json.loads(line)["name"] for line in (VECTORS / "score_named.jsonl").read_text().splitlines()}
    named = re.findall(r"`([a-z0-9-]+)`", PAGE.partition("| about | names |")[2])
    assert len(named) > 30
    assert known.issuperset(named)
