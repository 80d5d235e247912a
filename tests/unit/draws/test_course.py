"""Every refusal of the course, each with a problem of its own, and what may be done instead."""

import json
from datetime import date

import pytest

from services.draws.assembling import Lists
from services.draws.commands import MakePlan, Run
from services.draws.course import decide
from services.draws.freezing import freezable
from services.draws.outcomes import Outcomes
from services.draws.problems import KINDS
from services.draws.seeding import abandoned_late
from shared.registry.calendar_form import Calendar
from shared.registry.working_days import calendar_of
from shared.web.problems import ProblemError
from tests.support.draws import (
    BEACON,
    CLERK,
    DICE,
    LISTS,
    OTHER,
    PLANNER,
    START,
    Desk,
    a_plan,
    hours,
    sources,
    verified,
)

LIVE = {"pool": {"of": "subjects", "kind": "shop"}}
KNOWN_BEFORE = START.isoformat()
SOON = {**LIVE, "start": START + hours(5), "known_at": (START + hours(4)).isoformat(), "publish_by": "2026-11-13"}
PENDING = {**LISTS, "excluded.tsv": b"shop:98\tdrawn-pending\nshop:99\tclosed\n"}


def planned(desk, clock):
    desk.plan()


def committed(desk, clock):
    desk.plan()
    desk.freeze()


def unpublic(desk, clock):
    desk.writer._witnessed_only = True
    desk.plan(public=None)
    desk.freeze()


def a_sealed_one(desk, clock):
    """Drawn, and its inspections last until 13 November."""
    desk.plan("d-0", window=WINDOW, publish_by=None, **LIVE, known_at=START.isoformat())
    through(desk, clock, "d-0")


def after_a_sealed_one(desk, clock, lists=None, **more):
    """Another, that leaves out whom the sealed one has selected, two days later."""
    a_sealed_one(desk, clock)
    clock.now = START + hours(24)
    desk.plan(start=clock.now, **{**LIVE, "known_at": clock.now.isoformat(), **more})
    through(desk, clock, "d-1", PENDING if lists is None else lists)


def through(desk, clock, draw_id, lists=LISTS):
    start = clock.now
    desk.freeze(draw_id, lists=lists)
    for source, after in ((DICE, 2), (BEACON, 4)):
        clock.now = start + hours(after)
        desk.enter(source, draw_id=draw_id)
    desk.run(draw_id)


def thrown(desk, clock):
    committed(desk, clock)
    clock.now = START + hours(2)
    desk.enter(DICE)


def seeded(desk, clock):
    thrown(desk, clock)
    clock.now = START + hours(4)
    desk.enter(BEACON)


def drawn(desk, clock):
    seeded(desk, clock)
    desk.run()


def proposed(desk, clock):
    drawn(desk, clock)
    desk.propose(desk.selected()[0]["subject_id"], cause="已注销")


def joint(desk, clock):
    partner = {"department": "fire", "confirm_by": "2026-11-03"}
    desk.plan(partners=[partner], items=[{"code": "XF-01", "name": "消防通道"}])


def joined(desk, clock):
    joint(desk, clock)
    desk.confirm_department(items=("XF-01",))


def recused(desk, clock):
    planned(desk, clock)
    desk.recuse()


def confirmed(desk, clock):
    proposed(desk, clock)
    desk.confirm(desk.now("d-1"))


def abandoned(desk, clock):
    committed(desk, clock)
    desk.abandon()


def later(number, act):
    """The act when so many hours have passed since the start."""

    def acting(desk, clock):
        clock.now = START + hours(number)
        return act(desk, clock)

    return acting


def do(act, /, *given, **more):
    return lambda desk, clock: getattr(desk, act)(*given, **more)


def nothing(desk, clock):
    pass


def first_drawn_again(desk, clock):
    committed(desk, clock)
    desk.plan("d-2", replaces={"draw_id": "d-1", "cause": "名录有误"})


