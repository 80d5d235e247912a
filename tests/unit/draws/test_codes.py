"""Codes hide who it is, bind who it is, and open one by one."""

import hashlib
from itertools import count

from services.draws.codes import Codes, code_of
from services.draws.people.assembling import new_salt

STAFF = ["J-2", "J-1", "执法-3"]


def made():
    salts = (f"{number:064x}" for number in count())
    return Codes.make(STAFF, lambda: next(salts))


def test_a_code_is_that_of_salt_and_id():
    salt = "ab" * 32
    assert code_of("J-1", salt) == hashlib.sha256(f"{salt} J-1".encode()).hexdigest()[:32]


def test_no_salt_is_used_twice_and_each_is_of_32_bytes():
    salts = {new_salt() for _ in range(100)}
    assert len(salts) == 100
    assert all(len(bytes.fromhex(salt)) == 32 for salt in salts)


def test_the_public_list_is_bound_by_the_plan_and_says_nothing_of_anybody():
    codes = made()
    lines = codes.public.decode().split("\n")
    assert lines == [*sorted(codes.by_id.values()), ""]
    assert codes.sha256 == hashlib.sha256(codes.public).hexdigest()
    assert all(len(line) == 32 for line in lines[:-1])


def test_the_private_list_gives_the_same_codes_again():
    codes = made()
    again = Codes.parse(codes.private)
    assert again.by_id == codes.by_id
    assert again.private == codes.private


def test_those_who_served_are_opened_and_nobody_else():
    codes = made()
    served = codes.by_id["执法-3"]
    [opened] = codes.open([served, served, "of another draw"])
    assert opened.id == "执法-3"
    assert code_of(opened.id, opened.salt) == served


def test_a_draw_without_anybody_has_none():
    codes = Codes.make([], new_salt)
    assert (codes.sha256, codes.public, Codes.parse(codes.private).by_id) == (None, b"", {})
