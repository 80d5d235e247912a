from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.lookup.answers import tag_of
from services.lookup.desk import Missing
from services.lookup.question import Question, permitted
from services.lookup.reading import Head
from shared.credit.receipt import score, seal
from shared.credit.rulebook import Rulebooks
from shared.credit.summary import whereabouts
from shared.credit.verify import verify
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.access import Access
from shared.web.bounds import Bounds
from shared.web.problems import ProblemError

from .conftest import APPLIED, SHOP, TODAY, a_fact, a_head, a_rulebook, the_facts

INTERNAL = Access("a", frozenset({"scores:read"}))


def ask(access=INTERNAL, **asked) -> Question:
    return permitted(SHOP, access, TODAY, **asked)


def refusal(act, question):
    with pytest.raises(ProblemError) as raised:
        act(question)
    return raised.value


def test_the_plain_question_is_answered_by_the_summary_alone(world):
    body = world.desk.answer(ask())
    assert body == {
        "subject_id": SHOP,
        "kind": "shop",
        "name": "李记土菜馆",
        "region": "320902001001",
        "status": "open",
        "ledger": "internal",
        "score": "90.00",
        "grade": "A",
        "basis": "evidence",
        "as_of": "2026-03-01",
        "next_change_on": "2027-02-01",
        "disputed": False,
        "applied_until": APPLIED,
        "rulebook": {"id": "demo", "version": 1, "sha256": "5" * 64},
    }
    assert world.shelf.facts_read == 0


def test_what_the_public_may_not_see_is_left_out(world):
    body = world.desk.answer(ask(None))
    assert body["ledger"] == "public"
    assert "score" not in body
    assert body["grade"] == "A"


@pytest.mark.parametrize("access", [None, INTERNAL])
def test_the_summary_and_the_computation_say_the_same(world, access):
    kept = world.desk.answer(ask(access))
    world.shelf.kept[SHOP] = Head(world.shelf.kept[SHOP].summary, 0, TODAY.toordinal(), APPLIED)
    assert world.desk.answer(ask(access)) == kept
    assert world.shelf.facts_read == 1


def test_a_summary_past_its_due_date_is_never_served(world):
    later = date(2027, 2, 1)  # the case ends, the finding not yet
    question = permitted(SHOP, INTERNAL, later)
    assert world.desk.answer(question)["score"] == "95.00"


def test_a_summary_of_fewer_rulebooks_is_never_served(world):
    world.shelf.kept[SHOP] = Head(world.shelf.kept[SHOP].summary | {"internal": None}, 0, TODAY.toordinal(), APPLIED)
    assert world.desk.answer(ask())["score"] == "90.00"


def test_another_day_and_another_instant_are_computed(world):
    assert world.desk.answer(ask(as_of=date(2026, 1, 31)))["score"] == "100.00"
    before_the_finding = datetime(2026, 2, 5, tzinfo=UTC)
    assert world.desk.answer(ask(known_at=before_the_finding))["score"] == "95.00"
    before_everything = world.desk.answer(ask(known_at=datetime(2026, 1, 1, tzinfo=UTC)))
    assert (before_everything["score"], before_everything["name"]) == ("100.00", None)


def test_the_receipt_is_the_pure_functions(world):
    expected = score(SHOP, the_facts(), world.rulebooks, TODAY, None, "internal")
    assert world.desk.receipt(ask()) == expected
    assert seal(expected)["sha256"] == expected["sha256"]


def test_the_publics_receipt_holds_public_items_only(world):
    receipt = world.desk.receipt(ask(None))
    assert [item["type"] for item in receipt["items"]] == ["case"]
    assert "rejected" not in receipt
    assert "score" not in receipt
    assert seal(receipt)["sha256"] == receipt["sha256"]


