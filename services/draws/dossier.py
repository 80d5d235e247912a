"""A draw as it is shown: every part that its reader may see (`services/draws/audience.py`). Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from services.draws.audience import may_see
from services.draws.files import sealed_sha256
from services.draws.freezing import LEFT_OUT
from services.draws.replacing import open_proposals
from services.draws.seeding import abandoned_late
from services.draws.steps import Committed, Draw, Draws

VERIFIABLE = "verifiable"
"""Of a draw whose seed rests on an event that nobody taking part chooses."""

_TOLD = ("strata", "subjects", "inspectors", "excluded")
_HASHES = ("pool_sha256", "roster_sha256", "recusals_sha256", "excluded_sha256")


def assurance(draw: Draw) -> str:
    """What the seed sources are worth; shown wherever a draw is."""
    return str(draw.plan.document.get("assurance", VERIFIABLE))


def stated(draw_id: str, committed: Committed) -> dict[str, Any]:
    """What is signed of a commitment: which, of which draw, and since when."""
    return {"draw_id": draw_id, "commitment": committed.commitment, "committed_at": committed.at}


def row(draw: Draw, scopes: Collection[str] = ()) -> dict[str, Any]:
    """A draw in a list, as the holder of such scopes may see it; anybody without any."""
    plan = draw.plan.document
    outline = {
        "title": plan["title"],
        "window": plan.get("window"),
        "publish_by": plan["publish_by"],
        "replaces": plan["replaces"],
    }
    return {
        "draw_id": draw.draw_id,
        "phase": draw.phase,
        "assurance": assurance(draw),
        "planned_at": draw.history[0].at,
        "commitment": draw.committed.commitment if draw.committed else None,
        **(outline if may_see("outline", draw, scopes) else {}),
    }


def dossier(draws: Draws, draw: Draw, scopes: Collection[str] = ()) -> dict[str, Any]:
    """All that a holder of such scopes may see of a draw, anybody without any; what he may not see is left out."""
    return dict(_parts(draws, draw, scopes))


def _parts(draws: Draws, draw: Draw, scopes: Collection[str]) -> Iterator[tuple[str, Any]]:
    plan = draw.plan.document
    yield from row(draw, scopes).items()
    yield "sequence", draw.sequence
    yield "plan_sha256", draw.plan_sha256
    if may_see("outline", draw, scopes):
        yield "public_source", plan["public_source"]
        yield "seed_sources", [{**each, "entered": each["name"] in draw.values} for each in plan["seed_sources"]]
        yield "witnesses", [{"role": role, "name": name} for role, name in draw.witnesses]
    if draw.cause is not None:
        yield "abandoned", {"cause": draw.cause, "late": abandoned_late(draw)}
    if other := draws.replacing(draw.draw_id):
        yield "replaced_by", other.draw_id
    if may_see("plan", draw, scopes):
        yield "plan", plan
    if draw.committed and may_see("commitment", draw, scopes):
        yield "committed_at", draw.committed.at
        yield from ((name, draw.committed.told[name]) for name in (*_HASHES, *_TOLD))
    if draw.result_sha256 and may_see("hashes", draw, scopes):
        yield "result_sha256", draw.result_sha256
        yield "sealed_bundle_sha256", sealed_sha256(draw)
    if may_see("values", draw, scopes):
        yield "seed_values", [{"source": name, **each._asdict()} for name, each in draw.values.items()]
    if may_see("bundle", draw, scopes):
        yield "bundle", f"/v1/draws/{draw.draw_id}/bundle.zip"
        yield "replacements", [json.loads(record) for _, record in draw.records]
    if may_see("steps", draw, scopes):
        yield from _of_staff(draw, scopes)


def _of_staff(draw: Draw, scopes: Collection[str]) -> Iterator[tuple[str, Any]]:
    yield "steps", [each._asdict() for each in draw.history]
    yield LEFT_OUT, draw.committed.told.get(LEFT_OUT, []) if draw.committed else []
    if may_see("bundle", draw, scopes):
        yield "proposals", [{"proposal": number, **each._asdict()} for number, each in open_proposals(draw).items()]
