"""Small rulebooks to break: a smallest one that holds, and a folder for several."""

import pytest

SMALL = """\
id: small
version: 1
title: 小规则
published_on: '2025-12-01'
effective_from: '2026-01-01'
kinds:
  shop:
    base: '100'
    floor: '0'
    ceiling: '110'
    grades:
    - {grade: A, from: '80'}
    - {grade: B, from: '0'}
    cycle: rolling
    minimum_evidence: {events: 1, months: 12}
    bonus_cap: '5'
    bonuses:
      clean_inspection: {points: '1', lasts_months: 6, results: ['01']}
      commendations: []
    publication: {score: false, grade: true, items: {general: 6}}
    violations:
    - code: X-1
      name: 违规
      legal_basis: [《城市绿化条例》第二十条]
      points: {minor: '2', general: '4'}
      lasts_months: {minor: 3, general: 12}
      repeat: null
      rectified_factor: '0.5'
      repair: {minor: {allowed: true, after_months: 0}, general: {allowed: true, after_months: 3}}
      caps_grade: null
"""
SECOND = (
    SMALL.replace("version: 1", "version: 2").replace("2026-01-01", "2026-06-01").replace("2025-12-01", "2026-05-01")
)


@pytest.fixture
def small():
    """The text of a rulebook that holds; its violation begins on line 21."""
    return SMALL


@pytest.fixture
def second():
    """The text of a second version of it that holds too."""
    return SECOND


@pytest.fixture
def folder(tmp_path):
    """A function that writes files by name and gives their folder."""

    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write
