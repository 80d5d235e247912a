"""Facts of shops, as ledgers hold them, and what they are judged by for a draw of 30 September 2026."""

from datetime import date, datetime, timedelta
from itertools import count

from services.draws.pools.chosen import Chosen
from services.draws.pools.pool import pool_of
from services.draws.pools.terms import Terms
from shared.credit.canonical import canonical
from shared.credit.facts import Fact
from shared.credit.rulebook import Rulebooks
from shared.draw.plan import parse_plan
from shared.rulebooks.loader import SHIPPED, load_directory
from tests.support.draws import a_plan

SHOP, OTHER = "shop:92320902MA1N00026Y-01", "shop:92320902MA1N00026Y-02"
HERE, ELSEWHERE = "320902001001", "320903001001"
AS_OF = date(2026, 9, 30)
KNOWN_AT = datetime.fromisoformat("2026-09-30T20:00:00+08:00")
BEFORE, LATER = KNOWN_AT - timedelta(days=1), KNOWN_AT + timedelta(milliseconds=1)
RULEBOOKS = Rulebooks(load_directory(SHIPPED))
VERSIONS = RULEBOOKS.of("shop")

OURS = {"protocol": "chengxin-draw/1", "draw_id": "d", "journal": "0" * 64}

_numbers = count(1)


def fact(type_, data, *, subject=SHOP, time="2026-01-05T10:00:00+08:00", recorded=BEFORE):
    return Fact("urn:organ", f"e-{next(_numbers):06d}", f"cn.chengxin.{type_}.v1", subject, time, data, recorded)


def registered(region=HERE, status="open", **more):
    return fact("subject.upserted", {"name": "李记土菜馆", "region": region, "status": status}, **more)


def inspected(number, on, result="01", findings=(), said=None, **more):
    data = {"inspection_id": number, "result": result, "findings": list(findings), "inspected_on": str(on)}
    people = {"region": HERE, "inspectors": ["J1", "J2"]}
    return fact("inspection.completed", {**data, **people, **(said or {})}, **more)


def drawn(number, on, draw_id="d-0", **more):
    return inspected(number, on, said={"draw_id": draw_id, "origin": "draw"}, **more)


def decided(number, code="SP-03", severity="general", on="2026-08-01", said=None, **more):
    data = {"case_no": number, "violation_code": code, "severity": severity, "occurred_on": on, "decided_on": on}
    return fact("case.decided", {**data, "region": HERE, "officers": ["J1", "J2"], **(said or {})}, **more)


def revoked(number, **more):
    data = {"case_no": number, "revoked_on": "2026-09-01", "ground": "litigation", "instrument_no": "1"}
    return fact("case.revoked", data, **more)


def withdrawn(other, **more):
    ground = {"ground": "entered_in_error", "instrument_no": "1"}
    return fact("fact.withdrawn", {"source": other.source, "id": other.id, **ground}, subject=other.subject, **more)


def days_before(number):
    return AS_OF - timedelta(days=number)


def graded(grade="A", subject=SHOP):
    """What gives a registered shop a grade: two visits outside draws, and a case that caps it."""
    visits = [inspected(f"{subject}-{n}", days_before(n), subject=subject) for n in (300, 310)]
    cap = {"A": [], "C": ["SP-17"], "D": ["SP-V1"]}[grade]
    cases = [decided(f"{subject}-{code}", code, "serious", subject=subject) for code in cap]
    return [registered(subject=subject), *visits, *cases]


def subject_pool(**asked):
    return pool_of({"of": "subjects", "kind": "shop", "regions": ["320902"], **asked}, AS_OF)


def case_pool(**asked):
    days = {"decided_from": "2026-07-01", "decided_until": "2026-09-30"}
    return pool_of({"of": "cases", "kind": "shop", "regions": ["320902"], **days, **asked}, AS_OF)


def terms(pool=None, pending=None, versions=VERSIONS, as_of=AS_OF):
    return Terms(pool or subject_pool(), as_of, KNOWN_AT, versions, pending or {}, by_anybody)


class Everybody:
    """Whom a draw has chosen that chose whoever is asked for."""

    def __contains__(self, subject_id):
        return True


def by_anybody(draw_id):
    """Any draw has chosen anybody, here."""
    return Chosen(Everybody(), (HERE[:6],))


def chosen(known_at):
    return by_anybody


def planned(pool, known_at=KNOWN_AT):
    """A plan with a pool."""
    times = {"as_of": AS_OF.isoformat(), "known_at": known_at.isoformat()}
    return parse_plan(canonical({**a_plan(), **OURS, **times, "pool": pool.keys()}))


class Shelf:
    """A register in memory, in the order in which it was filled. It may fail, and is applied a second on at a look."""

    def __init__(self, facts, until=KNOWN_AT):
        self.facts, self.until, self.fault = facts, until, None

    def applied_until(self):
        self.until += timedelta(seconds=1)
        return self.until - timedelta(seconds=1)

    def everybody(self, kind):
        if self.fault:
            raise self.fault
        names = dict.fromkeys(fact.subject for fact in self.facts if fact.subject.startswith(f"{kind}:"))
        return iter([(name, [fact for fact in self.facts if fact.subject == name]) for name in names])
