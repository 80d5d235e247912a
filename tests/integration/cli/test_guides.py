"""The guides' commands, run as they stand, lead where the guides say, one language after the other."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from services.portal.guides import SAMPLE, guides

BIN = Path(sys.executable).parent
STRICT = """set -eo pipefail
curl() { command curl --fail-with-body "$@"; }
chengxin() { python -m services.cli.main "$@"; }
"""


def everywhere(installation, key):
    """Whether every web process knows a key: each of many connections comes to any of them."""
    return all(installation.ask("/v1/rulebooks", key=key)[0] != 401 for _ in range(30))


def keys(guide, installation):
    """The keys that it asks an operator for, made as it says."""
    made = {}
    lines = re.findall(r"^    chengxin keys create (.*)$", guide.text, re.MULTILINE)
    for name, line in zip(("KEY", "READER"), lines, strict=False):
        said = re.findall(r"--(scope|region|source) (\S+)", line)
        asked = {f"{word}s": [each for other, each in said if other == word] for word, _ in said}
        status, answer = installation.ask(
            "/v1/keys", key=installation.key, body={**asked, "label": "x"}, kind="application/json"
        )
        assert status == 201, answer
        made[name] = answer["key"]
        installation.wait(lambda: everywhere(installation, answer["key"]))  # noqa: B023  # it is asked at once
    return made


def run(guide, installation, folder):
    """What all its commands print; one that fails ends it."""
    commands = "".join(re.findall(r"^```sh\n(.*?)^```", guide.text, re.DOTALL | re.MULTILINE))
    folder.mkdir()
    done = subprocess.run(
        ["bash", "-c", STRICT + commands.replace(SAMPLE, installation.address)],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, **keys(guide, installation), "PATH": f"{BIN}:{os.environ['PATH']}",
             "PYTHONPATH": str(Path(__file__).parents[3])},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def answers(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    from tests.integration.cli.installation import Up, free_port

    home = tmp_path_factory.mktemp("guides") / "home"
    home.mkdir()
    one = Up(home, free_port())
    yield one.ready()
    one.kill_everything()
    one.process.stderr.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_integrators_hour(installation, tmp_path, language):
    told = answers(run(guides()["organ", language], installation, tmp_path / "w"))
    states = [each["state"] for each in told if "state" in each]
    assert states == [*["applied"] * 7, "done"]
    first = "31" if language == "en" else "11"
    second = "32" if language == "en" else "12"
    for premises in (first, second):  # every mistake was made good: nothing counts in the end
        path = f"/v1/subjects/shop:92320902MA1N00026Y-{premises}/receipt?ledger=internal"
        receipt = installation.ask(path, key=installation.key)[1]
        assert receipt["deductions"] == "0.00"
        assert [each for each in receipt["items"] if each["state"] == "active"] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_programmers_hour(installation, tmp_path, language):
    event = {
        "specversion": "1.0", "id": f"r-{language}", "source": "urn:chengxin:organ:320902",
        "time": "2026-05-06T09:00:00+08:00", "type": "cn.chengxin.subject.upserted.v1",
        "subject": "shop:92320902MA1N00026Y-21", "data": {
            "name": "老街小吃店", "region": "320902001001", "status": "open"},
    }  # fmt: skip
    assert installation.ask("/v1/events", key=installation.key, body=[event])[0] == 202
    listed = "/v1/subjects?kind=shop&name=%E5%B0%8F%E5%90%83"
    installation.wait(lambda: (installation.ask(listed)[1] or {}).get("subjects"))
    text = run(guides()["portal", language], installation, tmp_path / "w")
    assert "304" in text.splitlines()
    looked_up = [[row.get("result") for row in each["subjects"]] for each in answers(text) if "subjects" in each]
    assert ["found", "unknown", "invalid"] in looked_up
    assert "holds" in text
    assert (tmp_path / "w" / "badge.svg").read_text().lstrip().startswith("<")