REPLACES = {"replaces": {"draw_id": "d-1", "cause": "名录有误"}}
ROSTER_OF_ONE = {**LISTS, "roster.tsv": b"J1\tlaw\t320902\n"}
SMALL_POOL = {**LISTS, "pool.tsv": b"shop:00\tC\t320902\nshop:01\tA\t320902\n"}
NO_A = {**LISTS, "pool.tsv": b"shop:00\tC\t320902\n"}
TWICE = {**LISTS, "excluded.tsv": b"shop:00\tclosed\n"}
PAST = sources(START - hours(3))
CROSSED = list(reversed(sources()))
LONG = [{**each, "pattern": "[0-9]{1001}"} for each in sources()]
FEW = [sources()[0], {**sources()[1], "pattern": "[0-9]{5}"}]
ROUND = "drand quicknet round 33565612"
EARLY_ROUND = [sources()[0], {**sources()[1], "name": ROUND}]
SAME_TIME = [{**each, "not_before": sources()[1]["not_before"]} for each in sources()]


def rate(text):
    return [{"stratum": "C", "rate": text}]


def windowed(desk, clock):
    desk.plan(window=WINDOW, publish_by=None)
    desk.freeze()
    for number, source in ((2, DICE), (4, BEACON)):
        clock.now = START + hours(number)
        desk.enter(source)
    desk.run()


WINDOW = {"from": "2026-11-02", "until": "2026-11-13"}
OVER_THE_YEAR = {"from": "2026-11-02", "until": "2026-12-15"}
BEFORE_THE_SEED = {"from": "2026-10-01", "until": "2026-10-31"}
BACKWARDS = {"from": "2026-11-13", "until": "2026-11-02"}

