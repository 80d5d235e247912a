"""Documents on a real Kafka."""

import hashlib
import os
from functools import partial

import pytest

from services.draws.documents import CHUNK, NotThere
from shared.eventlog.port import LogUnavailable
from tests.support.dying import Dying, Killed


def test_documents_of_all_sizes_come_back_in_another_process(open_desk):
    one, other = open_desk(), open_desk()
    contents = [b"", b"x", os.urandom(CHUNK), os.urandom(CHUNK + 1), b"shop:1\tA\t320902\n" * 400_000]
    keys = [one.documents.put(content) for content in contents]
    assert keys == [hashlib.sha256(content).hexdigest() for content in contents]
    assert [other.documents.get(key) for key in keys] == contents
    assert [other.documents.put(content) for content in contents] == keys
    chunks = other.documents._places.of(keys[-1])
    assert len(chunks) == -(-len(contents[-1]) // CHUNK)
    offsets = sorted(chunk.offset for key in keys for chunk in other.documents._places.of(key).values())
    assert offsets == list(range(len(offsets))), "no record is there twice"


def test_what_a_process_left_unfinished_another_finishes(open_desk):
    content = os.urandom(20 * CHUNK)
    key = hashlib.sha256(content).hexdigest()
    deaths = set()
    for _ in range(2):
        with pytest.raises(Killed):
            open_desk(partial(Dying, deaths=deaths)).documents.put(content)
    other = open_desk()
    assert len(other.documents._places.of(key)) == 8
    with pytest.raises(NotThere):
        other.documents.get(key)
    assert other.documents.put(content) == key
    assert other.documents.get(key) == content
    assert sorted(chunk.offset for chunk in other.documents._places.of(key).values()) == list(range(20))


def test_a_log_that_is_away_says_so(open_desk, monkeypatch):
    desk = open_desk()

    def away():
        raise LogUnavailable("away")

    monkeypatch.setattr(desk.documents._log, "appender", away)
    with pytest.raises(LogUnavailable):
        desk.documents.put(b"x")
