"""Keys in a folder, signatures beside documents, and secrets that are derived."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta

import pytest

from shared.signing.folder import BadFolder, add, make_missing, read
from shared.signing.jws import BadSignature, found_in, verify
from shared.signing.signing import Signing

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DOCUMENT = {"b": "名", "a": [1, "2.00"]}


@pytest.fixture
def folder(tmp_path):
    make_missing(tmp_path / "keys", lambda: NOW)
    return tmp_path / "keys"


def test_what_is_made_is_its_owners_alone(folder):
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_what_is_there_is_not_made_anew(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    make_missing(folder, lambda: NOW + timedelta(days=1))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_signature_holds_for_the_document_however_it_is_written_down(folder):
    signing = Signing(folder)
    signature = signing.sign(DOCUMENT)
    again = json.loads(json.dumps(dict(reversed(DOCUMENT.items())), indent=3))
    assert verify(again, signature, signing.jwks()) == signing.jwks()["keys"][0]["kid"]


@pytest.mark.parametrize("spoilt", [{"b": "名", "a": [1, "2.01"]}, {"b": "名"}, None])
def test_it_holds_for_no_other_document(folder, spoilt):
    signing = Signing(folder)
    with pytest.raises(BadSignature, match="no signature of this document by one of these keys"):
        verify(spoilt, signing.sign(DOCUMENT), signing.jwks())


def test_it_holds_by_no_other_key(folder, tmp_path):
    make_missing(tmp_path / "other", lambda: NOW)
    with pytest.raises(BadSignature):
        verify(DOCUMENT, Signing(folder).sign(DOCUMENT), Signing(tmp_path / "other").jwks())


def test_a_document_in_the_place_of_the_keys_is_called_that(folder):
    with pytest.raises(BadSignature, match="is no JWK set"):
        verify(DOCUMENT, Signing(folder).sign(DOCUMENT), {"score": "1.00"})


@pytest.mark.parametrize(
    "keys", [{}, {"keys": []}, {"keys": [{"kty": "oct", "k": "A" * 43, "kid": "x"}]}, {"keys": "x"}]
)
def test_what_is_no_set_of_keys_verifies_nothing(folder, keys):
    with pytest.raises(BadSignature):
        verify(DOCUMENT, Signing(folder).sign(DOCUMENT), keys)


def test_after_a_rotation_the_new_key_signs_and_the_old_one_still_verifies(folder):
    seconds, later = [0.0], NOW + timedelta(days=1)
    clock = [later]
    signing = Signing(folder, lambda: seconds[0], lambda: clock[0])
    old = signing.sign(DOCUMENT)
    kid = add(folder, later)
    assert signing.sign(DOCUMENT) == old
    seconds[0] = 11.0
    assert signing.jwks()["keys"][0]["kid"] == kid
    assert signing.sign(DOCUMENT) == old  # it is published first: whoever verifies has to know it
    clock[0] = later + timedelta(minutes=1)
    new = signing.sign(DOCUMENT)
    keys = signing.jwks()
    assert keys["keys"][0]["kid"] == kid
    assert (verify(DOCUMENT, new, keys), verify(DOCUMENT, old, keys) != kid) == (kid, True)


def test_no_private_part_is_published(folder):
    assert {name for key in Signing(folder).jwks()["keys"] for name in key} == {"kty", "crv", "x", "kid", "use", "alg"}


def test_without_a_folder_nothing_is_signed_and_nothing_derived():
    signing = Signing(None)
    assert (signing.sign(DOCUMENT), signing.jwks()) == (None, {"keys": []})
    with pytest.raises(BadFolder):
        signing.derive("webhook", "a")


def test_a_derived_secret_is_the_same_again_and_another_for_another_name(folder, tmp_path):
    signing = Signing(folder)
    secret = signing.derive("webhook", "a")
    assert len(secret) == 32
    assert Signing(folder).derive("webhook", "a") == secret
    make_missing(tmp_path / "other", lambda: NOW)
    others = [
        signing.derive("webhook", "b"),
        signing.derive("code", "a"),
        Signing(tmp_path / "other").derive("webhook", "a"),
    ]
    assert secret not in others
    assert len(set(others)) == 3


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"kty": "OKP"}'])
def test_a_file_that_is_no_key_is_named(folder, content):
    (folder / "signing-x.json").write_text(content)
    with pytest.raises(BadFolder, match=r"signing-x\.json"):
        read(folder)


def test_a_folder_without_a_secret_is_told(folder):
    (folder / "derivation.key").write_text("short")
    with pytest.raises(BadFolder, match=r"derivation\.key"):
        read(folder)


def test_a_folder_that_breaks_later_leaves_what_was_read(folder):
    seconds = [0.0]
    signing = Signing(folder, lambda: seconds[0])
    before = signing.jwks()
    for path in folder.iterdir():
        path.unlink()
    seconds[0] = 11.0
    assert signing.jwks() == before


def test_a_signature_is_found_alone_and_among_headers():
    assert found_in(b"eyJ9..c2ln\n") == "eyJ9..c2ln"
    assert found_in(b"HTTP/1.1 200 OK\r\nJWS-Signature: eyJ9..c2ln\r\nETag: x\r\n") == "eyJ9..c2ln"
    assert found_in(b"HTTP/1.1 200 OK\r\n") is None
