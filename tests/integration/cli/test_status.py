"""`chengxin status` on a log in memory and a real store, and on real servers."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from threading import Event, Thread

import pytest
from click.testing import CliRunner

from services.cli import status as module
from services.draws.people import bootstrap as draws
from services.ingest import bootstrap as ingest
from services.lookup import bootstrap as lookup
from services.notify import bootstrap as notify
from services.scoring import bootstrap as scoring
from services.scoring import folding
from shared.eventlog import topics, topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.port import Message, TopicPartition
from shared.projection import overview
from shared.settings import Settings
from shared.store.client import Store
from shared.store.keys import Keys
from shared.store.notes import Notes
from shared.store.tenure import Tenure
from shared.version import CODE
from tests.integration.scoring.world import PARTITIONS, TODAY, World
from tests.support.progress import progress_of
from tests.support.waiting import until

ORGAN = "yandu"
SHOPS = [f"shop:92320902MA1N00026Y-{number:02}" for number in range(1, 4)]


def fact(subject, number=1):
    return {
        "specversion": "1.0",
        "source": "urn:o",
        "id": f"e-{number}",
        "type": "cn.chengxin.fleet.declared.v1",
        "subject": subject,
        "time": "2026-02-01T10:00:00+08:00",
        "data": {"declared_on": "2026-02-01", "vehicles": number},
    }


FACTS = [fact(shop) for shop in SHOPS]


def environment(monkeypatch, settings):
    for name in ("topic_prefix", "key_prefix", "partitions", "organs", "kafka", "redis"):
        variable = f"CHENGXIN_{name.upper()}"
        monkeypatch.setenv(variable, settings.environment()[variable])


@pytest.fixture
def worlds(redis_url, prefix, monkeypatch):
    """Makes a world on whose log in memory the command looks, on its day; every worker's part is for the test to do."""
    with ExitStack() as stack:

        def make(**more):
            world = World(redis_url, prefix, **more)
            stack.callback(world.store.close)
            for topic in topics.wanted(prefix, PARTITIONS, [ORGAN]):
                world.log.create(topic.name, topic.partitions)
            made = {"partitions": PARTITIONS, "organs": (ORGAN,), "redis": redis_url}
            environment(monkeypatch, Settings(topic_prefix=prefix, key_prefix=world.settings.key_prefix, **made))
            monkeypatch.setattr(module, "open_log", lambda *_: world.log)
            look_from(monkeypatch, TODAY)
            return world

        yield make


@pytest.fixture
def world(worlds):
    return worlds()


def look_from(monkeypatch, now):
    monkeypatch.setattr(module, "gather", partial(overview.gather, clock=lambda: now))


def look(*options):
    [answer] = [each for each in run("--json", *options).stdout.splitlines() if each.startswith("{")]  # workers log too
    return json.loads(answer)


def run(*options):
    return CliRunner().invoke(module.status, options)


def line(answer, topic, partition, judged=True):
    """A partition's line of the group that judges its events, or else of that which files people."""
    lines = [each for each in answer["partitions"] if (each["topic"], each["partition"]) == (topic, partition)]
    [found] = [each for each in lines if (each["group"] == "draws") != judged]
    return found


def poison(world, number, partition=1):
    at = TopicPartition(world.name("enforcement.v1"), partition)
    world.log.appender().append([Message(at.topic, None, b"{", (), partition)] * number)
    return at


@contextmanager
def working(*loops):
    """Workers, until the end of the block."""
    stop = Event()
    threads = [Thread(target=loop.run, args=(stop,)) for loop in loops]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    assert not any(thread.is_alive() for thread in threads)


def test_every_partition_that_is_read_has_a_line_of_its_group(world):
    answer = look()
    places = [(each["group"], each["topic"].removeprefix(world.settings.topic_prefix)) for each in answer["partitions"]]
    assert places == [
        (group, topic)
        for group, topics_ in (
            ("ingest", ["in.yandu"]),
            ("scoring", ["enforcement.v1", "inspection.v1", "registry.v1"]),
            ("lookup", ["scores.v1"]),
            ("notify", ["scores.v1"]),
            ("draws", ["enforcement.v1", "inspection.v1", "registry.v1"]),
        )
        for topic in topics_
        for _ in range(PARTITIONS)
    ]


