"""What is fetched once is kept where every installation of a user finds it."""

from __future__ import annotations

from pathlib import Path

from shared.embedded.cache import cache_folder


def test_two_installations_share_the_user_s_cache(tmp_path, monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder("", Path("a")) == cache_folder("", Path("b")) == tmp_path / ".cache" / "chengxin"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder("", Path("a")) == tmp_path / "xdg" / "chengxin"


def test_one_that_is_given_is_taken_as_it_is(tmp_path):
    assert cache_folder(str(tmp_path / "own"), Path("a")) == tmp_path / "own"


def test_an_account_without_a_folder_keeps_it_in_the_installation_s_home(tmp_path, monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    assert cache_folder("", tmp_path / "home") == tmp_path / "home" / "cache"
