"""Cursors, files and the feed, each alone; that they come together is tried on the real log and store."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.lookup.sync.changes import BeyondEnd, Feed
from services.lookup.sync.cursor import BadCursor, decode, encode
from services.lookup.sync.export import COLUMNS, in_csv, ndjson, write
from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import Message

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
ROW = dict.fromkeys(COLUMNS) | {"subject_id": "shop:1", "name": "李记", "disputed": False, "score": "-5.00"}


@given(st.lists(st.integers(0, 2**53), min_size=1, max_size=64))
def test_a_cursor_says_the_offsets_that_it_was_made_of(offsets):
    assert decode(encode(offsets, "cx."), "cx.", len(offsets)) == offsets


@pytest.mark.parametrize("text", ["", "AAAA", "nonsense!", "=", encode([1, 2], "other."), encode([1, 2, 3], "cx.")])
def test_another_installations_cursor_and_nonsense_are_refused(text):
    with pytest.raises(BadCursor):
        decode(text, "cx.", 2)


@given(st.integers(0, 30), st.sampled_from("ABCDabcd01-_"))
def test_a_cursor_that_was_changed_is_refused_or_another_place(at, sign):
    text = encode([300, 5, 70_000], "cx.")
    changed = text[:at] + sign + text[at + 1 :]
    if changed != text:
        with suppress(BadCursor):
            assert decode(changed, "cx.", 3) != [300, 5, 70_000]


def test_a_spreadsheet_reads_the_names_and_computes_nothing():
    rows = [ROW | {"name": "=1+1"}, ROW | {"applied_until": NOW}]
    content = b"".join(in_csv(rows))
    assert content.startswith(b"\xef\xbb\xbf")
    first, second = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert (first["name"], first["score"], first["disputed"]) == ("'=1+1", "-5.00", "false")
    assert (second["name"], second["applied_until"]) == ("李记", NOW.isoformat())


def test_the_hash_is_of_what_was_written():
    import hashlib

    file = io.BytesIO()
    assert write(file, ndjson([ROW, ROW])) == hashlib.sha256(file.getvalue()).hexdigest()
    assert file.getvalue().count(b"\n") == 2


@pytest.fixture
def feed():
    log = MemoryLog({"scores": 2})
    made = Feed(log, "scores", 2)

    def send(*subjects):
        log.appender().append(
            [Message("scores", name.encode(), b"", (), partition=ord(name[0]) % 2) for name in subjects]
        )

    made.send = send
    return made


def test_each_subject_stands_once_and_the_offsets_lie_behind_it(feed):
    feed.send("a", "b", "a")
    before = [0, 0]
    found = feed.since(before, 10)
    assert (sorted(found.subjects), found.more) == (["a", "b"], False)
    assert feed.since(found.offsets, 10) == ([], found.offsets, False)
    feed.send("b")
    assert feed.since(found.offsets, 10).subjects == ["b"]
    assert found.offsets == [1, 2]


def test_a_page_is_bounded_and_says_that_there_is_more(feed):
    feed.send(*(f"{sign}{number}" for number in range(20) for sign in "ab"))
    seen, offsets, more = set(), [0, 0], True
    while more:
        subjects, offsets, more = feed.since(offsets, 3)
        assert 0 < len(subjects) <= 6
        seen.update(subjects)
    assert len(seen) == 40
    assert offsets == feed.ends()


def test_a_cursor_beyond_the_end_is_of_another_log(feed):
    feed.send("a")
    with pytest.raises(BeyondEnd):
        feed.since([0, 9], 10)
