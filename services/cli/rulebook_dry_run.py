"""`chengxin rulebook dry-run`: who would move to another grade by a new version. It only reads."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import click

from services.cli import rulebook_sources as sources
from services.cli.connect import on_the_store
from services.cli.going_through import bar, place_of, whole_file
from services.cli.installation import fail
from services.cli.moves import MovesFile
from services.cli.rulebook_dry_run_answer import document, print_tables
from shared.rulebooks.dry_run import DryRun, dry_run
from shared.rulebooks.publication import judge
from shared.store.keys import Keys
from shared.store.subjects import Subjects

_NO_ACT = (
    "no act in the store falls under version {}: its points move nobody yet, since an act is judged by the version in "
    "force on its day; its base, bonus cap, grades and minimum evidence count from its first day"
)


class Ran(NamedTuple):
    """What came of it. `failed` are subjects that our own code could not score, and where it failed."""

    run: DryRun
    applied_until: datetime
    failed: list[dict[str, str]]


@click.command("dry-run")
@click.argument("file", type=sources.FILE)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day; else today, or effective_from if later.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A CSV file of who moves.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
def dry_run_command(file: Path, as_of: datetime | None, out: Path | None, as_json: bool) -> None:
    """Show who would move from which grade to which by the version in FILE, in both ledgers.

    Every subject of its kinds in the store is scored with and without it. Nothing is written, neither to the log nor
    to the store. Exit code 0: done; 1: FILE does not hold, or not all could be scored; 2: wrong use.
    """
    with sources.on_the_log() as here:
        book, report = sources.checked(file, here)
        verdict = judge(book, here.books, sources.today())
        if [each for each in verdict.refusals if each.reason == "other-bytes"]:
            fail(verdict.refusals[0].sentence)
    notes = [f"publishing would be refused today: {each.sentence}" for each in verdict.refusals]
    notes += [
        f"{book.id} v{book.version} is published already; it is left out where grades move from"
    ] * verdict.published
    notes += [warning.message for warning in report.warnings]
    day = as_of.date() if as_of else max(sources.today(), book.effective_from)
    if day < book.effective_from:
        notes.append(f"on {day} it is not in force yet: it comes into force on {book.effective_from}")
    for note in notes:
        _warn(note)
    with on_the_store(here.settings) as store:
        subjects = Subjects(store, Keys(here.settings.key_prefix))
        ran = _ran(dry_run(book, here.books, day), subjects, here.settings.subject_partitions, out)
    if not ran.run.acts:
        notes.append(_NO_ACT.format(book.version))
        _warn(notes[-1])
    if as_json:
        click.echo(json.dumps(document(ran.run, ran.applied_until, ran.failed, notes), ensure_ascii=False, indent=2))
    else:
        print_tables(ran.run, ran.applied_until)
        if out:
            click.echo(f"Who moves is in {out}")
    if ran.failed:
        first = ran.failed[0]
        fail(f"subjects that could not be scored: {len(ran.failed)}; {first['subject_id']}: {first['error']}")


def _warn(note: str) -> None:
    click.echo(f"warning: {note}", err=True)


def _ran(run: DryRun, subjects: Subjects, partitions: int, out: Path | None) -> Ran:
    applied_until = subjects.applied_until(partitions)
    failed: list[dict[str, str]] = []
    with ExitStack() as stack:
        moves = MovesFile(stack.enter_context(whole_file(out, "utf-8-sig"))) if out else None
        progress = stack.enter_context(bar("Dry-run"))
        task = progress.add_task("subjects", total=subjects.count())
        for names in subjects.names():
            wanted = [name for name in names if run.concerns(name)]
            for subject_id, facts in subjects.facts(wanted).items():
                try:
                    places = run.take(subject_id, facts)
                except Exception as error:  # noqa: BLE001 - our own bug for one subject must not hide all the others
                    failed.append({"subject_id": subject_id, "error": place_of(error)})
                    continue
                if moves:
                    moves.add(subject_id, facts, places)
            progress.advance(task, len(names))
        subjects.applied_until(partitions)
    return Ran(run, applied_until, failed)
