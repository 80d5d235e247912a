"""What a planner may want to know before a draw is frozen, though the protocol allows it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from services.draws.assembling import Lists
from services.draws.freezing import Freezable


class Remark(NamedTuple):
    """Something to look at again: a word for programs, and a sentence."""

    code: str
    detail: str


def remarks(found: Freezable, lists: Lists) -> list[Remark]:
    """All that is to be said of a plan and the lists that it would be frozen with now."""
    return [*_of_numbers(found.told), *_of_regions(found.plan.document, lists), *_of_sources(found.plan.document)]


def _of_numbers(told: Mapping[str, Any]) -> Iterator[Remark]:
    if not any(each["quota"] for each in told["strata"]):
        yield Remark("nobody-drawn", f"Of {told['subjects']} subjects none is drawn.")
        return
    if left := [each["stratum"] for each in told["strata"] if each["size"] and not each["quota"]]:
        yield Remark("stratum-without-quota", f"Of these strata nobody is drawn: {', '.join(left[:10])}.")
    if (unnamed := told["subjects"] - sum(each["size"] for each in told["strata"])) > 0:
        yield Remark(
            "strata-not-named", f"{unnamed} subjects are of strata that the plan does not name: none is drawn."
        )


def _of_regions(plan: Mapping[str, Any], lists: Lists) -> Iterator[Remark]:
    for part, name, who in (("pool", "pool.tsv", "subject"), ("roster", "roster.tsv", "inspector")):
        here = tuple({line.rsplit(b"\t", 1)[1].decode() for line in lists.files[name].split(b"\n")[:-1]})
        if empty := [each for each in plan[part]["regions"] if not _any_in(here, each)]:
            yield Remark(f"{part}-region-empty", f"No {who} that can be drawn is of these regions: {', '.join(empty)}.")


def _any_in(here: Sequence[str], prefix: str) -> bool:
    return any(region.startswith(prefix) for region in here)


def _of_sources(plan: Mapping[str, Any]) -> Iterator[Remark]:
    if len(plan["seed_sources"]) == 1 and plan["public_source"] is not None:
        detail = (
            "The seed is made of the commitment and the public value alone: from then on whoever knows who is in the "
            "register can compute who is drawn. Name a source before it whose value stays with the witnesses, such as "
            "dice that they throw, to keep the list sealed until it is published."
        )
        yield Remark("seed-of-public-values", detail)
