"""An upload out of its steps, however often they are read."""

import pytest

from services.ingest.uploads.steps import fold
from shared.events.envelope import Event
from shared.events.types.upload_appended import EVENT as APPENDED
from shared.events.types.upload_judged import EVENT as JUDGED
from shared.events.types.upload_received import EVENT as RECEIVED

AT = "2026-02-01T10:00:00+08:00"


def step(kind, **data):
    names = ("id", "source", "type", "subject", "time")
    return Event(**{name: kind.example[name] for name in names}, data=kind.example["data"] | data)


RIGHT = step(JUDGED, outcome="right", rows=30, faults=0)
COURSE = [step(RECEIVED), RIGHT, *(step(APPENDED, rows=rows) for rows in (10, 20, 30))]


def folded(*steps):
    upload = None
    for each in steps:
        upload = fold(upload, each, AT)
    return upload


def test_a_file_goes_in_up_to_its_last_row():
    assert [folded(*COURSE[: n + 1]).phase for n in range(5)] == [
        *("received", "appending", "appending", "appending", "done"),
    ]


@pytest.mark.parametrize("number", range(1, 6))
def test_steps_that_are_read_again_change_nothing(number):
    read = COURSE[:number]
    after = folded(*read)
    assert [fold(after, each, AT) for each in read] == [after] * number


def test_nothing_is_known_of_what_the_log_has_let_go():
    assert folded(RIGHT) is None


@pytest.mark.parametrize(
    ("outcome", "dry_run", "phase"),
    [
        ("right", True, "judged"),
        ("faulty", True, "refused"),
        ("faulty", False, "refused"),
        ("failed", False, "stopped"),
    ],
)
def test_what_is_judged_otherwise_goes_no_further(outcome, dry_run, phase):
    ended = folded(step(RECEIVED, dry_run=dry_run), step(JUDGED, outcome=outcome), step(APPENDED, rows=10))
    assert (ended.phase, ended.appended, ended.is_open) == (phase, 0, False)


def test_what_breaks_off_on_the_way_says_how_many_rows_are_in():
    ended = folded(*COURSE[:3], step(JUDGED, outcome="failed", rows=0))
    assert (ended.phase, ended.appended) == ("stopped", 10)