REFUSED = [
    ("an id that is there", planned, do("plan"), "draw-exists"),
    ("an id for no address", nothing, do("plan", "a b"), "plan-form"),
    ("a plan with what is ours to say", nothing, do("plan", journal="0" * 64), "plan-form"),
    ("a plan without seats", nothing, do("plan", panel=[]), "plan-form"),
    ("a plan with a number that is not whole", nothing, do("plan", weight=0.5), "plan-form"),
    ("a plan of another size", nothing, do("plan", more="x" * (1 << 18)), "plan-form"),
    ("a plan that cannot be written", nothing, do("plan", title="\ud800"), "plan-form"),
    ("a value too long for an event", nothing, do("plan", seed_sources=LONG), "plan-form"),
    ("a rate above 1", nothing, do("plan", strata=rate("1.01")), "rate-out-of-range"),
    ("a rate below 0", nothing, do("plan", strata=rate("-0.1")), "rate-out-of-range"),
    ("no public source", nothing, do("plan", public=None), "public-source-missing"),
    ("a public source that is none", nothing, do("plan", public="drand 1"), "public-source-not-last"),
    ("a public source that is not the last", nothing, do("plan", public=DICE), "public-source-not-last"),
    (
        "a public source before the dice",
        nothing,
        do("plan", seed_sources=CROSSED, public=DICE),
        "public-source-not-last",
    ),
    ("a public source with the dice", nothing, do("plan", seed_sources=SAME_TIME), "public-source-not-last"),
    ("an event that has happened", nothing, do("plan", seed_sources=PAST), "seed-source-past"),
    ("a window without an end", nothing, do("plan", window={"from": "2026-11-02"}), "plan-form"),
    ("a window backwards", nothing, do("plan", window=BACKWARDS), "plan-form"),
    ("a window before the seed", nothing, do("plan", window=BEFORE_THE_SEED, publish_by="2026-11-20"), "plan-form"),
    (
        "a publication after the limit",
        nothing,
        do("plan", window=WINDOW, publish_by="2026-12-12"),
        "publish-by-out-of-range",
    ),
    (
        "a publication in the window",
        nothing,
        do("plan", window=WINDOW, publish_by="2026-11-13"),
        "publish-by-out-of-range",
    ),
    ("a round that comes earlier", nothing, do("plan", seed_sources=EARLY_ROUND, public=ROUND), "seed-source-time"),
    ("a source of a few values", nothing, do("plan", seed_sources=FEW), "seed-source-few-values"),
    ("to abandon what can go on", thrown, later(4, do("abandon")), "seed-is-known"),
    ("to abandon for whom one can call", committed, do("abandon", cause="请联系 139 1234 5678"), "cause-form"),
    ("a limit in a year unknown", nothing, do("plan", window=OVER_THE_YEAR, publish_by=None), "no-calendar"),
    ("to replace what there is not", nothing, do("plan", **REPLACES), "replaces-uncommitted"),
    ("to replace what is not committed", planned, do("plan", "d-2", **REPLACES), "replaces-uncommitted"),
    ("to replace what is replaced", first_drawn_again, do("plan", "d-3", **REPLACES), "replaced-already"),
    ("a draw that there is not", nothing, do("freeze", expected=1), "not-found"),
    ("a freeze of what has moved on", committed, do("freeze", expected=1), "draw-moved-on"),
    ("a second freeze", committed, do("freeze"), "draw-out-of-order"),
    ("a freeze after the dice", planned, later(2, do("freeze")), "seed-source-past"),
    ("a stratum of nobody", planned, do("freeze", lists=NO_A), "stratum-unknown"),
    ("more than there are", planned, do("freeze", lists=SMALL_POOL), "too-few-subjects"),
    ("panels of one", planned, do("freeze", lists=ROSTER_OF_ONE), "too-few-inspectors"),
    ("a subject in the pool and left out", planned, do("freeze", lists=TWICE), "document-form"),
    ("a seed before the commitment", planned, do("enter", DICE), "seed-before-commitment"),
    ("a seed that nobody saw", unpublic, later(2, do("enter", DICE)), "seed-unwitnessed"),
    ("a seed by the planner", committed, later(2, do("enter", DICE, by=PLANNER)), "seed-by-planner"),
    ("a seed of no source", committed, later(2, do("enter", "coin", "1")), "seed-source-unknown"),
    ("a seed before its event", committed, do("enter", DICE), "seed-too-early"),
    ("no seed", committed, later(2, do("enter", DICE, "")), "seed-value-empty"),
    ("a misspelt seed", committed, later(2, do("enter", DICE, "7-1")), "seed-value-form"),
    ("a seed with a space", committed, later(2, do("enter", DICE, "3-4 ")), "seed-value-form"),
    ("a second value", thrown, do("enter", DICE, "1-1"), "seed-value-stands"),
    ("the same value twice", thrown, do("enter", DICE), "seed-value-stands"),
    ("dice after the beacon", committed, later(4, do("enter", DICE)), "seed-closed"),
    ("the beacon alone", committed, later(4, do("enter", BEACON)), "seed-values-missing"),
    ("the beacon too early", thrown, do("enter", BEACON), "seed-too-early"),
    ("a draw without its seed", thrown, do("run"), "draw-out-of-order"),
    ("a second draw", drawn, do("run"), "draw-out-of-order"),
    ("to publish what is not drawn", seeded, do("publish"), "draw-out-of-order"),
    ("to publish in the window", windowed, do("publish"), "window-open"),
    ("to publish without all outcomes", windowed, do("publish", outcomes=Outcomes(4, 3)), "window-open"),
    ("to publish on the last day", windowed, later(24 * 12 + 14, do("publish")), "window-open"),
    ("to publish whom a sealed draw has drawn", after_a_sealed_one, do("publish"), "earlier-draw-sealed"),
    ("a publication while one is sealed", a_sealed_one, do("plan", **SOON), "publish-by-out-of-range"),
    ("to abandon what is seeded", seeded, do("abandon"), "seed-is-known"),
    ("to abandon what is drawn", drawn, do("abandon"), "seed-is-known"),
    ("to abandon without a cause", committed, do("abandon", cause=""), "cause-form"),
    ("a step after the end", abandoned, do("freeze"), "draw-out-of-order"),
    ("a value after the end", abandoned, later(2, do("enter", DICE)), "draw-out-of-order"),
    ("a second end", abandoned, do("abandon"), "draw-out-of-order"),
    ("to replace before the draw", seeded, do("propose", "shop:00"), "draw-out-of-order"),
    ("to replace who is not drawn", drawn, do("propose", "shop:98", cause="moved"), "replacement-refused"),
    ("to replace without a cause", drawn, do("propose", "shop:00", cause=" \n"), "cause-form"),
    ("to confirm what nobody asked for", drawn, do("confirm", 3), "proposal-unknown"),
    ("to confirm oneself", proposed, do("confirm", 7, by=CLERK), "confirmed-by-proposer"),
    ("to confirm twice", confirmed, do("confirm", 7), "proposal-confirmed"),
    ("to freeze before a partner has confirmed", joint, do("freeze", lists=ROSTER_OF_ONE), "partner-unconfirmed"),
    ("a recusal after the freeze", committed, do("recuse"), "recusal-after-freeze"),
    ("a recusal filed twice", recused, do("recuse"), "recusal-stands"),
    ("what is no partner", joint, do("confirm_department", "law"), "department-no-partner"),
    ("a partner that confirms twice", joined, do("confirm_department"), "department-confirmed"),
    ("an item that the plan has not", joint, do("confirm_department", items=("XF-02",)), "item-unknown"),
    ("a partner that confirms after the freeze", committed, do("confirm_department"), "draw-out-of-order"),
    ("a witness of no role", committed, do("witness", role="mayor"), "witness-form"),
    ("a witness without a name", committed, do("witness", name=" "), "witness-form"),
    ("a witness when all is over", drawn, do("witness"), "draw-out-of-order"),
]


