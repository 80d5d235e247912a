from datetime import date

import pytest

from shared.credit.rulebook import Rulebooks
from shared.rulebooks.loader import load_bytes
from shared.rulebooks.publication import judge

BEFORE = date(2026, 5, 31)


def book(text):
    return load_bytes(text.encode(), "x.yaml")


@pytest.fixture
def first(small):
    return book(small)


@pytest.fixture
def published(first):
    return Rulebooks([first])


def reasons(verdict):
    assert not verdict.published
    return [refusal.reason for refusal in verdict.refusals]


def test_a_later_version_in_force_from_a_later_day(second, published):
    assert reasons(judge(book(second), published, BEFORE)) == []


@pytest.mark.parametrize("today", [date(2026, 6, 1), date(2026, 6, 2)])
def test_a_day_that_is_not_to_come_is_refused_unless_meant(second, published, today):
    verdict = judge(book(second), published, today)
    assert reasons(verdict) == ["not-after-today"]
    assert verdict.refusals[0].sentence.startswith(
        f"effective_from 2026-06-01 is not after today in Shanghai ({today})"
    )
    assert reasons(judge(book(second), published, today, late=True)) == []


def test_the_first_version_of_an_id_may_be_in_force_already(small, published):
    other = book(small.replace("id: small", "id: other").replace("shop:", "hauler:"))
    assert reasons(judge(other, Rulebooks(()), date(2030, 1, 1))) == []
    assert reasons(judge(other, published, date(2030, 1, 1))) == []


def test_the_same_bytes_are_published_whatever_the_day(first, published):
    assert judge(first, published, date(2030, 1, 1)) == (True, [])


@pytest.mark.parametrize("late", [False, True])
def test_other_bytes_are_refused_and_nothing_else_is_said(small, published, late):
    verdict = judge(book(small + "# another comment\n"), published, date(2030, 1, 1), late=late)
    assert reasons(verdict) == ["other-bytes"]
    assert "add a version" in verdict.refusals[0].sentence


@pytest.mark.parametrize("late", [False, True])
def test_versions_do_not_go_backwards(small, second, late):
    published = Rulebooks([book(second.replace("version: 2", "version: 4"))])
    verdict = judge(book(second), published, BEFORE, late=late)
    assert reasons(verdict) == ["backwards"]
    assert verdict.refusals[0].sentence.endswith("version 4 of small, which is published: the next is 5")
    assert reasons(judge(book(small), published, BEFORE, late=late))[0] == "backwards"
