"""Where a command looks for the log and the store, and what it says where nothing runs."""

from __future__ import annotations

import json
import socket
import time

import pytest
from click.testing import CliRunner

from services.cli.main import main
from shared.embedded import ports
from shared.eventlog import kafka
from shared.eventlog.kafka_client import Patience

COMMANDS = [
    ["keys", "list"],
    ["status"],
    ["dead-letters", "list"],
    ["breaker", "list"],
    ["rulebook", "diff", "x:1", "x:2"],
]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home whose engines were started once, and have been stopped since."""
    monkeypatch.setenv("CHENGXIN_HOME", str(tmp_path))
    (tmp_path / "data").mkdir()
    kafka, redis = ports.choose(), ports.choose()
    state = {"kafka_port": kafka, "redis_port": redis, "redis_password": "p"}
    (tmp_path / "data" / "engines.json").write_text(json.dumps(state))
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_where_nothing_runs_any_more_it_is_told_at_once(home, command):
    begun = time.monotonic()
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2
    assert f"nothing runs in {home}: start it with `chengxin up`, or set CHENGXIN_" in result.stderr
    assert time.monotonic() - begun < 9  # a client has more patience than that


def test_where_nothing_ever_ran_it_is_told_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("CHENGXIN_HOME", str(tmp_path))
    result = CliRunner().invoke(main, ["keys", "list"])
    assert (result.exit_code, f"nothing runs in {tmp_path}: start it" in result.stderr) == (2, True)


def test_an_address_that_is_given_is_asked_though_nothing_runs_here(home, monkeypatch):
    monkeypatch.setattr(kafka, "Patience", lambda: Patience(answer=1.0))
    with socket.socket() as refusing:
        refusing.bind(("127.0.0.1", 0))  # not listening: every connection is refused
        address = f"127.0.0.1:{refusing.getsockname()[1]}"
        monkeypatch.setenv("CHENGXIN_KAFKA", address)
        result = CliRunner().invoke(main, ["keys", "list"])
    assert result.exit_code == 1
    assert f"the log does not answer (no broker answers at {address} (PLAINTEXT)); CHENGXIN_KAFKA says" in result.stderr
    assert "KafkaTimeoutError" not in result.output
