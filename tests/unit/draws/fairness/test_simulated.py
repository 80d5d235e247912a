"""Many draws that are fair by the protocol look so, and rigged ones do not. All seeds are fixed."""

import hashlib
import json
from statistics import mean

import pytest

from services.draws.fairness.comparison import Comparison
from services.draws.fairness.tally import tally
from shared.credit.canonical import canonical
from shared.draw.drawing import draw
from shared.draw.frozen import freeze
from tests.support.draws import a_plan

COUNTIES = ("320902", "320903", "320904", "320921")
SUBJECTS = [
    (f"shop:{n:03d}", b"A" if n % 3 else b"C", f"{COUNTIES[n // 30]}001".encode()) for n in range(120)
]  # of one county after the other, so that the first by id are of the first county
PLAN = {
    "strata": [{"stratum": "C", "rate": "0.3"}, {"stratum": "A", "count": 12}],
    "publish_by": "2026-12-31",
    "max_load": None,
}
ROSTER = b"".join(b"J%02d\t%s\t%s\n" % (n, b"law" if n % 3 else b"fire", COUNTIES[n % 4].encode()) for n in range(12))
RECUSALS = b"J00\tshop:003\nJ01\tshop:004\nJ01\tshop:007\n"


def frozen(**more):
    ours = {"protocol": "chengxin-draw/1", "draw_id": "d", "journal": "0" * 64}
    pool = b"".join(b"%s\t%s\t%s\n" % (subject.encode(), stratum, region) for subject, stratum, region in SUBJECTS)
    files = {"plan.json": canonical(a_plan(**PLAN | more) | ours), "pool.tsv": pool, "roster.tsv": ROSTER}
    return freeze({**files, "recusals.tsv": RECUSALS, "excluded.tsv": b""}), pool


def seed(*parts):
    return hashlib.sha256(repr(parts).encode()).digest()


def counted(fixed, result):
    found, pool = fixed
    chunks = [pool[start : start + 1000] for start in range(0, len(pool), 1000)]
    return tally(found.plan, chunks, found.roster, found.recusals, result)


def compared(fixed, number, draws, rig=None):
    """The comparison of some draws of seeds that belong to a number."""
    whole = Comparison()
    for each in range(draws):
        result = draw(fixed[0], seed(number, each)).result
        if rig:
            result = canonical({"selected": rig(json.loads(result)["selected"], each)})
        whole = whole.plus(counted(fixed, result), {f"J{n:02d}": f"person {n}" for n in range(12)})
    return whole


def share_upto(values, bound):
    return sum(value <= bound for value in values) / len(values)


PAIRS = [{"department": "*", "count": 2}]
FREE = {
    "departments that overlap": {},
    "two of three of the same county": {"inspector_region": "same", "panel": PAIRS},
    "another county": {"inspector_region": "other", "panel": PAIRS},
    "a limit that is not reached": {"max_load": 30, "panel": PAIRS},
}
LIMITED = {
    "a limit that all of them reach": {"max_load": 4},
    "a limit that is lifted": {"max_load": 2},
    "a limit in each county": {"max_load": 7, "inspector_region": "same", "panel": PAIRS},
}
BOUNDS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9)


def many(**more):
    fixed = frozen(**more)
    return [compared(fixed, number, 3) for number in range(200)]


@pytest.mark.parametrize("more", FREE.values(), ids=FREE)
def test_p_values_of_inspectors_are_about_uniform(more):
    found = [each.seats.p_value() for each in many(**more)]
    assert [share_upto(found, bound) for bound in BOUNDS] == pytest.approx(BOUNDS, abs=0.1)
    assert mean(found) == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("more", LIMITED.values(), ids=LIMITED)
def test_a_limit_of_loads_makes_p_values_of_inspectors_larger_and_never_smaller(more):
    found = [each.seats.p_value() for each in many(**more)]
    assert all(share_upto(found, bound) <= bound + 0.08 for bound in BOUNDS)


def test_p_values_of_counties_are_no_smaller_than_they_say_and_no_idle_ones():
    found = many()
    family = [each.smallest()[1] for each in found]
    assert all(share_upto(family, bound) <= bound + 0.05 for bound in BOUNDS[:4])
    single = [each.regions["320902"].p_value() for each in found]
    assert mean(single) == pytest.approx(0.55, abs=0.06)