def test_what_nobody_has_read_is_counted_and_its_age_told(world, monkeypatch):
    at = poison(world, 3)
    first = world.log.records[at][0].timestamp
    look_from(monkeypatch, now := TODAY.fromtimestamp(first / 1000 + 90, TODAY.tzinfo))
    found = line(look(), *at)
    assert (found["owner"], found["committed"], found["end"], found["lag"]) == (None, None, 3, 3)
    assert found["oldest_seconds"] == 90
    assert found["oldest_at"] == (now - timedelta(seconds=90)).isoformat(timespec="milliseconds")
    assert line(look(), at.topic, 0)["oldest_seconds"] is None


def test_workers_are_named_with_what_they_own(world):
    seen = []

    def looked():
        seen.append(look())
        return line(seen[-1], world.name("registry.v1"), 3)["owner"]

    world.work(until=looked)
    assert line(seen[-1], world.name("registry.v1"), 3)["owner"]["member"] == "one"
    [left] = [each for each in seen[-1]["troubles"] if "no owner" in each]
    groups = "draws and ingest and lookup and notify"
    assert left == f"{6 * PARTITIONS} partitions have no owner: are the workers of {groups} running?"


def test_what_is_in_the_store_is_counted(world):
    world.send(*FACTS)
    world.work(until=lambda: world.all_committed() and all(world.books.swept(range(PARTITIONS))))
    totals = look()["totals"]
    assert totals.pop("applied_until") == min(world.books.applied(n) for n in range(PARTITIONS)).isoformat()
    assert totals == {
        "dead_letters": {"open": 0, "replayed": 0, "resolved": 0},
        "subjects": 3,
        "failed_subjects": 0,
        "on_fewer_rulebooks": 0,
        "due": 0,
        "not_yet_sent": 0,
        "not_yet_sent_seconds": 0,
        "swept_for": TODAY.date().isoformat(),
        "sweep_late_days": 0,
        "rebuilding_buckets": 0,
        "rebuild_records_behind": 0,
    }


def test_what_waits_to_be_sent_is_counted_and_its_age_told(world):
    world.books.claim([1, 700], tenure := Tenure(lambda: TODAY - timedelta(seconds=40)))
    world.books.put_out({1: SHOPS[:2], 700: SHOPS[2:]}, tenure)
    totals = look()["totals"]
    assert (totals["not_yet_sent"], totals["not_yet_sent_seconds"]) == (3, 40)


def test_a_day_without_a_sweep_is_told(world, monkeypatch):
    world.send(*FACTS)
    world.work(until=lambda: world.all_committed() and all(world.books.swept(range(PARTITIONS))))
    world.ledgers.set_due(SHOPS[:2], (TODAY + timedelta(days=2)).date().toordinal())
    look_from(monkeypatch, TODAY + timedelta(days=2))
    answer = look()
    assert (answer["totals"]["sweep_late_days"], answer["totals"]["due"]) == (2, 2)
    assert f"some summaries were last looked at for {TODAY.date()}, 2 days ago" in answer["troubles"]


def test_summaries_that_the_newest_rulebook_has_yet_to_reach_are_counted(worlds):
    world = worlds(rulebooks="*-v1.yaml")
    world.send(*FACTS)
    world.work()
    assert look()["totals"]["on_fewer_rulebooks"] == 0
    world.publish("*.yaml")
    assert look()["totals"]["on_fewer_rulebooks"] == len(FACTS)


def test_subjects_that_our_bug_failed_on_are_told_by_number_alone(world, monkeypatch):
    monkeypatch.setattr(folding, "summarise", lambda *_: 1 / 0)
    world.send(*FACTS[:2])
    world.work()
    answer = run("--json")
    assert json.loads(answer.stdout)["totals"]["failed_subjects"] == 2
    assert "2 subjects could not be scored; after a repair `chengxin recompute --failed`" in answer.stdout
    assert "shop:" not in answer.stdout
    assert answer.exit_code == 1


