"""Which bucket, and so which partition, a subject belongs to: murmur2, as Kafka's own clients partition keys."""

from __future__ import annotations

from functools import lru_cache

BUCKETS = 1024
_MASK = 0xFFFFFFFF
_M = 0x5BD1E995


def murmur2(data: bytes) -> int:
    """Kafka's variant of murmur2 as an unsigned 32-bit integer."""
    length = len(data)
    h = 0x9747B28C ^ length
    whole = length & ~3
    for at in range(0, whole, 4):
        k = int.from_bytes(data[at : at + 4], "little") * _M & _MASK
        k = (k ^ k >> 24) * _M & _MASK
        h = (h * _M & _MASK) ^ k
    if rest := data[whole:]:
        h = (h ^ int.from_bytes(rest, "little")) * _M & _MASK
    h = (h ^ h >> 13) * _M & _MASK
    return h ^ h >> 15


@lru_cache(maxsize=1 << 18)
def bucket_of(subject_id: str) -> int:
    """The bucket of a subject; its partition is the bucket modulo the number of partitions."""
    return (murmur2(subject_id.encode()) & 0x7FFFFFFF) % BUCKETS
