"""Whether a plan and its lists can be frozen, and what is told of them from then on. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.draws.assembling import Lists
from services.draws.codes import Codes
from services.draws.problems import DOCUMENT_FORM, STRATUM_UNKNOWN, TOO_FEW_INSPECTORS, TOO_FEW_SUBJECTS
from services.draws.steps import LISTS
from shared.credit.canonical import canonical
from shared.draw.checks import Infeasible, Refused
from shared.draw.frozen import Frozen, freeze, refuse_infeasible
from shared.draw.plan import Plan
from shared.web.problems import ProblemError

_SHOWN = 20
MOST_CODES, _MOST_CODE = 1000, 100
"""Of reasons why subjects are left out: all of them are told in one event."""
MOST_LEFT_OUT = 10_000
LEFT_OUT = "inspectors_left_out"


@dataclass(frozen=True, slots=True)
class Freezable:
    """Lists that a plan can be fulfilled with: `told` is what the committed event says of them."""

    plan: Plan
    told: Mapping[str, Any]


def freezable(plan: Plan, lists: Lists) -> Freezable:
    """Judge the lists before anything is committed; the planner may ask as often as he likes. Raises `ProblemError`."""
    files = {name: lists.files.get(name, b"") for name in LISTS}
    try:
        frozen = freeze({**files, "plan.json": canonical(plan.document)})
    except Refused as refused:
        raise ProblemError(DOCUMENT_FORM, f"{refused.check}: {refused.detail}", check=refused.check) from None
    if len(frozen.excluded) > MOST_CODES or any(len(code) > _MOST_CODE for code in frozen.excluded):
        detail = f"excluded-form: there are more than {MOST_CODES} codes, or one of more than {_MOST_CODE} characters"
        raise ProblemError(DOCUMENT_FORM, detail, check="excluded-form")
    if len(lists.left_out) > MOST_LEFT_OUT:
        detail = f"roster-form: more than {MOST_LEFT_OUT} inspectors are left out; name fewer regions"
        raise ProblemError(DOCUMENT_FORM, detail, check="roster-form")
    sizes = {stratum.decode(): size for stratum, size in Counter(frozen.pool.strata).items()}
    _refuse_strata(plan, sizes, lists.strata)
    _refuse_panels(frozen, lists.cases or Codes(()))
    left = {LEFT_OUT: left_out(lists)} if lists.left_out else {}
    return Freezable(plan, _told(frozen, files, sizes) | left)


def left_out(lists: Lists) -> list[dict[str, str]]:
    """Who is not in the roster, as events and answers have it."""
    return [{"inspector_id": inspector_id, "reason": reason} for inspector_id, reason in lists.left_out]


def _refuse_strata(plan: Plan, sizes: Mapping[str, int], strata: Collection[str]) -> None:
    if unknown := [each.name for each in plan.strata if each.name not in sizes and each.name not in strata]:
        detail = f"The pool has nobody of these strata of the plan: {', '.join(unknown[:_SHOWN])}."
        raise ProblemError(STRATUM_UNKNOWN, detail, known=sorted({*sizes, *strata})[:100])
    asked = [(each.name, each.count or 0, sizes.get(each.name, 0)) for each in plan.strata]
    if short := [(name, count, size) for name, count, size in asked if count > size]:
        told = "; ".join(f"{name}: {count} asked, {size} there" for name, count, size in short[:_SHOWN])
        strata_short = [{"stratum": name, "asked": count, "there": size} for name, count, size in short]
        raise ProblemError(TOO_FEW_SUBJECTS, f"{told}.", strata=strata_short)


def _refuse_panels(frozen: Frozen, cases: Codes) -> None:
    try:
        refuse_infeasible(frozen)
    except Infeasible as infeasible:
        number = len(infeasible.subjects)
        detail = (
            f"For {number} of {len(frozen.pool.subjects)} subjects there are too few inspectors who match and are not "
            f"recused; a panel has {frozen.plan.panel_size}, the roster {len(frozen.roster.inspectors)}."
        )
        named = [cases.id_of(each) for each in infeasible.subjects[:_SHOWN]]
        raise ProblemError(TOO_FEW_INSPECTORS, detail, number=number, subjects=named) from None


def _told(frozen: Frozen, files: Mapping[str, bytes], sizes: Mapping[str, int]) -> dict[str, Any]:
    plan = frozen.plan.document
    replaces = {"replaces": plan["replaces"]} if plan["replaces"] else {}
    return {
        "commitment": frozen.commitment,
        **{f"{name.removesuffix('.tsv')}_sha256": hashlib.sha256(files[name]).hexdigest() for name in LISTS},
        "publish_by": plan["publish_by"],
        **replaces,
        "seed_sources": plan["seed_sources"],
        "strata": [
            {"stratum": name, "size": sizes.get(name, 0), "quota": quota} for name, quota in frozen.quotas.items()
        ],
        "subjects": len(frozen.pool.subjects),
        "inspectors": len(frozen.roster.inspectors),
        "excluded": [{"code": code, "number": number} for code, number in frozen.excluded.items()],
    }
