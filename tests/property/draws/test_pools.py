"""Whatever is in the register, in whatever order, and whatever is recorded later: one partition of the snapshot."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.draws.pools.pools import Pools
from shared.credit.receipt import score
from shared.credit.summary import registration
from shared.draw.documents import parse_excluded, parse_pool
from tests.support.shops import (
    AS_OF,
    ELSEWHERE,
    HERE,
    KNOWN_AT,
    RULEBOOKS,
    Shelf,
    case_pool,
    chosen,
    decided,
    drawn,
    inspected,
    planned,
    registered,
    revoked,
    subject_pool,
    withdrawn,
)

SHOPS = [f"shop:92320902MA1N00026Y-{number:02d}" for number in range(1, 8)]

recorded = st.sampled_from([-5, -1, 0, 1, 5]).map(lambda days: KNOWN_AT + timedelta(days))
days = st.sampled_from(["2025-11-30", "2026-01-01", "2026-04-03", "2026-04-04", "2026-09-30", "2026-10-01"])
numbers = st.sampled_from(["1", "2", "3", "4"])
codes = st.sampled_from([("SP-03", "general"), ("SP-03", "minor"), ("SP-V1", "serious"), ("XX-99", "minor")])
WHAT = ["registered", "registered", "inspected", "drawn", "decided", "revoked", "withdrawn"]
FINDINGS = [{"violation_code": "SP-03", "severity": "minor"}]


@st.composite
def facts(draw):
    """Some facts of some shops, each shop's numbers shared with the others."""
    found = []
    for subject in draw(st.lists(st.sampled_from(SHOPS), unique=True, max_size=5)):
        for _ in range(draw(st.integers(1, 6))):
            more = {"subject": subject, "recorded": draw(recorded), "time": f"{draw(days)}T10:00:00+08:00"}
            what = draw(
                st.sampled_from(["registered", "registered", "inspected", "drawn", "decided", "revoked", "gone"])
            )
            if what == "registered":
                status = draw(st.sampled_from(["open", "open", "open", "closed"]))
                found.append(registered(draw(st.sampled_from([HERE, HERE, ELSEWHERE])), status, **more))
            elif what in ("inspected", "drawn"):
                visit = {"inspected": inspected, "drawn": drawn}[what]
                findings = draw(st.sampled_from([[], FINDINGS]))
                found.append(visit(f"{subject}-{draw(numbers)}", draw(days), findings=findings, **more))
            elif what == "decided":
                code, severity = draw(codes)
                found.append(decided(draw(numbers), code, severity, draw(days), **more))
            elif what == "revoked":
                found.append(revoked(draw(numbers), **more))
            elif others := [each for each in found if each.type.startswith("cn.chengxin.inspection")]:
                found.append(withdrawn(draw(st.sampled_from(others)), recorded=more["recorded"]))
    return found


def made(facts, pool):
    pending = {SHOPS[0]: frozenset({"d-0"}), SHOPS[1]: frozenset({"d-1"}), "case:1": frozenset({"d-1"})}
    return Pools(Shelf(facts), lambda _: RULEBOOKS, lambda *_: pending, chosen).assemble(planned(pool))


pools = st.sampled_from([subject_pool(), subject_pool(key_items=True), case_pool(decided_from="2025-01-01")])


@given(facts(), pools, st.data())
def test_a_pool_depends_on_what_was_known_alone(found, pool, data):
    known = [fact for fact in found if fact.recorded_at <= KNOWN_AT]
    assert made(data.draw(st.permutations(found)), pool) == made(known, pool)


@given(facts(), pools)
def test_the_documents_are_those_of_the_protocol(found, pool):
    result = made(found, pool)
    parsed = parse_pool(result.pool)
    parse_excluded(result.excluded, parsed)
    assert Counter(map(bytes.decode, parsed.strata)) == result.sizes
    assert set(map(bytes.decode, parsed.strata)) <= set(result.strata)
    assert result.handlers.keys() <= set(map(bytes.decode, parsed.subjects))


@given(facts(), st.booleans())
def test_everybody_who_is_registered_here_stands_once_and_by_the_grade_that_is_public(found, key_items):
    result = made(found, subject_pool(key_items=key_items))
    parsed = parse_pool(result.pool)
    excluded = [line.split("\t")[0] for line in result.excluded.decode().splitlines()]
    snapshot = []
    for subject in SHOPS:
        known = [fact for fact in found if fact.subject == subject and fact.recorded_at <= KNOWN_AT]
        entry = registration(known)
        if entry and entry["region"] == HERE:
            snapshot.append(subject)
    assert sorted([*map(bytes.decode, parsed.subjects), *excluded]) == snapshot
    for subject, stratum in zip(parsed.subjects, parsed.strata, strict=True):
        own = [fact for fact in found if fact.subject == subject.decode()]
        receipt = score(subject.decode(), own, RULEBOOKS, AS_OF, KNOWN_AT, ledger="public")
        assert stratum.decode() == (receipt["grade"] if receipt["basis"] == "evidence" else "unrated")
