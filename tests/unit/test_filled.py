"""A part of the store that lacks something is not read, whichever of the buckets that are asked for it is."""

from __future__ import annotations

import pytest

from shared.eventlog.port import TopicPartition
from shared.store.filled import Filled, Rebuilding
from shared.store.progress import Progress
from tests.support.progress import progress_of

PARTITIONS = 4
AT = [TopicPartition("t", number) for number in range(PARTITIONS)]
COMMITTED = 7
LACKING = {
    "nothing": Progress({}, {}),
    "behind what was committed": progress_of({AT[1]: COMMITTED - 1}),
    "being rebuilt": progress_of({AT[1]: COMMITTED}, {AT[1]: COMMITTED + 3}),
}
WHOLE = progress_of({AT[1]: COMMITTED})


def refuse(progress):
    committed = {number: {f"t:{number}": COMMITTED} for number in range(PARTITIONS)}
    Filled(None, PARTITIONS, lambda number: committed[number]).refuse(progress)


def test_what_lacks_nothing_is_read():
    refuse({1: WHOLE, 5: progress_of({AT[1]: COMMITTED + 1}), 9: WHOLE})


@pytest.mark.parametrize("lacking", LACKING.values(), ids=LACKING)
@pytest.mark.parametrize("bucket", [1, 5, 9])
def test_one_bucket_that_lacks_something_is_enough(lacking, bucket):
    with pytest.raises(Rebuilding):
        refuse({1: WHOLE, 5: WHOLE, 9: WHOLE} | {bucket: lacking})


def test_each_bucket_is_held_against_what_was_committed_of_its_own_partition():
    alike = progress_of({AT[1]: COMMITTED, AT[2]: COMMITTED - 1})
    refuse({1: alike})
    with pytest.raises(Rebuilding):
        refuse({1: alike, 2: alike})
