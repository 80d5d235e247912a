"""`chengxin rulebook dry-run` over a real store that a real worker filled from a log in memory."""

import csv
import io
import json
import time
from datetime import UTC, datetime
from threading import Event as Flag
from threading import Thread

import pytest
from click.testing import CliRunner

from services.cli import connect
from services.cli import rulebook_dry_run as module
from services.cli import rulebook_sources as sources
from services.cli.rulebook import rulebook
from services.scoring import bootstrap
from shared.eventlog import topics
from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import Message
from shared.events.catalogue import catalogue
from shared.events.envelope import Event
from shared.events.kafka_codec import encode
from shared.projection.loop import Loop, Pace
from shared.projection.publishing import publish_missing
from shared.rulebooks.dry_run import DryRun
from shared.rulebooks.loader import SHIPPED
from shared.settings import Settings
from shared.store.client import Store
from shared.store.keys import Keys
from shared.store.subjects import NotReady, Subjects

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
PARTITIONS = 4
SECONDS = 30
KEYED = {"enforcement", "inspection", "registry"}
SHOPS = [f"shop:92320902MA1N00026Y-{number:02}" for number in range(1, 9)]
HAULER = "hauler:91320903MA1P000364"


def event(subject, id_, what, data, time="2026-10-01T09:00:00+08:00"):
    return Event(id_, "urn:chengxin:organ:320902", f"cn.chengxin.{what}.v1", subject, time, data)


def case(subject, number, code, severity):
    data = {"case_no": f"案{subject[-2:]}-{number}", "violation_code": code, "severity": severity}
    days = {"occurred_on": "2026-10-01", "decided_on": "2026-10-01", "region": "320902001001"}
    return event(subject, f"c-{number}", "case.decided", {**data, **days, "officers": ["a-1", "a-2"]})


def city():
    """Each shop has two cases more than the one before; the hauler is of a kind that the version does not speak of."""
    yield case(HAULER, 1, "ZT-01", "general")
    for index, shop in enumerate(SHOPS):
        name = f"=商铺{index}" if index == 2 else f"商铺{index}"
        register = {"name": name, "region": "320902001001", "status": "open"}
        yield event(shop, "r", "subject.upserted", register)
        for number in range(2 * index):
            yield case(shop, number, f"SP-{1 + number % 2 * 4:02}", "general" if number % 2 else "minor")


class World:
    """The log, a corner of the store, and the worker that fills it."""

    def __init__(self, redis_url, prefix, tmp_path):
        self.settings = Settings(
            topic_prefix=prefix,
            key_prefix=prefix.replace(".", ":"),
            partitions=PARTITIONS,
            kafka=("nowhere:9092",),
            redis=redis_url,
        )
        self.log = MemoryLog({topic.name: topic.partitions for topic in topics.wanted(prefix, PARTITIONS)})
        self.store = Store(redis_url)
        self.new = tmp_path / "new.yaml"
        self.out = tmp_path / "moves.csv"
        documents = [(file.name, file.read_bytes()) for file in SHIPPED.glob("*-v*.yaml")]
        publish_missing(self.log, prefix + topics.RULEBOOKS, documents, source="urn:t", now=lambda: NOW)
        text = (SHIPPED / "shop-credit-v2.yaml").read_text()
        changes = ("version: 2", "version: 3"), ("2026-03-02", "2026-11-20"), ("2026-04-01", "2026-12-01")
        for change in (*changes, ("from: '90'", "from: '95'")):
            text = text.replace(*change)
        self.new.write_text(text)

    def fill(self):
        for each in city():
            headers, value = encode(each)
            topic = f"{self.settings.topic_prefix}{catalogue().topic_of(each.type)}.v1"
            self.log.appender().append([Message(topic, each.subject.encode(), value, headers)])
        scoring = bootstrap.projection(self.settings, self.log, self.store, clock=lambda: NOW, witness=lambda: NOW)
        loop = Loop(self.log, scoring, member="one", pace=Pace(poll=0.01, commit_every=0.05))
        stop = Flag()
        thread = Thread(target=loop.run, args=(stop,))
        thread.start()
        try:
            deadline = time.monotonic() + SECONDS
            while not self.filled():
                assert time.monotonic() < deadline, "the worker never came to the end"
                time.sleep(0.02)
        finally:
            stop.set()
            thread.join(SECONDS)

    def filled(self):
        group = self.log._groups.get("scoring")
        ends = {at: len(records) for at, records in self.log.records.items() if at.topic.split(".")[-2] in KEYED}
        if group is None or any(group.offsets.get(at, 0) < end for at, end in ends.items()):
            return False
        try:
            return Subjects(self.store, Keys(self.settings.key_prefix)).applied_until(PARTITIONS)
        except NotReady:
            return False

    def state(self):
        """Every key of this corner with its value, and every record of the log."""
        keys = sorted(self.store.client.scan_iter(f"{self.settings.key_prefix}*", 1000))
        return {key: self.store.client.dump(key) for key in keys}, {
            at: list(each) for at, each in self.log.records.items()
        }

    def run(self, *options):
        return CliRunner().invoke(rulebook, ["dry-run", str(self.new), *map(str, options)])


