"""The scoring worker on a real store: what it serves equals the pure function, whatever happened on the way."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from services.scoring import bootstrap, relay
from shared.credit.summary import summarise
from shared.eventlog.memory_group import Group
from shared.eventlog.memory_writer import MemoryTransactor
from shared.eventlog.partitioner import bucket_of
from shared.eventlog.port import Message
from shared.projection.loop import Loop
from shared.store.progress import Bookkeeping, OtherPartitions
from shared.telemetry.metrics import REGISTRY
from tests.integration.scoring.world import PARTITIONS, TODAY, ids
from tests.support.stopping import stop_soon


def test_what_is_served_is_the_pure_function_of_the_facts(world, facts):
    world.send(*facts)
    world.work()
    assert world.served() == world.expected()
    assert set(world.served()) == {fact["subject"] for fact in facts}


def test_subscribers_are_told_every_state(world, facts):
    world.send(*facts)
    world.work()
    assert ids(world.told()) == ids(world.served())


def test_order_repetition_and_restarts_change_nothing(world, facts):
    shuffled = [*facts, *facts[::3]]
    random.Random(7).shuffle(shuffled)
    for start in range(0, len(shuffled), 150):
        world.send(*shuffled[start : start + 150])
        world.work()
    assert world.served() == world.expected()


def test_a_state_that_comes_back_is_told_again_under_its_old_id(world, facts):
    case = next(fact for fact in facts if fact["type"] == "cn.chengxin.case.decided.v1")
    other = {**case, "id": "other", "data": {**case["data"], "case_no": "other"}}
    ground = {"revoked_on": case["data"]["decided_on"], "ground": "self_correction", "instrument_no": "1"}
    revoked = {**case, "id": "revoked", "type": "cn.chengxin.case.revoked.v1", "data": {"case_no": "other", **ground}}
    for fact in (case, other, revoked):
        world.send(fact)
        world.work()
    first, between, last = told_ids(world, case["subject"])
    assert first == last != between


def test_no_transaction_holds_more_subjects_than_it_has_time_for_and_all_are_told(world, facts, monkeypatch):
    monkeypatch.setattr(relay, "_MOST", 7)
    transact, sizes = MemoryTransactor.transact, []

    def measured(self, messages, positions, owner):
        planned = list(messages)
        sizes.append(sum(message.topic == world.name("scores.v1") for message in planned))
        return transact(self, planned, positions, owner)

    monkeypatch.setattr(MemoryTransactor, "transact", measured)
    world.send(*facts)
    world.work()
    assert len(world.served()) > max(sizes) == 7
    assert ids(world.told()) == ids(world.served())


def test_nothing_is_called_applied_while_some_of_it_has_yet_to_go_out(world, facts, monkeypatch):
    """The lists' worker takes `applied_until`, and then the end of `scores.v1`: all of it must lie before that."""
    monkeypatch.setattr(relay, "_MOST", 7)
    set_applied, seen = Bookkeeping.set_applied, []

    def telling(self, partitions, until):
        seen.append(set(world.told()) == {fact["subject"] for fact in facts})
        set_applied(self, partitions, until)

    world.send(*facts)
    monkeypatch.setattr(Bookkeeping, "set_applied", telling)
    world.work(until=lambda: all(world.books.applied_each(range(PARTITIONS))))
    assert all(seen)


def test_a_repetition_tells_subscribers_nothing(world, facts):
    world.send(*facts)
    world.work()
    before = states(world)
    world.send(*facts)
    world.work()
    assert states(world) == before > 0


def test_an_emptied_store_is_rebuilt_in_silence(world, facts):
    world.send(*facts)
    world.work()
    served, letters, told = world.served(), len(world.letters()), sum(map(len, world.log.records.values()))
    for key in world.store.client.scan_iter(f"{world.settings.key_prefix}*"):
        world.store.client.delete(key)
    world.work(until=lambda: world.serves(facts) and not any(p.rebuilding for p in world.books.progress(range(8))))
    assert world.served() == served
    assert sum(map(len, world.log.records.values())) == told
    assert len(world.letters()) == letters


def test_a_rebuild_closes_buckets_to_readers_until_it_is_done(world, facts):
    world.send(*facts)
    world.work()
    subject = facts[0]["subject"]
    bucket = bucket_of(subject)
    for key in world.store.client.scan_iter(f"{world.settings.key_prefix}*"):
        world.store.client.delete(key)
    scoring = bootstrap.projection(world.settings, world.log, world.store, clock=lambda: TODAY, witness=lambda: TODAY)
    owned = frozenset(world.subject_partitions())
    reader = world.log.assign(owned)
    scoring.start(reader, owned, world.committed())
    assert world.books.progress([bucket])[0].behind > 0


