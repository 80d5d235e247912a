"""Whatever the register says, in whatever order: lists are valid, codes bind, and repeats change nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from services.draws.codes import Codes, code_of
from services.draws.people.filed import effect_of, entry_of
from services.draws.people.register import Register
from services.draws.people.roster import roster
from services.draws.steps import Confirmation, Draw
from shared.draw.documents import parse_recusals, parse_roster
from shared.draw.plan import Entry, Plan
from shared.store.people import Line
from tests.support.people import Shelved, upserted

START = datetime(2026, 1, 1, tzinfo=UTC)
DEPARTMENTS = ["law", "fire", "消防 e\u0301", "*"]
IDS = ["J-1", "J-2", "执法-3", "a b"]
SHOPS = ["shop:01", "shop:02", "case:城罚 3"]

events = st.builds(
    lambda inspector_id, hour, event_id, more: upserted(
        inspector_id, (START + timedelta(hours=hour)).isoformat(), event_id, **more
    ),
    st.sampled_from(IDS),
    st.integers(0, 3),
    st.sampled_from("abc"),
    st.fixed_dictionaries(
        {
            "department": st.sampled_from(DEPARTMENTS),
            "region": st.sampled_from(["320902000000", "320902001001", "320903000000"]),
            "role": st.sampled_from(["officer", "officer", "assistant"]),
            "status": st.sampled_from(["active", "active", "suspended", "left"]),
            "valid_until": st.sampled_from(["2026-11-19", "2026-11-20", "2030-01-01"]),
            "recused_from": st.lists(st.sampled_from(SHOPS), unique=True),
        }
    ),
)
people = st.sets(st.sampled_from(IDS))


@given(st.lists(events, max_size=12), st.data())
def test_the_order_of_records_and_repeats_change_nothing(told, data):
    """What stands follows from when each record was recorded, not from when it was filed."""
    lines = [Line(recorded, effect_of(event, recorded).text) for recorded, event in enumerate(told)]
    shuffled = data.draw(st.permutations(lines + data.draw(st.lists(st.sampled_from(lines)) if lines else st.just([]))))
    known_at = datetime.fromtimestamp(data.draw(st.integers(0, 12)) / 1000, UTC)
    assert entry_of(shuffled, known_at) == entry_of(lines, known_at)
    recorded_by_then = [each for each in lines if each.recorded <= known_at.timestamp() * 1000]
    assert entry_of(shuffled, known_at) == entry_of(recorded_by_then)


@given(
    st.lists(events, max_size=12),
    st.sampled_from([["law"], ["law", "fire"], ["*"]]),
    people,
    people,
    st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(SHOPS)), max_size=4),
    st.dictionaries(st.sampled_from(SHOPS), people),
)
def test_lists_are_valid_whatever_the_register_says(told, departments, given_, coded, filed, handlers):
    entries = Register(Shelved(*told), 1).entries()
    document = {
        "window": {"until": "2026-11-20"},
        "roster": {"regions": ["320902"]},
        "partners": [{"department": "fire"}],
    }
    panel = tuple(Entry(each, 2) for each in departments)
    plan = Plan("d-1", (), None, panel, None, "any", (), START.date(), "0" * 64, document)
    confirmed = {"fire": Confirmation(tuple(given_), (), "key:2", START.isoformat())} if given_ else {}
    draw = Draw(plan, "0" * 64, "key:3", confirmations=confirmed)
    codes = {inspector_id: f"{number:032x}" for number, inspector_id in enumerate(sorted(coded))}

    found = roster(draw, entries, codes, handlers, filed, SHOPS)

    on = parse_roster(found.roster)
    assert {each.decode() for each in on.inspectors} <= set(codes.values())
    for inspector_id, entry in entries.items():
        said, code = entry.data, codes.get(inspector_id, "")
        if code.encode() in on.inspectors:
            assert (said["role"], said["status"]) == ("officer", "active")
            assert said["valid_until"] >= "2026-11-20"
            assert said["department"] != "fire" or not given_ or inspector_id in given_
            assert inspector_id not in dict(found.left_out)
    recused = parse_recusals(found.recusals)
    assert {code for codes_ in recused.values() for code in codes_} <= set(on.inspectors)
    for inspector_id, subject_id in filed:
        if (code := codes.get(inspector_id, "").encode()) in on.inspectors:
            assert code in recused[subject_id.encode()]


@given(st.sets(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1), max_size=20))
def test_codes_bind_and_the_lists_keep_all_of_them(ids):
    salts = (f"{number:064x}" for number in count())
    codes = Codes.make(ids, lambda: next(salts))
    again = Codes.parse(codes.private)
    assert again.by_id == codes.by_id
    assert set(again.by_id) == ids
    assert codes.public.decode().split() == sorted(set(codes.by_id.values()))
    assert all(code_of(each.id, each.salt) == each.code for each in again.open(codes.by_id.values()))
