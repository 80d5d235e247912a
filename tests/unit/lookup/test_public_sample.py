"""Every subject of a sample city as the public sees it, today and on days to come: nothing that it may not see.

What it may see is told anew here, out of the rulebooks' text and the facts (SCORING.md section 4).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
import yaml

from services.lookup.desk import Desk
from services.lookup.question import permitted
from services.lookup.reading import Head
from shared.credit.facts import Fact
from shared.credit.periods import add_months
from shared.credit.rulebook import Rulebooks
from shared.credit.summary import summarise
from shared.rulebooks.loader import SHIPPED, load_directory
from shared.web.problems import ProblemError
from tests.unit.lookup.conftest import Shelf
from tests.unit.sample.conftest import UNTIL, small

__all__ = ["small"]

RULEBOOKS = Rulebooks(load_directory(SHIPPED))
TODAY = UNTIL + timedelta(days=1)
RECORDED = datetime(2026, 11, 23, 16, tzinfo=UTC)
DAYS = [TODAY, *(TODAY + timedelta(days=days) for days in (1, 40, 200, 700))]

AMOUNTS, ITEM_AMOUNTS = {"score", "base", "bonus", "deductions"}, {"points", "counted", "multiplier", "exposure", "n"}
BODY = {
    "subject_id",
    "kind",
    "name",
    "region",
    "status",
    "ledger",
    "score",
    "grade",
    "basis",
    "as_of",
    "next_change_on",
}
BODY |= {"disputed", "applied_until", "rulebook"}
RECEIPT = {"subject_id", "kind", "ledger", "as_of", "known_at", "grade", "basis", "evidence_events", "rule_version"}
RECEIPT |= {"next_change_on", "items", "rulebooks", "sha256", *AMOUNTS}
ITEM = {
    "type",
    "ref",
    "index",
    "code",
    "severity",
    "occurred_on",
    "decided_on",
    "state",
    "rule_version",
    "from",
    "until",
}
ITEM |= {"caps_grade", "disputed", "legal_basis", "events", *ITEM_AMOUNTS}


@pytest.fixture(scope="module")
def facts(small):
    """The facts of each subject."""
    found = defaultdict(list)
    for each in small.events:
        if not each.subject.startswith("inspector:"):
            found[each.subject].append(
                Fact(each.source, each.id, each.type, each.subject, each.time, each.data, RECORDED)
            )
    return found


@pytest.fixture(scope="module")
def answers(facts):
    """What the public is answered: (subject, day, body, receipt) for each subject and day."""
    heads = {
        subject: Head(summarise(subject, ledger, RULEBOOKS, TODAY)[0], len(RULEBOOKS), TODAY.toordinal(), RECORDED)
        for subject, ledger in facts.items()
    }
    desk = Desk(Shelf(heads, facts), lambda: RULEBOOKS)
    asked = [(subject, day, permitted(subject, None, TODAY, as_of=day)) for subject in facts for day in DAYS]
    return [(subject, day, desk.answer(question), desk.receipt(question)) for subject, day, question in asked]


@pytest.fixture(scope="module")
def publication():
    """What the shipped rulebooks let the public see of a kind on a day, read as text."""
    versions = defaultdict(list)
    for path in SHIPPED.glob("*-v*.yaml"):
        document = yaml.safe_load(path.read_text())
        for kind, rules in document["kinds"].items():
            versions[kind].append((date.fromisoformat(document["effective_from"]), rules["publication"]))
    return lambda kind, day: max((each for each in versions[kind] if each[0] <= day), key=lambda each: each[0])[1]


def test_there_is_something_to_hide_and_something_to_show(answers, facts):
    types = {fact.type.split(".")[2] for ledger in facts.values() for fact in ledger}
    assert types >= {"case", "inspection", "credit", "subject"}
    assert {item["type"] for *_, receipt in answers for item in receipt["items"]} > {"case", "clean_inspection"}


def test_there_are_no_other_fields(answers):
    for _, _, body, receipt in answers:
        assert body.keys() <= BODY
        assert receipt.keys() <= RECEIPT
        assert all(item.keys() <= ITEM for item in receipt["items"])


def test_amounts_and_grades_are_there_where_the_rulebook_of_today_publishes_them(answers, publication):
    for _, _, body, receipt in answers:
        shown = publication(body["kind"], TODAY)
        assert AMOUNTS & receipt.keys() == (AMOUNTS if shown["score"] else set())
        assert ("score" in body, "grade" in body, "grade" in receipt) == (
            shown["score"],
            shown["grade"],
            shown["grade"],
        )
        for item in receipt["items"]:
            assert ITEM_AMOUNTS & item.keys() == (ITEM_AMOUNTS if shown["score"] else set())


def test_of_cases_those_are_items_whose_severity_is_published_and_for_so_long(answers, publication):
    for subject, day, _, receipt in answers:
        assert {item["type"] for item in receipt["items"]} <= {"case", "clean_inspection", "commendation"}
        for item in receipt["items"]:
            decided = date.fromisoformat(item["decided_on"])
            assert decided <= TODAY, subject
            if item["type"] == "case":
                months = publication(receipt["kind"], decided)["items"][item["severity"]]
                assert day < add_months(decided, months), subject


def test_no_case_that_was_revoked_is_named(answers, facts):
    revoked = {
        (subject, fact.data["case_no"])
        for subject, ledger in facts.items()
        for fact in ledger
        if fact.type == "cn.chengxin.case.revoked.v1"
    }
    assert revoked
    assert not revoked & {(subject, item["ref"]) for subject, *_, receipt in answers for item in receipt["items"]}


def test_no_inspection_that_found_something_is_named(answers, facts):
    found = {
        (subject, fact.data["inspection_id"])
        for subject, ledger in facts.items()
        for fact in ledger
        if fact.type == "cn.chengxin.inspection.completed.v1" and fact.data.get("findings")
    }
    assert found
    for subject, _, body, receipt in answers:
        told = json.dumps([body, receipt], default=str, ensure_ascii=False)
        assert not [number for name, number in found if name == subject and f'"{number}"' in told]


def test_nobody_who_signed_and_nothing_that_was_said_is_told(answers, facts):
    for subject, _, body, receipt in answers:
        texts = set(re.findall(r'"([^"]+)"', json.dumps([body, receipt], default=str, ensure_ascii=False)))
        hidden = set()
        for fact in facts[subject]:
            for name in ("officers", "inspectors"):
                hidden.update(fact.data.get(name, ()))
            hidden.update(
                fact.data[name] for name in ("facts", "summary", "statement", "reviewer") if name in fact.data
            )
        assert not texts & hidden


@pytest.mark.parametrize(
    "asked", [{"ledger": "internal"}, {"as_of": TODAY - timedelta(days=1)}, {"known_at": RECORDED}]
)
def test_the_other_ledger_and_the_past_are_refused(facts, asked):
    for subject in facts:
        with pytest.raises(ProblemError):
            permitted(subject, None, TODAY, **asked)
