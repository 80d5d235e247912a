"""`chengxin keys` on a log in memory."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from services.cli import connect
from services.cli import keys as module
from shared.eventlog.memory import MemoryLog
from shared.eventlog.topics import wanted
from shared.web.access import AccessKeys, InvalidKey
from shared.web.key_log import PublishedKeys


@pytest.fixture
def log(monkeypatch):
    log = MemoryLog({topic.name: topic.partitions for topic in wanted("chengxin.", 4)})
    monkeypatch.setattr(connect, "open_log", lambda _: log)
    return log


def run(*arguments):
    return CliRunner().invoke(module.keys, arguments)


def directory(log):
    keys = AccessKeys()
    PublishedKeys(log, "chengxin.access.v1", keys).refresh()
    return keys


def test_a_key_is_printed_once_and_lets_in(log):
    made = run("create", "--scope", "events:write", "--scope", "scores:read", "--label", "网格办")
    assert made.exit_code == 0
    key = made.stdout.strip()
    assert directory(log).authenticate(key).scopes == {"events:write", "scores:read"}
    assert key not in run("list").output
    assert key.split("_", 2)[2] not in made.stderr
    assert "Services take it within 2 s." in made.stderr


def test_the_list_shows_id_label_scopes_and_times(log):
    made = json.loads(run("create", "--scope", "admin", "--json").stdout)
    [shown] = json.loads(run("list", "--json").stdout)["keys"]
    assert (shown["id"], shown["label"], shown["scopes"], shown["revoked"]) == (
        made["id"],
        "unlabelled",
        ["admin"],
        None,
    )
    assert shown["created"]
    assert made["id"] in run("list").stdout


def test_a_revoked_key_lets_nobody_in_and_is_listed_so(log):
    made = json.loads(run("create", "--scope", "admin", "--json").stdout)
    assert run("revoke", made["id"]).exit_code == 0
    assert run("revoke", made["id"], "--json").exit_code == 0  # twice is once
    with pytest.raises(InvalidKey):
        directory(log).authenticate(made["key"])
    [shown] = json.loads(run("list", "--json").stdout)["keys"]
    assert shown["revoked"]
    assert len([record for records in log.records.values() for record in records]) == 2


def test_wrong_use_is_2_and_what_does_not_hold_is_1(log):
    assert run("create").exit_code == 2
    assert run("create", "--scope", "scores:raed").exit_code == 2
    assert run("create", "--scope", "admin", "--label", " ").exit_code == 2
    unknown = run("revoke", "0123456789ab")
    assert (unknown.exit_code, "0123456789ab" in unknown.stderr) == (1, True)
    made = json.loads(run("create", "--scope", "admin", "--json").stdout)
    whole = run("revoke", made["key"])
    assert whole.exit_code == 2
    assert made["key"] not in whole.output
    log.down = True
    assert run("list").exit_code == 1
    assert "does not answer" in run("list").stderr


def test_without_topics_it_says_what_makes_them(monkeypatch):
    monkeypatch.setattr(connect, "open_log", lambda _: MemoryLog())
    assert "chengxin topics apply" in run("list").stderr


def test_without_a_log_it_says_what_starts_one(monkeypatch, tmp_path):
    monkeypatch.setenv("CHENGXIN_HOME", str(tmp_path))
    result = run("list")
    assert result.exit_code == 2
    assert "chengxin up" in result.stderr
