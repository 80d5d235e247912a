"""`chengxin state-hash`: one hash over all facts and scores of the store. It only reads."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import click

from services.cli import rulebook_sources as sources
from services.cli.connect import on_the_store
from services.cli.going_through import bar, place_of, whole_file
from services.cli.installation import fail, settings
from services.cli.offline import FOLDER, rulebooks_in, together
from services.scoring.kept import differing_at_rest, digest, is_served
from services.scoring.state_hash import StateHash, subject_hash
from shared.credit.rulebook import Rulebooks
from shared.eventlog.partitioner import BUCKETS, bucket_of
from shared.settings import Settings
from shared.store.client import Store, StoreUnavailable
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers, Stored
from shared.store.subjects import Subjects

_BUCKETS_AT_ONCE = 64


@dataclass
class Taken:
    """What came of it: the hash, how many summaries are kept wrong and the first, and what moved meanwhile."""

    hash: StateHash
    applied_until: datetime
    wrong: int = 0
    first: tuple[str, list[str]] | None = None
    waiting: int = 0
    moved: int = 0


@click.command("state-hash")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of the scores; else today in Shanghai.")
@click.option("--rulebooks", "folder", type=FOLDER, help="A folder of rulebooks (*.yaml); else those on the log.")
@click.option(
    "--subjects",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file for the hash of each subject, a line each: two stores are compared by diff.",
)
@click.option("--verify", is_flag=True, help="Also compare each summary that is kept with what the facts give.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def state_hash_command(
    as_of: datetime | None, folder: Path | None, out: Path | None, verify: bool, as_json: bool
) -> None:
    """One SHA-256 over every subject's facts, refused facts and scores, computed anew from the facts in the store.

    Two stores that were filled from one log give the same hash, whatever way the facts arrived. It is the SHA-256 of
    the file that --subjects writes. Exit code 0: done; 1: the store is not filled, does not answer, holds what cannot
    be scored, or a summary is not what the facts give (--verify); 2: wrong use.
    """
    found, rulebooks = _rulebooks(folder)
    day = as_of.date() if as_of else sources.today()
    with on_the_store(found) as store, ExitStack() as stack:
        file = stack.enter_context(whole_file(out)) if out else None
        taken = _taken(store, found, rulebooks, day, verify, file)
    if taken.moved:
        click.echo(
            f"warning: the hash is of no one moment: in {taken.moved:,} of {BUCKETS:,} buckets facts came while the "
            "store was read, or the store's own digest of them is wrong (--verify names it)",
            err=True,
        )
    if taken.waiting:
        click.echo(f"warning: {taken.waiting:,} summaries rest on fewer rulebooks; workers recompute them", err=True)
    answer = _document(taken, rulebooks, day, verify)
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else _text(answer))
    if taken.first:
        name, parts = taken.first
        fail(f"kept, but not what the facts give: {taken.wrong:,} subjects; first {name}: {', '.join(parts)}")


def _rulebooks(folder: Path | None) -> tuple[Settings, Rulebooks]:
    if folder:
        return settings(), together(rulebooks_in(folder).values())
    with sources.on_the_log() as here:
        published = here
    return published.settings, published.books


def _taken(store: Store, found: Settings, rulebooks: Rulebooks, day: date, verify: bool, file: IO[str] | None) -> Taken:
    keys, partitions = Keys(found.key_prefix), found.subject_partitions
    subjects, ledgers = Subjects(store, keys), Ledgers(store, keys)
    sums: Counter[int] = Counter()
    taken = Taken(StateHash(rulebooks, day, partitions), subjects.applied_until(partitions))
    if file:
        file.write(taken.hash.first_line)
    with bar("State hash") as progress:
        task = progress.add_task("subjects", total=subjects.count())
        for names in subjects.names():
            for subject_id, stored in ledgers.load(names).items():
                sums[bucket_of(subject_id)] += int(digest(stored.entries), 16)
                try:
                    line = taken.hash.add(subject_id, subject_hash(subject_id, stored.entries.values(), rulebooks, day))
                    if verify:
                        _verify(taken, ledgers, subject_id, stored, rulebooks)
                except StoreUnavailable:
                    raise
                except Exception as error:  # noqa: BLE001 - our own bug for a subject; without it there is no hash
                    fail(f"{subject_id} cannot be scored: {place_of(error)}")
                if file:
                    file.write(line)
            progress.advance(task, len(names))
    # Ledgers only grow: digests that are the same at the end were so since they were read; the state was that of now.
    now: Counter[int] = Counter()
    for start in range(0, BUCKETS, _BUCKETS_AT_ONCE):
        for subject_id, version in ledgers.versions(range(start, start + _BUCKETS_AT_ONCE)).items():
            now[bucket_of(subject_id)] += int(version.digest, 16)
    taken.moved = sum(sums[bucket] != now[bucket] for bucket in range(BUCKETS))
    subjects.applied_until(partitions)
    return taken


def _verify(taken: Taken, ledgers: Ledgers, subject_id: str, stored: Stored, rulebooks: Rulebooks) -> None:
    if not is_served(stored, rulebooks):
        taken.waiting += 1
    elif parts := differing_at_rest(ledgers, subject_id, stored, rulebooks):
        taken.wrong += 1
        taken.first = taken.first or (subject_id, parts)


def _document(taken: Taken, rulebooks: Rulebooks, day: date, verify: bool) -> dict[str, Any]:
    first = taken.first and {"subject_id": taken.first[0], "parts": taken.first[1]}
    return {
        "state_hash": taken.hash.whole,
        "partitions": taken.hash.partitions,
        "as_of": day.isoformat(),
        "subjects": taken.hash.subjects,
        "rulebooks": rulebooks.digest,
        "applied_until": taken.applied_until.isoformat(),
        "moved_buckets": taken.moved,
        "verified": {"differing": taken.wrong, "first": first, "waiting": taken.waiting} if verify else None,
    }


def _text(answer: dict[str, Any]) -> str:
    until = datetime.fromisoformat(answer["applied_until"]).isoformat(timespec="seconds")
    text = f"{answer['state_hash']}  {answer['subjects']:,} subjects on {answer['as_of']}, applied until {until}"
    if answer["verified"] and not answer["verified"]["differing"]:
        text += "\nEvery summary that is kept is what its facts give"
    return text