@pytest.mark.parametrize(("before", "act", "code"), [pytest.param(*each[1:], id=each[0]) for each in REFUSED])
def test_it_is_refused_and_nothing_is_written(desk, clock, before, act, code):
    before(desk, clock)
    written = desk.reading.refresh(), desk.reading.journal.head
    with pytest.raises(ProblemError) as refused:
        act(desk, clock)
    assert refused.value.kind.code == code
    assert (desk.reading.refresh(), desk.reading.journal.head) == written


def test_every_kind_of_problem_is_shown_once():
    assert {each.code for each in KINDS} == {code for *_, code in REFUSED} - {"not-found"}


RUN = {"draw_id": "d-1", "by": CLERK, "sha256": "0" * 64, "selected": 0}


@pytest.mark.parametrize("before", [planned, committed, thrown, drawn])
def test_no_result_is_taken_but_right_after_the_seed(desk, clock, before):
    before(desk, clock)
    draws = desk.reading.refresh()
    with pytest.raises(ProblemError) as refused:
        decide(draws, Run(expected=draws.by_id["d-1"].sequence, **RUN), START.isoformat())
    assert refused.value.kind.code == "draw-out-of-order"


def test_the_seed_is_as_old_as_its_first_value(desk, clock):
    drawn(desk, clock)
    seed = json.loads(desk.office.bundle("d-1")["seed.json"])
    assert seed["seed_at"] == "2026-11-01T11:00:00.000+08:00"
    assert json.loads(desk.office.bundle("d-1")["commitment.json"])["committed_at"] == desk.reading.journal.lines[1].at


def test_a_bundle_that_is_not_drawn_is_shown_to_nobody(desk, clock):
    seeded(desk, clock)
    for draw_id, code in (("d-1", "draw-out-of-order"), ("d-9", "not-found")):
        with pytest.raises(ProblemError) as refused:
            desk.office.bundle(draw_id)
        assert refused.value.kind.code == code


def test_who_is_too_late_is_told_where_the_draw_is(desk, clock):
    committed(desk, clock)
    with pytest.raises(ProblemError) as refused:
        desk.freeze(expected=1)
    assert refused.value.body()["sequence"] == 2


def test_too_few_are_told_with_the_numbers(desk, clock):
    desk.plan()
    with pytest.raises(ProblemError) as refused:
        desk.freeze(lists=SMALL_POOL)
    assert refused.value.body()["strata"] == [{"stratum": "A", "asked": 2, "there": 1}]
    with pytest.raises(ProblemError) as refused:
        desk.freeze(lists=ROSTER_OF_ONE)
    assert "12 of 12 subjects" in refused.value.detail
    assert refused.value.body()["number"] == 12


def test_faults_of_a_plan_are_told_by_where_they_stand(desk):
    with pytest.raises(ProblemError) as refused:
        desk.plan(strata=[{"stratum": "C", "rate": "2"}, {"stratum": "A", "count": -1}], cap=-1)
    assert {fault.pointer for fault in refused.value.errors} == {"/strata/0/rate", "/strata/1/count", "/cap"}


def test_a_draw_goes_from_plan_to_proof(desk, clock):
    confirmed(desk, clock)
    desk.publish()
    found = verified(desk)
    assert [each["seq"] for each in found.replacing.records] == [1]
    assert [line.step for line in desk.reading.journal.lines] == [
        *("planned", "committed", "seeded", "drawn", "replaced", "published"),
    ]


