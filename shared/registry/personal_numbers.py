"""Numbers of persons, which have no place in a text that everybody reads: identity cards, telephones. Pure."""

from __future__ import annotations

import re
from datetime import date

_IDENTITY_CARD = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}(?![0-9A-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def personal_number(text: str) -> str | None:
    """What number of a person a text has, in words; None where it has none.

    An identity card's 公民身份号码 has a date of birth and a check character (GB 11643): so a credit code 统一社会信用
    代码 of digits alone is not taken for one.
    """
    narrow = text.translate(_NARROW)
    if any(_is_identity_card(found) for found in _IDENTITY_CARD.findall(narrow)):
        return "the number of an identity card 公民身份号码"
    return "a mobile telephone number 手机号码" if _MOBILE.search(narrow) else None


_NARROW = {0xFF10 + digit: 0x30 + digit for digit in range(10)} | {0xFF38: "X", 0xFF58: "x"}
"""Full-width digits are digits too."""


def _is_identity_card(number: str) -> bool:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return _CHECK[total % 11] == number[-1].upper()
