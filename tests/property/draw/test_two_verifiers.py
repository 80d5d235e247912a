"""Two implementations of DRAW.md, written independently, agree: on what holds, and on which check fails first."""

import json
from datetime import UTC, datetime

from hypothesis import event, given, settings
from hypothesis import strategies as st

from shared.credit.canonical import canonical
from shared.draw import journal_checks
from shared.draw.bundle import remarks, verify
from shared.draw.checks import Refused
from shared.draw.journal import parse_journal
from tests.property.draw.bundles import a_bundle, chain, commit, digest, finish, own_steps
from tests.property.draw.mutations import mutate, mutate_bytes, mutate_steps
from tests.support.verifier import refused_by

NOW = datetime(2026, 11, 20, tzinfo=UTC)
FILES = ("plan.json", "pool.tsv", "roster.tsv", "recusals.tsv", "excluded.tsv", "commitment.json", "seed.json")
AFTER = ("result.json", "result.sha256", "replacements.json")
RANDOM = st.randoms(use_true_random=False)


def refused_by_room(files, journal=None, head=None):
    """The check that the product's own room names; None where all hold."""
    try:
        found = verify(files)
        list(remarks(found.frozen))
        if journal is not None:
            lines = parse_journal(journal)
            journal_checks.refuse_another_start(lines, found)
            if head is not None:
                journal_checks.refuse_another_head(lines, head)
            journal_checks.refuse_other_lines(lines, found, files)
            list(journal_checks.remarks(lines, found, files, NOW))
    except Refused as refused:
        return refused.check
    return None


def agree(files, journal=None, head=None):
    check = refused_by(files, journal, head)
    event(str(check))
    assert refused_by_room(files, journal, head) == check
    return check


@given(RANDOM)
@settings(max_examples=150)
def test_what_one_made_the_other_verifies(random):
    files, before = a_bundle(random)
    if "result.json" not in files:
        assert agree(files) == "feasible"
        return
    journal = chain(before + own_steps(files))
    assert agree(files, journal, digest(journal.splitlines(keepends=True)[-1])) is None


@given(RANDOM, st.integers(60, 70))
@settings(max_examples=20)
def test_how_deep_a_plan_may_be_is_the_same(random, depth):
    files, _ = a_bundle(random)
    nested = canonical(json.loads("[" * depth + "]" * depth))
    files["plan.json"] = files["plan.json"].replace(b'"title"', b'"their":' + nested + b',"title"')
    commit(files)
    finish(files, random)
    assert (agree(files) == "plan-form") is (depth > 64)


@given(RANDOM)
@settings(max_examples=600)
def test_a_bundle_with_changed_files_is_judged_alike(random):
    files, _ = a_bundle(random)
    for _ in range(random.randint(1, 2)):
        name = random.choice([name for name in (*FILES, *FILES, *AFTER) if name in files])
        if random.random() < 0.05:
            del files[name]
        else:
            files[name] = mutate(random, files[name])
        if name in FILES[:5] and random.random() < 0.7:
            commit(files)
        if name in FILES and random.random() < 0.5:
            finish(files, random)
        if name == "result.json" and name in files and random.random() < 0.8:
            files["result.sha256"] = f"{digest(files[name])}\n".encode()
    agree(files)


@given(RANDOM)
@settings(max_examples=300)
def test_changed_records_are_judged_alike(random):
    files, _ = a_bundle(random)
    files["replacements.json"] = mutate(random, files.get("replacements.json", b"[]"))
    agree(files)


@given(RANDOM)
@settings(max_examples=400)
def test_a_changed_journal_is_judged_alike(random):
    files, steps = a_bundle(random)
    if "result.json" not in files:
        return
    steps += own_steps(files)
    for _ in range(random.randint(0, 2)):
        steps = mutate_steps(random, steps) if all(isinstance(step, dict) for step in steps) and steps else steps
    try:
        journal = chain(steps)
    except (TypeError, ValueError):
        return  # what no journal can say
    if random.random() < 0.3:
        journal = mutate_bytes(random, journal) if random.random() < 0.5 else mutate(random, journal)
    if random.random() < 0.2:
        files["replacements.json"] = json.dumps(json.loads(files.get("replacements.json", b"[]"))[:-1]).encode()
    heads = [digest(line) for line in journal.splitlines(keepends=True)]
    agree(files, journal, random.choice([None, "f" * 64, *heads]))


@given(RANDOM)
@settings(max_examples=10)
def test_a_panel_of_nobody_may_be_of_any_size(random):
    files, _ = a_bundle(random)
    plan = json.loads(files["plan.json"])
    files["plan.json"] = canonical(plan | {"cap": 0, "panel": [{"department": "*", "count": 2**53 - 1}]})
    commit(files)
    finish(files, random)
    files.pop("replacements.json", None)
    assert agree(files) is None
    files["replacements.json"] = b'[{"cause":"x","replaces":"x","selected":null,"seq":1}]'
    assert agree(files) == "replacements"
