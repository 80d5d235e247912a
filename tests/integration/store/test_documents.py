"""Where documents lie, filed by several at once, on a real server and on a cluster of one node."""

import pytest

from shared.store.documents import Chunk, DocumentIndex, Found
from shared.store.keys import Keys

ONE, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def index(store, prefix):
    return DocumentIndex(store, Keys(prefix))


def test_what_is_filed_is_found(index):
    assert index.find(ONE) == Found(0, {})
    assert index.file(0, 3, [(ONE, Chunk(0, 100, 150, 0)), (OTHER, Chunk(0, 7, 7, 1)), (ONE, Chunk(100, 150, 150, 2))])
    assert index.file(3, 9, [])
    assert index.find(ONE) == Found(9, {0: Chunk(0, 100, 150, 0), 100: Chunk(100, 150, 150, 2)})
    assert index.find(OTHER) == Found(9, {0: Chunk(0, 7, 7, 1)})


def test_the_first_of_chunks_with_one_start_counts(index):
    first, twice = Chunk(10, 20, 200, 0), Chunk(10, 30, 200, 1)
    index.file(0, 3, [(ONE, first), (ONE, twice), (ONE, Chunk(0, 10, 200, 2))])
    index.file(3, 5, [(ONE, twice), (ONE, Chunk(1, 200, 200, 4))])
    starts = {chunk.start: chunk for chunk in (first, Chunk(0, 10, 200, 2), Chunk(1, 200, 200, 4))}
    assert index.find(ONE) == Found(5, starts)


def test_a_call_that_comes_twice_and_late_changes_nothing(index):
    early = 0, 2, [(ONE, Chunk(0, 5, 9, 0)), (ONE, Chunk(5, 9, 9, 1))]
    index.file(*early)
    index.file(2, 4, [(OTHER, Chunk(0, 1, 1, 2))])
    before = index.find(ONE)
    assert index.file(*early)
    assert index.find(ONE) == before


def test_no_gap_is_left_behind_what_a_store_has_lost(index, store, prefix):
    index.file(0, 2, [(ONE, Chunk(0, 5, 9, 0))])
    store.client.delete(Keys(prefix).documents())
    assert not index.file(2, 4, [(ONE, Chunk(5, 9, 9, 2))])
    assert index.find(ONE) == Found(0, {})