@pytest.mark.parametrize("today_public", [True, False])
def test_what_the_public_sees_of_a_later_day_is_decided_by_the_rulebook_of_today(world, today_public):
    first = a_rulebook(score_public=today_public)
    later = a_rulebook(score_public=not today_public, version=2, effective_from="2026-07-01")
    world.rulebooks = Rulebooks([first, later])
    question = ask(None, as_of=date(2026, 8, 1))
    body, receipt = world.desk.answer(question), world.desk.receipt(question)
    assert body["rulebook"]["version"] == receipt["rule_version"] == 2
    assert ("score" in body, "score" in receipt) == (today_public, today_public)
    assert all(("points" in item) == today_public for item in receipt["items"])
    assert [check for check in verify(receipt, world.rulebooks, the_facts()) if check.holds is False] == []


def test_a_public_receipt_that_hides_what_no_version_hides_does_not_hold(world):
    world.rulebooks = Rulebooks([a_rulebook(score_public=True)])
    receipt = world.desk.receipt(ask(None))
    hides = seal({name: value for name, value in receipt.items() if name != "grade"})
    wrong = [check.name for check in verify(hides, world.rulebooks) if check.holds is False]
    assert wrong == ["publication"]


def test_before_the_first_rulebook_nothing_of_the_days_under_it_is_public(world):
    world.rulebooks = Rulebooks([a_rulebook(score_public=True, effective_from="2026-07-01")])
    body = world.desk.answer(ask(None, as_of=date(2026, 8, 1)))
    assert "score" not in body
    assert "grade" not in body


def test_before_the_first_rulebook_there_is_no_score_and_no_receipt(world):
    body = world.desk.answer(ask(as_of=date(2025, 12, 31)))
    assert (body["score"], body["grade"], body["basis"], body["rulebook"]) == (None, None, None, None)
    problem = refusal(world.desk.receipt, ask(as_of=date(2025, 12, 31)))
    assert (problem.kind.status, problem.kind.code) == (404, "no-rulebook")


def test_a_kind_without_rulebook_has_no_score(world):
    world.rulebooks = Rulebooks([])
    world.shelf.kept[SHOP] = a_head(the_facts(), world.rulebooks)
    assert world.desk.answer(ask())["score"] is None
    assert refusal(world.desk.receipt, ask()).kind.code == "no-rulebook"


@pytest.mark.parametrize("name", ["answer", "receipt"])
def test_what_cannot_be_answered_is_a_problem_of_its_own(world, name):
    act = getattr(world.desk, name)
    unknown = refusal(act, permitted("shop:92320902MA1N00026Y-02", INTERNAL, TODAY))
    assert unknown.kind.status == 404

    world.shelf.fault = Rebuilding(7)
    rebuilding = refusal(act, ask())
    assert (rebuilding.kind.status, rebuilding.kind.code) == (503, "rebuilding")
    assert rebuilding.extensions == {"records_behind": 7}
    assert int(rebuilding.headers["Retry-After"]) > 0

    world.shelf.fault = StoreUnavailable()
    assert refusal(act, ask()).kind.code == "unavailable"

    world.shelf.fault = None
    world.shelf.kept[SHOP] = Head({"failed": "0.1.0"}, 1, TODAY.toordinal(), APPLIED, failed=True)
    failed = refusal(act, ask())
    assert (failed.kind.status, failed.kind.code) == (503, "failed")
    assert int(failed.headers["Retry-After"]) > 0


def test_while_no_rulebook_could_be_read_kept_summaries_are_served_and_nothing_is_computed(world):
    kept = world.desk.answer(ask())
    world.rulebooks = None
    assert world.desk.answer(ask()) == kept
    assert refusal(world.desk.receipt, ask()).kind.code == "unavailable"
    assert refusal(world.desk.answer, ask(as_of=date(2026, 2, 1))).kind.code == "unavailable"
    assert refusal(world.desk.answer, permitted(SHOP, INTERNAL, date(2027, 2, 1))).kind.code == "unavailable"


@pytest.mark.parametrize("name", ["answer", "receipt"])
def test_an_instant_that_is_not_applied_yet_is_409(world, name):
    question = ask(known_at=datetime(2026, 3, 1, 2, 0, tzinfo=UTC))
    problem = refusal(getattr(world.desk, name), question)
    assert (problem.kind.status, problem.extensions["applied_until"]) == (409, APPLIED)


