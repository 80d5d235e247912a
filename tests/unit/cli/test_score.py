"""`chengxin score --requests`: an answer a line, whatever is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.cli.score import score

VECTORS = Path(__file__).parents[3] / "shared" / "contracts" / "vectors"
RULEBOOKS = str(VECTORS / "rulebooks")
REQUEST = {
    name: value
    for name, value in json.loads((VECTORS / "score_named.jsonl").read_text().splitlines()[0]).items()
    if name in ("subject_id", "ledger", "as_of", "known_at", "facts")
}
OUTSIDE = ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"]


@pytest.mark.parametrize("known_at", OUTSIDE)
def test_an_instant_that_utc_has_not_is_an_error_of_its_line_alone(known_at):
    lines = "\n".join(json.dumps(each) for each in (REQUEST | {"known_at": known_at}, REQUEST))
    done = CliRunner().invoke(score, ["--rulebooks", RULEBOOKS, "--requests", "-"], input=lines, catch_exceptions=False)
    first, second = map(json.loads, done.output.splitlines())
    assert "/known_at" in first["error"]
    assert "sha256" in second


@pytest.mark.parametrize("known_at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_the_ends_of_the_calendar_may_be_asked_for(known_at):
    request = json.dumps(REQUEST | {"known_at": known_at})
    done = CliRunner().invoke(
        score, ["--rulebooks", RULEBOOKS, "--requests", "-"], input=request, catch_exceptions=False
    )
    assert json.loads(done.output)["known_at"] == known_at


@pytest.mark.parametrize("known_at", OUTSIDE)
def test_an_instant_that_utc_has_not_is_wrong_use_of_facts(known_at):
    options = ["--rulebooks", RULEBOOKS, "--facts", "-", "--as-of", "2026-06-01", "--known-at", known_at]
    done = CliRunner().invoke(score, options, input="", catch_exceptions=False)
    assert done.exit_code == 2
    assert "--known-at" in done.output
