"""Each published draw is counted once, whatever is asked, and nothing else is."""

import pytest

from services.draws.commands import MakePlan
from services.draws.documents import NotThere
from services.draws.fairness.keeping import Keeping
from shared.eventlog.port import LogUnavailable
from tests.support.draws import BEACON, DICE, PLANNER, START, a_plan, hours


def publish(desk, clock, *ids, planned=False):
    for draw_id in ids:
        if not planned:
            desk.plan(draw_id)
        desk.freeze(draw_id)
    for number, source in ((2, DICE), (4, BEACON)):
        clock.now = START + hours(number)
        for draw_id in ids:
            desk.enter(source, draw_id=draw_id)
    for draw_id in ids:
        desk.run(draw_id)
        desk.publish(draw_id)


class Shelf:
    """Documents that say how often they are asked for."""

    def __init__(self, documents, fails=None):
        self.documents, self.fails, self.asked = documents, fails, 0

    def get(self, sha256):
        return b"".join(self.chunks(sha256))

    def chunks(self, sha256):
        self.asked += 1
        if self.fails:
            raise self.fails
        return self.documents.chunks(sha256)


def keeping(desk, fails=None):
    shelf = Shelf(desk.documents, fails)
    return Keeping(desk.reading.refresh, shelf), shelf


def test_a_draw_is_counted_once(desk, clock):
    found, shelf = keeping(desk)
    publish(desk, clock, "d-1", "d-2")
    found.count()
    comparison, asked = found.comparison, shelf.asked
    assert (comparison.draws, comparison.strata["C"]) == (2, (8, 4, 4))
    assert comparison.seats.taken == 16
    found.count()
    assert (found.comparison, shelf.asked) == (comparison, asked)


def test_what_is_not_published_is_not_counted(desk, clock):
    found, shelf = keeping(desk)
    desk.plan("d-1")
    desk.freeze("d-1")
    found.count()
    assert (found.comparison.draws, shelf.asked) == (0, 0)


def test_one_that_cannot_be_read_stands_in_nobodys_way(desk, clock):
    found, shelf = keeping(desk, NotThere("lost"))
    publish(desk, clock, "d-1")
    found.count()
    assert found.comparison.draws == 0
    shelf.fails, asked = None, shelf.asked
    found.count()
    assert shelf.asked == asked


def test_while_the_log_is_down_it_is_tried_again(desk, clock):
    found, shelf = keeping(desk, LogUnavailable("down"))
    publish(desk, clock, "d-1")
    with pytest.raises(LogUnavailable):
        found.count()
    shelf.fails = None
    found.count()
    assert found.comparison.draws == 1


def test_who_is_who_is_known_of_draws_whose_codes_are(desk, clock):
    found, _ = keeping(desk)
    private = b"".join(b"J%d\tperson %d\tsalt\n" % (n, n) for n in range(6))
    codes = desk.documents.put(private)
    desk.office.execute(MakePlan(draw_id="d-1", by=PLANNER, plan=a_plan(), public_source=BEACON, codes_sha256=codes))
    desk.plan("d-2")
    publish(desk, clock, "d-1", "d-2", planned=True)
    found.count()
    assert {each["draws"] for each in found.comparison.persons()} == {1}
    assert {each["inspector_id"] for each in found.comparison.persons()} <= {f"person {n}" for n in range(6)}