def first_by_id(selected, _):
    """Of each stratum those whose ids come first."""
    free = {stratum: [subject for subject, its, _ in SUBJECTS if its == stratum] for stratum in (b"A", b"C")}
    return [{**each, "subject_id": free[each["stratum"].encode()].pop(0)} for each in selected]


def one_preferred(selected, _):
    """J01 is on every other panel where he may be."""
    barred = {"shop:004", "shop:007"}
    return [
        {**each, "inspectors": ["J01", next(i for i in each["inspectors"] if i != "J01")]}
        if place % 2 and each["subject_id"] not in barred
        else each
        for place, each in enumerate(selected)
    ]


def one_left_out(selected, place):
    """In every draw a subject less than planned of the first stratum."""
    return [each for each in selected if each["rank"] > 1 or each["stratum"] != "C"]


def test_who_draws_the_first_by_id_is_seen():
    whole = compared(frozen(), 0, 3, first_by_id)
    region, p_value = whole.smallest()
    assert region == "320902"
    assert p_value < 1e-6
    assert whole.differences == ()


def test_who_prefers_one_inspector_is_seen():
    assert compared(frozen(), 0, 3, one_preferred).seats.p_value() < 1e-6
    assert compared(frozen(max_load=30), 0, 3, one_preferred).seats.p_value() < 1e-6


def a_seat_more(selected, place):
    """J01 has one seat in each draw that another should have had."""
    found = []
    for each in selected:
        others = [inspector for inspector in each["inspectors"] if inspector != "J01"]
        given = len(others) == 2 and each["subject_id"] not in ("shop:004", "shop:007") and place == "free"
        found.append({**each, "inspectors": ["J01", others[0]]} if given else each)
        place = place if not given else "given"
    return found


def test_a_small_preference_is_seen_over_many_draws():
    def rig(selected, _):
        return a_seat_more(a_seat_more(selected, "free"), "free")

    # Of twelve each has four seats a draw: with two more in each, a person has half as many again.
    whole = compared(frozen(), 0, 30, rig)
    [first, second, *_] = whole.persons()
    assert (first["inspector_id"], first["draws"]) == ("person 1", 30)
    assert float(first["p_value"]) * 12 < 1e-4
    assert float(second["p_value"]) * 12 > 0.05
    inspectors = whole.document()["inspectors"]
    assert inspectors["persons"] == 12
    assert float(inspectors["persons_p_value"]) == pytest.approx(float(first["p_value"]) * 12, rel=0.01)


def test_persons_of_fair_draws_are_seldom_suspected():
    for more in ({}, {"max_load": 4}, {"max_load": 2}):
        found = [float(each.document()["inspectors"]["persons_p_value"]) for each in many(**more)]
        assert share_upto(found, 0.05) <= 0.05


def test_a_stratum_with_another_number_than_planned_is_an_error_and_no_chance():
    whole = compared(frozen(), 0, 2, one_left_out)
    assert [(each.stratum, *each.drawn) for each in whole.differences] == [("C", 40, 12, 11)] * 2
    assert whole.strata["C"] == (80, 24, 22)
    assert compared(frozen(), 0, 2).differences == ()


def test_a_subject_that_is_not_in_the_pool_is_not_drawn_of_it():
    def strange(selected, _):
        return [{**each, "subject_id": "shop:999"} if place == 0 else each for place, each in enumerate(selected)]

    [difference] = compared(frozen(), 0, 1, strange).differences
    assert difference.drawn.selected == difference.drawn.quota - 1


def test_a_draw_of_nobody_adds_nothing_that_chance_chose():
    whole = compared(frozen(cap=0), 0, 1)
    assert (whole.draws, whole.seat_draws, whole.regions, whole.smallest()) == (1, 0, {}, None)
    assert whole.seats.p_value() == 1.0


def test_what_is_told_of_a_comparison():
    document = compared(frozen(), 0, 2).document()
    assert document["strata"] == [
        {"stratum": "C", "size": 80, "quota": 24, "selected": 24},
        {"stratum": "A", "size": 160, "quota": 24, "selected": 24},
    ]
    assert (document["draws"], document["differences"]) == (2, [])
    regions = document["regions"]
    assert [row["region"] for row in regions["rows"]] == list(COUNTIES)
    assert sum(row["selected"] for row in regions["rows"]) == 48
    assert {row["expected"] for row in regions["rows"]} == {"12.00"}
    assert (document["inspectors"]["draws"], document["inspectors"]["seats"]) == (2, 96)
