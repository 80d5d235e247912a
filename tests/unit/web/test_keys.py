from __future__ import annotations

import pytest

from shared.web.keys import hash_of, id_of, mint, verify


def test_a_minted_key_names_its_id_and_verifies_against_its_own_hash_only():
    one, other = mint(), mint()
    assert id_of(one.key) == one.key_id != other.key_id
    assert one.key_hash == hash_of(one.key)
    assert verify(one.key, one.key_hash)
    assert not verify(other.key, one.key_hash)
    assert not verify(one.key, None)


def test_neither_the_key_nor_its_secret_is_in_what_is_stored():
    minted = mint()
    secret = minted.key.split("_", 2)[2]
    assert len(secret) == 43
    assert secret not in minted.key_id + minted.key_hash


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cx_",
        "cx_0123456789ab",
        "cx_0123456789ab_short",
        "CX_0123456789ab_" + "a" * 43,
        "cx_0123456789AB_" + "a" * 43,
        "cx_0123456789ab_" + "é" * 43,
        "cx_0123456789ab_" + "a" * 43 + "\n",
        "x" * 8000,
    ],
)
def test_what_is_no_key_has_no_id_and_is_nobodys(text):
    assert id_of(text) is None
    assert not verify(text, hash_of("anything"))