def test_what_a_rebuild_finds_different_is_told_and_nothing_else(world, facts):
    world.send(*facts)
    world.work()
    told = sum(map(len, world.log.records.values()))
    for key in world.store.client.scan_iter(f"{world.settings.key_prefix}*"):
        world.store.client.delete(key)
    later = TODAY + timedelta(days=400)
    world.work(
        until=lambda: (
            world.serves(facts)
            and world.all_committed()
            and not any(p.rebuilding for p in world.books.progress(range(1024)))
        ),
        clock=lambda: later,
    )
    differing = sum(map(len, world.log.records.values())) - told
    assert 0 < differing <= len(world.served())
    assert ids(world.told()) == ids(world.served())


def test_facts_with_unknown_codes_are_kept_and_become_letters_once(world, facts):
    case = next(fact for fact in facts if fact["type"] == "cn.chengxin.case.decided.v1")
    unknown = {**case, "id": "unknown", "data": {**case["data"], "case_no": "案-U", "violation_code": "SP-99"}}
    world.send(case, unknown)
    world.work()
    [letter] = world.letters()
    assert (letter.reason, letter.record.value) == ("unknown-code", world.message(unknown).value)
    assert len(world.ledgers.load([case["subject"]])[case["subject"]].entries) == 2


def test_letters_of_a_batch_that_was_applied_but_not_committed_are_written_after_the_restart(world, facts):
    case = next(fact for fact in facts if fact["type"] == "cn.chengxin.case.decided.v1")
    world.send({**case, "data": {**case["data"], "violation_code": "SP-99"}})
    world.work()
    [before] = [letter.identity for letter in world.letters()]
    undo_transactions(world)
    assert world.letters() == []
    world.work()
    assert [letter.identity for letter in world.letters()] == [before]


def test_an_id_conflict_becomes_a_letter_and_changes_nothing(world, facts):
    case = next(fact for fact in facts if fact["type"] == "cn.chengxin.case.decided.v1")
    world.send(case)
    world.work()
    before = world.served()
    world.send({**case, "data": {**case["data"], "case_no": "another"}})
    world.work()
    assert [letter.reason for letter in world.letters()] == ["id-conflict"]
    assert world.served()[case["subject"]]["internal"] == before[case["subject"]]["internal"]


def test_the_fact_that_stands_may_be_sent_again_after_a_conflict(world, facts):
    case = next(fact for fact in facts if fact["type"] == "cn.chengxin.case.decided.v1")
    for each in (case, {**case, "data": {**case["data"], "case_no": "another"}}, case):
        world.send(each)
    world.work()
    assert [letter.reason for letter in world.letters()] == ["id-conflict"]


@pytest.fixture
def two_topics(facts):
    """Two facts of one identity, which come by two topics."""
    case = next(fact for fact in facts if fact["type"] == "cn.chengxin.case.decided.v1")
    inspection = next(fact for fact in facts if fact["type"] == "cn.chengxin.inspection.completed.v1")
    return case, {**inspection, **{name: case[name] for name in ("source", "id", "subject")}}


def overtake(world, early, late):
    """Have the fact that is recorded later read before the other one."""
    start = world.stamp
    world.stamp += 1000
    world.send(late)
    world.work()
    world.stamp = start
    world.send(early)
    world.work()


@pytest.mark.parametrize("overtaking", [False, True])
def test_whichever_copy_is_read_first_the_one_that_was_recorded_later_becomes_the_letter(world, two_topics, overtaking):
    early, late = two_topics
    if overtaking:
        overtake(world, early, late)
    else:
        for fact in (early, late):
            world.send(fact)
            world.work()
    message = world.message(late)
    assert [(letter.reason, letter.record.topic, letter.record.value) for letter in world.letters()] == [
        ("id-conflict", message.topic, message.value)
    ]
    assert world.served() == world.expected()


def test_the_letter_of_a_copy_that_was_overtaken_is_written_after_a_crash_before_the_commit(world, two_topics):
    early, late = two_topics
    world.send(late)
    world.work()
    before = world.committed()
    world.stamp -= 1000
    world.send(early)
    world.work()
    letters = [letter.identity for letter in world.letters()]
    undo_transactions(world)
    world.log._groups["scoring"] = group = Group()
    group.offsets.update(before)
    world.work()
    assert [letter.identity for letter in world.letters()] == letters != []


def test_the_copy_that_overtook_another_may_be_sent_again_and_no_more_letters_are_written(world, two_topics):
    overtake(world, *two_topics)
    letters = world.letters()
    world.stamp += 5000
    world.send(two_topics[0])
    world.work()
    assert world.letters() == letters


@pytest.mark.parametrize(
    ("reason", "spoil"),
    [
        ("not-decodable", lambda message: Message(message.topic, message.key, b"{", message.headers)),
        ("schema", lambda message: Message(message.topic, message.key, b"{}", message.headers)),
        (
            "misrouted",
            lambda m: Message(m.topic, m.key, m.value, m.headers, (bucket_of(m.key.decode()) + 1) % PARTITIONS),
        ),
    ],
)
def test_what_is_no_fact_becomes_a_letter_with_its_original_bytes(world, facts, reason, spoil):
    bad = spoil(world.message(facts[1]))
    world.log.appender().append([bad])
    world.send(facts[2])
    world.work()
    [letter] = world.letters()
    assert letter.reason == reason
    assert (letter.record.key, letter.record.value, letter.record.headers) == (bad.key, bad.value, bad.headers)
    assert len(world.served()) == 1


