"""Every Kafka client must find a subject where we look for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.partitioner import murmur2 as kafkas_murmur2

from shared.eventlog.partitioner import BUCKETS, bucket_of, murmur2, partition_of


@pytest.mark.parametrize(
    ("key", "signed"),
    [  # of Apache Kafka's own UtilsTest.testMurmur2
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_the_hash_is_that_of_the_java_client(key, signed):
    assert murmur2(key) == signed % 2**32


@given(st.binary(max_size=64))
def test_the_hash_is_that_of_the_python_client(key):
    assert murmur2(key) == kafkas_murmur2(key)


@given(st.text(min_size=1, max_size=40), st.sampled_from([1, 2, 8, 64, 1024]))
def test_the_partition_follows_from_the_bucket(subject_id, partitions):
    bucket = bucket_of(subject_id)
    assert 0 <= bucket < BUCKETS
    assert bucket % partitions == partition_of(subject_id.encode(), partitions)
