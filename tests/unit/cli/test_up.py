"""What `chengxin up` sets where nobody has set it."""

from __future__ import annotations

from services.cli.installation import settings
from services.cli.up import loopback_metrics


def test_metrics_are_open_to_this_machine_where_nothing_else_is_set(monkeypatch):
    monkeypatch.delenv("CHENGXIN_METRICS_LOOPBACK", raising=False)
    assert settings({"metrics_loopback": loopback_metrics()}).metrics_loopback is True


def test_metrics_are_closed_where_it_is_so_set(monkeypatch):
    monkeypatch.setenv("CHENGXIN_METRICS_LOOPBACK", "false")
    assert settings({"metrics_loopback": loopback_metrics()}).metrics_loopback is False


def test_a_file_that_sets_metrics_counts_as_set(monkeypatch, tmp_path):
    (tmp_path / "said").write_text("false")
    monkeypatch.setenv("CHENGXIN_METRICS_LOOPBACK_FILE", str(tmp_path / "said"))
    assert settings({"metrics_loopback": loopback_metrics()}).metrics_loopback is False