@pytest.mark.parametrize(("number", "outcomes"), [(24 * 12 + 15, None), (24 * 2, Outcomes(4, 4))])
def test_a_draw_is_published_when_its_window_is_over_or_all_outcomes_are_in(desk, clock, number, outcomes):
    windowed(desk, clock)
    clock.now = START + hours(number)
    assert desk.publish(outcomes=outcomes).phase == "published"


def test_whom_an_earlier_draw_has_selected_is_told_once_that_one_is_over_or_public(desk, clock):
    after_a_sealed_one(desk, clock)
    with pytest.raises(ProblemError) as refused:
        desk.publish()
    assert (refused.value.body()["draw_id"], refused.value.body()["until"]) == ("d-0", "2026-11-13")
    desk.publish("d-0", outcomes=Outcomes(4, 4))
    assert desk.publish().phase == "published"


def test_the_day_after_its_window_an_earlier_draw_gives_nobody_away(desk, clock):
    after_a_sealed_one(desk, clock)
    clock.now = START + hours(24 * 12 + 15)
    assert desk.publish().phase == "published"


@pytest.mark.parametrize(
    ("lists", "more"),
    [(LISTS, {}), (PENDING, {"pool": {"of": "subjects", "kind": "hauler"}}), (PENDING, {"known_at": KNOWN_BEFORE})],
)
def test_what_tells_of_no_sealed_draw_waits_for_none(desk, clock, lists, more):
    after_a_sealed_one(desk, clock, lists, **more)
    assert desk.publish().phase == "published"


def test_without_a_day_of_publication_it_is_the_end_of_the_limit(desk, clock):
    windowed(desk, clock)
    assert desk.draw("d-1").plan.publish_by == date(2026, 12, 11)


def test_a_plan_may_name_a_day_that_every_calendar_to_come_allows(desk, clock):
    said = {"window": {"from": "2026-11-02", "until": "2026-12-15"}}
    with pytest.raises(ProblemError) as refused:
        desk.plan(**said, publish_by=None)
    sure = refused.value.body()["surely_within"]
    assert desk.plan("d-1", **said, publish_by=sure).plan.publish_by == date(2027, 1, 8)
    with pytest.raises(ProblemError) as refused:
        desk.plan("d-2", **said, publish_by="2027-01-09")
    assert refused.value.kind.code == "publish-by-out-of-range"


def test_what_is_given_up_when_its_public_value_is_out_stays_marked(desk, clock):
    committed(desk, clock)
    clock.now = START + hours(4)
    assert abandoned_late(desk.abandon())
    desk.plan("d-2", start=clock.now)
    desk.freeze("d-2")
    assert not abandoned_late(desk.abandon("d-2"))


def test_a_limit_is_counted_by_the_calendars_of_the_installation(log, clock):
    def calendars(year):
        return calendar_of(year) if year < 2027 else Calendar("notice", frozenset({date(2027, 1, 1)}), frozenset())

    desk = Desk(log, "t.", clock, calendars=calendars)
    assert desk.plan(window=OVER_THE_YEAR, publish_by=None).plan.publish_by == date(2027, 1, 13)


def test_who_is_refused_for_the_window_is_told_until_when_and_how_many_are_missing(desk, clock):
    windowed(desk, clock)
    with pytest.raises(ProblemError) as refused:
        desk.publish(outcomes=Outcomes(4, 3))
    body = refused.value.body()
    assert (body["until"], body["expected"], body["come"]) == ("2026-11-13", 4, 3)
    assert "1 of 4 outcomes are missing. Publish from 2026-11-14 on" in body["detail"]


def test_the_year_without_a_calendar_is_named_with_how_to_add_it(desk):
    with pytest.raises(ProblemError) as refused:
        desk.plan(window=OVER_THE_YEAR, publish_by=None)
    assert refused.value.body()["year"] == 2027
    assert "国务院办公厅关于2027年部分节假日安排的通知" in refused.value.detail
    assert "CHENGXIN_CALENDARS" in refused.value.detail


