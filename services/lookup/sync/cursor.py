"""Cursors of the feed: for each partition of `scores.v1` the offset of the next record (pure).

It names places on the log and nothing else: it outlives the store, and no clock is in it. Whatever is published of a
subject is in the store before, so a state that is read after the ends of the topic were asked for is at least as new as
every record before these ends: an export carries the ends as they were before its first read. The topic is compacted:
of a subject's records the last one always stays, and its present answer is what the feed gives. So an old cursor loses
nothing but states in between.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence

_MARK = 4
"""Bytes that tell which installation it is of."""
_LONGEST = 16_384
_HIGH = 0x80


class BadCursor(ValueError):
    """What is wrong with it, as what it must be."""


def encode(offsets: Sequence[int], installation: str) -> str:
    """The cursor of offsets, by partition."""
    content = bytearray(_mark(installation, len(offsets)))
    for offset in offsets:
        while offset >= _HIGH:
            content.append(offset & 0x7F | _HIGH)
            offset >>= 7  # noqa: PLW2901  # LEB128
        content.append(offset)
    return base64.urlsafe_b64encode(bytes(content)).rstrip(b"=").decode()


def decode(text: str, installation: str, partitions: int) -> list[int]:
    """The offsets of a cursor. Raises `BadCursor`."""
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) <= _LONGEST else b""
    except (binascii.Error, ValueError):
        content = b""
    if content[:_MARK] != _mark(installation, partitions):
        raise BadCursor("must be the cursor of an export or of a page of this installation, as it was given")
    offsets, offset, shift = list[int](), 0, 0
    for byte in content[_MARK:]:
        offset |= (byte & 0x7F) << shift
        shift += 7
        if not byte & _HIGH:
            offsets.append(offset)
            offset, shift = 0, 0
    if shift or len(offsets) != partitions or encode(offsets, installation) != text:
        raise BadCursor("must be the cursor as it was given, whole")
    return offsets


def _mark(installation: str, partitions: int) -> bytes:
    return hashlib.sha256(f"{installation} {partitions}".encode()).digest()[:_MARK]
