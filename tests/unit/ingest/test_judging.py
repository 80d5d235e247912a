"""A batch is judged whole, by what the store knows and by what stands in it."""

from __future__ import annotations

import pytest

from services.ingest.judging import judge
from services.ingest.known import unknown
from shared.store.client import StoreUnavailable
from tests.unit.ingest.test_jurisdiction import ANYBODY, DISTRICT, REGION, THEIRS, THERE, decided, event, known


def down(_):
    raise StoreUnavailable


def test_an_event_may_name_one_of_the_same_batch_wherever_it_stands():
    assert judge([event("case.revoked"), decided()], REGION, unknown) == {}
    assert list(judge([event("case.revoked"), decided(region=THERE)], REGION, unknown)) == [0, 1]


def test_what_is_refused_itself_keeps_no_other_event_out():
    assert list(judge([decided(), decided(source=THEIRS, id_="other")], DISTRICT, unknown)) == [1]


def test_an_event_may_name_one_that_was_sent_before():
    assert judge([event("case.revoked")], REGION, unknown, before=[decided()]) == {}


def test_faults_are_told_by_place():
    held = {decided().subject: known([decided(source=THEIRS)])}
    found = judge([event("case.revoked"), decided(case_no="new")], DISTRICT, lambda _: held)
    assert list(found) == [0]


def test_without_the_store_nothing_is_taken_that_names_another():
    with pytest.raises(StoreUnavailable):
        judge([decided(case_no="new"), event("case.revoked")], DISTRICT, down)


def test_without_the_store_no_register_entry_is_taken_from_whom_a_region_bounds():
    with pytest.raises(StoreUnavailable):
        judge([event("subject.upserted")], REGION, down)
    assert judge([event("subject.upserted")], ANYBODY, down) == {}


def test_without_the_store_all_else_is_taken():
    assert judge([decided()], DISTRICT, down) == {}
    assert judge([event("case.dispute_closed"), event("case.revoked")], ANYBODY, down) == {}
