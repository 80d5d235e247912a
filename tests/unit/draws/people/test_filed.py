"""What is filed of events says who stands in the register, and what came of inspections, in whatever order it came."""

from datetime import UTC, datetime

from services.draws.people.filed import effect_of, entry_of, identities, outcome_of
from shared.store.people import Line
from tests.support.people import ORGAN, SHOP, completed, upserted, withdrawn

EVERYWHERE = ("",)


def lines(*events):
    """As the log recorded them, a millisecond apart."""
    return [Line(recorded, effect_of(event, recorded).text) for recorded, event in enumerate(events)]


def known(recorded):
    return datetime.fromtimestamp(recorded / 1000, UTC)


def test_the_latest_time_wins_however_late_it_came():
    later, earlier = upserted(at="2026-06-01T10:00:00+08:00", status="left"), upserted()
    assert entry_of(lines(later, earlier)).data["status"] == "left"


def test_times_are_compared_as_instants():
    later, earlier = upserted(at="2026-06-01T03:00:00Z", status="left"), upserted(at="2026-06-01T10:59:59+08:00")
    assert entry_of(lines(later, earlier)).data["status"] == "left"


def test_a_tie_goes_to_the_greater_id_then_source():
    by_id = [upserted(event_id="b", status="left"), upserted(event_id="a")]
    by_source = [upserted(event_id="a", source="urn:b", status="left"), upserted(event_id="a", source="urn:a")]
    assert [entry_of(lines(*each)).data["status"] for each in (by_id, by_source)] == ["left", "left"]


def test_of_two_contents_of_one_id_the_one_recorded_first_stands():
    assert entry_of(lines(upserted(event_id="a"), upserted(event_id="a", status="left"))).data["status"] == "active"


def test_what_was_recorded_later_was_not_known():
    filed = lines(upserted(), upserted(at="2026-06-01T10:00:00+08:00", status="left"))
    assert entry_of(filed, known(0)).data["status"] == "active"
    assert entry_of(filed, known(1)).data["status"] == "left"
    assert entry_of(filed, known(-1)) is None


def test_the_latest_inspection_is_the_outcome_unless_it_is_withdrawn():
    filed = lines(completed("i-2", inspected_on="2026-10-29", result="03"), completed("i-1"))
    assert identities(filed) == {(ORGAN, "i-1"), (ORGAN, "i-2")}
    assert outcome_of(filed, [], EVERYWHERE).inspection_id == "查-i-2"
    assert outcome_of(filed, [(ORGAN, "i-2")], EVERYWHERE).inspection_id == "查-i-1"
    assert outcome_of(filed, [(ORGAN, "i-1"), (ORGAN, "i-2")], EVERYWHERE) is None


def test_what_another_district_says_is_no_outcome():
    filed = lines(completed("i-1", region="320903001001"))
    assert outcome_of(filed, [], ("320902",)) is None
    assert outcome_of(filed, [], ("3209",)).inspection_id == "查-i-1"


def test_an_inspection_outside_of_draws_files_nothing():
    event = completed()
    del event.data["draw_id"]
    assert effect_of(event, 0) is None


def test_a_withdrawal_is_of_one_subject():
    fields = {effect_of(withdrawn("i-1", subject), 0).field for subject in (SHOP, SHOP[:-1] + "2")}
    assert len(fields) == 2
