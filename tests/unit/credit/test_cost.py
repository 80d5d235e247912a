"""The cost of a score grows no worse than n log n in the facts, counted in calls: no clock, nothing to be flaky."""

import sys
from datetime import UTC, date, datetime, timedelta
from math import log
from pathlib import Path

import pytest

from shared.credit.facts import Fact
from shared.credit.receipt import score
from shared.credit.rulebook import Rulebooks
from shared.credit.summary import summarise
from shared.rulebooks.loader import load_directory

SUBJECT = "shop:92320902MA1N00026Y-01"
RULEBOOKS = Rulebooks(load_directory(Path(__file__).parents[3] / "shared" / "contracts" / "vectors" / "rulebooks"))
RECORDED = datetime(2026, 6, 1, tzinfo=UTC)
TODAY = date(2026, 6, 1)
FEW, MANY = 300, 4800


def facts(number, code):
    """Cases of one code, so that each is a repeat of those before, a third of them disputed or repaired."""
    made = []
    for index in range(number):
        day = (date(2026, 1, 2) + timedelta(days=index % 140)).isoformat()
        case = {"case_no": f"{index}", "violation_code": code, "severity": "general", "officers": ["a", "b"]}
        case |= {"occurred_on": day, "decided_on": day, "region": "320902001001"}
        more = {
            0: ("case.disputed", {"case_no": f"{index}", "on": day}),
            1: ("credit.repaired", {"target": f"{index}", "granted_on": "2026-05-31", "instrument_no": "1"}),
        }.get(index % 6)
        for type_, data in filter(None, (("case.decided", case), more)):
            made.append(
                Fact("s", f"{type_}-{index}", f"cn.chengxin.{type_}.v1", SUBJECT, f"{day}T10:00:00Z", data, RECORDED)
            )
    return made


def calls(act, given):
    """How many functions are called, Python's and C's."""
    count = 0

    def tick(_, event, __):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tick)
    try:
        act(given)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "act",
    [
        lambda given: summarise(SUBJECT, given, RULEBOOKS, TODAY),
        lambda given: score(SUBJECT, given, RULEBOOKS, TODAY, ledger="internal"),
        lambda given: score(SUBJECT, given, RULEBOOKS, TODAY, ledger="public"),
    ],
    ids=["summary", "internal receipt", "public receipt"],
)
def test_sixteen_times_the_facts_cost_hardly_more_than_sixteen_times_as_much(act):
    act(facts(10, "SP-03"))  # caches
    few, many = (calls(act, facts(number, "SP-03")) for number in (FEW, MANY))
    assert many / few < MANY * log(MANY) / (FEW * log(FEW)) * 1.1
