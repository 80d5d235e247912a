"""`chengxin state-hash` over real stores that real workers filled."""

import hashlib
import json
import random
from dataclasses import replace

import pytest
from click.testing import CliRunner

from services.cli import connect
from services.cli import rulebook_sources as sources
from services.cli import state_hash as module
from services.cli.main import COMMANDS
from services.scoring.state_hash import order_of
from shared.eventlog.partitioner import bucket_of
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers
from shared.store.subjects import Subjects
from tests.integration.scoring.world import TODAY, VECTORS, World, spoil


class Command:
    """The command on a world of the test's choice."""

    def __init__(self, monkeypatch, redis_url):
        self.monkeypatch = monkeypatch
        self.redis_url = redis_url

    def __call__(self, world, *options):
        found = replace(world.settings, kafka=("nowhere:9092",), redis=self.redis_url)
        self.monkeypatch.setattr(connect, "open_log", lambda _: world.log)
        self.monkeypatch.setattr(sources, "settings", lambda: found)
        self.monkeypatch.setattr(module, "settings", lambda: found)
        self.monkeypatch.setattr(sources, "now", lambda: TODAY)
        return CliRunner().invoke(module.state_hash_command, list(map(str, options)))

    def json(self, world, *options):
        result = self(world, "--json", *options)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


@pytest.fixture
def command(monkeypatch, redis_url):
    return Command(monkeypatch, redis_url)


@pytest.fixture
def other(redis_url, prefix):
    """A second installation."""
    world = World(redis_url, f"{prefix}other.")
    yield world
    world.store.close()


@pytest.fixture
def some(facts):
    """Subjects enough for every partition, with conflicts and unknown codes among their facts."""
    return facts[:300]


def fill(world, facts, cuts, seed=None):
    """The same facts with the same `recorded_at` by number, in an order and cuts of a seed; some come twice, late."""
    numbered = list(enumerate(facts))
    again = [(1000 + number, fact) for number, fact in numbered[::7]] if seed else []
    order = [*numbered, *again]
    if seed:
        random.Random(seed).shuffle(order)
    first = world.stamp
    for start in range(0, len(order), cuts):
        for number, fact in order[start : start + cuts]:
            world.stamp = first + number
            world.send(fact)
        world.work()


def test_two_stores_filled_from_the_same_facts_in_other_ways_give_the_same_hash(command, world, other, some, tmp_path):
    other.stamp = world.stamp
    fill(world, some, 1000)
    fill(other, some, 90, seed=5)
    one = command.json(world, "--subjects", tmp_path / "one", "--verify")
    two = command.json(other, "--subjects", tmp_path / "two", "--verify")
    assert one["state_hash"] == two["state_hash"]
    assert one["subjects"] == len({fact["subject"] for fact in some})
    assert one["partitions"] == two["partitions"]
    assert one["verified"] == two["verified"] == {"differing": 0, "first": None, "waiting": 0}
    assert one["moved_buckets"] == 0
    written = (tmp_path / "one").read_bytes()
    assert written == (tmp_path / "two").read_bytes()
    assert hashlib.sha256(written).hexdigest() == one["state_hash"]
    names = [line.split(b"  ")[1].decode() for line in written.splitlines()[1:]]
    assert names == sorted({fact["subject"] for fact in some}, key=order_of)


def test_a_fact_recorded_a_moment_later_is_one_line_of_the_difference(command, world, other, some, tmp_path):
    other.stamp = first = world.stamp
    fill(world, some, 1000)
    fill(other, some[:-1], 1000)
    other.stamp = first + len(some)
    other.send(some[-1])
    other.work()
    for each, name in ((world, "one"), (other, "two")):
        assert command(each, "--subjects", tmp_path / name).exit_code == 0
    one, two = ((tmp_path / name).read_text().splitlines() for name in ("one", "two"))
    assert [line.split("  ")[1] for line in set(one) - set(two)] == [some[-1]["subject"]]


def test_a_rebuilt_store_gives_the_same_hash(command, world, some):
    world.send(*some)
    world.work()
    before = command.json(world)
    for key in world.store.client.scan_iter(f"{world.settings.key_prefix}*", 1000):
        world.store.client.delete(key)
    refused = command(world)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "have not filled the store" in refused.stderr
    world.work(until=lambda: world.serves(some) and not any(p.rebuilding for p in world.books.progress(range(1024))))
    assert command.json(world)["state_hash"] == before["state_hash"]


def test_it_is_computed_from_the_facts_whatever_the_summaries_say(command, world, some):
    world.send(*some)
    world.work()
    before = command.json(world)
    spoil(world, some[0]["subject"], internal=None)
    assert command.json(world)["state_hash"] == before["state_hash"]


