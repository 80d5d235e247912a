"""What a text for everybody may not say of persons 个人信息: numbers by which one is found. Pure.

Every free text that the public reads passes through here, so that there is one place to judge it by (个人信息保护法
articles 6, 34, 51; a model rule hides numbers and addresses of persons).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from shared.registry.plates import PROVINCES

MARK = "*"
_NUMERALS = dict(zip("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖", "00123456789123456789", strict=True))
_GAP = r"[\s·.\-—－,，、/_\u200b-\u200f\u2060]{0,3}"


def _digits(least: int, most: int) -> str:
    return rf"(?:[0-9]{_GAP}){{{least - 1},{most - 1}}}[0-9]"


_SUSPICIOUS = re.compile(f"[0-9０-９@＠①-⑨⓪{''.join(_NUMERALS)}]").search
_PATTERNS = {
    "an identity number 身份证号": re.compile(rf"(?<![0-9A-Z])(?:[0-9]{_GAP}){{17}}[0-9Xx](?![0-9A-Z])"),
    "a phone number 电话号码": re.compile(
        rf"(?<![0-9])(?:\+?86{_GAP})?(?:1{_digits(10, 10)}|0{_digits(9, 11)})(?![0-9])"
    ),
    "an account number 银行账号": re.compile(rf"(?<![0-9A-Z]){_digits(16, 19)}(?![0-9A-Z])"),
    "an address of electronic mail 电子邮箱": re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
}


_NUMERAL = "[0-9A-Za-z一二三四五六七八九十百〇零]"
_IN_TEXT = (
    # A telephone number without the code of its area: no amount, no date such as 20260210, no number of a document.
    re.compile(
        r"(?<![0-9A-Za-z.\-—－〕第])(?!(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9](?![0-9]))"
        rf"[2-8][0-9]{{2,3}}{_GAP}[0-9]{{4}}(?![0-9]|\s*[元万米平号年%％])"
    ),
    re.compile(rf"(?<=[路街巷弄道村里园苑庄坊组区]){_NUMERAL}{{1,5}}(?:[\-—－之]{_NUMERAL}{{1,5}})?(?=[号弄])"),
    re.compile(rf"(?<![第办教〕]){_NUMERAL}{{1,5}}(?:[\-—－]{_NUMERAL}{{1,5}})*(?=号楼|幢|栋|单元|室)"),
)
"""What is hidden in what somebody tells, beside these: of addresses the house, the building and the room."""
_PLATE = re.compile(
    rf"(?<=[{PROVINCES}])[A-Za-z][·•・.\- ]?"
    r"[0-9A-Za-z]{2}([0-9A-Za-z]{1,3})[0-9A-Za-z挂学警](?![0-9A-Za-z])"
)
"""A plate; what is hidden of it stands in the group: 苏J·12**5."""


def _narrow(text: str) -> str:
    """The text as long as it was, with every way to write a digit in the place of one."""
    return "".join(map(_narrowed, text))


@cache
def _narrowed(sign: str) -> str:
    found = _NUMERALS.get(sign) or unicodedata.normalize("NFKC", sign)
    return found if len(found) == 1 else sign


def personal_numbers(text: str) -> list[str]:
    """What numbers a text has by which a person is found: the sorts of them, never the numbers."""
    return [sort for sort, pattern in _PATTERNS.items() if pattern.search(_narrow(text))]


def masked_name(text: str) -> str:
    """A name without them: each is as many marks as it had characters, and the rest stays as it was written."""
    if not _SUSPICIOUS(text):  # nearly every name: one look, since whole cities are answered by this
        return text
    return _hidden(text, _numbers(_narrow(text)))


def masked_text(text: str) -> str:
    """What somebody tells without them, and without plates, houses and rooms: for everybody to read."""
    narrow = _narrow(text)
    told = (found.span() for pattern in _IN_TEXT for found in pattern.finditer(narrow))
    plates = (found.span(1) for found in _PLATE.finditer(narrow))
    return _hidden(text, [*_numbers(narrow), *told, *plates])


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _PATTERNS.values():
        yield from (found.span() for found in pattern.finditer(text))


def _hidden(text: str, spans: Iterable[tuple[int, int]]) -> str:
    hidden = {place for start, end in spans for place in range(start, end)}
    return "".join(MARK if place in hidden else each for place, each in enumerate(text))
