"""What must hold of the hash of any facts: tried on the facts of the golden vectors."""

import json
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.state_hash import subject_hash
from shared.credit.facts import parse_fact
from shared.credit.rulebook import Rulebooks
from shared.rulebooks.loader import load_directory

VECTORS = Path(__file__).parents[3] / "shared" / "contracts" / "vectors"
BOOKS = Rulebooks(load_directory(VECTORS / "rulebooks"))
DAY = date(2026, 11, 20)


def _cases():
    for name in ("score_named.jsonl", "score_fuzzed.jsonl"):
        for line in (VECTORS / name).read_text().splitlines():
            case = json.loads(line)
            if "error" not in case["expected"] and case["facts"]:
                yield case["subject_id"], [parse_fact(fact) for fact in case["facts"]]


CASE = st.sampled_from(list(_cases()))


def hashed(subject, facts):
    return subject_hash(subject, facts, BOOKS, DAY)


@given(CASE, st.data())
@settings(max_examples=200)
def test_order_and_repetition_change_nothing(case, data):
    subject, facts = case
    copies = data.draw(st.lists(st.sampled_from(facts), max_size=5))
    late = [copy._replace(recorded_at=copy.recorded_at + timedelta(milliseconds=1)) for copy in copies]
    assert hashed(subject, data.draw(st.permutations([*facts, *copies, *late]))) == hashed(subject, facts)


@given(CASE, st.data())
@settings(max_examples=200)
def test_a_fact_more_or_less_or_recorded_earlier_changes_it(case, data):
    subject, facts = case
    one = data.draw(st.sampled_from(facts))
    rest = [fact for fact in facts if fact.identity != one.identity]
    earliest = min(fact.recorded_at for fact in facts)
    moved = one._replace(recorded_at=earliest - timedelta(milliseconds=data.draw(st.integers(1, 10**9))))
    hashes = {hashed(subject, each) for each in (facts, rest, [*rest, one._replace(id="another")], [*facts, moved])}
    assert len(hashes) == 4


@given(CASE, st.data())
@settings(max_examples=200)
def test_another_content_changes_it_and_so_does_a_conflicting_copy(case, data):
    subject, facts = case
    one = data.draw(st.sampled_from(facts))
    other = one._replace(data={**one.data, "note": "another"})
    replaced = [other, *(fact for fact in facts if fact.identity != one.identity)]
    assert len({hashed(subject, each) for each in (facts, replaced, [*facts, other])}) == 3
