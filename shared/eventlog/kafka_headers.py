"""Header names that are not UTF-8 are read with their bytes escaped.

What breaks without it? Whoever may write to an organ's topic can write such a name. kafka-python 3.0 calls the record
corrupt once, and never gets past it: the next poll does not return, and the organ's events wait for ever.
"""

from __future__ import annotations

from typing import Any

from kafka.record.default_records import DefaultRecordBatch

_batches: Any = DefaultRecordBatch
_read = _batches._read_msg  # noqa: SLF001


class _Escaping(bytearray):
    r"""Bytes that are text in any case: what is not UTF-8 becomes `\xff`."""

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        return _Escaping(found) if isinstance(key, slice) else found

    def decode(self, *_: Any) -> str:
        return super().decode("utf-8", "backslashreplace")


def _read_whatever_its_headers(batch: Any) -> Any:
    try:
        return _read(batch)
    except UnicodeDecodeError:  # nothing of the record was taken yet, so it is read again
        batch._buffer = _Escaping(batch._buffer)  # noqa: SLF001
        return _read(batch)


_batches._read_msg = _read_whatever_its_headers  # noqa: SLF001