def test_who_is_replaced_after_publication_stands_in_the_bundle(desk, clock):
    drawn(desk, clock)
    desk.publish()
    first = desk.selected()[0]
    desk.propose(first["subject_id"], first["inspectors"][1])
    assert verified(desk).replacing.records == []
    desk.confirm(desk.now("d-1"))
    assert verified(desk).replacing.records[0]["leaves"] == first["inspectors"][1]


def test_a_proposal_is_judged_by_what_was_confirmed_meanwhile(desk, clock):
    proposed(desk, clock)
    desk.propose(desk.selected()[0]["subject_id"], cause="moved")
    desk.confirm(7)
    with pytest.raises(ProblemError) as refused:
        desk.confirm(8)
    assert refused.value.kind.code == "replacement-refused"


def test_what_is_drawn_again_names_what_it_replaces_and_why(desk, clock):
    first_drawn_again(desk, clock)
    desk.freeze("d-2")
    assert desk.draw("d-2").plan.document["replaces"] == {"draw_id": "d-1", "cause": "名录有误"}
    assert desk.reading.journal.lines[-1].more["replaces"] == {"draw_id": "d-1", "cause": "名录有误"}


def test_a_redraw_that_was_given_up_before_its_commitment_stands_in_nobodys_way(desk, clock):
    first_drawn_again(desk, clock)
    desk.abandon("d-2")
    desk.plan("d-3", **REPLACES)
    assert desk.reading.refresh().replacing("d-1").draw_id == "d-3"


def test_a_redraw_that_was_given_up_after_its_commitment_is_itself_what_is_replaced(desk, clock):
    first_drawn_again(desk, clock)
    desk.freeze("d-2")
    desk.abandon("d-2")
    with pytest.raises(ProblemError) as refused:
        desk.plan("d-3", **REPLACES)
    assert refused.value.body()["draw_id"] == "d-2"
    desk.plan("d-3", replaces={"draw_id": "d-2", "cause": "x"})


def test_every_plan_names_the_first_line_of_the_journal(desk, clock):
    desk.plan("d-1")
    desk.plan("d-2")
    assert desk.draw("d-1").plan.journal == "0" * 64
    assert desk.draw("d-2").plan.journal == desk.reading.journal.lines[0].hash


def test_a_witness_is_never_written_down_by_full_name(desk, clock, log):
    committed(desk, clock)
    desk.witness(name=" 欧阳致远 ")
    assert desk.draw("d-1").witnesses == (("notary", "欧**"),)
    assert all("致远".encode() not in record.value for records in log.records.values() for record in records)


def test_where_witnesses_suffice_a_plan_says_so(log, clock):
    desk = Desk(log, "t.", clock, witnessed_only=True)
    desk.plan(public=None)
    document = desk.draw("d-1").plan.document
    assert (document["public_source"], document["assurance"]) == (None, "witnessed, not verifiable")
    desk.freeze()
    desk.witness()
    clock.now = START + hours(5)  # no moment from which the values can be known: each may come late
    desk.enter(BEACON)
    desk.enter(DICE, by=OTHER)
    desk.run()
    verified(desk)


def test_a_plan_with_a_public_source_bears_no_such_mark(desk):
    desk.plan()
    assert "assurance" not in desk.draw("d-1").plan.document


def test_texts_are_normalised_before_they_are_planned(desk):
    desk.plan(title="e\u0301")
    assert desk.draw("d-1").plan.document["title"] == "\u00e9"


def test_known_strata_may_have_nobody(desk, clock):
    desk.plan(strata=[{"stratum": "C", "rate": "0.5"}, {"stratum": "D", "rate": "1"}])
    told = freezable(desk.draw("d-1").plan, Lists(LISTS, ("D",))).told
    assert told["strata"] == [{"stratum": "C", "size": 4, "quota": 2}, {"stratum": "D", "size": 0, "quota": 0}]


def test_strata_that_no_pool_has_are_told_at_planning(desk):
    with pytest.raises(ProblemError) as refused:
        desk.office.execute(
            MakePlan(draw_id="d-1", by=PLANNER, plan=a_plan(), public_source=BEACON, strata=frozenset("AB"))
        )
    assert refused.value.kind.code == "stratum-unknown"
    assert refused.value.body()["known"] == ["A", "B"]
