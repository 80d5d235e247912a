"""`chengxin dead-letters` and `chengxin events show` on a log in memory."""

from __future__ import annotations

import json
from threading import Thread

import pytest
from click.testing import CliRunner

from services.cli import connect, dead_letters, events
from shared.eventlog.dead_letters import dead_letter
from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import Message, TopicPartition
from shared.eventlog.topics import wanted

TOPIC = "chengxin.enforcement.v1"
HEADERS = tuple(
    {
        "ce_specversion": b"1.0",
        "ce_source": b"urn:s",
        "ce_id": b"e-1",
        "ce_type": b"t",
        "ce_subject": "shop:张三".encode(),
        "ce_time": b"2026-01-01T00:00:00Z",
        "content-type": b"application/json",
    }.items()
)


@pytest.fixture
def log(monkeypatch):
    monkeypatch.setenv("CHENGXIN_PARTITIONS", "4")
    log = MemoryLog({topic.name: topic.partitions for topic in wanted("chengxin.", 4, ["sample"])})
    monkeypatch.setattr(connect, "open_log", lambda _: log)
    return log


@pytest.fixture
def letter(log):
    """The name of a letter whose detail would clear a terminal."""
    log.appender().append([Message(TOPIC, b"k", '{"name": "李四"}'.encode(), HEADERS, 2)])
    owner = log.subscribe([TOPIC], group="scoring", member="1", assigned=lambda _: {}, revoked=lambda _: None)
    [record] = owner.poll(timeout=0.1, most=10)
    refused = dead_letter(record, "scoring", "schema", "/data/x \x1b[2J is required")
    log.transactor("t").transact([refused], {record.at: 1}, owner)
    return f"{TOPIC}:2:0:scoring"


def run(command, *arguments):
    return CliRunner().invoke(command, arguments)


def letters(*arguments):
    return run(dead_letters.dead_letters, *arguments)


def test_the_list_names_the_event_and_no_person(log, letter):
    for result in (letters("list"), letters("list", "--json")):
        assert result.exit_code == 0
        assert letter in result.stdout
        assert "e-1" in result.stdout
        assert "张三" not in result.output
        assert "李四" not in result.output
        assert "\x1b" not in result.output
    [shown] = json.loads(letters("list", "--json").stdout)["letters"]
    assert (shown["letter"], shown["state"], shown["reason"], shown["attempts"]) == (letter, "open", "schema", 1)
    assert "1 open, 0 replayed, 0 resolved" in letters("list").stderr


def test_the_list_is_filtered_and_bounded(log, letter):
    def number(*arguments):
        return len(json.loads(letters("list", "--json", *arguments).stdout)["letters"])

    assert number("--topic", "enforcement.v1", "--reason", "schema", "--state", "open") == 1
    assert number("--topic", "registry.v1") == number("--state", "resolved") == number("--reason", "misrouted") == 0
    assert number("--id", "enforcement.v1:2:0") == number("--id", letter) == 1
    assert number("--limit", "0") == 0
    assert json.loads(letters("list", "--json", "--limit", "0").stdout)["left_off"] == 1


def test_replay_and_what_is_skipped(log, letter):
    assert letters("replay", "--reason", "misrouted").stdout == ""
    done = letters("replay", "--by", "lin", "--wait", "0")
    assert (done.exit_code, done.stdout) == (0, f"replayed {letter}\n")
    assert "of them 0 taken, 0 refused again, 1 not read yet" in done.stderr
    again = letters("replay", "--id", letter, "--json")
    assert again.exit_code == 1
    assert json.loads(again.stdout) == {
        "replayed": [],
        "skipped": [{"letter": letter, "why": f"was sent again to {TOPIC}:2:1"}],
        "taken": 0,
        "refused": 0,
        "waiting": 0,
    }
    assert "sent again to" in letters("list").stdout
    assert "(by lin)" in letters("list").stdout


