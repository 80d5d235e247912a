"""What is picked of a ledger, by its fields and values as they are kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.ingest.statements import pick_of
from shared.credit.facts import Fact
from shared.store.entries import field_of, value_of
from tests.unit.ingest.test_jurisdiction import decided, event

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def picked(fact, *events):
    kept = Fact(fact.source, fact.id, fact.type, fact.subject, fact.time, fact.data, NOW)
    return pick_of(events)(field_of(kept).encode(), value_of(kept))


@pytest.mark.parametrize("number", ["plain-1", '引"号\\〔2026〕', "\\u0041"])
def test_what_an_event_names_is_picked_however_its_number_is_written(number):
    assert picked(decided(case_no=number), event("case.revoked", case_no=number))
    assert picked(decided(case_no=number), event("credit.repaired", target=number))
    assert not picked(decided(case_no=number + "x"), event("case.revoked", case_no=number))


def test_copies_of_an_identity_and_what_is_withdrawn_are_picked():
    withdrawn = event("fact.withdrawn", id_="w")
    assert picked(event("fleet.declared", id_=withdrawn.data["id"]), withdrawn)
    assert picked(decided(id_="same", case_no="a"), decided(id_="same", case_no="b"))
    other = decided(id_="same-2", case_no="a", inspection_id="another")
    assert not picked(other, decided(id_="same", case_no="b"))
    assert picked(decided(id_="same-2", case_no="a"), decided(id_="same", case_no="b"))  # of one inspection
