"""`chengxin rulebook publish` on a log in memory; today is a day of the test's."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from services.cli import connect
from services.cli import rulebook_publish as module
from services.cli import rulebook_sources as sources
from services.cli.rulebook import rulebook
from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import Message, TopicPartition
from shared.eventlog.topics import AUDIT, RULEBOOKS, wanted
from shared.events.catalogue import catalogue
from shared.events.kafka_codec import decode
from shared.events.types.rulebook_accepted import RULEBOOK_ACCEPTED
from shared.projection import offering
from shared.projection.publishing import publish_missing, published

TOPIC = f"chengxin.{RULEBOOKS}"
AUDIT_TOPIC = f"chengxin.{AUDIT}"


class Desk:
    """A log and a command that publishes on it."""

    def __init__(self, tmp_path):
        self.log = MemoryLog({topic.name: topic.partitions for topic in wanted("chengxin.", 4)})
        self.path = tmp_path / "book.yaml"
        self.now = datetime(2026, 5, 10, 4, tzinfo=UTC)

    def publish(self, text, *options):
        self.path.write_text(text)
        return CliRunner().invoke(rulebook, ["publish", str(self.path), *options])

    @property
    def events(self):
        return [decode(record.headers, record.value) for record in self.log.records[TopicPartition(TOPIC, 0)]]


@pytest.fixture
def desk(monkeypatch, tmp_path):
    desk = Desk(tmp_path)
    monkeypatch.setattr(connect, "open_log", lambda _: desk.log)
    for each in (sources, module):
        monkeypatch.setattr(each, "now", lambda: desk.now)
    return desk


@pytest.fixture
def first(desk, small):
    """The first version of an id, in force since January: it may be."""
    assert desk.publish(small).exit_code == 0
    return small


def test_a_version_goes_onto_the_log_as_the_shipped_ones_do(desk, first, second):
    result = desk.publish(second)
    assert result.exit_code == 0
    assert result.stdout.startswith("published small v2, in force from 2026-06-01 (SHA-256 ")
    _, event = desk.events
    assert event.data["document"] == second
    other = MemoryLog({TOPIC: 1})
    documents = [("a", first.encode()), ("b", second.encode())]
    publish_missing(other, TOPIC, documents, source=event.source, now=lambda: desk.now)
    assert desk.events == [decode(each.headers, each.value) for each in other.records[TopicPartition(TOPIC, 0)]]
    assert set(published(desk.log, TOPIC).books) == {("small", 1), ("small", 2)}


def test_the_same_bytes_again_are_no_fault_and_no_event(desk, first):
    result = desk.publish(first)
    assert (result.exit_code, "published already" in result.stdout) == (0, True)
    assert json.loads(desk.publish(first, "--json").stdout)["state"] == "already"
    assert len(desk.events) == 1


def refused(desk, text, *options):
    before = len(desk.events)
    result = desk.publish(text, *options)
    assert result.exit_code == 1
    assert len(desk.events) == before
    assert "Traceback" not in result.output
    return result.stderr


def test_other_bytes_are_refused(desk, first):
    assert "a published version never changes, add a version" in refused(desk, first + "# a word\n")
    assert "never changes" in refused(desk, first + "# a word\n", "--late", "--yes")


@pytest.mark.parametrize("now", [datetime(2026, 5, 31, 16, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)])
def test_a_day_that_is_not_to_come_is_refused_unless_meant(desk, first, second, now):
    desk.now = now
    said = refused(desk, second)
    assert "effective_from 2026-06-01 is not after today in Shanghai (2026-0" in said
    assert "--late --yes" in said
    assert desk.publish(second, "--late").exit_code == 2
    assert desk.publish(second, "--late", "--yes").exit_code == 0


def test_its_help_says_that_no_key_is_asked_for():
    said = " ".join(CliRunner().invoke(rulebook, ["publish", "--help"]).output.split())
    assert "whoever reaches the log's address may do all that the scope `admin` may" in said


def test_the_last_moment_before_midnight_in_shanghai(desk, first, second):
    desk.now = datetime(2026, 5, 31, 15, 59, 59, tzinfo=UTC)
    assert desk.publish(second).exit_code == 0


def test_versions_do_not_go_backwards(desk, first, second):
    assert desk.publish(second.replace("version: 2", "version: 5")).exit_code == 0
    assert "the next is 6" in refused(desk, second)


def test_faults_are_told_by_file_and_line_before_anything_else(desk, first, second):
    assert f"{desk.path}:24: X-1: 《不存在法》 is not among" in refused(
        desk, second.replace("城市绿化条例", "不存在法")
    )
    assert "must keep X-1 general of version 1" in refused(desk, second.replace("X-1", "X-2"))
    assert "title: is missing" in refused(desk, "id: x\n")


def test_warnings_are_told_and_stop_nothing(desk, first, second):
    text = second.replace("general: '4'", "general: '3'").replace("general: 12}", "general: 18}")
    result = desk.publish(text, "--json")
    assert result.exit_code == 0
    assert "warning: kinds.shop.violations.0.lasts_months: X-1: fewer points" in result.stderr
    answer = json.loads(result.stdout)
    assert (answer["state"], answer["version"], answer["changes"], len(answer["warnings"])) == ("published", 2, 4, 1)


def test_a_refusal_as_json(desk, first):
    result = desk.publish(first + "#\n", "--json")
    answer = json.loads(result.stdout)
    assert (answer["state"], [each["reason"] for each in answer["refusals"]]) == ("refused", ["other-bytes"])


def test_who_publishes_while_another_has_begun_is_told_and_nothing_is_published(desk, first, second, monkeypatch):
    real = offering.published

    def overtaken(*arguments):
        found = real(*arguments)
        desk.log.sole_writer(offering.WRITER)
        return found

    monkeypatch.setattr(offering, "published", overtaken)
    assert "somebody else has begun to publish" in refused(desk, second)


def test_the_audit_says_what_was_published_and_by_whom(desk, first, second):
    desk.publish(second, "--by", "lin")
    told = [decode(each.headers, each.value) for each in desk.log.records[TopicPartition(AUDIT_TOPIC, 0)]]
    assert all(catalogue().log_faults(event) == [] for event in told)
    assert (told[-1].type, told[-1].subject) == (RULEBOOK_ACCEPTED, "rulebook:small")
    _, published_now = desk.events
    named = {name: published_now.data[name] for name in ("id", "version", "sha256")}
    assert told[-1].data == {**named, "effective_from": "2026-06-01", "by": "lin"}
    assert told[0].data["by"].startswith("cli:")


def test_what_is_refused_or_there_already_leaves_no_trace(desk, first):
    before = len(desk.log.records[TopicPartition(AUDIT_TOPIC, 0)])
    desk.publish(first)
    refused(desk, first + "#")
    assert len(desk.log.records[TopicPartition(AUDIT_TOPIC, 0)]) == before


def test_an_id_that_cannot_stand_in_an_address_is_a_fault(desk, small):
    assert "id: must be letters, digits" in refused(desk, small.replace("id: small", "id: ../小"))


def test_a_record_that_is_no_rulebook_is_told_beside_the_answer(desk, small):
    desk.log.appender().append([Message(TOPIC, b"x", b"what")])
    result = desk.publish(small, "--json")
    assert json.loads(result.stdout)["state"] == "published"
    assert "cannot be read" in result.stderr


def test_without_a_log(desk, small):
    desk.log.down = True
    result = desk.publish(small)
    told = "Error: the log does not answer (the log is down); CHENGXIN_KAFKA says where it is\n"
    assert (result.exit_code, result.stderr) == (1, told)
    desk.log = MemoryLog()
    assert "chengxin topics apply" in desk.publish(small).stderr


def test_wrong_use_is_2(desk, tmp_path):
    assert CliRunner().invoke(rulebook, ["publish", str(tmp_path / "none.yaml")]).exit_code == 2
    assert CliRunner().invoke(rulebook, ["publish"]).exit_code == 2
