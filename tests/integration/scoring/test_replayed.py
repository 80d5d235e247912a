"""Sending dead letters again counts nothing twice."""

from __future__ import annotations

from shared.desk.acting import Desk
from shared.desk.letters import Wish
from shared.desk.reading import boxes, read
from shared.eventlog.dead_letters import dead_letter
from shared.eventlog.port import Message
from tests.integration.scoring.world import PARTITIONS, TODAY


def desk_of(world):
    found = boxes(world.settings.topic_prefix, PARTITIONS, [])
    return found, Desk(world.log, found, world.name("audit.v1"), "cli:t", lambda: TODAY)


def test_a_replay_of_what_the_ledger_holds_already_changes_no_score(world, facts):
    world.send(*facts)
    world.work()
    before, held = world.served(), {f["subject"]: None for f in facts}
    ledgers = {subject: each.entries for subject, each in world.ledgers.load(list(held)).items()}
    refused = {letter.identity[:3] for letter in world.letters()}
    records = [record for at in world.subject_partitions() for record in world.log.records[at]]
    applied = [each for each in records if (each.topic, each.partition, each.offset) not in refused][::10]
    world.log.appender().append([dead_letter(record, "scoring", "schema", "by mistake") for record in applied])
    found, desk = desk_of(world)
    assert len(desk.replay(Wish(reasons=frozenset({"schema"}))).done) == len(applied)
    world.work()
    assert world.served() == before
    assert {subject: each.entries for subject, each in world.ledgers.load(list(held)).items()} == ledgers
    states = [each for each in read(world.log, found, world.name("audit.v1")).values() if each.reason == "schema"]
    assert {each.state for each in states} == {"resolved"}


def test_a_letter_that_is_refused_again_counts_its_attempts(world, facts):
    message = world.message(facts[1])
    world.log.appender().append([Message(message.topic, message.key, b"{", message.headers)])
    world.work()
    found, desk = desk_of(world)
    desk.replay(Wish())
    world.work()
    letters = list(read(world.log, found, world.name("audit.v1")).values())
    assert [(each.state, each.attempts) for each in letters] == [("replayed", 1), ("open", 2)]
    assert letters[0].succeeded_by == letters[1].identity


def test_an_unknown_code_sent_again_is_refused_again_until_a_rulebook_lists_it(world, facts):
    case = next(fact for fact in facts if fact["type"] == "cn.chengxin.case.decided.v1")
    world.send({**case, "data": {**case["data"], "violation_code": "SP-99"}})
    world.work()
    found, desk = desk_of(world)
    desk.replay(Wish())
    world.work()
    letters = list(read(world.log, found, world.name("audit.v1")).values())
    assert [(each.reason, each.state, each.attempts) for each in letters] == [
        ("unknown-code", "replayed", 1),
        ("unknown-code", "open", 2),
    ]