def test_a_bug_in_the_fold_stops_no_partition(world, facts, monkeypatch):
    real = summarise
    poisoned = facts[0]["subject"]

    def fails(subject_id, *rest):
        if subject_id == poisoned:
            raise ZeroDivisionError
        return real(subject_id, *rest)

    monkeypatch.setattr("services.scoring.folding.summarise", fails)
    world.send(*facts)
    world.work()
    served = world.served()
    assert served[poisoned]["failed"]
    assert {s: v for s, v in served.items() if s != poisoned} == {
        s: v for s, v in world.expected().items() if s != poisoned
    }
    stored = world.ledgers.load([poisoned])[poisoned]
    assert len(stored.entries) == len({f["id"] for f in facts if f["subject"] == poisoned})


def test_the_log_of_a_bug_in_the_fold_names_no_subject(world, facts, monkeypatch):
    monkeypatch.setattr("services.scoring.folding.summarise", lambda *_: 1 / 0)
    world.send(facts[0])
    with capture_logs() as lines:
        world.work()
    [line] = [line for line in lines if line["event"] == "the fold failed"]
    assert line["bucket"] == bucket_of(facts[0]["subject"])
    assert facts[0]["subject"] not in str(lines)


def test_what_is_refused_of_a_subject_that_our_code_fails_on_becomes_a_letter_all_the_same(world, facts, monkeypatch):
    """After the repair its facts are scored anew from the ledger, and nobody reads their records again."""
    case = next(fact for fact in facts if fact["type"] == "cn.chengxin.case.decided.v1")
    unknown = {**case, "id": "unknown", "data": {**case["data"], "case_no": "案-U", "violation_code": "SP-99"}}
    conflict = {**case, "data": {**case["data"], "case_no": "another"}}
    monkeypatch.setattr("services.scoring.folding.summarise", lambda *_: 1 / 0)
    world.send(case, unknown, conflict)
    world.work()
    assert sorted(letter.reason for letter in world.letters()) == ["id-conflict", "unknown-code"]


def test_a_store_that_was_set_back_is_noticed_and_read_up_to_again(world, facts):
    world.send(*facts[:200])
    world.work()
    key = world.books._keys.progress(bucket_of(facts[0]["subject"]))
    kept = world.store.client.dump(key)
    world.send(*facts[200:])
    world.work()
    served = world.served()
    world.store.client.restore(key, 0, kept, replace=True)
    world.work(
        until=lambda: world.all_committed() and not world.books.progress([bucket_of(facts[0]["subject"])])[0].rebuilding
    )
    assert world.served() == served


def test_a_store_that_was_filled_from_other_partitions_is_refused(world, facts):
    world.send(*facts[:5])
    world.work()
    other = replace(world.settings, partitions=2 * PARTITIONS)
    scoring = bootstrap.projection(other, world.log, world.store, clock=lambda: TODAY)
    with pytest.raises(OtherPartitions, match=f"of {PARTITIONS} partitions, not of {2 * PARTITIONS}"):
        Loop(world.log, scoring, member="one", pace=world.pace).run(stop_soon())


def test_applied_until_follows_the_log(world, facts):
    world.send(*facts)
    instants = iter(TODAY + timedelta(seconds=n) for n in range(100_000))
    number = bucket_of(facts[0]["subject"]) % PARTITIONS
    world.work(until=lambda: (world.books.applied(number) or TODAY) > TODAY, clock=lambda: next(instants))
    assert world.books.applied(number) > TODAY


def undo_transactions(world):
    """What a crash after the effect leaves: the store is ahead, and neither letters nor offsets were committed."""
    world.log._groups.clear()
    for at, records in world.log.records.items():
        if at.topic.endswith(".dlq"):
            records.clear()


def states(world):
    """How many states subscribers were sent."""
    return sum(len(records) for at, records in world.log.records.items() if at.topic == world.name("scores.v1"))


def told_ids(world, subject):
    """The ids of all states that subscribers were sent of a subject, in order."""
    places = (at for at in world.log.records if at.topic == world.name("scores.v1"))
    records = (record for at in places for record in world.log.records[at])
    return [dict(r.headers)["ce_id"].decode() for r in records if r.key.decode() == subject]


def delays():
    return REGISTRY.get_sample_value("chengxin_score_delay_seconds_count")


def test_the_time_until_an_event_can_be_read_is_measured_once_and_not_in_a_rebuild(world, facts):
    before = delays()
    world.send(*facts)
    world.work()
    assert delays() - before == len(facts)
    for key in world.store.client.scan_iter(f"{world.settings.key_prefix}*"):
        world.store.client.delete(key)
    world.work(until=lambda: world.serves(facts) and not any(p.rebuilding for p in world.books.progress(range(8))))
    assert delays() - before == len(facts)