@pytest.fixture
def world(redis_url, prefix, tmp_path, monkeypatch):
    world = World(redis_url, prefix, tmp_path)
    monkeypatch.setattr(connect, "open_log", lambda _: world.log)
    monkeypatch.setattr(sources, "settings", lambda: world.settings)
    monkeypatch.setattr(sources, "now", lambda: NOW)
    yield world
    world.store.close()


def ledger(result, name):
    [found] = [each for each in json.loads(result.stdout)["ledgers"] if each["ledger"] == name]
    return found


def test_who_moves_is_told_in_matrix_and_file_and_nothing_is_written(world):
    world.fill()
    before = world.state()
    result = world.run("--out", world.out)
    assert result.exit_code == 0, result.output
    assert "shop 沿街商铺, internal ledger: 8 subjects, 1 move, 0 more have another score" in result.stdout
    assert "grades on 2026-12-01" in result.stdout
    rows = list(csv.DictReader(io.StringIO(world.out.read_text("utf-8-sig"))))
    assert [(row["subject_id"], row["internal_from"], row["internal_to"]) for row in rows] == [(SHOPS[1], "A", "B")]
    assert rows[0]["name"] == "商铺1"
    assert not world.out.with_name("moves.csv.part").exists()
    assert world.state() == before


def test_json_counts_every_subject_of_the_kind_in_both_ledgers(world):
    world.fill()
    result = world.run("--json", "--as-of", "2026-12-05")
    document = json.loads(result.stdout)
    assert (document["as_of"], document["rulebook"]["version"], document["failed"]) == ("2026-12-05", 3, [])
    assert [(each["kind"], each["ledger"], each["subjects"]) for each in document["ledgers"]] == [
        ("shop", "internal", 8),
        ("shop", "public", 8),
    ]
    grades = ledger(result, "internal")["grades"]
    assert sum(each["subjects"] for each in grades) == 8
    assert {"from": "insufficient", "to": "insufficient", "subjects": 1} in grades


def test_a_day_before_the_version_moves_nobody_and_is_told(world):
    world.fill()
    result = world.run("--json", "--as-of", "2026-11-30")
    assert ledger(result, "internal")["moving"] == 0
    warning = "on 2026-11-30 it is not in force yet: it comes into force on 2026-12-01"
    assert warning in result.stderr
    assert warning in json.loads(result.stdout)["warnings"]
    assert "not in force yet" not in world.run("--as-of", "2026-12-01").stderr


def test_that_no_act_falls_under_the_version_is_told(world):
    world.fill()
    result = world.run("--json")
    assert json.loads(result.stdout)["acts"] == 0
    assert "no act in the store falls under version 3" in result.stderr


