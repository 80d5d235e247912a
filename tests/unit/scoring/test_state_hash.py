"""The state of a subject and its hash, the hash over all, and what is kept beside the facts."""

import hashlib
import json
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.scoring.folding import Folder, fold
from services.scoring.kept import differing
from services.scoring.state_hash import StateHash, order_of, state_of, subject_hash
from shared.credit.facts import Fact
from shared.credit.rulebook import Rulebooks
from shared.eventlog.partitioner import bucket_of
from shared.rulebooks.loader import load_directory
from shared.store.ledgers import Stored, Version

SUBJECT = "shop:92320902MA1N00026Y-01"
RULEBOOKS = Rulebooks(load_directory(Path(__file__).parents[3] / "shared" / "contracts" / "vectors" / "rulebooks"))
RECORDED = datetime(2026, 1, 10, 2, 0, 0, 5000, tzinfo=UTC)
DAY = date(2026, 2, 1)
DATA = {"case_no": "1", "violation_code": "SP-03", "severity": "general", "officers": ["a", "b"]}
DATA |= {"occurred_on": "2026-01-05", "decided_on": "2026-01-10", "region": "320902001001"}
CASE = Fact("s", "c-1", "cn.chengxin.case.decided.v1", SUBJECT, "2026-01-10T10:00:00+08:00", DATA, RECORDED)
OTHER = CASE._replace(data={**DATA, "severity": "serious"}, recorded_at=RECORDED.replace(hour=3))
UNKNOWN = CASE._replace(id="c-2", data={**DATA, "case_no": "2", "violation_code": "XX-99"})


def test_the_state_is_the_facts_what_is_refused_and_both_scores():
    state = state_of(SUBJECT, [UNKNOWN, OTHER, CASE], RULEBOOKS, DAY)
    assert [(each["id"], each["data"]["severity"], each["recorded_at"]) for each in state["facts"]] == [
        ("c-1", "general", "2026-01-10T02:00:00.005Z"),
        ("c-1", "serious", "2026-01-10T03:00:00.005Z"),
        ("c-2", "general", "2026-01-10T02:00:00.005Z"),
    ]
    assert state["rejected"] == [
        {"source": "s", "id": "c-1", "reason": "id-conflict"},
        {"source": "s", "id": "c-2", "reason": "unknown-code"},
    ]
    assert set(state["internal"]) == set(state["public"]) == {"score", "grade", "basis", "next_change_on"}
    assert set(state) == {"subject_id", "facts", "rejected", "internal", "public"}


def test_before_the_first_rulebook_there_is_no_score():
    state = state_of(SUBJECT, [CASE], RULEBOOKS, date(1990, 1, 1))
    assert (state["internal"], state["public"], len(state["facts"])) == (None, None, 1)


def test_another_day_is_another_hash_where_the_score_is_another():
    later = date(2026, 1, 9)
    assert subject_hash(SUBJECT, [CASE], RULEBOOKS, DAY) != subject_hash(SUBJECT, [CASE], RULEBOOKS, later)


def test_the_hash_of_a_known_state_never_changes():
    """Worked out by hand from RFC 8785: the keys in order, no spaces, then SHA-256."""
    text = b'{"facts":[],"internal":null,"public":null,"rejected":[],"subject_id":"shop:92320902MA1N00026Y-01"}'
    assert subject_hash(SUBJECT, [], Rulebooks([]), DAY) == hashlib.sha256(text).hexdigest()


SUBJECTS = sorted((f"shop:{number}" for number in range(40)), key=order_of)


def hashed(subjects, *, rulebooks=RULEBOOKS, day=DAY, partitions=4):
    """The hash over subjects whose own hashes follow from their ids, and the text that is hashed."""
    whole = StateHash(rulebooks, day, partitions)
    lines = [whole.add(subject, hashlib.sha256(subject.encode()).hexdigest()) for subject in subjects]
    return whole, whole.first_line + "".join(lines)


def test_the_whole_is_what_sha256sum_says_of_the_lines(tmp_path):
    whole, text = hashed(SUBJECTS)
    file = tmp_path / "subjects"
    file.write_text(text, encoding="utf-8")
    said = subprocess.run(["sha256sum", str(file)], capture_output=True, text=True, check=True).stdout
    assert said.split()[0] == whole.whole
    assert whole.subjects == len(SUBJECTS)


def test_a_partition_s_hash_is_that_of_its_own_subjects():
    whole, _ = hashed(SUBJECTS)
    for number, digest in enumerate(whole.partitions):
        own = [subject for subject in SUBJECTS if bucket_of(subject) % 4 == number]
        _, text = hashed(own)
        assert digest == hashlib.sha256(text.encode()).hexdigest()
    assert len(set(whole.partitions)) == 4


def test_the_number_of_partitions_changes_nothing_of_the_whole():
    assert hashed(SUBJECTS, partitions=64)[0].whole == hashed(SUBJECTS)[0].whole


def test_the_day_and_the_rulebooks_are_part_of_it():
    others = [hashed([], day=date(2026, 2, 2)), hashed([], rulebooks=Rulebooks([])), hashed([])]
    assert len({whole.whole for whole, _ in others}) == 3
    text = f"{RULEBOOKS.digest}  rulebooks, scores of 2026-02-01\n"
    assert others[2][0].whole == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("subjects", [SUBJECTS[::-1], SUBJECTS[:1] * 2])
def test_subjects_out_of_order_are_refused(subjects):
    with pytest.raises(ValueError, match="does not come after"):
        hashed(subjects)


def kept():
    """A subject as the worker leaves it in the store."""
    folded = fold(SUBJECT, Folder(Version(), {}, ""), [CASE, OTHER, UNKNOWN], RULEBOOKS, DAY, silent=False)
    return Stored(folded.after.version, json.loads(json.dumps(folded.change.summary)), folded.after.entries)


def test_what_the_worker_keeps_is_what_the_facts_give():
    assert differing(SUBJECT, kept(), RULEBOOKS) == []


def test_a_fact_that_is_gone_is_found_and_what_of_the_summary_rests_on_it():
    stored = kept()
    entries = {name: fact for name, fact in stored.entries.items() if fact.id != "c-1"}
    assert {"facts", "internal"} <= set(differing(SUBJECT, stored._replace(entries=entries), RULEBOOKS))


def test_a_recorded_at_that_is_another_is_found():
    stored = kept()
    entries = {name: fact._replace(recorded_at=RECORDED.replace(hour=1)) for name, fact in stored.entries.items()}
    assert "facts" in differing(SUBJECT, stored._replace(entries=entries), RULEBOOKS)


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"internal": {"score": "100.00"}}, ["internal"]),
        ({"due_on": None, "kind": "hauler"}, ["due_on", "kind"]),
        ({"more": 1}, ["more"]),
    ],
)
def test_a_summary_that_is_another_is_told_by_its_parts(change, parts):
    stored = kept()
    assert differing(SUBJECT, stored._replace(summary={**stored.summary, **change}), RULEBOOKS) == parts


def test_a_summary_that_is_missing_is_told():
    assert differing(SUBJECT, kept()._replace(summary=None), RULEBOOKS) == ["summary"]
