"""The figures as gauges: what is known, by few labels, and nothing of what is not known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.desk.reading import Sort
from shared.eventlog.port import Owner, Standing, TopicPartition
from shared.projection.breaker import Tally
from shared.projection.figures import Line, OfLog, OfStore
from shared.projection.gauges import gauges
from shared.projection.overview import Figures
from shared.store.counts import Counts
from shared.store.notes import Note

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
HERE, THERE = TopicPartition("t.enforcement.v1", 0), TopicPartition("t.enforcement.v1", 1)


def a_note(noted):
    return Note(noted.isoformat(), noted.isoformat(), True, "the store: OOM", "1")


@pytest.fixture
def figures():
    oldest = int((NOW - timedelta(seconds=90)).timestamp() * 1000)
    lines = [
        Line("scoring", HERE, Standing(Owner("1", "host"), 5, 0, 5), None),
        Line("scoring", THERE, Standing(None, 5, 0, 8), oldest),
    ]
    counts = Counts(10, 1, 2, 3, 4, 5, date(2026, 3, 1), NOW - timedelta(seconds=2), NOW - timedelta(seconds=30))
    notes = {("scoring", "1"): a_note(NOW), ("scoring", "2"): a_note(NOW - timedelta(hours=1))}
    store = OfStore(counts, {HERE: Tally(), THERE: Tally(opened="100 bad events")}, notes)
    letters = {Sort("t.enforcement.v1", "schema", "open"): 7}
    return Figures(NOW, OfLog(lines, 6), store, 9, letters, {})


def values(figures):
    return {
        (gauge.name.removeprefix("chengxin_"), *labels): value
        for gauge in gauges(figures)
        for labels, value in gauge.samples
    }


def test_every_figure_is_a_gauge(figures):
    told = values(figures)
    at = ("scoring", "t.enforcement.v1")
    assert (told["consumer_lag_records", *at, "0"], told["consumer_lag_records", *at, "1"]) == (0, 3)
    assert (told["consumer_owned", *at, "0"], told["consumer_owned", *at, "1"]) == (1, 0)
    assert (told["consumer_oldest_age_seconds", *at, "0"], told["consumer_oldest_age_seconds", *at, "1"]) == (0, 90)
    assert (told["breaker_open", at[1], "0"], told["breaker_open", at[1], "1"]) == (0, 1)
    assert told["dead_letters", at[1], "schema", "open"] == 7
    assert (told["worker_waiting", "scoring", "1"], told["worker_waiting", "scoring", "2"]) == (1, 0)
    plain = {name: value for (name, *labels), value in told.items() if not labels}
    assert plain == {
        "figures_timestamp_seconds": NOW.timestamp(),
        "log_up": 1,
        "store_up": 1,
        "subjects": 10,
        "subjects_failed": 1,
        "subjects_due": 3,
        "subjects_outdated": 9,
        "outbox_subjects": 2,
        "outbox_oldest_age_seconds": 30,
        "sweep_late_seconds": 86400,
        "applied_until_timestamp_seconds": NOW.timestamp() - 2,
        "buckets_rebuilding": 4,
        "rebuild_behind_records": 5,
    }


def test_what_is_down_is_said_and_what_it_would_have_told_left_out(figures):
    told = values(figures._replace(log=None, letters=None, outdated=None, down={"log": "it is down"}))
    assert (told["log_up",], told["store_up",], told["subjects",]) == (0, 1, 10)
    assert not {name for name, *_ in told} & {"consumer_lag_records", "dead_letters", "subjects_outdated"}
    told = values(figures._replace(store=None, outdated=None, down={"store": "it is down"}))
    assert (told["log_up",], told["store_up",]) == (1, 0)
    assert not {name for name, *_ in told} & {"subjects", "breaker_open", "worker_waiting"}


def test_an_empty_outbox_has_no_age(figures):
    empty = figures.store.counts._replace(outbox=0, outbox_since=None)
    told = values(figures._replace(store=figures.store._replace(counts=empty)))
    assert told["outbox_oldest_age_seconds",] == 0


def test_an_age_that_the_log_did_not_tell_is_left_out_and_not_taken_for_none(figures):
    [here, there] = figures.log.lines
    told = values(figures._replace(log=OfLog([here, there._replace(oldest=None)], 6)))
    assert [at for name, *at in told if name == "consumer_oldest_age_seconds"] == [["scoring", "t.enforcement.v1", "0"]]
