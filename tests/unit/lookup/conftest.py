"""A shop with a case in a small rulebook, held by a reader that is a dictionary."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from services.lookup.desk import Desk
from services.lookup.directory import filed
from services.lookup.reading import Extent, Head
from shared.credit.facts import Fact
from shared.credit.rulebook import Rulebooks
from shared.credit.rulebook_form import parse
from shared.credit.summary import summarise
from shared.store.entries import EMPTY, digest_of, field_of

SHOP = "shop:92320902MA1N00026Y-01"
NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 1)
APPLIED = datetime(2026, 3, 1, 1, 59, 59, tzinfo=UTC)
SWEPT = date(2026, 2, 28)


def a_rulebook(*, score_public=False, grade_public=True, version=1, effective_from="2026-01-01"):
    violation = {
        "code": "SP-03",
        "name": "出店经营",
        "legal_basis": ["《城市市容和环境卫生管理条例》第三十六条第二项"],
        "points": {"general": "5"},
        "lasts_months": {"general": 12},
        "repeat": None,
        "rectified_factor": "0",
        "repair": {"general": {"allowed": True, "after_months": 3}},
        "caps_grade": None,
        "carries_over": [],
    }
    shop = {
        "exposure": [],
        "publication": {"score": score_public, "grade": grade_public, "items": {"general": 12}},
        "base": "100",
        "floor": "0",
        "ceiling": "110",
        "cycle": "rolling",
        "grades": [{"grade": "A", "from": "90"}, {"grade": "B", "from": "0"}],
        "minimum_evidence": {"events": 1, "months": 12},
        "bonus_cap": "6",
        "bonuses": {"clean_inspection": {"points": "1", "lasts_months": 6, "results": ["01"]}, "commendations": []},
        "violations": [violation],
    }
    document = {
        "id": "demo",
        "version": version,
        "title": "示例",
        "published_on": "2025-12-01",
        "effective_from": effective_from,
        "kinds": {"shop": shop},
    }
    return parse(document, "5" * 64)


def a_fact(id_, what, data, recorded="2026-02-01T03:00:00Z", subject=SHOP):
    recorded_at = datetime.fromisoformat(recorded)
    source, type_ = "urn:chengxin:organ:320902", f"cn.chengxin.{what}.v1"
    return Fact(source, id_, type_, subject, "2026-02-01T10:00:00+08:00", data, recorded_at)


def the_facts():
    case = {
        "case_no": "案-1",
        "violation_code": "SP-03",
        "severity": "general",
        "occurred_on": "2026-02-01",
        "decided_on": "2026-02-01",
        "region": "320902001001",
        "officers": ["1", "2"],
    }
    finding = {
        "inspection_id": "查-1",
        "result": "02",
        "findings": [{"violation_code": "SP-03", "severity": "general"}],
        "inspected_on": "2026-02-10",
        "region": "320902001001",
        "inspectors": ["3", "4"],
    }
    shop = {"name": "李记土菜馆", "region": "320902001001", "status": "open"}
    return [
        a_fact("e-1", "subject.upserted", shop),
        a_fact("e-2", "case.decided", case),
        a_fact("e-3", "inspection.completed", finding, "2026-02-11T03:00:00Z"),
    ]


class Shelf:
    """A `SubjectReader` out of a dictionary; `fault` is raised by every read."""

    def __init__(self, heads, facts):
        self.kept, self.ledger, self.fault, self.facts_read = heads, facts, None, 0

    def head(self, subject_id):
        if self.fault:
            raise self.fault
        return self.kept.get(subject_id)

    def heads(self, subjects):
        found = {subject_id: self.head(subject_id) for subject_id in subjects}
        return {subject_id: head for subject_id, head in found.items() if head}

    def facts(self, subject_id):
        self.facts_read += 1
        return self.ledger[subject_id]


class Drawer:
    """A `DirectoryReader` of one partition out of a dictionary of what is filed; `fault` is raised by every read."""

    def __init__(self, filed):
        self.filed, self.fault, self.finds = filed, None, 0

    def extent(self):
        if self.fault:
            raise self.fault
        return Extent((frozenset(each.county for each in self.filed.values()),), APPLIED, SWEPT)

    def find(self, extent, criteria, after, most):
        self.finds += 1
        begin, facets = tuple(criteria.beginnings()), criteria.facets()
        found = [
            subject_id
            for subject_id, each in self.filed.items()
            if criteria.covers(each.county) and each.facets.issuperset(facets) and subject_id.startswith(begin)
        ]
        return sorted(subject_id for subject_id in found if subject_id > after)[:most]


def a_head(facts, rulebooks, today=TODAY):
    summary, _ = summarise(facts[0].subject, facts, rulebooks, today)
    digest = digest_of(EMPTY, [(field_of(fact), fact) for fact in facts], ())
    return Head(summary, len(rulebooks), today.toordinal(), APPLIED, digest=digest)


def file(shelf):
    """A drawer with every subject of a shelf, as its summary says."""
    return Drawer({subject_id: filed(head.summary) for subject_id, head in shelf.kept.items() if not head.failed})


@pytest.fixture
def shelf():
    return Shelf({SHOP: a_head(the_facts(), Rulebooks([a_rulebook()]))}, {SHOP: the_facts()})


@pytest.fixture
def world(shelf):
    """The desk, what it reads, and the rulebooks it knows; all may be changed by a test."""
    world = SimpleNamespace(shelf=shelf, drawer=file(shelf), rulebooks=Rulebooks([a_rulebook()]), now=NOW)
    world.desk = Desk(shelf, lambda: world.rulebooks)
    return world
