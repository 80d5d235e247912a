"""`chengxin state-hash`: one hash over all facts and scores of the store. It only reads."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from services.cli import rulebook_sources as sources
from services.cli.connect import open_store
from services.cli.going_through import bar, place_of, whole_file
from services.cli.installation import settings
from services.cli.offline import FOLDER, rulebooks_in, together
from services.scoring.kept import differing, digest
from services.scoring.state_hash import lines, state_hash, subject_hash
from shared.credit.rulebook import Rulebooks
from shared.eventlog.partitioner import BUCKETS
from shared.settings import Settings
from shared.store.client import Store, StoreUnavailable
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers, Stored
from shared.store.subjects import NotReady, Subjects


@dataclass
class Taken:
    """What came of it: a hash for each subject, the summaries that are not what the facts give, and who moved."""

    hashes: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    moved: int = 0
    applied_until: datetime = datetime.min  # noqa: DTZ901  set before anything is read

    @property
    def first(self) -> str:
        """The first subject whose summary is wrong."""
        return min(self.wrong, key=str.encode)


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
    store = open_store(found)
    try:
        with ExitStack() as stack:
            file = stack.enter_context(whole_file(out)) if out else None
            taken = _taken(store, found, rulebooks, day, verify)
            if file:
                file.writelines(lines(taken.hashes))
    except StoreUnavailable:
        sources.stop("the store does not answer")
    except NotReady as error:
        sources.stop(str(error))
    finally:
        store.close()
    if taken.moved:
        click.echo(
            f"warning: the hash is of no one moment: of {taken.moved:,} subjects facts came while the store was read, "
            "or the store's own digest of their facts is wrong (--verify names it)",
            err=True,
        )
    answer = _document(taken, rulebooks, day, verify)
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else _text(answer))
    if taken.wrong:
        parts = ", ".join(taken.wrong[taken.first])
        sources.stop(f"kept, but not what the facts give: {len(taken.wrong):,} subjects; first {taken.first}: {parts}")


def _rulebooks(folder: Path | None) -> tuple[Settings, Rulebooks]:
    if folder:
        return settings(), together(rulebooks_in(folder).values())
    with sources.on_the_log() as here:
        published = here
    return published.settings, published.books


def _taken(store: Store, found: Settings, rulebooks: Rulebooks, day: date, verify: bool) -> Taken:
    keys = Keys(found.key_prefix)
    subjects, ledgers = Subjects(store, keys), Ledgers(store, keys)
    digests: dict[str, str] = {}
    taken = Taken(applied_until=subjects.applied_until(found.subject_partitions))
    with bar("State hash") as progress:
        task = progress.add_task("subjects", total=subjects.count())
        for names in subjects.names():
            for subject_id, stored in ledgers.load(names).items():
                digests[subject_id] = digest(stored.entries)
                try:
                    taken.hashes[subject_id] = subject_hash(subject_id, stored.entries.values(), rulebooks, day)
                    parts = _wrong(ledgers, subject_id, stored, rulebooks) if verify else []
                except StoreUnavailable:
                    raise
                except Exception as error:  # noqa: BLE001 - our own bug for a subject; without it there is no hash
                    sources.stop(f"{subject_id} cannot be scored: {place_of(error)}")
                if parts:
                    taken.wrong[subject_id] = parts
            progress.advance(task, len(names))
    # Ledgers only grow: a digest that is the same at the end was so since it was read, so the state was that of now.
    now = ledgers.versions(range(BUCKETS))
    taken.moved = sum(
        name not in now or name not in digests or digests[name] != now[name].digest for name in now.keys() | digests
    )
    subjects.applied_until(found.subject_partitions)
    return taken


def _wrong(ledgers: Ledgers, subject_id: str, stored: Stored, rulebooks: Rulebooks) -> list[str]:
    """What is wrong in a subject that holds still: facts and summary are read apart, a worker may come between."""
    while parts := differing(subject_id, stored, rulebooks):
        again = ledgers.load([subject_id])[subject_id]
        if again == stored:
            break
        stored = again
    return parts


def _document(taken: Taken, rulebooks: Rulebooks, day: date, verify: bool) -> dict[str, Any]:
    first = {"subject_id": taken.first, "parts": taken.wrong[taken.first]} if taken.wrong else None
    return {
        "state_hash": state_hash(taken.hashes),
        "as_of": day.isoformat(),
        "subjects": len(taken.hashes),
        "rulebooks": rulebooks.digest,
        "applied_until": taken.applied_until.isoformat(),
        "moved_meanwhile": taken.moved,
        "verified": {"differing": len(taken.wrong), "first": first} if verify else None,
    }


def _text(answer: dict[str, Any]) -> str:
    until = datetime.fromisoformat(answer["applied_until"]).isoformat(timespec="seconds")
    text = f"{answer['state_hash']}  {answer['subjects']:,} subjects on {answer['as_of']}, applied until {until}"
    if answer["verified"] == {"differing": 0, "first": None}:
        text += "\nEvery summary that is kept is what its facts give"
    return text
