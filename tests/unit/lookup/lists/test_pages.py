"""Lists: who belongs in one, page by page, and what the public cannot learn from one."""

from __future__ import annotations

from datetime import date
from itertools import chain
from types import SimpleNamespace

import pytest

from services.lookup.desk import Desk
from services.lookup.lists import pages
from services.lookup.lists.criteria import Criteria
from services.lookup.lists.pages import Lists
from shared.credit.rulebook import Rulebooks
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.problems import ProblemError
from tests.unit.lookup.conftest import APPLIED, SWEPT, TODAY, Shelf, a_fact, a_head, a_rulebook, file

OPEN = {"region": "320902001001", "status": "open"}


def shop(number):
    return f"shop:92320902MA1N00026Y-{number:03d}"


def entry(number, **data):
    return a_fact(f"r-{number}", "subject.upserted", {"name": f"第{number}面馆", **OPEN, **data}, subject=shop(number))


def case(number, **data):
    said = {
        "case_no": f"案-{number}",
        "violation_code": "SP-03",
        "severity": "general",
        "occurred_on": "2026-02-01",
        "decided_on": "2026-02-01",
        "region": "320902001001",
        "officers": ["1", "2"],
    }
    return a_fact(f"c-{number}", "case.decided", said | data, subject=shop(number))


def a_street(ledgers, rulebooks=None, today=TODAY):
    """Shops with their facts, filed as their summaries say; the first test that needs it may change any part."""
    rulebooks = rulebooks or Rulebooks([a_rulebook()])
    heads = {facts[0].subject: a_head(facts, rulebooks, today) for facts in ledgers}
    shelf = Shelf(heads, {facts[0].subject: facts for facts in ledgers})
    street = SimpleNamespace(shelf=shelf, drawer=file(shelf), rulebooks=rulebooks)
    street.lists = Lists(street.drawer, Desk(shelf, lambda: street.rulebooks))

    def ask(ledger="internal", *, day=TODAY, after="", most=50, **asked):
        page = street.lists.page(Criteria(ledger, **asked), day, after, most)
        return [row["subject_id"] for row in page.rows]

    street.ask = ask
    return street


@pytest.fixture
def street():
    return a_street([[entry(number), case(number)] for number in range(5)])


def every_page(street, most, **asked):
    pages, last = [], ""
    while last is not None:
        page = street.lists.page(Criteria("internal", **asked), TODAY, last, most)
        pages.append([row["subject_id"] for row in page.rows])
        last = page.last
    return pages


@pytest.mark.parametrize("most", [1, 2, 4, 5, 6])
def test_the_pages_of_a_list_are_the_list_in_order_and_end(street, most):
    pages = every_page(street, most)
    assert list(chain.from_iterable(pages)) == [shop(number) for number in range(5)]
    assert all(len(page) == most for page in pages[:-1])
    assert pages[-1]


def test_a_list_says_of_which_sweep_it_is_and_until_when_all_is_in_it(street):
    page = street.lists.page(Criteria("public"), TODAY, "", 50)
    assert (page.extent.swept, page.extent.applied_until, page.last) == (SWEPT, APPLIED, None)


def test_each_row_is_the_subject_s_own_answer(street):
    [row] = street.lists.page(Criteria("internal", name="第3"), TODAY, "", 50).rows
    assert (row["subject_id"], row["name"], row["status"], row["score"]) == (shop(3), "第3面馆", "open", "95.00")


def test_a_row_of_which_something_else_is_true_by_now_is_not_shown(street):
    """It was filed before: under another name, in another county, or open."""
    street.shelf.kept[shop(2)] = a_head(
        [entry(2, name="王记", region="320925001001", status="closed")], street.rulebooks
    )
    others = [shop(number) for number in (0, 1, 3, 4)]
    assert street.ask(name="面馆") == street.ask(region="320902") == street.ask(status="open") == others
    assert street.ask() == [shop(number) for number in range(5)]


def test_what_no_register_has_named_is_in_the_list_of_all(street):
    street = a_street([[case(1)], [entry(2)]])
    assert street.ask() == [shop(1), shop(2)]
    assert street.ask(region="3209") == street.ask(status="open") == [shop(2)]


