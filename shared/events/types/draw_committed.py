"""A draw's documents were frozen and committed to 封存与承诺 (DRAW.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Int, Part, Several
from shared.events.texts import Day, Hex256

DRAW_COMMITTED = "cn.chengxin.draw.committed.v1"


class DrawCommitted(parts.DrawStep):
    """What the journal's line says of the plan stands here too, and what the public is told from now on."""

    commitment = Hex256(what="The commitment 承诺值")
    pool_sha256 = parts.sha256("the pool")
    roster_sha256 = parts.sha256("the roster")
    recusals_sha256 = parts.sha256("the recusals")
    excluded_sha256 = parts.sha256("the list of those left out")
    publish_by = Day(what="The plan's day of publication")
    replaces = Part(parts.Replaces, required=False, what="The draw that this one replaces; may be left out")
    seed_sources = Several(Part(parts.SeedSource), 1, 10_000, what="The plan's seed sources")
    strata = Several(Part(parts.StratumSize), 0, 20_000, what="Sizes and quotas of the plan's strata, in its order")
    subjects = Int(0, parts.MOST_OFFSET, what="How many subjects the pool has")
    inspectors = Int(0, parts.MOST_OFFSET, what="How many inspectors the roster has")
    excluded = Several(Part(parts.LeftOut), 0, 1000, what="Who is left out, by code")
    inspectors_left_out = Several(
        Part(parts.InspectorLeftOut), 1, 10_000, required=False, what="Who is not in the roster; may be left out"
    )
    cases_sha256 = parts.sha256("the private list of the codes of cases; only where cases are drawn", required=False)


EVENT = EventType(
    name=DRAW_COMMITTED,
    topic="draws",
    does="Freezes the lists of a draw, so that no byte of them can change without being seen.",
    data=DrawCommitted,
    subject="draw:{draw_id}",
    elsewhere="make draws at `/v1/draws`",
    example=example(
        DRAW_COMMITTED,
        "draw:320902-2026-11",
        "2026-11-01T10:00:00+08:00",
        {
            "draw_id": "320902-2026-11",
            "sequence": 2,
            "by": "key:0a1b2c3d4e5f",
            "commitment": "2222222222222222222222222222222222222222222222222222222222222222",
            "pool_sha256": "3333333333333333333333333333333333333333333333333333333333333333",
            "roster_sha256": "4444444444444444444444444444444444444444444444444444444444444444",
            "recusals_sha256": "5555555555555555555555555555555555555555555555555555555555555555",
            "excluded_sha256": "6666666666666666666666666666666666666666666666666666666666666666",
            "publish_by": "2026-12-31",
            "replaces": {"draw_id": "320902-2026-10", "cause": "名录有误"},
            "seed_sources": [
                {"name": "drand 9000000", "not_before": "2026-11-02T10:00:00+08:00", "pattern": "[0-9a-f]{64}"}
            ],
            "strata": [{"stratum": "C", "size": 60, "quota": 3}],
            "subjects": 60,
            "inspectors": 12,
            "excluded": [{"code": "closed", "number": 4}],
            "inspectors_left_out": [{"inspector_id": "320902-0301", "reason": "assistant"}],
            "cases_sha256": "7777777777777777777777777777777777777777777777777777777777777777",
        },
    ),
)
