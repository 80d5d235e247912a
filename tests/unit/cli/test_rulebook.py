import json

import pytest
from click.testing import CliRunner

from services.cli.rulebook import rulebook

BROKEN = "id: x\nversion: 1\n"


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(rulebook, ["check", *map(str, arguments)])


def test_the_shipped_rulebooks_hold(run):
    result = run()
    assert result.exit_code == 0
    assert result.output.splitlines()[-1].startswith("holds: hauler-credit v1, hauler-credit v2, sanitation-credit v1")


def test_faults_are_printed_with_file_and_line_and_the_exit_code_is_1(run, tmp_path):
    (tmp_path / "x.yaml").write_text(BROKEN)
    result = run(tmp_path)
    assert result.exit_code == 1
    assert f"{tmp_path}/x.yaml:1: title: is missing" in result.output
    assert result.output.splitlines()[-1].startswith("does not hold, faults: ")


def test_json(run, tmp_path):
    (tmp_path / "x.yaml").write_text(BROKEN)
    result = run(tmp_path, "--json")
    document = json.loads(result.output)
    assert result.exit_code == 1
    assert document["holds"] is False
    assert {"file": f"{tmp_path}/x.yaml", "line": 1, "message": "title: is missing"} in document["faults"]
    assert json.loads(run("--json").output)["rulebooks"][0]["id"] == "hauler-credit"


@pytest.mark.parametrize("arguments", [["/no/such/folder"], [__file__], ["--wrong"], [".", "."]])
def test_wrong_use_is_2(run, arguments):
    assert run(*arguments).exit_code == 2