def test_a_subject_that_a_fault_of_ours_failed_on_is_left_out(street):
    head = street.shelf.kept[shop(1)]
    failed = {"subject_id": shop(1), "kind": "shop", "failed": "0.1.0"}
    street.shelf.kept[shop(1)] = type(head)(failed, head.rulebooks, head.day, head.applied_until, failed=True)
    assert street.ask() == [shop(number) for number in (0, 2, 3, 4)]


def test_a_grade_that_the_public_may_not_see_finds_nobody_and_is_in_no_row():
    street = a_street([[entry(1), case(1)]], Rulebooks([a_rulebook(grade_public=False)]))
    assert street.ask("internal", grade="A") == [shop(1)]
    assert street.ask("public", grade="A") == []
    [row] = street.lists.page(Criteria("public"), TODAY, "", 50).rows
    assert "grade" not in row
    assert "score" not in row


def test_a_grade_is_that_of_the_ledger_that_is_asked():
    finding = {
        "inspection_id": "查-1",
        "result": "02",
        "findings": [{"violation_code": "SP-03", "severity": "general"}] * 3,
        "inspected_on": "2026-02-10",
        "region": "320902001001",
        "inspectors": ["3", "4"],
    }
    inspected = a_fact("i-1", "inspection.completed", finding, subject=shop(1))
    street = a_street([[entry(1), case(1), inspected]])
    assert street.ask("internal", grade="B") == street.ask("public", grade="A") == [shop(1)]
    assert street.ask("internal", grade="A") == street.ask("public", grade="B") == []


def test_after_midnight_a_row_is_today_s_though_it_is_filed_by_yesterday():
    """The case counts no more from the first of February 2027 on; nobody has swept yet."""
    cases = [case(1, case_no=f"案-{each}") for each in range(3)]
    cases = [fact._replace(id=f"c-{each}") for each, fact in enumerate(cases)]
    street = a_street([[entry(1), *cases]], today=date(2027, 1, 31))
    assert street.ask("public", grade="B", day=date(2027, 1, 31)) == [shop(1)]
    assert street.shelf.facts_read == 0
    assert street.ask("public", grade="B", day=date(2027, 2, 1)) == []
    [row] = street.lists.page(Criteria("public"), date(2027, 2, 1), "", 50).rows
    assert row["grade"] != "B"


def test_a_page_never_ends_at_a_subject_that_it_does_not_show(street, monkeypatch):
    monkeypatch.setattr(pages, "_MOST_LOOKED_AT", 3)
    monkeypatch.setattr(pages, "_LEAST_AT_ONCE", 1)
    gone = a_head([entry(9)], street.rulebooks)
    for number in (1, 2, 3):
        street.shelf.kept[shop(number)] = gone
    page = street.lists.page(Criteria("internal", name="面馆", grade="A"), TODAY, "", 2)
    assert ([row["subject_id"] for row in page.rows], page.last) == ([shop(0)], shop(0))
    with pytest.raises(ProblemError) as raised:
        street.lists.page(Criteria("internal", name="面馆", grade="A"), TODAY, shop(0), 2)
    assert raised.value.kind.code == "unavailable"
    assert raised.value.headers["Retry-After"]


def test_names_that_have_a_part_s_pairs_and_not_the_part_make_pages_short_and_end_none(monkeypatch):
    """便利店利便 has 便利 and 利便 side by side, and not 便利便."""
    monkeypatch.setattr(pages, "_MOST_LOOKED_AT", 3)
    monkeypatch.setattr(pages, "_LEAST_AT_ONCE", 1)
    shops = [[entry(number, name="便利店利便")] for number in range(10)]
    street = a_street([*shops, [entry(10, name="便利便店")]])
    found = every_page(street, 1, name="便利便")
    assert list(chain.from_iterable(found)) == [shop(10)]
    assert len(found) > 1


@pytest.mark.parametrize(("fault", "code"), [(Rebuilding(None), "rebuilding"), (StoreUnavailable(), "unavailable")])
@pytest.mark.parametrize("part", ["drawer", "shelf"])
def test_what_cannot_be_read_now_is_told(street, part, fault, code):
    getattr(street, part).fault = fault
    with pytest.raises(ProblemError) as raised:
        street.ask()
    assert raised.value.kind.code == code
    assert raised.value.headers["Retry-After"]


def test_a_list_looks_at_no_more_than_it_needs(street):
    assert len(street.ask(most=2)) == 2
    assert street.drawer.finds == 1
