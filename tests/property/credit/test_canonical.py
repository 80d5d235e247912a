"""Canonical JSON beside the reference library of RFC 8785."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as some

from shared.credit.canonical import canonical

NUMBERS = some.integers(-(2**53), 2**53) | some.floats(allow_nan=False, allow_infinity=False)
TEXTS = some.text(some.characters(exclude_categories=["Cs"]))
VALUES = some.recursive(
    some.none() | some.booleans() | NUMBERS | TEXTS,
    lambda inner: some.lists(inner, max_size=5) | some.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=20,
)


@given(VALUES)
def test_the_bytes_are_those_of_the_library(value):
    try:
        right = rfc8785.dumps(value)
    except rfc8785.IntegerDomainError:  # the library stops at 2^53 - 1
        return
    assert canonical(value) == right


@given(VALUES)
def test_what_is_read_back_gives_the_same_bytes(value):
    read = json.loads(canonical(value), parse_int=float)  # as ECMAScript reads numbers
    assert canonical(read) == canonical(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 1, b"bytes", {"set"}, "\ud800"])
def test_what_json_cannot_carry_is_refused(value):
    with pytest.raises(ValueError):  # noqa: PT011  each kind has a sentence of its own
        canonical(value)
