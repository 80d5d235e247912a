"""Letters that are kept in memory are those that reading all of them anew gives, whatever happened in between."""

from __future__ import annotations

import pytest

from shared.desk.followed import FollowedLetters
from shared.desk.letters import Wish
from shared.desk.reading import read
from shared.eventlog.port import LogUnavailable
from tests.unit.desk.test_desk import AUDIT, Worker, desk, found, log, send

__all__ = ["desk", "found", "log"]


@pytest.fixture
def followed(log, found):
    return FollowedLetters(log, found, AUDIT.topic)


def same(followed, log, found):
    kept = {each.identity: each for each in followed()}
    return kept == read(log, found, AUDIT.topic) and bool(kept)


def test_what_comes_later_is_read_on(followed, log, found, desk):
    worker = Worker(log)
    assert list(followed()) == []
    for value in (b"bad 1", b"bad 2"):
        send(log, value)
        worker.work()
        assert same(followed, log, found)
    desk.replay(Wish())
    assert same(followed, log, found)
    worker.work(bad=b"2")
    assert same(followed, log, found)


def test_what_failed_in_the_middle_is_read_again(followed, log, found, monkeypatch):
    worker = Worker(log)
    send(log, b"bad 1")
    worker.work()
    assert same(followed, log, found)

    def down(*_):
        raise LogUnavailable("down")

    with monkeypatch.context() as patch:
        patch.setattr(followed._in_audit, "news", down)
        send(log, b"bad 2")
        worker.work()
        with pytest.raises(LogUnavailable):
            followed()
    assert same(followed, log, found)
