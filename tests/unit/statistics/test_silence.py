"""Objections that nobody answers are counted, for everybody, and name nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime

from services.statistics.bootstrap import service_of
from services.statistics.publicity.files import Table
from services.statistics.silence.counting import counted
from shared.credit.facts import Fact
from shared.credit.objections import Limits
from shared.registry.working_days import NoCalendar, calendar_of
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.access import AccessKeys
from shared.web.app import create_app

SHOP = "shop:92320902MA1N00026Y-01"
NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)


def a_fact(number, what, **data):
    data = {"case_no": f"案-{number}", **data}
    return Fact("urn:a", f"{number}-{what}", f"cn.chengxin.case.{what}.v1", SHOP, "2026-03-02T10:00:00Z", data, NOW)


def disputed(number, on, region="320902001001", closed=None):
    yield a_fact(number, "decided", officers=["苏J-1"], region=region, revision=0)
    yield a_fact(number, "disputed", on=on, channel="objection")
    if closed:
        yield a_fact(number, "dispute_closed", on=closed, reviewer="法-1", outcome="upheld")


FACTS = [
    *disputed(1, "2026-03-02"),  # by the 11th
    *disputed(2, "2026-03-02", closed="2026-03-11"),
    *disputed(3, "2026-03-02", closed="2026-03-12"),
    *disputed(4, "2026-03-19"),
    *disputed(5, "2026-03-19", region="320903001001"),
]
EVERYONE = [(SHOP, FACTS)]


def test_in_time_late_and_silent():
    first, second = counted(EVERYONE, Limits(), calendar_of, date(2026, 3, 20))
    assert first == {
        "region": "320902",
        "filed": 4,
        "open_in_time": 1,
        "open_overdue": 1,
        "decided_in_time": 1,
        "decided_late": 1,
        "marked_late": 3,
        "limit_unknown": 0,
    }
    assert (second["region"], second["open_in_time"]) == ("320903", 1)


def test_without_a_calendar_nobody_is_called_late():
    def none(year):
        raise NoCalendar(year)

    [row, _] = counted(EVERYONE, Limits(), none, date(2026, 3, 20))
    assert (row["limit_unknown"], row["open_overdue"], row["decided_late"]) == (4, 0, 0)


def asked(everyone, **headers):
    keys = AccessKeys()
    keys.ready = True
    service = service_of(lambda *_: Table([], [], []), everyone, clock=lambda: NOW)
    return create_app([service], keys=keys).test_client().get("/v1/statistics/objections", headers=headers)


def test_everybody_may_ask_and_nobody_is_named():
    answer = asked(lambda: EVERYONE)
    assert (answer.status_code, answer.json["as_of"], answer.json["other_days"]) == (200, "2026-03-20", 7)
    assert len(answer.json["districts"]) == 2
    for said in (SHOP, "案-1", "苏J-1", "法-1"):
        assert said not in answer.text


def test_what_cannot_be_counted_is_not_said_to_be_nothing():
    def raising(error):
        def everyone():
            raise error

        return everyone

    assert asked(raising(StoreUnavailable("a"))).status_code == 503
    assert asked(raising(Rebuilding(3))).json["type"].endswith("rebuilding")


def test_the_same_counts_are_not_sent_twice():
    first = asked(lambda: EVERYONE)
    assert first.headers["Cache-Control"] == "public, max-age=60, must-revalidate"
    known = {"If-None-Match": first.headers["ETag"]}
    assert asked(lambda: EVERYONE, **known).status_code == 304
    assert asked(list, **known).status_code == 200
