"""The shipped rulebooks in use: what one case costs, and which version judges it."""

from datetime import date

import pytest

from shared.credit.facts import parse_fact
from shared.credit.points import show_points
from shared.credit.receipt import score
from shared.credit.rulebook import Rulebooks
from shared.rulebooks.loader import SHIPPED, load_directory

SUBJECTS = {
    "shop": "shop:92320902MA1N00026Y-01",
    "sanitation": "sanitation:91320902MA1TE5T18M",
    "hauler": "hauler:91320903MA1P000364",
}
RULEBOOKS = Rulebooks(load_directory(SHIPPED))
LISTED = [
    (kind, version.number, code, severity)
    for kind in SUBJECTS
    for version in RULEBOOKS.of(kind).all
    for code, violation in version.rules.violations.items()
    for severity in violation.points
]


def case(kind, code, severity, occurred_on, decided_on):
    content = {
        "case_no": "案-1",
        "violation_code": code,
        "severity": severity,
        "occurred_on": occurred_on,
        "decided_on": decided_on,
        "region": "320902001001",
        "officers": ["320902-0101", "320902-0102"],
    }
    return parse_fact(
        {
            "source": "urn:chengxin:organ:320902",
            "id": "e-1",
            "type": "cn.chengxin.case.decided.v1",
            "subject": SUBJECTS[kind],
            "time": f"{decided_on}T10:00:00+08:00",
            "recorded_at": f"{decided_on}T03:00:00Z",
            "data": content,
        }
    )


def item(kind, code, severity, occurred_on, decided_on):
    facts = [case(kind, code, severity, occurred_on, decided_on)]
    receipt = score(SUBJECTS[kind], facts, RULEBOOKS, date.fromisoformat(decided_on))
    (only,) = receipt["items"]
    return receipt, only


@pytest.mark.parametrize(("kind", "version", "code", "severity"), LISTED)
def test_one_case_costs_what_the_table_says(kind, version, code, severity):
    [first] = [each.effective_from for each in RULEBOOKS.of(kind).all if each.number == version]
    day = max(first, date(2025, 3, 3)).isoformat()
    rules = RULEBOOKS.of(kind).in_force(date.fromisoformat(day)).rules
    receipt, only = item(kind, code, severity, day, day)
    points = rules.violations[code].points[severity]
    assert (only["rule_version"], only["counted"]) == (version, show_points(points))
    assert receipt["score"] == show_points(rules.base - points)
    if rules.violations[code].caps_grade:
        assert receipt["grade"] == max(rules.violations[code].caps_grade, "A")


@pytest.mark.parametrize(
    ("kind", "code", "severity", "version", "points"),
    [
        ("hauler", "ZT-02", "general", 2, "6.00"),  # the new version is lighter: 从旧兼从轻
        ("hauler", "ZT-02", "serious", 1, "15.00"),  # and here it is heavier
        ("hauler", "ZT-08", "minor", 2, "0.00"),  # abolished
        ("hauler", "ZT-03", "general", 1, "5.00"),  # unchanged: the version of the act
        ("sanitation", "HW-12", "serious", 1, "15.00"),
        ("shop", "SP-03", "minor", 2, "1.00"),
    ],
)
def test_an_act_before_the_new_version_decided_after_it(kind, code, severity, version, points):
    _, only = item(kind, code, severity, "2026-03-20", "2026-04-10")
    assert (only["rule_version"], only["counted"]) == (version, points)


def test_a_code_of_the_new_version_is_unknown_before_it():
    facts = [case("shop", "SP-19", "minor", "2026-03-31", "2026-04-10")]
    receipt = score(SUBJECTS["shop"], facts, RULEBOOKS, date(2026, 4, 10))
    assert [rejected["reason"] for rejected in receipt["rejected"]] == ["unknown-code"]
