"""Documents on the log: bounded records, no second copy, nothing believed that is not hashed."""

import hashlib

import pytest

from services.draws import documents, places
from services.draws.documents import CHUNK, Corrupt, Documents, NotThere
from services.draws.places import header
from shared.eventlog.memory_group import MemorySubscription
from shared.eventlog.port import BeyondEnd, LogUnavailable, Message, TopicPartition
from shared.store.client import StoreUnavailable
from tests.support.draws import Index

AT = TopicPartition("t.documents.v1", 0)
LARGE = b"".join(b"shop:%07d\tA\t320902\n" % number for number in range(2 * CHUNK // 21))
SHA = hashlib.sha256(LARGE).hexdigest()


@pytest.fixture
def index():
    return Index()


@pytest.fixture
def shelf(log, index):
    return Documents(log, AT.topic, index)


def write(log, start, end, content=LARGE, sha256=SHA):
    said = header(start, end, len(content))
    log.appender().append([Message(AT.topic, sha256.encode(), content[start:end], (said,), 0)])


def set_back_to(index, position):
    """What a store has that was set back so far."""
    index.position = position
    index.chunks = {
        sha256: {start: chunk for start, chunk in chunks.items() if chunk.offset < position}
        for sha256, chunks in index.chunks.items()
    }


def sizes(log):
    return [len(record.value) for record in log.records[AT]]


def test_a_document_comes_back_as_it_was(shelf):
    assert shelf.put(LARGE) == SHA
    assert shelf.get(SHA) == LARGE


def test_no_record_is_larger_than_a_chunk(log, shelf):
    shelf.put(LARGE + LARGE)
    assert max(sizes(log)) == CHUNK
    assert sum(sizes(log)) == 2 * len(LARGE)


def test_an_empty_document_needs_no_record(log, shelf):
    assert shelf.get(shelf.put(b"")) == b""
    assert sizes(log) == []


def test_the_same_document_is_there_once(log, shelf):
    shelf.put(LARGE)
    before = sizes(log)
    shelf.put(LARGE)
    Documents(log, AT.topic, Index()).put(LARGE)
    assert sizes(log) == before


@pytest.mark.parametrize("done", range(4))
def test_what_was_begun_is_finished_with_what_is_missing(log, monkeypatch, done):
    monkeypatch.setattr(documents, "CHUNK", len(LARGE) // 4)
    monkeypatch.setattr(documents, "_AT_ONCE", 1)
    shelf = Documents(log, AT.topic, Index())
    appended, appender = [], log.appender()

    def dying(messages):
        if len(appended) == done:
            raise LogUnavailable("killed")
        appended.append(messages)
        return appender.append(messages)

    with monkeypatch.context() as patch:
        patch.setattr(log, "appender", lambda: Dying(dying))
        with pytest.raises(LogUnavailable):
            shelf.put(LARGE)
    with pytest.raises(NotThere):
        shelf.get(SHA)
    Documents(log, AT.topic, Index()).put(LARGE)
    assert shelf.get(SHA) == LARGE
    assert sum(sizes(log)) == len(LARGE)


class Dying:
    def __init__(self, append):
        self.append = append

    def close(self):
        pass


def test_one_that_begins_no_document_is_not_there(shelf):
    with pytest.raises(NotThere):
        shelf.get("0" * 64)


def test_chunks_of_another_size_are_gone_on_with(log, shelf):
    write(log, 0, 1000)
    write(log, 1000, 1001)
    shelf.put(LARGE)
    assert shelf.get(SHA) == LARGE
    assert sum(sizes(log)) == len(LARGE)


def test_chunks_of_several_documents_may_lie_between_each_other(log, shelf):
    other = LARGE[::-1]
    key = hashlib.sha256(other).hexdigest()
    for start in range(0, len(LARGE), 200_000):
        write(log, start, min(start + 200_000, len(LARGE)))
        write(log, start, min(start + 200_000, len(LARGE)), other, key)
    assert shelf.get(SHA) == LARGE
    assert shelf.get(key) == other


def test_what_came_in_another_order_is_put_in_order(log, shelf):
    write(log, 100, len(LARGE))
    write(log, 0, 100)
    assert shelf.get(SHA) == LARGE


def test_other_bytes_than_the_key_says_are_refused(log, shelf):
    write(log, 0, len(LARGE), LARGE.replace(b"A", b"B"))
    with pytest.raises(Corrupt):
        shelf.get(SHA)


def test_what_is_there_is_not_displaced_by_what_comes_later(log, shelf):
    shelf.put(LARGE)
    write(log, 0, 100, LARGE.replace(b"A", b"B"))
    assert shelf.get(SHA) == LARGE


def test_records_that_are_no_chunks_are_passed_over(log, shelf):
    log.appender().append(
        [Message(AT.topic, b"k", b"v", (), 0), Message(AT.topic, None, None, (("bytes", b"0-1/2"),), 0)]
    )
    shelf.put(LARGE)
    assert shelf.get(SHA) == LARGE


def test_what_another_has_filed_is_not_read_again(log, shelf, index, monkeypatch):
    shelf.put(LARGE)
    assert shelf.get(SHA) == LARGE
    polled = []
    poll = MemorySubscription.poll
    monkeypatch.setattr(
        MemorySubscription, "poll", lambda *given, **named: polled.extend(found := poll(*given, **named)) or found
    )
    other = Documents(log, AT.topic, index)
    assert other.put(LARGE) == SHA
    assert polled == []
    other.put(b"more")
    assert shelf.get(hashlib.sha256(b"more").hexdigest()) == b"more"
    assert {record.value for record in polled} == {b"more"}


@pytest.mark.parametrize("left", [0, 1, 2])
def test_a_store_that_was_lost_or_set_back_is_filled_again(log, shelf, index, left):
    shelf.put(LARGE)
    shelf.put(b"more")
    assert shelf.get(SHA) == LARGE
    set_back_to(index, left)
    assert shelf.get(SHA) == LARGE
    assert shelf.get(hashlib.sha256(b"more").hexdigest()) == b"more"
    before = sizes(log)
    shelf.put(LARGE)
    assert sizes(log) == before


def test_a_store_that_is_set_back_while_it_is_filled_has_no_gap(shelf, index, monkeypatch):
    shelf.put(LARGE)
    file = index.file

    def meanwhile(start, end, chunks):
        monkeypatch.undo()
        set_back_to(index, 0)
        return file(start, end, chunks)

    set_back_to(index, 1)
    monkeypatch.setattr(index, "file", meanwhile)
    assert shelf.get(SHA) == LARGE


def test_a_store_that_has_read_more_than_there_is_on_the_log_is_refused(shelf, index):
    index.position = 3
    with pytest.raises(BeyondEnd, match=r"position 3 of t\.documents\.v1-0 is beyond the log's end 0"):
        shelf.put(LARGE)


def test_a_store_that_is_down_says_so_and_nothing_is_written(log, shelf, index):
    index.down = True
    with pytest.raises(StoreUnavailable):
        shelf.put(LARGE)
    assert sizes(log) == []
    index.down = False
    assert shelf.get(shelf.put(LARGE)) == LARGE


def test_nobody_waits_until_a_large_store_is_filled_again(log, shelf, index, monkeypatch):
    for start in range(0, len(LARGE), 100_000):
        write(log, start, min(start + 100_000, len(LARGE)))
    monkeypatch.setattr(places, "_AT_ONCE", 1)
    monkeypatch.setattr(places, "_PATIENCE", -1.0)
    with pytest.raises(StoreUnavailable, match="of 11 records with documents it has read 0"):
        shelf.get(SHA)
