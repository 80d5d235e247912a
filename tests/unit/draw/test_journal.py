"""The journal: lines that are left out, moved, dated back or doubled are refused; what draws share is listed."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from shared.credit.canonical import canonical
from shared.draw import journal_checks
from shared.draw.bundle import PUBLISHED, verify
from shared.draw.checks import Refused
from shared.draw.journal import FIRST, append, parse_journal, sha256_of_step
from tests.contract.draw.test_vectors import VECTORS, files_of

NOW = datetime(2026, 11, 20, tzinfo=UTC)
BY_NAME = {vector["name"]: vector for vector in VECTORS}


def a_bundle(name):
    vector = BY_NAME[name]
    return files_of(vector["bundle"], vector.get("replacements"))


def steps_of(files):
    """What the journal says of a bundle's draw: step, time, hash, and more."""
    plan, seed = json.loads(files["plan.json"]), json.loads(files["seed.json"])
    committed = json.loads(files["commitment.json"])
    more = {key: plan[key] for key in ("publish_by", "replaces", "seed_sources")}
    more["pool_sha256"] = digest(files["pool.tsv"])
    yield "planned", "2026-11-01T09:00:00+08:00", digest(files["plan.json"]), {}
    yield "committed", committed["committed_at"], committed["commitment"], more
    yield "seeded", "2026-11-02T10:05:00+08:00", sha256_of_step(seed["values"]), {}
    yield "drawn", "2026-11-02T10:06:00+08:00", digest(files["result.json"]), {}
    for record in json.loads(files.get("replacements.json", b"[]")):
        yield "replaced", "2026-11-03T10:06:00+08:00", sha256_of_step(record), {}
    yield "published", "2026-11-20T10:00:00+08:00", sha256_of_step({n: digest(files[n]) for n in PUBLISHED}), {}


def digest(data):
    return hashlib.sha256(data).hexdigest()


def journal_of(draw_id, steps):
    """The bytes of a journal with these steps of one draw, or of several."""
    data = b""
    for step, at, sha256, more in steps:
        lines = parse_journal(data) if data else []
        data += append(lines[-1] if lines else None, at, draw_id, step, sha256, more)
    return data


def check(files, data, *, head=None, now=NOW):
    found = verify(files)
    lines = parse_journal(data)
    journal_checks.refuse_another_start(lines, found)
    if head:
        journal_checks.refuse_another_head(lines, head)
    journal_checks.refuse_other_lines(lines, found, files)
    return list(journal_checks.remarks(lines, found, files, now))


def refused(files, data, **more):
    with pytest.raises(Refused) as raised:
        check(files, data, **more)
    return raised.value.check


@pytest.fixture(params=["count", "inspector-replaced-by-department"])
def files(request):
    return a_bundle(request.param)


@pytest.fixture
def draw_id(files):
    return json.loads(files["plan.json"])["draw_id"]


def test_a_bundle_and_its_lines_hold(files, draw_id):
    data = journal_of(draw_id, steps_of(files))
    assert check(files, data, head=parse_journal(data)[-1].hash) == []
    assert check(files, data, head=parse_journal(data)[1].hash) == []  # the slip that witnesses took home


def test_a_head_that_is_not_in_it(files, draw_id):
    assert refused(files, journal_of(draw_id, steps_of(files)), head="f" * 64) == "journal-head"


@pytest.mark.parametrize("place", range(4))
def test_a_line_that_is_left_out_breaks_the_chain(files, draw_id, place):
    lines = journal_of(draw_id, steps_of(files)).splitlines(keepends=True)
    del lines[place]
    assert refused(files, b"".join(lines)) == "journal-chain"


def test_lines_that_are_left_out_in_the_end_lack_the_head_that_witnesses_hold(files, draw_id):
    data = journal_of(draw_id, steps_of(files))
    head = parse_journal(data)[-1].hash
    shorter = b"".join(data.splitlines(keepends=True)[:-1])
    assert refused(files, shorter, head=head) == "journal-head"


@pytest.mark.parametrize("place", range(4))
def test_lines_that_change_places_break_the_chain(files, draw_id, place):
    lines = journal_of(draw_id, steps_of(files)).splitlines(keepends=True)
    lines[place : place + 2] = lines[place + 1], lines[place]
    assert refused(files, b"".join(lines)) == "journal-chain"


def test_a_line_that_is_dated_back_breaks_the_chain(files, draw_id):
    *before, last = journal_of(draw_id, steps_of(files)).splitlines(keepends=True)
    document = {**json.loads(last), "at": "2026-11-02T10:04:59+08:00"}
    assert refused(files, b"".join(before) + canonical(document) + b"\n") == "journal-chain"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_step_that_is_missing(files, draw_id, number):
    steps = list(steps_of(files))
    del steps[number]
    assert refused(files, journal_of(draw_id, steps)) == "journal-draw"


