"""Codes of legal persons and traders: 18 characters 统一社会信用代码 (GB 32100-2015), or 15 digits 注册号 (GS 15-2006).

The check digit of the first is verified. That of the second is not: the rule (ISO 7064 MOD 11,10) came in 2007, and
numbers that local registers gave before it, or by hand, stay on licences; to refuse one would leave a real trader
without a score.
"""

from __future__ import annotations

import re
from operator import mul

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Values 0 to 30; the letters I, O, S, V and Z are not used."""

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_UNIFIED = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
_REGISTRATION = re.compile(r"[0-9]{15}")
_UNIFIED_LENGTH = 18
_REGISTRATION_LENGTH = 15


def check_code(code: str) -> None:
    """Accept a code in its normal form (half-width, upper case); otherwise raise `ValueError` with a sentence."""
    if len(code) == _REGISTRATION_LENGTH:
        if not _REGISTRATION.fullmatch(code):
            raise ValueError("a registration number must be 15 digits")
    elif len(code) != _UNIFIED_LENGTH:
        raise ValueError(
            "the code must be a unified social credit code of 18 characters or a registration number of 15 digits, "
            f"not {len(code)} characters"
        )
    elif not _UNIFIED.fullmatch(code):
        raise ValueError(
            "a unified social credit code must be two letters or digits, the six digits of a region, and ten letters "
            "or digits, in upper case and without I, O, S, V and Z"
        )
    elif code[-1] != (right := check_character(code[:-1])):
        raise ValueError(
            f"the unified social credit code ends with {code[-1]} but its other characters ask for {right} "
            "(GB 32100-2015): one of them is wrong"
        )


def check_character(body: str) -> str:
    """The 18th character of a unified social credit code, from the 17 before it (GB 32100-2015, 4.6)."""
    total = sum(map(mul, map(_VALUES.__getitem__, body), _WEIGHTS))
    return ALPHABET[-total % 31]


def registration_check_digit(body: str) -> str:
    """The 15th digit that GS 15-2006 gives a registration number, from the 14 before it (ISO 7064 MOD 11,10)."""
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((1 - product) % 10)
