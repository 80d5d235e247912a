"""A bundle against the journal, and what the journal tells of all draws beside it (DRAW.md section 8)."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta, timezone

from shared.draw.bundle import PUBLISHED, Files, Verified
from shared.draw.checks import Refused
from shared.draw.instants import instant
from shared.draw.journal import FIRST, Line, sha256_of_step

SHANGHAI = timezone(timedelta(hours=8))
"""Without summer time since 1991."""

_ORDER = ("planned", "committed", "seeded", "drawn", "published")
_AFTER = {"committed": "planned", "seeded": "committed", "drawn": "seeded", "replaced": "drawn", "published": "drawn"}
"""The step that must have been before."""


def refuse_another_start(lines: Sequence[Line], found: Verified) -> None:
    """Raises `Refused` with `journal-chain` where the first line is not the one that the plan names."""
    plan = found.frozen.plan
    first = lines[0] if lines else None
    own = first is not None and first.draw_id == plan.draw_id and first.step == "planned"
    if first is None or plan.journal != (FIRST if own else first.hash):
        raise Refused("journal-chain", "the first line is not the one that the plan names")


def refuse_another_head(lines: Sequence[Line], head: str) -> None:
    """Raises `Refused` with `journal-head` where a head that is known from elsewhere is none of the lines'."""
    if head not in {line.hash for line in lines}:
        raise Refused("journal-head", f"no line has the hash {head}")


def refuse_other_lines(lines: Sequence[Line], found: Verified, files: Files) -> None:
    """Raises `Refused` with `journal-draw` where the bundle differs from its lines, or these are out of order."""
    plan = found.frozen.plan
    own = [line for line in lines if line.draw_id == plan.draw_id]
    if wrong := next(disorder(own), None):
        raise Refused("journal-draw", wrong)
    by_step = {line.step: line for line in own}
    if missing := [step for step in _ORDER[:-1] if step not in by_step]:
        raise Refused("journal-draw", f"there is no line {missing[0]}")
    due = {
        "planned": hashlib.sha256(files["plan.json"]).hexdigest(),
        "committed": found.frozen.commitment,
        "seeded": sha256_of_step(dict(found.values)),
        "drawn": hashlib.sha256(files["result.json"]).hexdigest(),
        "published": sha256_of_step({name: hashlib.sha256(files[name]).hexdigest() for name in PUBLISHED}),
    }
    for step, sha256 in due.items():
        if step in by_step and by_step[step].sha256 != sha256:
            raise Refused("journal-draw", f"the line {step} is of another SHA-256 than the bundle's")
    _refuse_commitment(by_step["committed"], found, files)
    _refuse_seed(by_step["seeded"], found)
    replaced = [line.sha256 for line in own if line.step == "replaced"]
    if replaced != [sha256_of_step(record) for record in found.replacing.records]:
        raise Refused("journal-draw", "the lines replaced are not those of the bundle's records")


def _refuse_commitment(line: Line, found: Verified, files: Files) -> None:
    plan = found.frozen.plan.document
    due = {name: plan[name] for name in ("publish_by", "replaces", "seed_sources")}
    due["pool_sha256"] = hashlib.sha256(files["pool.tsv"]).hexdigest()
    if dict(line.more) != due:
        raise Refused("journal-draw", "the line committed says something else than the plan")
    if line.at != found.committed_at:
        raise Refused("journal-draw", f"committed_at must be that of the line committed, {line.at}")


def _refuse_seed(line: Line, found: Verified) -> None:
    if line.instant < max(source.not_before for source in found.frozen.plan.seed_sources):
        raise Refused("journal-draw", "the line seeded is earlier than the last source's not_before")
    if instant(found.seed_at) > line.instant:
        raise Refused("journal-draw", "seed_at is later than the line seeded")


def disorder(own: Sequence[Line]) -> Iterator[str]:
    """What is wrong with the order of one draw's lines."""
    seen: set[str] = set()
    for line in own:
        if line.step in seen and line.step != "replaced":
            yield f"line {line.seq}: a second {line.step} of {line.draw_id}"
        elif "abandoned" in seen:
            yield f"line {line.seq}: {line.draw_id} was abandoned before"
        elif line.step == "abandoned" and "seeded" in seen:
            yield f"line {line.seq}: {line.draw_id} is abandoned after its seed was known"
        elif (before := _AFTER.get(line.step)) and before not in seen:
            yield f"line {line.seq}: {line.draw_id} is {line.step} and was not {before}"
        seen.add(line.step)


def remarks(lines: Sequence[Line], found: Verified, files: Files, now: datetime) -> Iterator[str]:
    """What the journal tells beside the bundle: shared seeds and pools, what is not published, what was replaced."""
    plan = found.frozen.plan
    by_draw: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_draw[line.draw_id].append(line)
    for draw_id, own in by_draw.items():
        if draw_id != plan.draw_id:
            yield from disorder(own)
    commitments = [line for line in lines if line.step == "committed"]
    sources = {source.name for source in plan.seed_sources}
    pool = hashlib.sha256(files["pool.tsv"]).hexdigest()
    for line in commitments:
        if line.draw_id == plan.draw_id:
            continue
        if shared := sources.intersection(_names(line)):
            yield f"{line.draw_id} rests on the same seed source: {', '.join(sorted(shared))}"
        if line.more["pool_sha256"] == pool:
            yield f"{line.draw_id} was drawn from the same pool"
    for line in commitments:
        yield from _late(line, by_draw[line.draw_id], now)
    yield from _replacing(commitments, by_draw)
    if "published" not in {line.step for line in by_draw[plan.draw_id]}:
        yield f"{plan.draw_id} has no line published"


def _names(line: Line) -> list[str]:
    sources = line.more["seed_sources"]
    names = [each.get("name") for each in sources if isinstance(each, Mapping)] if isinstance(sources, list) else []
    return [name for name in names if isinstance(name, str)]


def _late(line: Line, own: Sequence[Line], now: datetime) -> Iterator[str]:
    """A draw that was not published by the end of its day in Shanghai."""
    try:
        day = datetime.combine(datetime.fromisoformat(line.more["publish_by"]).date(), time.max, SHANGHAI)
    except (ValueError, TypeError):
        yield f"{line.draw_id} has no day by which it is to be published"
        return
    published = [each.instant[0] for each in own if each.step == "published"]
    if (min(published) if published else now) > day:
        left = "abandoned before" if any(each.step == "abandoned" for each in own) else "not published by"
        how = "published after" if published else left
        yield f"{line.draw_id} was {how} {line.more['publish_by']}"


def _replacing(commitments: Sequence[Line], by_draw: Mapping[str, Sequence[Line]]) -> Iterator[str]:
    """Which draw replaces which, and whether the old result was out when the new draw was planned."""
    replaced: Counter[str] = Counter()
    for line in commitments:
        if not isinstance(line.more["replaces"], Mapping):
            continue
        old = str(line.more["replaces"].get("draw_id"))
        replaced[old] += 1
        planned = min((each.seq for each in by_draw[line.draw_id]), default=line.seq)
        out = [each.seq for each in by_draw.get(old, ()) if each.step == "drawn" and each.seq < line.seq]
        if not any(each.step == "committed" for each in by_draw.get(old, ())):
            how = "which was never committed"
        elif out:
            how = "whose result was out" + (" when it was planned" if min(out) < planned else " when it was committed")
        else:
            how = "whose result was not out"
        yield f"{line.draw_id} replaces {old}, {how}: {line.more['replaces'].get('cause')}"
    for old, number in replaced.items():
        if number > 1:
            yield f"{old} is replaced by {number} draws"
