"""`chengxin signing` and the signature of a receipt, offline."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from services.cli.check_config import check_config
from services.cli.signing import signing
from shared.signing.folder import make_missing
from shared.signing.signing import Signing


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CHENGXIN_HOME", str(tmp_path))
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(signing, [str(each) for each in arguments])


def test_the_first_rotation_makes_the_folder_and_the_next_a_newer_key(home):
    first = json.loads(run("rotate", "--json").stdout)["kid"]
    second = json.loads(run("rotate", "--json").stdout)["kid"]
    assert [each["kid"] for each in json.loads(run("list", "--json").stdout)["keys"]] == [second, first]


def test_a_signature_is_verified_out_of_files(home):
    make_missing(home / "keys", lambda: datetime(2026, 3, 1, tzinfo=UTC))
    made = Signing(home / "keys")
    document = {"subject_id": "shop:92320902MA1N00026Y-01", "score": "97.00"}
    files = {"doc": json.dumps(document), "jws": made.sign(document), "jwks": json.dumps(made.jwks())}
    for name, text in files.items():
        (home / name).write_text(text)
    arguments = ("--signature", home / "jws", "--jwks", home / "jwks")
    assert run("verify", home / "doc", *arguments).exit_code == 0
    (home / "doc").write_text(json.dumps(document | {"score": "98.00"}))
    spoilt = run("verify", home / "doc", *arguments)
    assert (spoilt.exit_code, "does not hold" in spoilt.stdout) == (1, True)
    (home / "jws").write_text("HTTP/1.1 200 OK\n")
    assert run("verify", home / "doc", *arguments).exit_code == 2


def test_a_folder_that_is_none_is_told_by_its_setting(home, monkeypatch):
    monkeypatch.setenv("CHENGXIN_SIGNING_KEYS", str(home))
    told = CliRunner().invoke(check_config)
    assert (told.exit_code, "CHENGXIN_SIGNING_KEYS" in told.output) == (2, True)
