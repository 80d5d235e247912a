from datetime import UTC, date, datetime

import pytest

from shared.credit.facts import Fact
from shared.credit.receipt import score
from shared.credit.rulebook import RulebookError, Rulebooks
from shared.rulebooks.dry_run import Place, dry_run
from shared.rulebooks.loader import load_bytes

SHOP = "shop:92320902MA1N00026Y-01"
DAY = date(2026, 6, 1)


def book(text):
    return load_bytes(text.encode(), "x.yaml")


def case(number, *, severity="general", occurred="2026-03-01", code="X-1"):
    data = {
        "case_no": f"案-{number}",
        "violation_code": code,
        "severity": severity,
        "occurred_on": occurred,
        "decided_on": occurred,
        "region": "320902001001",
        "officers": ["1", "2"],
    }
    recorded = datetime(2026, 3, 2, tzinfo=UTC)
    return Fact(
        "urn:o", f"e-{number}", "cn.chengxin.case.decided.v1", SHOP, f"{occurred}T10:00:00+08:00", data, recorded
    )


@pytest.fixture
def strict(second):
    """A second version that asks for 99 points for an A."""
    return second.replace("from: '80'", "from: '99'")


def test_a_subject_moves_where_its_grade_is_another(small, strict):
    run = dry_run(book(strict), Rulebooks([book(small)]), DAY)
    moves = run.take(SHOP, [case(1)])
    assert moves["internal"] == (Place("A", 9600), Place("B", 9600))
    assert moves["public"] == (Place("A", 9600), Place("B", 9600))
    tally = run.tallies["shop", "internal"]
    assert (tally.subjects, tally.moving, tally.rescored) == (1, 1, 0)
    assert tally.grades == {("A", "B"): 1}


def test_the_ledgers_move_apart(small, strict):
    run = dry_run(book(strict), Rulebooks([book(small)]), date(2026, 6, 1))
    run.take(SHOP, [case(1, severity="minor", occurred="2026-05-01")])  # minor cases are not public
    assert run.tallies["shop", "internal"].grades == {("A", "B"): 1}
    assert run.tallies["shop", "public"].grades == {("A", "A"): 1}


def test_another_score_of_the_same_grade_is_counted_beside(small, second):
    run = dry_run(book(second.replace("base: '100'", "base: '99'")), Rulebooks([book(small)]), DAY)
    assert not run.take(SHOP, [case(1)])["internal"].moves
    assert (run.tallies["shop", "internal"].moving, run.tallies["shop", "internal"].rescored) == (0, 1)


def test_who_moves_is_not_counted_again_for_the_score(small, second):
    run = dry_run(book(second.replace("base: '100'", "base: '70'")), Rulebooks([book(small)]), DAY)
    assert run.take(SHOP, [case(1)])["internal"] == (Place("A", 9600), Place("B", 6600))
    assert (run.tallies["shop", "internal"].moving, run.tallies["shop", "internal"].rescored) == (1, 0)


def test_no_evidence_and_no_rulebook_are_places_too(small, strict):
    run = dry_run(book(small), Rulebooks(()), date(2026, 3, 2))
    run.take(SHOP, [])
    assert run.tallies["shop", "internal"].grades == {("no-rulebook", "insufficient"): 1}
    assert run.grades("shop") == ["A", "B", "insufficient", "no-rulebook"]


def test_before_the_new_version_nothing_moves(small, strict):
    run = dry_run(book(strict), Rulebooks([book(small)]), date(2026, 5, 31))
    assert not run.take(SHOP, [case(1)])["internal"].moves


def test_a_fact_whose_code_is_new_counts_with_the_version_that_lists_it(small, second):
    newer = second + second[second.index("    - code: X-1") :].replace("X-1", "X-2").replace("'4'", "'30'")
    run = dry_run(book(newer), Rulebooks([book(small)]), date(2026, 6, 3))
    moves = run.take(SHOP, [case(1, code="X-2", occurred="2026-06-02")])
    assert moves["internal"] == (Place("insufficient", 10000), Place("B", 7000))


def test_it_says_what_the_receipt_says(small, strict):
    facts = [case(1), case(2, occurred="2026-05-20"), case(3, severity="minor", occurred="2026-05-21")]
    old, both = Rulebooks([book(small)]), Rulebooks([book(small), book(strict)])
    moves = dry_run(book(strict), old, DAY).take(SHOP, facts)
    for ledger, move in moves.items():
        for place, rulebooks in zip(move, (old, both), strict=True):
            receipt = score(SHOP, facts, rulebooks, DAY, None, ledger)
            assert (place.grade, f"{place.score / 100:.2f}") == (receipt["grade"], receipt["score"])


def test_a_version_that_is_published_is_tried_against_a_world_without_it(small, strict):
    run = dry_run(book(strict), Rulebooks([book(small), book(strict)]), DAY)
    assert run.take(SHOP, [case(1)])["internal"].moves


def test_only_kinds_of_the_version_matter(small, strict):
    run = dry_run(book(strict), Rulebooks([book(small)]), DAY)
    assert run.concerns(SHOP)
    assert not run.concerns("hauler:91320903MA1P000364")


def test_a_set_that_contradicts_itself_is_refused(small):
    with pytest.raises(RulebookError):
        dry_run(book(small.replace("id: small", "id: other")), Rulebooks([book(small)]), DAY)
