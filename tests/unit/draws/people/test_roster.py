"""Who is on a roster, who is left out and why, and who is recused from whom."""

from datetime import date

import pytest

from services.draws.people.certified import refuse_assistant, refuse_uncertified
from services.draws.people.register import Register
from services.draws.people.roster import roster
from shared.draw.documents import parse_recusals, parse_roster
from shared.web.problems import ProblemError
from tests.support.draws import OTHER
from tests.support.people import Shelved, upserted

LAST = "2026-11-20"
KEYS = {
    "roster": {"regions": ["320902"]},
    "window": {"from": "2026-11-09", "until": LAST},
    "partners": [],
    "publish_by": "2026-12-01",
    "items": [{"code": "SH-01", "name": "门前三包"}],
}
SHOPS = frozenset(("shop:01", "shop:02"))


def staff(*events):
    return Register(Shelved(*events), 1).entries()


def coded(entries):
    return {inspector_id: f"code-{inspector_id}" for inspector_id in entries}


def made(draw, *events, handlers=None, codes=None):
    entries = staff(*events)
    filed = [(each.inspector_id, each.subject_id) for each in draw.recusals]
    return roster(draw, entries, coded(entries) if codes is None else codes, handlers or {}, filed, SHOPS)


def on(found):
    return [line.split("\t")[0].removeprefix("code-") for line in found.roster.decode().splitlines()]


@pytest.fixture
def draw(desk):
    panel = [{"department": "law", "count": 2}]
    return desk.plan(panel=panel, **KEYS)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"role": "assistant"}, "assistant"),
        ({"role": "assistant", "status": "left"}, "assistant"),
        ({"status": "suspended"}, "suspended"),
        ({"status": "left"}, "left"),
        ({"valid_until": "2026-11-19"}, "certificate-expired"),
    ],
)
def test_who_is_no_certified_officer_is_left_out_with_the_reason(draw, wrong, why):
    found = made(draw, upserted("J-1", **wrong), upserted("J-2"))
    assert (on(found), found.left_out) == (["J-2"], (("J-1", why),))


def test_a_certificate_may_end_with_the_last_day_of_the_inspections(draw):
    assert on(made(draw, upserted("J-1", valid_until=LAST))) == ["J-1"]


def test_only_the_plans_departments_and_regions_are_asked(draw):
    found = made(
        draw,
        upserted("J-1", department="tax"),
        upserted("J-2", region="320903000000"),
        upserted("J-3", region="320902001001"),
    )
    assert (on(found), found.left_out) == (["J-3"], ())


def test_any_department_is_asked_where_the_plan_says_so(desk):
    draw = desk.plan(**KEYS)
    assert on(made(draw, upserted("J-1", department="tax"), upserted("J-2", department="*"))) == ["J-1"]


def test_a_region_is_what_its_digits_name(desk):
    draw = desk.plan(**KEYS | {"roster": {"regions": ["320902001000"]}})
    found = made(draw, upserted("J-1", region="320902001001"), upserted("J-2", region="320902002001"))
    assert on(found) == ["J-1"]


def test_who_has_no_code_is_left_out(draw):
    found = made(draw, upserted("J-1"), upserted("J-2"), codes={"J-2": "code-J-2"})
    assert (on(found), found.left_out) == (["J-2"], (("J-1", "no-code"),))


def test_of_a_partner_department_only_those_are_there_whom_it_gave(desk):
    desk.plan(**KEYS | {"partners": [{"department": "fire", "confirm_by": "2026-11-03"}]})
    draw = desk.confirm_department("fire", inspectors=("J-2",))
    found = made(draw, upserted("J-1", department="fire"), upserted("J-2", department="fire"), upserted("J-3"))
    assert (on(found), found.left_out) == (["J-2", "J-3"], (("J-1", "not-confirmed"),))


def test_until_a_partner_department_has_confirmed_all_of_it_are_looked_at(desk):
    desk.plan(**KEYS | {"partners": [{"department": "fire", "confirm_by": "2026-11-03"}]})
    found = made(desk.draw("d-1"), upserted("J-1", department="fire"))
    assert (on(found), found.left_out) == (["J-1"], ())


def test_recusals_come_from_clerks_from_handled_cases_and_from_the_register(desk):
    desk.plan(**KEYS)
    draw = desk.recuse("J-1", "shop:01", by=OTHER)
    found = made(
        draw,
        upserted("J-1"),
        upserted("J-2", recused_from=["shop:02"]),
        upserted("J-3"),
        handlers={"shop:01": {"J-3", "J-1"}},
    )
    assert parse_recusals(found.recusals) == {b"shop:01": {b"code-J-1", b"code-J-3"}, b"shop:02": {b"code-J-2"}}


def test_nothing_is_told_of_who_does_not_serve_or_of_subjects_outside_the_pool(desk):
    desk.plan(**KEYS)
    draw = desk.recuse("J-9", "shop:01")
    found = made(draw, upserted("J-1", recused_from=["shop:99"]), upserted("J-9", status="left"))
    assert found.recusals == b""


def test_documents_are_as_the_protocol_has_them(desk):
    """Sorted by code and in NFC, as whoever freezes has to write them."""
    draw = desk.plan(**KEYS)
    events = [upserted(f"J-{number}", department=f"消防 e\u0301 {number}\ufeff") for number in range(12)]
    parsed = parse_roster(made(draw, *events).roster)
    assert sorted(parsed.departments) == sorted(f"消防 \u00e9 {number}".encode() for number in range(12))


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (upserted("J-1", role="assistant"), "协管人员"),
        (upserted("J-1", status="suspended"), "暂停"),
        (upserted("J-1", valid_until="2026-01-01"), "certificate"),
        (upserted("J-1", department="tax"), "not of law"),
        (upserted("J-2"), "not in the register"),
    ],
)
def test_who_is_named_must_be_a_certified_officer_of_the_department(event, said):
    with pytest.raises(ProblemError) as refused:
        refuse_uncertified(["J-1"], staff(event), date.fromisoformat(LAST), "law")
    assert refused.value.kind.code == "inspector-not-certified"
    assert refused.value.detail.startswith("J-1 ")
    assert said in refused.value.detail
    assert [fault.pointer for fault in refused.value.errors] == ["/inspectors/0"]


def test_nobody_is_recused_who_does_not_inspect():
    entries = staff(upserted("J-1"), upserted("J-2", role="assistant"))
    refuse_assistant("J-1", entries)
    for inspector_id in ("J-2", "J-3"):
        with pytest.raises(ProblemError) as refused:
            refuse_assistant(inspector_id, entries)
        assert refused.value.detail.startswith(inspector_id)
