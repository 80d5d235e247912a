"""Pools out of a register: both documents, and what is refused until it can be said."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from services.draws.pools.pools import Pools
from shared.credit.rulebook import Rulebooks
from shared.draw.documents import parse_excluded, parse_pool
from shared.eventlog.port import LogUnavailable
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.problems import ProblemError
from tests.support.shops import (
    AS_OF,
    HERE,
    KNOWN_AT,
    OTHER,
    RULEBOOKS,
    SHOP,
    Shelf,
    case_pool,
    chosen,
    decided,
    drawn,
    graded,
    planned,
    registered,
    revoked,
    subject_pool,
)

HAULER = "hauler:91320902MA1TE5T18M"


def made(*facts, pending=None, rulebooks=RULEBOOKS, until=KNOWN_AT):
    shelf = Shelf(facts, until)
    return Pools(shelf, lambda _: rulebooks, lambda *_: pending or {}, chosen, lambda: None), shelf


@contextmanager
def refused(code):
    with pytest.raises(ProblemError) as raised:
        yield
    assert raised.value.kind.code == code


def test_the_register_is_dealt_into_two_documents():
    facts = [*graded("A"), *graded("C", OTHER), drawn("i", AS_OF), registered(subject=HAULER)]
    pools, _ = made(*facts)
    found = pools.assemble(planned(subject_pool()))
    assert found.pool == f"{OTHER}\tC\t{HERE}\n".encode()
    assert found.excluded == f"{SHOP}\tdrawn-clean\n".encode()
    assert (found.strata, found.sizes, found.handlers) == (("A", "B", "C", "D", "unrated"), {"C": 1}, {})
    assert parse_excluded(found.excluded, parse_pool(found.pool)) == {"drawn-clean": 1}


def test_a_file_review_draws_cases_and_says_who_handled_them():
    pools, _ = made(decided("2"), decided("1", severity="serious", subject=OTHER), decided("0"), revoked("0"))
    found = pools.assemble(planned(case_pool()))
    assert found.pool == f"case:1\tserious\t{HERE}\ncase:2\tgeneral\t{HERE}\n".encode()
    assert found.excluded == b"case:0\trevoked\n"
    assert found.strata == ("minor", "general", "serious")
    assert found.handlers == {"case:1": {"J1", "J2"}, "case:2": {"J1", "J2"}}


def test_lists_are_sorted_by_the_bytes_of_ids_whatever_follows():
    ids = ("1", "1-2", "10", "1\u00a02", "一", "\U00020000")
    found = made(*(decided(number) for number in reversed(ids)))[0].assemble(planned(case_pool()))
    assert [each.decode() for each in parse_pool(found.pool).subjects] == [
        f"case:{n}" for n in ("1", "1-2", "10", *ids[3:])
    ]


def test_nobody_is_a_pool_too():
    assert made()[0].assemble(planned(subject_pool())).pool == b""


def test_rulebooks_and_draws_are_asked_for_the_plans_own_instant():
    asked = []

    def rulebooks(*question):
        asked.append(question)
        return Rulebooks(())

    def pending(*question):
        asked.append(question)
        return {}

    found = Pools(Shelf([registered()]), rulebooks, pending, chosen).assemble(planned(subject_pool()))
    assert asked == [(KNOWN_AT,), (AS_OF, KNOWN_AT)]
    assert found.excluded == f"{SHOP}\tno-score\n".encode()


def test_what_is_not_applied_yet_is_waited_for_and_refused_in_the_end():
    pools, _ = made(*graded(), until=KNOWN_AT - timedelta(seconds=20))
    assert pools.assemble(planned(subject_pool())).pool
    pools, _ = made(*graded(), until=KNOWN_AT - timedelta(seconds=21))
    with refused("not-applied-yet"):
        pools.assemble(planned(subject_pool()))


@pytest.mark.parametrize(
    ("fault", "code"),
    [(Rebuilding(3), "rebuilding"), (StoreUnavailable(), "unavailable"), (LogUnavailable(), "unavailable")],
)
def test_who_cannot_answer_is_a_problem(fault, code):
    pools, shelf = made(*graded())
    shelf.fault = fault
    with refused(code):
        pools.assemble(planned(subject_pool()))


def test_a_plan_that_names_no_strata_has_those_of_the_table():
    pools, _ = made(*graded("D"))
    assert pools.default_strata(subject_pool(), AS_OF, KNOWN_AT)[0] == {"stratum": "D", "rate": "1"}
    assert pools.default_strata(subject_pool(key_items=True), AS_OF, KNOWN_AT)[-1] == {"stratum": "A", "rate": "1"}
    assert {each["stratum"] for each in pools.default_strata(case_pool(), AS_OF, KNOWN_AT)} == {
        "minor",
        "general",
        "serious",
    }


def test_strata_that_a_pool_can_have_are_known_without_looking_at_anybody():
    pools, shelf = made()
    shelf.fault = StoreUnavailable()
    assert pools.strata(subject_pool(), KNOWN_AT) == ("A", "B", "C", "D", "unrated")
    assert pools.strata(case_pool(), KNOWN_AT) == ("minor", "general", "serious")


def test_what_was_made_for_the_preview_is_not_made_again_for_the_freeze():
    pools, shelf = made(*graded("A"))
    first = pools.assemble(planned(subject_pool()))
    shelf.everybody = None
    assert pools.assemble(planned(subject_pool())) is first
    with pytest.raises(TypeError):
        pools.assemble(planned(case_pool()))
