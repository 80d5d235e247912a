"""Of whom an outcome is expected: of all who are to be inspected after the replacements, and of nobody else."""

import json

from services.draws.outcomes import Outcomes, outcomes_of, standing
from tests.support.draws import BEACON, DICE, OTHER, START, hours


def records_of(desk):
    return [json.loads(record) for _, record in desk.draw("d-1").records]


def replace(desk, subject_id, inspector=None):
    desk.propose(subject_id, inspector)
    desk.confirm(desk.now("d-1"), by=OTHER)


def test_who_takes_anothers_place_is_expected_in_it(desk, clock):
    desk.plan()
    desk.freeze()
    for number, source in ((2, DICE), (4, BEACON)):
        clock.now = START + hours(number)
        desk.enter(source)
    desk.run()
    first, *others = selected = [each["subject_id"] for each in desk.selected()]
    assert standing(selected, []) == set(selected)
    replace(desk, first)
    [record] = records_of(desk)
    came = record["selected"]["subject_id"]
    replace(desk, came, record["selected"]["inspectors"][0])  # an inspector alone changes nothing
    assert standing(selected, records_of(desk)) == {came, *others}


def test_who_could_not_be_replaced_is_still_expected():
    used_up = {"seq": 1, "replaces": "a", "cause": "x", "selected": None}
    assert standing(["a", "b"], [used_up]) == {"a", "b"}


def test_outcomes_of_others_do_not_count():
    found = outcomes_of({"a", "b", "c"}, ["a", "a", "z"])
    assert found == Outcomes(3, 1)
    assert found.missing == 2
