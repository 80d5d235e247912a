"""The sample city: every sort of event, nothing that a door refuses, believable scores."""

import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime

import pytest

from services.sample.city import Size, city
from services.sample.highlights import highlights
from services.statistics.publicity.checking import faults
from services.statistics.publicity.rows import penalties
from shared.credit.facts import Fact
from shared.credit.receipt import assess, score
from shared.credit.rulebook import Rulebooks
from shared.credit.summary import registration, summarise
from shared.events.catalogue import catalogue
from shared.events.door import admit
from shared.rulebooks.loader import SHIPPED, load_directory
from tests.unit.sample.conftest import UNTIL

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


def test_the_same_arguments_give_the_same_city_and_another_seed_another():
    size = Size(shops=20, sanitation=2, haulers=1)
    assert city(UNTIL, size) == city(UNTIL, size)
    assert city(UNTIL, size) != city(UNTIL, size, seed=1)


def test_every_event_type_that_organs_send_happens(small):
    wanted = {name for name, type_ in catalogue().by_type.items() if type_.elsewhere is None}
    wanted -= {name for name in wanted if "reply_released" in name}  # clerks release replies, at a desk of their own
    assert {event.type for event in small.events} == wanted


def test_doors_take_every_event_as_it_is(small):
    for event in small.events:
        assert admit(event, NOW) == event


def test_no_two_events_are_one_and_none_lies_after_the_last_day(small):
    assert max(Counter((event.source, event.id) for event in small.events).values()) == 1
    assert all(date(2024, 11, 23) <= date.fromisoformat(event.time[:10]) <= UNTIL for event in small.events)


def test_subjects_are_all_different_and_haulers_have_real_plates(small):
    assert len({subject.id for subject in small.subjects}) == 530
    haulers = [subject for subject in small.subjects if subject.kind == "hauler"]
    assert all(40 <= len(subject.vehicles) <= 300 for subject in haulers)
    ordinary, new_energy_large = r"苏J[A-HJ-NP-Z][0-9]{4}", r"苏J[0-9]{5}[DF]"  # GA 36-2018, without I and O
    plates = [plate for subject in haulers for plate in subject.vehicles]
    assert all(re.fullmatch(f"{ordinary}|{new_energy_large}", plate) for plate in plates)


def test_the_rulebooks_know_every_fact_and_grades_spread(small):
    rulebooks = Rulebooks(load_directory(SHIPPED))
    facts = defaultdict(list)
    for event in small.events:
        facts[event.subject].append(
            Fact(event.source, event.id, event.type, event.subject, event.time, event.data, NOW)
        )
    grades = Counter()
    for subject in small.subjects:
        summary, rejected = summarise(subject.id, facts[subject.id], rulebooks, UNTIL)
        assert not rejected
        grades[summary["internal"]["grade"]] += 1
    assert set(grades) == {"A", "B", "C", "D", None}
    assert grades["A"] > 0.6 * len(small.subjects)


def test_three_subjects_are_worth_a_look(small):
    found = highlights(small, Rulebooks(load_directory(SHIPPED)), date(2026, 11, 24))
    assert [each.subject_id.split(":")[0] for each in found] == ["shop", "shop", "hauler"]
    assert len({each.subject_id for each in found}) == 3
    for each in found:  # whoever has no key finds something there, too
        facts = [
            Fact(event.source, event.id, event.type, event.subject, event.time, event.data, NOW)
            for event in small.events
            if event.subject == each.subject_id
        ]
        public = score(each.subject_id, facts, Rulebooks(load_directory(SHIPPED)), date(2026, 11, 24), ledger="public")
        assert any(item["state"] == "active" for item in public["items"])


@pytest.mark.parametrize("until", [date(2024, 6, 30), date(2028, 2, 29)])
def test_it_can_be_made_for_any_day_that_has_a_rulebook(until):
    assert city(until, Size(shops=5, sanitation=1, haulers=1)).events


def test_the_exchange_refuses_nothing_of_its_penalties(small):
    rulebooks, facts = Rulebooks(load_directory(SHIPPED)), defaultdict(list)
    for event in small.events:
        facts[event.subject].append(
            Fact(event.source, event.id, event.type, event.subject, event.time, event.data, NOW)
        )
    table = []
    for subject in small.subjects:
        account = assess(subject.id, facts[subject.id], rulebooks, ledger="public")
        registered = registration(facts[subject.id]) or {}
        table += penalties(account, registered, date(2024, 1, 1), UNTIL, UNTIL)
    assert len(table) > 20
    assert list(faults(table)) == []