def test_verify_names_the_first_subject_that_is_kept_wrong_and_its_parts(command, world, some):
    world.send(*some)
    world.work()
    low, *_, high = sorted({fact["subject"] for fact in some}, key=order_of)
    spoil(world, high, due_on="2030-01-01")
    spoil(world, low, internal=None, kind="hauler?")
    result = command(world, "--verify", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["verified"] == {
        "differing": 2,
        "first": {"subject_id": low, "parts": ["internal", "kind"]},
        "waiting": 0,
    }
    assert f"not what the facts give: 2 subjects; first {low}: internal, kind" in result.stderr
    assert "Traceback" not in result.output


def test_verify_finds_a_ledger_that_lost_a_fact(command, world, some):
    world.send(*some)
    world.work()
    subject = some[0]["subject"]
    ledger = Keys(world.settings.key_prefix).ledger(bucket_of(subject), subject)
    world.store.client.hdel(ledger, world.store.client.hkeys(ledger)[0])
    assert "the store's own digest of them is wrong" in command(world).stderr
    result = command(world, "--verify", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["verified"]["first"]["parts"][0] == "facts"


def test_a_worker_that_comes_between_facts_and_summary_is_no_fault(command, world, some, monkeypatch):
    subject = some[0]["subject"]
    world.send(some[0])
    world.work()
    old = world.ledgers.load([subject])[subject]
    world.send(*some)
    world.work()
    load, torn = Ledgers.load, []

    def tearing(self, names):
        found = load(self, names)
        if subject in found and not torn:
            torn.append(subject)
            found[subject] = found[subject]._replace(entries=old.entries)
        return found

    monkeypatch.setattr(Ledgers, "load", tearing)
    document = command.json(world, "--verify")
    assert (torn, document["verified"]["differing"], document["moved_buckets"]) == ([subject], 0, 1)


def test_facts_that_come_while_it_reads_are_told(command, world, some, monkeypatch):
    world.send(*some[:200])
    world.work()
    names = Subjects.names

    def overtaken(self):
        yield from names(self)
        world.send(*some)
        world.work()

    monkeypatch.setattr(Subjects, "names", overtaken)
    result = command(world)
    assert result.exit_code == 0
    assert "the hash is of no one moment" in result.stderr


def test_summaries_that_wait_for_a_new_rulebook_are_counted_and_no_fault(command, bare_world, some):
    world = bare_world
    world.publish("*-v1.yaml")
    world.send(*some)
    world.work()
    world.publish("*.yaml")
    result = command(world, "--verify", "--json")
    verified = json.loads(result.stdout)["verified"]
    assert (result.exit_code, verified["differing"]) == (0, 0)
    assert verified["waiting"] == len({fact["subject"] for fact in some})
    assert "rest on fewer rulebooks" in result.stderr


def test_nothing_is_written_and_a_folder_of_rulebooks_stands_in_for_the_log(command, world, some, monkeypatch):
    world.send(*some)
    world.work()
    before = dump(world)
    published = command.json(world, "--as-of", "2026-12-31")
    assert command.json(world)["state_hash"] != published["state_hash"]
    monkeypatch.setattr(sources, "on_the_log", None)
    assert command.json(world, "--as-of", "2026-12-31", "--rulebooks", VECTORS / "rulebooks") == published
    assert dump(world) == before


def test_a_subject_that_our_own_code_fails_on_is_named_and_leaves_no_file(command, world, some, monkeypatch, tmp_path):
    world.send(some[0])
    world.work()

    def failing(*_):
        raise ZeroDivisionError("someone's name")

    monkeypatch.setattr(module, "subject_hash", failing)
    result = command(world, "--subjects", tmp_path / "lines")
    assert (result.exit_code, result.stdout, list(tmp_path.iterdir())) == (1, "", [])
    assert f"{some[0]['subject']} cannot be scored: ZeroDivisionError at test_state_hash.py:" in result.stderr
    assert "someone's name" not in result.output


def test_text_begins_with_the_hash_and_says_of_what(command, world, some):
    world.send(*some)
    world.work()
    document = command.json(world)
    first, second = command(world, "--verify").stdout.splitlines()
    assert first.startswith(f"{document['state_hash']}  {document['subjects']} subjects on 2026-11-20, applied until ")
    assert second == "Every summary that is kept is what its facts give"


def test_wrong_use_is_2(command, world, tmp_path):
    assert command(world, "--as-of", "tomorrow").exit_code == 2
    assert command(world, "--rulebooks", tmp_path).exit_code == 2
    missing = command(world, "--subjects", tmp_path / "no" / "such")
    assert (missing.exit_code, "cannot be written" in missing.stderr) == (2, True)


def test_it_is_a_command_of_the_program():
    assert COMMANDS["state-hash"][:2] == (module.__name__, "state_hash_command")


def dump(world):
    keys = sorted(world.store.client.scan_iter(f"{world.settings.key_prefix}*", 1000))
    return {key: world.store.client.dump(key) for key in keys}
