"""Whose events are whose, by bounds; the store's side is in `test_judging.py`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.ingest.jurisdiction import Known, Sender, asks, faults, waits
from services.ingest.statements import Statements
from shared.events.envelope import Event
from shared.web.bounds import Bounds
from tests.unit.ingest.conftest import an_event

HERE, THERE = "320902001001", "320903001001"
OURS, THEIRS = "urn:chengxin:organ:320902", "urn:chengxin:organ:320903"
DISTRICT = Sender(Bounds(regions=("320902",), sources=(OURS,)))
REGION = Sender(Bounds(regions=("320902",)))
SOURCE = Sender(Bounds(sources=(OURS,)))
CORRECTOR = Sender(Bounds(regions=("320902",), sources=(OURS,)), corrects=True)
ANYBODY = Sender(Bounds())


def event(type_, source=OURS, id_="new-1", **data):
    document = an_event(type_, source=source, id=id_, data=data)
    return Event(*(document[name] for name in ("id", "source", "type", "subject", "time", "data")))


def decided(source=OURS, region=HERE, id_="old-1", **data):
    return event("case.decided", source, id_, region=region, **data)


def known(stated=(), region=None):
    return Known(Statements(stated), region)


def pointers(*args):
    return [fault.pointer for fault in faults(*args)]


def test_ones_own_source_and_region_are_taken():
    assert pointers(decided(), DISTRICT, Known()) == []


def test_another_source_and_another_region_are_told_apart():
    assert pointers(decided(THEIRS, THERE), DISTRICT, Known()) == ["/source", "/data/region"]


@pytest.mark.parametrize("type_", ["case.revoked", "case.disputed", "case.replied", "case.amended"])
def test_a_case_of_another_source_or_region_takes_the_scope_to_correct(type_):
    naming = event(type_)
    assert pointers(naming, SOURCE, known([decided(source=THEIRS)])) == ["/data/case_no"]
    assert pointers(naming, REGION, known([decided(region=THERE)])) == ["/data/case_no"]
    assert pointers(naming, DISTRICT, known([decided()])) == []
    assert pointers(naming, CORRECTOR, known([decided(source=THEIRS, region=THERE)])) == []
    assert pointers(naming, ANYBODY, known([decided(source=THEIRS, region=THERE)])) == []


def test_of_two_that_state_a_number_both_have_to_be_covered():
    both = known([decided(), decided(source=THEIRS, id_="old-2")])
    assert pointers(event("case.revoked"), DISTRICT, both) == ["/data/case_no"]


def test_another_case_of_the_subject_says_nothing():
    there = known([decided(source=THEIRS, case_no="another"), decided()])
    assert pointers(event("case.revoked"), DISTRICT, there) == []


def test_what_is_not_applied_yet_is_not_taken_from_whom_a_region_bounds():
    assert pointers(event("case.revoked"), REGION, Known()) == ["/data/case_no"]
    assert pointers(event("case.revoked"), SOURCE, Known()) == []
    assert pointers(event("case.revoked"), ANYBODY, Known()) == []


def test_a_fact_that_is_not_applied_yet_is_withdrawn_by_its_own_source_alone():
    own = event("fact.withdrawn")
    assert own.data["source"] == OURS
    assert pointers(own, DISTRICT, Known()) == []
    other = replace(own, data={**own.data, "source": THEIRS})
    assert pointers(other, DISTRICT, Known()) == ["/data/id"]


def test_that_it_is_ones_own_source_is_no_reason_where_no_bound_says_so_and_the_subject_is_elsewhere():
    own = event("fact.withdrawn")
    assert pointers(own, REGION, known(region=THERE)) == ["/data/id"]
    assert pointers(own, REGION, Known()) == ["/data/id"]
    assert pointers(own, REGION, known(region=HERE)) == []


def test_a_fact_without_a_region_is_where_its_subject_is_registered():
    fleet = event("fleet.declared")
    assert pointers(fleet, REGION, known(region=HERE)) == []
    assert pointers(fleet, REGION, known(region=THERE)) == ["/subject"]
    assert pointers(fleet, REGION, Known()) == ["/subject"]
    withdrawn = event("fact.withdrawn")
    stated = event("fleet.declared", id_=withdrawn.data["id"])
    assert pointers(withdrawn, REGION, known([stated], THERE)) == ["/data/id"]
    assert pointers(withdrawn, REGION, known([stated], HERE)) == []


def test_a_repair_names_cases_and_inspections():
    inspection = event("inspection.completed", source=THEIRS, id_="old-1")
    repaired = event("credit.repaired", target=inspection.data["inspection_id"])
    assert pointers(repaired, DISTRICT, known([inspection])) == ["/data/target"]


def test_who_states_again_what_another_has_stated_needs_the_same():
    assert pointers(decided(), DISTRICT, known([decided(source=THEIRS, id_="old-2")])) == ["/data/case_no"]
    assert pointers(decided(), DISTRICT, known([decided(id_="old-2")])) == []
    assert pointers(decided(), DISTRICT, known([decided()])) == []


def test_nobody_takes_a_subject_away_from_another_region():
    moved = event("subject.upserted", region=HERE)
    assert pointers(moved, REGION, known(region=THERE)) == ["/subject"]
    assert pointers(moved, REGION, Known()) == []
    assert asks(moved, CORRECTOR)
    assert waits(moved, CORRECTOR)
    assert pointers(moved, CORRECTOR, known(region=THERE)) == ["/subject"]
    assert pointers(event("subject.upserted", region=THERE), REGION, known(region=HERE)) == ["/data/region"]


def test_inspectors_of_a_region_are_entered_where_their_entry_is_known():
    assert pointers(event("inspector.upserted", region=HERE), REGION, Known()) == ["/type"]
    assert pointers(event("inspector.upserted", region=HERE), SOURCE, Known()) == ["/type"]
    assert pointers(event("inspector.upserted", region=HERE), ANYBODY, Known()) == []


@pytest.mark.parametrize("sender", [ANYBODY, DISTRICT, CORRECTOR])
def test_an_author_closes_no_dispute_about_what_is_his(sender):
    closing = event("case.dispute_closed", reviewer="320902-0101")
    before = decided(officers=["320902-0101", "320902-0203"])
    assert pointers(closing, sender, known([before])) == ["/data/reviewer"]
    amended = event("case.amended", id_="old-2", revision=1, region=HERE, officers=["320902-0301", "320902-0302"])
    assert pointers(closing, sender, known([before, amended])) == []


def test_only_what_cannot_be_judged_alone_is_looked_up():
    assert not asks(decided(), ANYBODY)
    assert asks(event("case.dispute_closed"), ANYBODY)
    assert asks(decided(), DISTRICT)
    assert not asks(decided(), CORRECTOR)


def test_only_what_names_another_or_has_no_region_waits_for_the_store():
    assert waits(event("case.revoked"), DISTRICT)
    assert waits(event("fleet.declared"), CORRECTOR)
    assert not waits(event("case.revoked"), CORRECTOR)
    assert not waits(event("case.dispute_closed"), ANYBODY)
    assert not waits(decided(), DISTRICT)


def test_a_case_takes_over_findings_of_its_own_source_alone():
    inspection = event("inspection.completed", source=THEIRS, id_="i-1")
    case = decided(inspection_id=inspection.data["inspection_id"])
    assert pointers(case, DISTRICT, known([inspection])) == ["/data/inspection_id"]
    assert pointers(case, CORRECTOR, known([inspection])) == []
    assert pointers(case, ANYBODY, known([inspection])) == []


def test_a_copy_of_anothers_event_is_not_taken_and_ones_own_again_is():
    theirs = decided(region=THERE)
    assert pointers(replace(theirs, data={**theirs.data, "region": HERE}), REGION, known([theirs])) == ["/id"]
    assert pointers(decided(), REGION, known([decided()])) == []
    assert (
        pointers(replace(decided(), data={**decided().data, "severity": "serious"}), REGION, known([decided()])) == []
    )


@pytest.mark.parametrize("type_", ["case.decided", "case.amended"])
def test_a_case_takes_over_findings_of_its_own_region_alone(type_):
    inspection = event("inspection.completed", id_="i-1", region=THERE, inspection_id="查-1")
    case = event(type_, region=HERE, case_no="新", inspection_id="查-1")
    first = [decided(case_no="新")] if type_ == "case.amended" else []
    assert pointers(case, REGION, known([*first, inspection])) == ["/data/case_no" if first else "/data/inspection_id"]
    own = replace(inspection, data={**inspection.data, "region": HERE})
    assert pointers(case, REGION, known([*first, own])) == []
    assert pointers(case, REGION, known(first)) == []  # organs that send no inspections have numbers of their own


def test_what_has_no_region_has_that_of_what_it_names():
    there = [decided(region=THERE, case_no="案"), event("credit.repaired", id_="old-2", target="案")]
    withdrawal = event("fact.withdrawn")
    withdrawal = replace(withdrawal, data={**withdrawal.data, "source": OURS, "id": "old-2"})
    assert pointers(withdrawal, REGION, known(there, HERE)) == ["/data/id"]