def test_a_rebuild_is_told_with_what_is_to_come(world):
    tenure, keep = Tenure(), [1, 5, 2]  # two buckets of partition 1, one of partition 2
    world.books.claim(keep, tenure)
    place = {number: TopicPartition(world.name("registry.v1"), number) for number in (1, 2)}
    ahead, behind = progress_of({place[1]: 10}, {place[1]: 20}), progress_of({place[1]: 4}, {place[1]: 20})
    world.books.advance({1: ahead, 5: behind, 2: progress_of({place[2]: 7}, {place[2]: 10})}, tenure)
    totals = look()["totals"]
    assert (totals["rebuilding_buckets"], totals["rebuild_records_behind"]) == (3, 16 + 3)


def test_a_breaker_that_is_open_is_told_with_its_reason(world):
    at = poison(world, 100)
    world.work(until=lambda: world.breakers.read([at])[at].opened)
    answer = look()
    assert (line(answer, *at)["breaker"], line(answer, at.topic, 0)["breaker"]) == ("open", "closed")
    assert line(answer, world.name("in.yandu"), 0)["breaker"] is None
    why = "100 bad events in a row, the last at offset 99"
    assert line(answer, *at)["breaker_reason"] == why
    assert f"{at.topic}:1 has stopped: {why}; see `chengxin breaker`" in answer["troubles"]
    assert answer["totals"]["dead_letters"]["open"] == 100


def test_where_there_are_too_many_letters_they_are_not_read(world, monkeypatch):
    at = poison(world, 100)
    world.work(until=lambda: world.breakers.read([at])[at].opened)
    monkeypatch.setattr(overview, "MOST_LETTERS", 99)
    answer = look()
    assert answer["totals"]["dead_letters"] is None
    assert answer["down"] == {"log": None, "store": None}


def test_what_an_owner_waits_for_is_told_beside_its_partitions(world):
    clock = [TODAY]
    note = Notes(world.store, Keys(world.settings.key_prefix), "scoring", "one", lambda: clock[0])
    seen = []

    def looked():
        seen.append(look())
        return line(seen[-1], world.name("registry.v1"), 3)["owner"]

    note("the store: OOM")
    world.work(until=looked)  # its own loop takes no notes
    since = TODAY.isoformat()
    assert line(seen[-1], world.name("registry.v1"), 3)["last_error"] == {
        "error": "the store: OOM",
        "waits": True,
        "since": since,
    }
    assert f"worker one of scoring waits since {since}: the store: OOM" in seen[-1]["troubles"]
    assert line(seen[-1], world.name("in.yandu"), 3)["last_error"] is None
    clock[0] += timedelta(seconds=5)
    note("")
    answer = look()
    [worker] = answer["workers"]
    assert (worker["waits"], worker["error"], worker["code"]) == (False, "the store: OOM", CODE)
    assert not [each for each in answer["troubles"] if "waits" in each]


def test_what_a_worker_said_that_is_gone_is_no_trouble(world, monkeypatch):
    Notes(world.store, Keys(world.settings.key_prefix), "scoring", "old", lambda: TODAY)("the store: OOM")
    look_from(monkeypatch, TODAY + timedelta(minutes=6))
    assert not [each for each in look()["troubles"] if "waits" in each]


def test_a_store_that_is_down_leaves_what_the_log_says(world, monkeypatch):
    at = poison(world, 2)
    monkeypatch.setenv("CHENGXIN_REDIS", "redis://127.0.0.1:1/0")
    answer = look()
    assert answer["down"] == {"log": None, "store": "ConnectionError"}
    assert line(answer, *at)["lag"] == 2
    assert (line(answer, *at)["breaker"], answer["workers"], answer["totals"]["subjects"]) == (None, None, None)
    assert answer["totals"]["dead_letters"] is not None
    assert answer["troubles"][0] == "the store is down: ConnectionError"
    assert run().exit_code == 1


def test_a_log_that_is_down_leaves_what_the_store_says(world):
    world.send(*FACTS)
    world.work()
    world.log.down = True
    answer = look()
    assert answer["down"] == {"log": "the log is down", "store": None}
    assert (answer["partitions"], answer["totals"]["subjects"], answer["totals"]["on_fewer_rulebooks"]) == (
        None,
        3,
        None,
    )
    assert run().exit_code == 1