@pytest.mark.parametrize("number", range(4))
def test_a_step_that_stands_twice(files, draw_id, number):
    steps = list(steps_of(files))
    last = steps[-1][1]
    twin = (steps[number][0], last, *steps[number][2:])
    assert refused(files, journal_of(draw_id, [*steps, twin])) == "journal-draw"


def test_what_is_not_published_yet_is_told(files, draw_id):
    steps = [step for step in steps_of(files) if step[0] != "published"]
    assert check(files, journal_of(draw_id, steps)) == [f"{draw_id} has no line published"]
    late = check(files, journal_of(draw_id, steps), now=datetime(2027, 1, 1, tzinfo=UTC))
    assert f"{draw_id} was not published by 2026-12-31" in late


def test_a_draw_that_was_abandoned_after_its_seed(files, draw_id):
    steps = [*steps_of(files), ("abandoned", "2026-11-21T09:00:00+08:00", sha256_of_step({"cause": "x"}), {})]
    assert refused(files, journal_of(draw_id, steps)) == "journal-draw"


def test_a_seed_before_its_last_event(files, draw_id):
    steps = [[*step] for step in steps_of(files)]
    steps[2][1] = "2026-11-02T09:59:59+08:00"
    assert refused(files, journal_of(draw_id, steps)) == "journal-draw"


def test_a_first_value_later_than_the_line_seeded(files, draw_id):
    data = journal_of(draw_id, [step for step in steps_of(files) if step[0] != "published"])
    seed = {**json.loads(files["seed.json"]), "seed_at": "2026-11-02T10:05:01+08:00"}
    assert refused({**files, "seed.json": canonical(seed)}, data) == "journal-draw"


def test_a_commitments_time_that_is_not_a_copy_of_its_lines(files, draw_id):
    data = journal_of(draw_id, [step for step in steps_of(files) if step[0] != "published"])
    committed = {**json.loads(files["commitment.json"]), "committed_at": "2026-11-02T09:00:01+08:00"}
    assert refused({**files, "commitment.json": canonical(committed)}, data) == "journal-draw"


def test_a_replaced_line_without_its_record(files, draw_id):
    line = ("replaced", "2026-11-20T10:00:00+08:00", "e" * 64, {})
    assert refused(files, journal_of(draw_id, [*steps_of(files), line])) == "journal-draw"


@pytest.mark.parametrize("change", [{"publish_by": "2027-01-01"}, {"seed_sources": []}, {"pool_sha256": "0" * 64}])
def test_a_committed_line_that_says_something_else_than_the_plan(files, draw_id, change):
    steps = [[*step] for step in steps_of(files)]
    steps[1][3] = steps[1][3] | change
    assert refused(files, journal_of(draw_id, steps)) == "journal-draw"


def test_another_first_line_than_the_plan_names(files, draw_id):
    other = append(None, "2026-10-01T09:00:00+08:00", "另一次", "planned", "a" * 64, {})
    data, before = other, parse_journal(other)[-1]
    for step in steps_of(files):
        name, at, sha256, more = step
        line = append(before, at, draw_id, name, sha256, more)
        data += line
        before = parse_journal(data)[-1]
    assert refused(files, data) == "journal-chain"


def test_draws_that_share_a_seed_source_or_the_pool_are_listed(files, draw_id):
    data = journal_of(draw_id, steps_of(files))
    more = {**dict(list(steps_of(files))[1][3]), "replaces": {"draw_id": draw_id, "cause": "不满意"}}
    before = parse_journal(data)[-1]
    at = "2026-11-20T11:00:00+08:00"
    planned = append(before, at, "再抽", "planned", "b" * 64, {})
    committed = append(parse_journal(data + planned)[-1], at, "再抽", "committed", "c" * 64, more)
    told = check(files, data + planned + committed)
    assert any(each.startswith("再抽 rests on the same seed source: drand") for each in told)
    assert "再抽 was drawn from the same pool" in told
    assert f"再抽 replaces {draw_id}, whose result was out when it was planned: 不满意" in told


def test_a_journal_that_is_no_journal():
    for data in (b"", b"{}", b"{}\n", b"[1]\n", canonical({"seq": 1}) + b"\n", b"\xff\n"):
        with pytest.raises(Refused, match="journal-chain"):
            parse_journal(data)


def test_the_first_line_follows_from_nothing():
    line = append(None, "2026-10-01T09:00:00+08:00", "一", "planned", "a" * 64, {})
    assert json.loads(line)["prev"] == FIRST
