"""What a text for everybody may not say of persons 个人信息: numbers by which one is found. Pure.

Every free text that the public reads passes through here, so that there is one place to judge it by (个人信息保护法
articles 6, 34, 51; a model rule hides numbers and addresses of persons).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MARK = "*"
_WIDE = {ord("０") + digit: str(digit) for digit in range(10)} | {ord("Ｘ"): "X", ord("ｘ"): "x"}
_GAP = r"[\s·.\-—－]?"


def _digits(least: int, most: int) -> str:
    return rf"(?:[0-9]{_GAP}){{{least - 1},{most - 1}}}[0-9]"


_SUSPICIOUS = re.compile("[0-9０-９@]").search
_PATTERNS = {
    "an identity number 身份证号": re.compile(rf"(?<![0-9A-Z])(?:[0-9]{_GAP}){{17}}[0-9Xx](?![0-9A-Z])"),
    "a phone number 电话号码": re.compile(
        rf"(?<![0-9])(?:\+?86{_GAP})?(?:1{_digits(10, 10)}|0{_digits(9, 11)})(?![0-9])"
    ),
    "an account number 银行账号": re.compile(rf"(?<![0-9A-Z]){_digits(16, 19)}(?![0-9A-Z])"),
    "an address of electronic mail 电子邮箱": re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
}


def personal_numbers(text: str) -> list[str]:
    """What numbers a text has by which a person is found: the sorts of them, never the numbers."""
    return [sort for sort, pattern in _PATTERNS.items() if pattern.search(text.translate(_WIDE))]


def masked_text(text: str) -> str:
    """A text without them: each is as many marks as it had characters, and the rest stays as it was written."""
    if not _SUSPICIOUS(text):  # nearly every name: one look, since whole cities are answered by this
        return text
    hidden = {place for start, end in _spans(text.translate(_WIDE)) for place in range(start, end)}
    return "".join(MARK if place in hidden else each for place, each in enumerate(text))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _PATTERNS.values():
        yield from (found.span() for found in pattern.finditer(text))
