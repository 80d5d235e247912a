"""The worked examples, through the command line: what anybody can repeat at home."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.cli.main import main

VECTORS = Path(__file__).parents[3] / "shared" / "contracts" / "vectors"
CASES = [json.loads(line) for line in (VECTORS / "score_named.jsonl").read_text().splitlines()]


def run(*arguments):
    return CliRunner().invoke(main, ["score", "--rulebooks", str(VECTORS / "rulebooks"), *arguments])


@pytest.fixture(scope="module")
def answers():
    result = run("--requests", str(VECTORS / "score_named.jsonl"))
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


@pytest.mark.parametrize("index", range(len(CASES)), ids=[case["name"] for case in CASES])
def test_vector(answers, index):
    expected = CASES[index]["expected"]
    assert {name: answers[index].get(name) for name in expected} == expected


def test_facts_of_a_file_are_scored_by_subject(tmp_path):
    case = next(case for case in CASES if case["name"] == "finding-counts")
    file = tmp_path / "facts.jsonl"
    file.write_text("".join(json.dumps(fact) + "\n" for fact in case["facts"]))
    result = run("--facts", str(file), "--as-of", case["as_of"])
    [receipt] = map(json.loads, result.output.splitlines())
    assert receipt["score"] == "98.00"


def test_a_line_that_is_no_fact_is_named_before_anything_is_written(tmp_path):
    file = tmp_path / "facts.jsonl"
    file.write_text('{"id": "x"}\n')
    result = run("--facts", str(file), "--as-of", "2026-01-01")
    assert result.exit_code == 2
    assert "line 1" in result.output


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "error"),
        ('{"subject_id": 1}', "/subject_id"),
        ('{"subject_id": "shop:x", "as_of": "2026-13-01", "facts": []}', "/as_of"),
        ('{"subject_id": "shop:x", "as_of": "2026-01-01", "ledger": "secret", "facts": []}', "/ledger"),
        ('{"subject_id": "shop:x", "as_of": "2026-01-01", "facts": {}}', "/facts"),
    ],
)
def test_a_bad_request_is_answered_with_an_error(tmp_path, line, said):
    file = tmp_path / "requests.jsonl"
    file.write_text(line + "\n")
    result = run("--requests", str(file))
    assert result.exit_code == 0
    assert said in result.output


def test_random_sets_of_facts_have_the_receipts_that_a_second_implementation_gave_them():
    """Written from the specification alone, clause by clause and slowly, by somebody who had not seen this one."""
    file = VECTORS / "score_fuzzed.jsonl"
    answers = [json.loads(line) for line in run("--requests", str(file)).output.splitlines()]
    for answer, line in zip(answers, file.read_text().splitlines(), strict=True):
        expected = json.loads(line)["expected"]
        assert {name: answer.get(name) for name in expected} == expected
