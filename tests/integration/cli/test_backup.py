"""What `deploy/BACKUP.md` says of one machine, word for word: packed, restored elsewhere, with an older store too."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.cli.installation import Up, free_port
from tests.integration.cli.test_up import EVENTS, REGION, SUBJECT, event

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "deploy" / "BACKUP.md").read_text()
PATH = f"/v1/subjects/{SUBJECT}"
AS_OF = "2026-11-20"


@pytest.fixture
def home(tmp_path):
    (tmp_path / ".chengxin").mkdir()
    return tmp_path / ".chengxin"


@pytest.fixture
def ups():
    """Installations on homes of the test's choice; none of their processes is left."""
    started = []

    def start(home):
        started.append(Up(home, free_port()))
        return started[-1].ready()

    yield start
    for each in started:
        each.kill_everything()
        each.process.stderr.close()


def does(what, folder):
    """Run the commands of the page's block."""
    [commands] = re.findall(rf"^```sh {what}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    subprocess.run(commands, shell=True, cwd=folder, check=True)


def state_hash(home):
    command = [sys.executable, "-m", "services.cli.main", "state-hash", "--as-of", AS_OF, "--verify", "--json"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "CHENGXIN_HOME": str(home)}, capture_output=True, text=True, check=False
    )
    return json.loads(done.stdout) if done.returncode == 0 else None


def items(one):
    answer = one.ask(f"{PATH}/receipt", key=one.key)[1]
    return [item["ref"] for item in answer["items"]] if answer and "items" in answer else []


def rebuilds(home):
    """How often a worker has found its store behind what it had told the log."""
    return (home / "logs" / "scoring-1.log").read_text().count("rebuilding")


def test_what_was_packed_is_there_again_elsewhere_also_with_a_store_that_is_older_than_the_log(ups, home, tmp_path):
    one = ups(home)
    assert one.ask("/v1/events", key=one.key, body=EVENTS)[0] == 202
    one.wait(lambda: len(items(one)) == 1 and one.ask(PATH, key=one.key)[1]["name"])
    assert one.interrupt()[0] == 0
    does("backup", tmp_path)
    (tmp_path / "chengxin-backup.tar").rename(tmp_path / "older.tar")

    again = ups(home)
    data = {**EVENTS[1]["data"], **REGION, "case_no": "亭城管罚字〔2026〕第2号"}
    assert again.ask("/v1/events", key=again.key, body=[event("c-2", "case.decided", data)])[0] == 202
    again.wait(lambda: len(items(again)) == 2)
    _, score = again.ask(PATH, key=again.key)
    _, receipt = again.ask(f"{PATH}/receipt", key=again.key)
    before, key = state_hash(home), again.key
    assert again.interrupt()[0] == 0
    does("backup", tmp_path)
    shutil.rmtree(home / "data")

    does("restore", tmp_path)
    restored = tmp_path / "restored"
    shutil.rmtree(restored / "data" / "valkey")
    subprocess.run(["tar", "-C", restored, "-xf", tmp_path / "older.tar", "./data/valkey"], check=True)
    seen = rebuilds(restored)
    last = ups(restored)
    last.wait(lambda: len(items(last)) == 2)
    assert rebuilds(restored) > seen  # the store was older indeed
    after = state_hash(restored)
    assert (after["state_hash"], after["partitions"]) == (before["state_hash"], before["partitions"])
    assert last.key == key
    assert {**last.ask(PATH, key=key)[1], "applied_until": None} == {**score, "applied_until": None}
    assert last.ask(f"{PATH}/receipt", key=key)[1] == receipt
