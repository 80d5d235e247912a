"""What whoever freezes makes of lists that come as they come, and that the protocol takes it."""

import unicodedata

import pytest

from shared.draw.checks import Refused
from shared.draw.documents import parse_pool, parse_recusals
from shared.draw.normalising import document

LINES = ["shop:10\tB\t320902", "shop:1\tÅ\t320902", "shop:2\t\ufeffA\t320902\r"]


def test_lines_in_any_order_and_form_become_a_document():
    given = [unicodedata.normalize("NFD", line) for line in LINES]
    expected = "shop:1\tÅ\t320902\nshop:10\tB\t320902\nshop:2\tA\t320902\n".encode()
    assert document(given) == document(reversed(given)) == expected
    assert list(parse_pool(expected).subjects) == [b"shop:1", b"shop:10", b"shop:2"]


def test_what_is_said_twice_stands_once():
    pairs = ["J1\tshop:1", "J1\tshop:1\r", "J0\tshop:2"]
    assert document(pairs) == b"J0\tshop:2\nJ1\tshop:1\n"
    parse_recusals(document(pairs))


def test_nobody_is_no_line():
    assert document([]) == b""


def test_two_of_one_id_are_not_made_one():
    with pytest.raises(Refused):
        parse_pool(document(["shop:1\tA\t320902", "shop:1\tB\t320902"]))
