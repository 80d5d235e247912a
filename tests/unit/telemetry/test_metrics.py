"""What a monitor is shown: a process's own counts, or those of all that share a folder, and gauges."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from prometheus_client.parser import text_string_to_metric_families

from shared.telemetry.metrics import FOLDER, LETTERS, REGISTRY, Gauge, exposition

COUNT = """
from shared.telemetry.metrics import LETTERS, READABLE, exposition
LETTERS.labels("t", "schema").inc(2)
READABLE.observe(0.02)
"""


def samples(text):
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def process(folder, program):
    return subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, FOLDER: str(folder)}, capture_output=True, check=True
    ).stdout


def test_counts_and_gauges_are_shown_together():
    LETTERS.labels("t", "schema").inc()
    shown = samples(exposition([Gauge("chengxin_x_seconds", "Of x.", ("at",), [(("a",), 1.5), (("b",), True)])]))
    assert shown["chengxin_x_seconds", (("at", "a"),)] == 1.5
    assert shown["chengxin_x_seconds", (("at", "b"),)] == 1
    assert shown["chengxin_dead_letters_written_total", (("reason", "schema"), ("topic", "t"))] >= 1


def test_any_process_of_a_folder_shows_what_all_have_counted_also_those_that_have_gone(tmp_path):
    process(tmp_path, COUNT)
    process(tmp_path, COUNT)
    shown = samples(process(tmp_path, "import sys; from shared.telemetry.metrics import exposition; "
                                      "sys.stdout.buffer.write(exposition())"))  # fmt: skip
    assert shown["chengxin_dead_letters_written_total", (("reason", "schema"), ("topic", "t"))] == 4
    assert shown["chengxin_score_delay_seconds_count", ()] == 2


@pytest.mark.parametrize("family", list(REGISTRY.collect()), ids=lambda family: family.name)
def test_names_have_the_prefix_and_the_base_unit(family):
    assert family.name.startswith("chengxin_")
    assert not family.name.endswith(("_ms", "_milliseconds", "_minutes"))
    if family.type == "histogram":
        assert family.name.endswith("_seconds")


def test_a_process_that_serves_nothing_else_shows_its_counts_on_a_port_of_its_own(tmp_path):
    program = """
from urllib.request import urlopen
from shared.embedded.ports import choose
from shared.telemetry.metrics import LETTERS, listen
LETTERS.labels("t", "schema").inc(3)
port = choose()
listen(port)
print(urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30).read().decode())
"""
    shown = samples(process(tmp_path, program))
    assert shown["chengxin_dead_letters_written_total", (("reason", "schema"), ("topic", "t"))] == 3