def test_replay_waits_for_the_reader_and_tells_what_it_took(log, letter):
    owner = log.subscribe([TOPIC], group="scoring", member="1", assigned=lambda _: {}, revoked=lambda _: None)
    done = []

    def read():
        while not done:
            if owner.poll(timeout=0.05, most=10):
                owner.commit({at: owner.position(at) for at in owner.owned()})

    reader = Thread(target=read)
    reader.start()
    try:
        result = letters("replay", "--wait", "60")
    finally:
        done.append(True)
        reader.join()
    assert "of them 1 taken, 0 refused again" in result.stderr
    assert "not read yet" not in result.stderr


def test_park(log, letter):
    assert letters("park", "--because", "x").exit_code == 2
    assert letters("park", "--id", letter, "--because", " ").exit_code == 2
    assert letters("park", "--id", letter, "--because", "x" * 501).exit_code == 2
    assert log.records[TopicPartition("chengxin.audit.v1", 0)] == []
    assert letters("park", "--id", letter, "--because", "sent anew").exit_code == 0
    assert "put aside: sent anew" in letters("list").stdout
    assert letters("park", "--id", letter, "--because", "again").exit_code == 1


def test_wrong_use_and_what_does_not_hold(log, monkeypatch):
    assert letters("list", "--topic", "nowhere").exit_code == 2
    assert letters("list", "--state", "lost").exit_code == 2
    assert letters("replay", "--id", "nowhere").exit_code == 1
    log.down = True
    assert letters("list").exit_code == 1
    assert "does not answer" in letters("list").stderr
    monkeypatch.setattr(connect, "open_log", lambda _: MemoryLog())
    assert "chengxin topics apply" in letters("list").stderr


def test_an_event_is_shown_with_its_letter(log, letter):
    for arguments in (("urn:s", "e-1"), ("enforcement.v1:2:0",), (f"{TOPIC}:2:0",)):
        result = run(events.events, "show", "--json", *arguments)
        assert result.exit_code == 0
        [found] = json.loads(result.stdout)["records"]
        assert (found["place"], found["source"], found["id"]) == (f"{TOPIC}:2:0", "urn:s", "e-1")
        assert found["applied"] == {"scoring": True}
        assert [each["letter"] for each in found["dead_letters"]] == [letter]
        people = run(events.events, "show", *arguments).output
        assert "scoring: refused" in people
        assert not any(word in people for word in ("张三", "李四", "\x1b"))
    box = run(events.events, "show", "--json", "enforcement.v1.scoring.dlq:0:0")
    assert [each["letter"] for each in json.loads(box.stdout)["records"][0]["dead_letters"]] == [letter]


def test_an_event_that_was_not_read_yet_is_shown_so(log, letter):
    log.appender().append([Message(TOPIC, b"k", b"{}", (*HEADERS[:2], ("ce_id", b"e-2"), *HEADERS[3:]), 2)])
    shown = run(events.events, "show", "urn:s", "e-2").stdout
    assert "scoring: not read yet" in shown


def test_an_event_in_structured_mode_is_found_too(log):
    event = {name.removeprefix("ce_"): value.decode() for name, value in HEADERS[:6]}
    body = json.dumps({**event, "id": "号-1", "data": {}}).encode()
    headers = (("content-type", b"application/cloudevents+json"),)
    log.appender().append([Message("chengxin.in.sample", None, body, headers, 0)])
    assert "chengxin.in.sample:0:0" in run(events.events, "show", "urn:s", "号-1").stdout


def test_no_such_event(log):
    assert run(events.events, "show", "urn:s", "e-9").exit_code == 1
    assert "offsets 0 to -1" not in run(events.events, "show", "enforcement.v1:2:7").stderr
    assert run(events.events, "show", "enforcement.v1:2:7").exit_code == 1
    assert run(events.events, "show", "enforcement.v1:9:0").exit_code == 1
    for wrong in (("nowhere:0:0",), ("enforcement.v1",), ("enforcement.v1:x:0",), ("a", "b", "c"), ()):
        assert run(events.events, "show", *wrong).exit_code == 2


def test_of_an_unknown_topic_it_is_said_which_there_are(log):
    told = run(events.events, "show", "foo:0:1").stderr
    assert "foo is no topic of this installation; there are enforcement.v1, " in " ".join(told.split())
    assert "in.sample" in told
    assert "topics apply" not in told