def test_a_topic_that_is_missing_is_named(world, monkeypatch):
    monkeypatch.setenv("CHENGXIN_ORGANS", "nobody")
    [why] = [each for each in look()["troubles"] if "the log is down" in each]
    assert why.endswith(f"it has no topic {world.name('in.nobody')}; `chengxin topics apply` makes it")


def test_people_are_shown_tables_and_what_needs_them(world):
    at = poison(world, 100)
    world.work(until=lambda: world.breakers.read([at])[at].opened)
    answer = run()
    [row] = [each for each in answer.stdout.splitlines() if f"{at.topic}:1" in each and "scoring" in each]
    assert row.split()[:3] == [f"{at.topic}:1", "scoring", "one@"]
    assert "open" in row
    assert "100 open, 0 replayed, 0 resolved" in answer.stdout
    assert "! " in answer.stderr
    assert "! " not in answer.stdout


def test_only_what_is_behind_is_shown_where_that_is_asked(world):
    at = poison(world, 100)
    seen = []

    def looked():
        seen.append(look("--behind"))
        return len(seen[-1]["partitions"]) == 1 + 6 * PARTITIONS

    world.work(until=looked)
    [row] = [each for each in run("--behind").stdout.splitlines() if f"{at.topic}:1" in each and "scoring" in each]
    assert "nobody" not in row
    places = {(each["topic"], each["partition"]) for each in seen[-1]["partitions"]}
    unread = [world.name(each) for each in ("in.yandu", "scores.v1", *topics.SUBJECT_TOPICS)]
    assert places == {at} | {(topic, number) for topic in unread for number in range(PARTITIONS)}


def test_watching_looks_again_until_it_is_ended(world, monkeypatch):
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(module.time, "sleep", sleep)
    answer = run("--json", "--watch", "7")
    assert [json.loads(each)["down"]["log"] for each in answer.stdout.splitlines()] == [None, None]
    assert slept == [7, 7]
    assert answer.exit_code == 1


@pytest.fixture
def servers(kafka, redis_url, prefix, monkeypatch):
    """An installation's corner of real servers."""
    connection, key_prefix = Connection((kafka,), prefix), prefix.replace(".", ":")
    topics_admin.apply(connection, topics.wanted(prefix, 2, [ORGAN]))
    settings = Settings(
        topic_prefix=prefix, key_prefix=key_prefix, partitions=2, organs=(ORGAN,), kafka=(kafka,), redis=redis_url
    )
    environment(monkeypatch, settings)
    log, store = KafkaLog(connection), Store(redis_url)
    yield settings, log, store
    store.close()
    log.close()


def test_on_real_servers_nothing_needs_anybody_while_the_workers_run(servers):
    settings, log, store = servers
    loops = [
        scoring.worker(settings, log, store, "7"),
        ingest.worker(settings, log, "i-1", store=store),
        lookup.worker(settings, log, store, "l-1"),
        draws.worker(settings, log, store, "d-1"),
        notify.worker(settings, log, store, "n-1"),
    ]
    with working(*loops):
        until(lambda: run().exit_code == 0)
        assert "no partition is behind" in run("--behind").stdout
        answer = look()
        until(lambda: len(look()["workers"]) == 5)
    owners = {(each["group"], each["owner"]["member"], each["owner"]["host"]) for each in answer["partitions"]}
    assert owners == {
        (group, member, "127.0.0.1")
        for group, member in (
            ("scoring", "7"),
            ("ingest", "i-1"),
            ("lookup", "l-1"),
            ("draws", "d-1"),
            ("notify", "n-1"),
        )
    }
    assert len(answer["partitions"]) == 18


@pytest.mark.parametrize("part", ["log", "store"])
def test_on_real_servers_a_part_that_is_down_is_told_within_a_few_seconds(servers, monkeypatch, part):
    address = {"log": ("CHENGXIN_KAFKA", "127.0.0.1:1"), "store": ("CHENGXIN_REDIS", "redis://127.0.0.1:1/0")}[part]
    monkeypatch.setenv(*address)
    began = time.monotonic()
    answer = look()
    assert time.monotonic() - began < 25
    assert answer["down"][part]
    assert [name for name, why in answer["down"].items() if why] == [part]
    assert (answer["partitions"] is None) == (part == "log")