def test_acts_of_the_version_s_own_days_are_counted(world):
    for change in (("'2026-12-01'", "'2026-09-01'"), ("'2026-11-20'", "'2026-08-01'")):
        world.new.write_text(world.new.read_text().replace(*change))
    world.fill()
    result = world.run("--json")
    assert json.loads(result.stdout)["acts"] == sum(2 * index for index in range(len(SHOPS)))
    assert "no act" not in result.stderr


def test_a_name_that_looks_like_a_formula_is_text(world):
    world.new.write_text(world.new.read_text().replace("grade: B, from: '80'", "grade: B, from: '94.99'"))
    world.fill()
    assert world.run("--out", world.out).exit_code == 0
    rows = {row["subject_id"]: row for row in csv.DictReader(io.StringIO(world.out.read_text("utf-8-sig")))}
    assert rows[SHOPS[2]]["name"] == "'=商铺2"


def test_what_publishing_would_refuse_is_told_and_tried_all_the_same(world):
    world.fill()
    world.new.write_text(
        world.new.read_text().replace("'2026-12-01'", "'2026-11-20'").replace("'2026-11-20'", "'2026-11-19'", 1)
    )
    result = world.run("--json")
    assert result.exit_code == 0
    assert "publishing would be refused today: effective_from 2026-11-20 is not after today" in result.stderr
    assert json.loads(result.stdout)["as_of"] == "2026-11-20"


def test_a_published_number_with_other_bytes_is_refused(world):
    world.new.write_text(world.new.read_text().replace("version: 3", "version: 2"))
    result = world.run()
    assert result.exit_code == 1
    assert "published: add a version" in result.stderr


def test_a_store_that_is_not_filled_is_not_taken_for_a_city_without_subjects(world):
    result = world.run("--out", world.out)
    assert result.exit_code == 1
    assert "have not filled the store" in result.stderr
    assert not world.out.exists()


def test_a_store_that_is_emptied_while_it_is_read_gives_no_file(world, monkeypatch):
    world.fill()
    names = Subjects.names

    def emptied(self):
        yield from names(self)
        for key in world.store.client.scan_iter(f"{world.settings.key_prefix}*", 1000):
            world.store.client.delete(key)

    monkeypatch.setattr(Subjects, "names", emptied)
    result = world.run("--out", world.out)
    assert (result.exit_code, result.stdout) == (1, "")
    assert list(world.out.parent.glob("moves*")) == []


def test_a_version_that_is_published_is_tried_against_the_others(world):
    world.fill()
    documents = [("new.yaml", world.new.read_bytes())]
    publish_missing(
        world.log, world.settings.topic_prefix + topics.RULEBOOKS, documents, source="urn:t", now=lambda: NOW
    )
    result = world.run("--json")
    assert ledger(result, "internal")["moving"] == 1
    assert "is published already" in result.stderr


def test_a_subject_that_our_own_code_fails_on_hides_no_other(world, monkeypatch):
    world.fill()
    take = DryRun.take

    def failing(self, subject_id, facts):
        if subject_id == SHOPS[3]:
            raise ZeroDivisionError("someone's name")
        return take(self, subject_id, facts)

    monkeypatch.setattr(module.DryRun, "take", failing)
    result = world.run("--json")
    assert result.exit_code == 1
    assert f"could not be scored: 1; {SHOPS[3]}: ZeroDivisionError at test_rulebook_dry_run.py:" in result.stderr
    assert "someone's name" not in result.output
    assert [each["subject_id"] for each in json.loads(result.stdout)["failed"]] == [SHOPS[3]]
    assert ledger(result, "internal")["subjects"] == 7


def test_wrong_use_is_2(world, tmp_path):
    world.fill()
    assert world.run("--as-of", "tomorrow").exit_code == 2
    missing = world.run("--out", tmp_path / "no" / "such" / "folder.csv")
    assert (missing.exit_code, "cannot be written" in missing.stderr) == (2, True)
