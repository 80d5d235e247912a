"""What is promised of the shipped rulebooks, whatever their points."""

import re
from datetime import date

import pytest

from shared.credit.rulebook import Rulebooks
from shared.rulebooks.check import check_directory
from shared.rulebooks.loader import SHIPPED, load_directory

CODES = {
    "shop": {*(f"SP-{n:02}" for n in range(1, 19)), "SP-V1"},
    "sanitation": {*(f"HW-{n:02}" for n in range(1, 19)), "HW-V1", "HW-V2", "HW-V3"},
    "hauler": {*(f"ZT-{n:02}" for n in range(1, 21)), "ZT-V1", "ZT-V4", "ZT-V5"},
}
LAST = {"minor": 3, "general": 12, "serious": 36}
FIRST_REPAIR = {"minor": 0, "general": 3, "serious": 12}


@pytest.fixture(scope="module")
def books():
    return load_directory(SHIPPED)


@pytest.fixture(scope="module")
def rules(books):
    return [(book, kind, rules) for book in books for kind, rules in book.kinds.items()]


@pytest.fixture(scope="module")
def violations(rules):
    return [(kind, violation) for _, kind, each in rules for violation in each.violations.values()]


def test_they_hold_without_a_warning():
    report = check_directory(SHIPPED)
    assert report.faults == report.warnings == []


def test_files_are_named_by_id_and_version(books):
    names = {f"{book.id}-v{book.version}.yaml" for book in books} | {"laws.yaml"}
    assert {path.name for path in SHIPPED.glob("*.yaml")} == names


def test_the_first_two_versions_of_each_kind_are_in_force_from_these_days(books):
    versions = Rulebooks(books)
    for kind in CODES:
        assert [v.effective_from for v in versions.of(kind).all][:2] == [date(2024, 1, 1), date(2026, 4, 1)]


def test_every_violation_of_the_tables_is_there_and_v2_adds_one(rules):
    for book, kind, each in rules:
        codes = set(each.violations)
        assert codes >= CODES.get(kind, set())
        assert kind not in CODES or book.version > 2 or len(codes - CODES[kind]) == book.version - 1
        assert len({code.partition("-")[0] for code in codes}) == 1


def test_versions_differ_in_both_directions_and_one_code_is_abolished(books):
    versions = Rulebooks(books)
    for kind in CODES:
        old, new = (version.rules.violations for version in versions.of(kind).all[:2])
        changes = [new[code].points[severity] - points for code in old for severity, points in old[code].points.items()]
        assert min(changes) < 0 < max(changes)
        assert sum(any(old[code].points.values()) and not any(new[code].points.values()) for code in old) == 1
        assert any(old[code].repeat != new[code].repeat for code in old)


def test_a_veto_means_d_for_a_year_at_least(violations):
    for _, violation in violations:
        if re.search("-V[0-9]$", violation.code):
            assert violation.caps_grade == "D"
            assert set(violation.points) == {"serious"}
            assert violation.repair["serious"].after_months >= 12


def test_a_cap_stands_only_where_every_severity_is_serious(violations):
    assert all(set(v.points) == {"serious"} for _, v in violations if v.caps_grade)


def test_months_follow_the_repair_rules(violations):
    for _, violation in violations:
        for severity in violation.points:
            assert violation.lasts_months[severity] == LAST[severity]
            assert violation.repair[severity].after_months == FIRST_REPAIR[severity]


def test_serious_items_carry_over_where_the_year_ends_the_others(rules):
    for _, kind, each in rules:
        assert each.calendar_year == (kind == "sanitation")
        for violation in each.violations.values():
            assert violation.carries_over == (
                frozenset(violation.points) & {"serious"} if each.calendar_year else set()
            )


def test_heavier_severities_cost_more(violations):
    for _, violation in violations:
        points = [violation.points[severity] for severity in LAST if severity in violation.points]
        assert points == sorted(points)
        assert len(set(points)) == len(points) or not any(points)


def test_a_minor_item_alone_never_costs_an_a(rules):
    for _, _, each in rules:
        margin = each.base - each.grades[0].threshold
        assert all(violation.points.get("minor", 0) <= margin for violation in each.violations.values())


def test_publication_keeps_to_the_law(rules):
    for _, kind, each in rules:
        assert each.grade_public
        assert kind not in CODES or each.score_public == (kind != "shop")  # a trader is a person
        assert "minor" not in each.published_months
        assert each.published_months.get("general", 3) <= 12
        assert each.published_months["serious"] <= 36


def test_only_haulers_are_measured_by_their_fleet(rules):
    for _, kind, each in rules:
        brackets = [(bracket.up_to, bracket.factor.text) for bracket in each.exposure]
        assert brackets == ([(50, "1"), (100, "0.8"), (150, "0.67"), (200, "0.57"), (None, "0.5")] * (kind == "hauler"))