def test_the_tag_moves_with_what_is_said_and_not_with_the_log(world):
    body = world.desk.answer(ask())
    assert tag_of(body) == tag_of(body | {"applied_until": datetime(2026, 3, 1, 3, tzinfo=UTC)})
    assert tag_of(body) != tag_of(body | {"score": "89.99"})


@pytest.mark.parametrize("access", [None, INTERNAL])
@pytest.mark.parametrize(("ends", "disputed"), [(False, True), (True, False)])
def test_a_dispute_is_told_for_as_long_as_what_it_is_about_counts(world, access, ends, disputed):
    facts = [
        *the_facts(),
        a_fact("e-9", "case.disputed", {"case_no": "案-1", "on": "2026-02-05", "channel": "objection"}),
    ]
    if ends:
        facts.append(a_fact("e-10", "case.revoked", {"case_no": "案-1", "revoked_on": "2026-02-06", "ground": "错误"}))
    world.shelf.ledger[SHOP], world.shelf.kept[SHOP] = facts, a_head(facts, world.rulebooks)
    assert world.desk.answer(ask(access))["disputed"] is disputed


HERE, ELSEWHERE = "320902001001", "320903001001"


def moved(to, id_="e-9", time="2026-02-20T10:00:00+08:00"):
    entry = a_fact(id_, "subject.upserted", {"name": "李记土菜馆", "region": to, "status": "open"})
    return entry._replace(time=time)


def told(world, regions):
    """What a caller of some regions is told of the shop, among several; nothing where it is no business of his."""
    access = Access("a", frozenset({"scores:read"}), bounds=Bounds(regions=regions))
    return [body for _, body in world.desk.each([ask(access)])]


def test_who_may_see_its_former_region_is_told_that_a_subject_is_gone_and_others_are_told_nothing(world):
    world.shelf.kept[SHOP] = a_head([*the_facts(), moved(ELSEWHERE)], world.rulebooks)
    assert told(world, ("320902",)) == [Missing.GONE]
    assert told(world, ("320904",)) == []
    [body] = told(world, ("320903",))
    assert body["region"] == ELSEWHERE


def test_a_subject_that_came_back_is_gone_from_where_it_was_between(world):
    back = moved(HERE, "e-10", "2026-02-21T10:00:00+08:00")
    world.shelf.kept[SHOP] = a_head([*the_facts(), moved(ELSEWHERE), back], world.rulebooks)
    assert told(world, ("320903",)) == [Missing.GONE]
    assert told(world, ("320902",))[0]["region"] == HERE


def test_that_a_fault_of_ours_failed_on_a_subject_is_told_to_nobody_elsewhere(world):
    summary = {"failed": "0.1.0", **whereabouts(the_facts())}
    world.shelf.kept[SHOP] = Head(summary, 1, TODAY.toordinal(), APPLIED, failed=True)
    assert told(world, ("320902",)) == [Missing.FAILED]
    assert told(world, ("320903",)) == []
    assert refusal(world.desk.answer, ask(Access("a", INTERNAL.scopes, Bounds(("320903",))))).kind.status == 403


def test_the_public_receipt_names_what_states_an_item_and_nothing_else_that_was_said_of_it(world):
    said = {"case_no": "案-1", "on": "2026-02-02"}
    disputed = a_fact("0a1b.disputed", "case.disputed", {**said, "channel": "objection"})
    replied = a_fact("0a1b.replied", "case.replied", {**said, "statement": "当日已停业。"})
    world.shelf.ledger[SHOP] += [disputed, replied]
    world.shelf.kept[SHOP] = a_head(world.shelf.ledger[SHOP], world.rulebooks)
    public = world.desk.receipt(permitted(SHOP, None, TODAY))
    inside = world.desk.receipt(ask(ledger="public"))
    ids = [{each["id"] for each in receipt["items"][0]["events"]} for receipt in (public, inside)]
    assert ids == [{"e-2"}, {"e-2", "0a1b.disputed", "0a1b.replied"}]
