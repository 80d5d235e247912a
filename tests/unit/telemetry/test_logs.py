"""Logs as operators read them: one form for ours and the libraries', and no value out of an exception."""

import io
import json
import logging

import pytest
import structlog

from shared.telemetry.logs import configure


@pytest.fixture
def logs():
    """Configures logs and gives what was written."""
    handlers, level = logging.root.handlers[:], logging.root.level
    stream = io.StringIO()

    def written(level_="info", form="auto"):
        configure(level_, form, stream)
        return stream

    yield written
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_no_terminal_gets_json(logs):
    stream = logs()
    structlog.get_logger().info("taken_in", records=3)
    [line] = lines(stream)
    assert (line["event"], line["records"], line["level"]) == ("taken_in", 3, "info")
    assert line["timestamp"].endswith("Z")


def test_console_is_for_people(logs):
    stream = logs(form="console")
    structlog.get_logger().info("taken_in", records=3)
    assert "taken_in" in stream.getvalue()
    assert "{" not in stream.getvalue()


def test_less_than_the_level_is_left_out(logs):
    stream = logs("warning")
    structlog.get_logger().info("taken_in")
    structlog.get_logger().warning("waiting")
    assert [line["event"] for line in lines(stream)] == ["waiting"]


def test_libraries_write_in_the_same_form_from_warning_on(logs):
    stream = logs("debug")
    logging.getLogger("kafka.client").info("chatter")
    logging.getLogger("kafka.client").warning("broker %s is gone", 1)
    [line] = lines(stream)
    assert (line["event"], line["level"]) == ("broker 1 is gone", "warning")


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_exception_shows_its_places_and_none_of_its_values(logs, form):
    stream = logs(form=form)
    try:
        int("李某的号码")
    except ValueError:
        structlog.get_logger().exception("the fold failed", subject_id="shop:1")
        logging.getLogger("library").exception("failed")
    assert "李某" not in stream.getvalue()
    assert stream.getvalue().count("ValueError") == 2
    assert "test_logs.py" in stream.getvalue()
