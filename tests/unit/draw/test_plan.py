"""A plan is taken in its one spelling only, and what is wrong with another is told by where it stands."""

import json

import pytest

from shared.credit.canonical import canonical
from shared.draw.checks import Refused
from shared.draw.pattern import parse_pattern
from shared.draw.plan import parse_plan
from tests.contract.draw.test_vectors import VECTORS

PLAN = json.loads(VECTORS[0]["bundle"]["plan"])
GONE = object()
SOURCE = PLAN["seed_sources"][0]


def plan(**changed):
    return {name: value for name, value in {**PLAN, **changed}.items() if value is not GONE}


def refusal(data):
    with pytest.raises(Refused) as refused:
        parse_plan(data if isinstance(data, bytes) else canonical(data))
    return refused.value


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"strata": []},
        {"strata": [{"stratum": "甲", "rate": rate} for rate in ("0",)]},
        {
            "strata": [
                {"stratum": rate, "rate": rate} for rate in ("0", "1", "0.05", "1.0", "0.123456789", "1.000000000")
            ]
        },
        {"cap": 0, "max_load": 1},
        {"panel": [{"department": "市容科", "count": 1}, {"department": "市容科", "count": 1}]},
        {"replaces": {"draw_id": "一", "cause": "骰子不明"}},
        {"window": {"from": "2026-11-03"}, "items": [1, None, True, {"a": ["b"]}]},
        {"seed_sources": [{**SOURCE, "not_before": "2026-11-02T01:30:00.123456789Z"}]},
    ],
)
def test_right_plans(changed):
    assert parse_plan(canonical(plan(**changed))).document == plan(**changed)


@pytest.mark.parametrize("name", sorted(PLAN.keys() - {"protocol"}))
def test_every_key_stands(name):
    assert refusal(plan(**{name: GONE})).check == "plan-form"


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"draw_id": ""}, "/draw_id"),
        ({"title": "a\u007f"}, "/title"),
        ({"strata": {}}, "/strata"),
        ({"strata": [{"stratum": "甲"}]}, "/strata/0"),
        ({"strata": [{"stratum": "甲", "count": 1, "rate": "1"}]}, "/strata/0"),
        ({"strata": [{"stratum": "甲", "count": 1, "why": ""}]}, "/strata/0"),
        ({"strata": [{"stratum": "甲", "count": -1}]}, "/strata/0/count"),
        ({"strata": [{"stratum": "甲", "count": True}]}, "/strata/0/count"),
        ({"strata": [{"stratum": "甲", "count": "1"}]}, "/strata/0/count"),
        *(
            ({"strata": [{"stratum": "甲", "rate": rate}]}, "/strata/0/rate")
            for rate in ("", "1.1", "2", "0.", ".5", "00", "0.1234567890", "-0", "+0", "1e0", "0,5", "０.5", 1, None)
        ),
        ({"strata": [{"stratum": "甲", "count": 1}, {"stratum": "甲", "count": 2}]}, "/strata/1/stratum"),
        ({"cap": -1}, "/cap"),
        ({"max_load": 0}, "/max_load"),
        ({"panel": []}, "/panel"),
        ({"panel": [{"department": "*", "count": 1}]}, "/panel"),
        ({"panel": [{"department": "*", "count": 0}, {"department": "*", "count": 2}]}, "/panel/0/count"),
        ({"panel": [{"department": "", "count": 2}]}, "/panel/0/department"),
        ({"inspector_region": "near"}, "/inspector_region"),
        ({"seed_sources": []}, "/seed_sources"),
        ({"seed_sources": [SOURCE, SOURCE]}, "/seed_sources/1/name"),
        ({"seed_sources": [{**SOURCE, "name": "a=b"}]}, "/seed_sources/0/name"),
        ({"seed_sources": [{**SOURCE, "not_before": "2026-11-02T09:30:00"}]}, "/seed_sources/0/not_before"),
        ({"seed_sources": [{**SOURCE, "not_before": "2026-11-31T09:30:00Z"}]}, "/seed_sources/0/not_before"),
        ({"seed_sources": [{**SOURCE, "pattern": "a|b"}]}, "/seed_sources/0/pattern"),
        ({"publish_by": "2026-02-30"}, "/publish_by"),
        ({"publish_by": "20261231"}, "/publish_by"),
        ({"journal": "A" * 64}, "/journal"),
        ({"replaces": {"draw_id": "一"}}, "/replaces"),
        ({"replaces": {"draw_id": "一", "cause": ""}}, "/replaces/cause"),
    ],
)
def test_wrong_plans(changed, pointer):
    refused = refusal(plan(**changed))
    assert refused.check == "plan-form"
    assert refused.detail.startswith(f"{pointer} ")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b'"text"',
        b"\xef\xbb\xbf" + canonical(PLAN),
        canonical(PLAN) + b"\n",
        canonical(PLAN).replace(b'"cap":null', b'"cap":null,"cap":null'),
        canonical(PLAN).replace(b'"cap":null', b'"cap":1.0'),
        canonical(plan(extra=0.5)),
        canonical(plan(extra=2**53)),
        canonical(plan(extra={"键": 1})),
        canonical(PLAN).replace(b'"cap":null', b'"cap":NaN'),
        canonical(plan(title="e\u0301")),
        canonical(PLAN).replace("城市".encode(), b"\\u57ce\\u5e02"),
        canonical(PLAN).replace(b'"cap":null', b'"cap":null,"x":"\\ud800"'),
        b'{"protocol":"chengxin-draw/1","x":' + b"[" * 100_000,
    ],
)
def test_other_spellings(data):
    assert refusal(data).check == "plan-form"


@pytest.mark.parametrize("changed", [{"protocol": "chengxin-draw/2"}, {"protocol": GONE}, {"protocol": None}])
def test_another_protocol_is_told_before_any_form(changed):
    assert refusal(plan(**changed, cap=-1)).check == "protocol"
    assert refusal(json.dumps(plan(**changed)).encode()).check == "protocol"


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("[1-6]-[1-6]", ["1-6"], ["0-1", "1-66", "16", "1-6\n", "１-6"]),
        ("[0-9]{3}", ["007"], ["07", "0007"]),
        ("a[.]b", ["a.b"], ["aXb"]),
        ("[0-9a-f]{2}:[,-]", ["0f:-", "0f:,"], ["0g:-", "0f:."]),
        ("[a-]", ["a", "-"], ["b"]),
        ("x{0}y", ["y"], ["xy"]),
    ],
)
def test_patterns_have_one_spelling_per_outcome(pattern, good, bad):
    assert all(map(parse_pattern(pattern).matches, good))
    assert not any(map(parse_pattern(pattern).matches, bad))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "a*",
        "a+",
        "a?",
        "(a)",
        "a|b",
        "^a",
        "a$",
        "\\d",
        "[^a]",
        "[]",
        "[a",
        "a]",
        "{3}",
        "a{2}{3}",
        "a{2,3}",
        "a{}",
        "a{x}",
        "[z-a]",
        "a b",
        "é",
        "[a b]",
        "[[]",
        "a{1234567}",
    ],
)
def test_anything_else_is_no_pattern(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        parse_pattern(text)
