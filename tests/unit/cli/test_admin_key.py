"""The first admin key is one of the log it stands beside."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from services.cli.admin_key import make_missing, put_foreign_aside
from services.sample import marker
from services.sample.marker import Marker
from shared.eventlog.memory import MemoryLog
from shared.web.key_log import read_keys
from shared.web.key_making import revoke_key

TOPIC = "chengxin.access.v1"


def new_log():
    return MemoryLog({TOPIC: 1})


def started(home, log):
    """What a start does about the key; the key that lies there then."""
    put_foreign_aside(home, read_keys(log, TOPIC))
    make_missing(home, log, TOPIC)
    return (home / "admin.key").read_text().strip()


@pytest.fixture
def log():
    return new_log()


def test_the_first_start_makes_a_key_for_its_owner_alone(tmp_path, log):
    key = started(tmp_path, log)
    assert "admin" in read_keys(log, TOPIC).authenticate(key).scopes
    assert (tmp_path / "admin.key").stat().st_mode & 0o777 == 0o600


def test_a_restart_keeps_it(tmp_path, log, capsys):
    assert started(tmp_path, log) == started(tmp_path, log)
    assert len(read_keys(log, TOPIC).all()) == 1
    assert not capsys.readouterr().err


def test_another_log_gets_a_key_of_its_own_and_the_old_one_is_kept_aside(tmp_path, log, capsys):
    old = started(tmp_path, log)
    other = new_log()
    key = started(tmp_path, other)
    assert "admin" in read_keys(other, TOPIC).authenticate(key).scopes
    assert (tmp_path / "admin.key.1").read_text().strip() == old
    assert f"The key in {tmp_path / 'admin.key'} is that of another log" in capsys.readouterr().err


def test_no_key_that_was_put_aside_is_written_over(tmp_path):
    keys = [started(tmp_path, new_log()) for _ in range(3)]
    assert [(tmp_path / f"admin.key.{number}").read_text().strip() for number in (1, 2)] == keys[:2]


def test_a_key_that_was_revoked_is_not_made_anew(tmp_path, log):
    key = started(tmp_path, log)
    with closing(log.appender()) as appender:
        revoke_key(appender, TOPIC, read_keys(log, TOPIC).all()[0], datetime.now(UTC))
    assert started(tmp_path, log) == key
    assert len(read_keys(log, TOPIC).all()) == 1


def test_a_sample_city_of_another_log_is_forgotten_where_the_log_is_new(tmp_path, log):
    started(tmp_path, log)
    marker.write(tmp_path, Marker(date(2026, 3, 1), 500, done=True))
    started(tmp_path, log)
    assert marker.read(tmp_path)
    started(tmp_path, new_log())
    assert marker.read(tmp_path) is None
