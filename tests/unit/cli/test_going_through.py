"""Progress is told where standard error is no terminal."""

from __future__ import annotations

import time

from services.cli.going_through import bar

SECONDS = 30


def test_what_takes_long_tells_in_lines_how_far_it_is(capsys):
    told, deadline = "", time.monotonic() + SECONDS
    with bar("Sample city", every=0.01) as progress:
        progress.update(progress.add_task("sent", total=60_000), completed=1_500)
        progress.add_task("scored", total=60_000)
        while "scored" not in told and time.monotonic() < deadline:
            time.sleep(0.01)
            told += capsys.readouterr().err
    assert "Sample city: sent 1,500 of 60,000; scored 0 of 60,000\n" in told


def test_what_is_short_tells_nothing(capsys):
    with bar("Sample city") as progress:
        progress.add_task("sent", total=1)
    assert not capsys.readouterr().err
