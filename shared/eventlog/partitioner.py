"""Where a subject lives: murmur2 of its id as Kafka's own clients compute it, and its bucket (DESIGN.md section 4).

partition = bucket modulo the number of partitions, a power of two of at most `BUCKETS`: then it is the partition that
every Kafka client's default partitioner chooses for the same key.
"""

from __future__ import annotations

from functools import lru_cache

BUCKETS = 1024
"""A subject's keys in the store share a hash tag by this; never changes."""

_MULTIPLIER, _SEED, _32_BITS, _31_BITS = 0x5BD1E995, 0x9747B28C, 0xFFFFFFFF, 0x7FFFFFFF


def murmur2(data: bytes) -> int:
    """The 32-bit hash of `org.apache.kafka.common.utils.Utils.murmur2`, as an unsigned number."""
    length = len(data)
    whole = length & ~3
    h = _SEED ^ length
    for at in range(0, whole, 4):
        k = int.from_bytes(data[at : at + 4], "little") * _MULTIPLIER & _32_BITS
        k = (k ^ k >> 24) * _MULTIPLIER & _32_BITS
        h = (h * _MULTIPLIER & _32_BITS) ^ k
    if whole < length:
        h = (h ^ int.from_bytes(data[whole:], "little")) * _MULTIPLIER & _32_BITS
    h = (h ^ h >> 13) * _MULTIPLIER & _32_BITS
    return h ^ h >> 15


def partition_of(key: bytes, partitions: int) -> int:
    """The partition that Kafka's default partitioner chooses for a key."""
    return (murmur2(key) & _31_BITS) % partitions


@lru_cache(maxsize=1 << 18)
def bucket_of(subject_id: str) -> int:
    """The bucket of a subject, 0 to 1023."""
    return partition_of(subject_id.encode(), BUCKETS)
