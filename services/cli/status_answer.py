"""What `chengxin status` tells: tables, or one JSON object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from services.cli.installation import say
from services.cli.tables import show
from shared.desk.letters import STATES
from shared.desk.showing import instant
from shared.eventlog.port import TopicPartition
from shared.projection.figures import Line
from shared.projection.overview import Figures
from shared.store.notes import Note

_UNITS = ((86400, "d"), (3600, "h"), (60, "min"))
_COLUMNS = ("partition", "read by", "owner", "position", "end", "behind", "oldest", "breaker", "its owner's last error")
_SOON = 2
"""From so many of a unit on, an age is told in it."""


def document(figures: Figures, *, behind: bool) -> dict[str, Any]:
    """The answer as JSON. What is not known, because the log or the store is down, is null."""
    store = figures.store
    return {
        "at": figures.now.isoformat(timespec="seconds"),
        "down": {"log": figures.down.get("log"), "store": figures.down.get("store")},
        "partitions": [_entry(figures, line) for line in _lines(figures, behind)] if figures.log else None,
        "workers": [{"group": g, "member": m, **note._asdict()} for (g, m), note in store.notes.items()]
        if store
        else None,
        "totals": {name: value for name, (_, value) in _totals(figures).items()},
        "troubles": figures.troubles(),
    }


def print_tables(figures: Figures, *, behind: bool) -> None:
    """The partitions and the totals on standard output, what needs somebody on standard error."""
    if lines := list(_lines(figures, behind)):
        table = Table(
            "partition", "read by", "owner", "position", "end", "behind", "oldest", "breaker", "its owner's last error"
        )
        for column in table.columns[3:7]:
            column.justify = "right"
        for line in lines:
            table.add_row(*map(Text, _cells(figures, line)))
        show(table)
    elif figures.log:
        click.echo("no partition is behind, has stopped, or has no owner\n")
    for words, value in _totals(figures).values():
        if value is not None:
            click.echo(f"{words:42}{_plain(value)}")
    for sentence in figures.troubles():
        say(f"! {sentence}")


def _lines(figures: Figures, behind: bool) -> Iterator[Line]:
    return (line for line in (figures.log.lines if figures.log else ()) if not (behind and figures.quiet(line)))


def _entry(figures: Figures, line: Line) -> dict[str, Any]:
    standing, note = line.standing, figures.error_of(line)
    age = line.age(figures.now)
    return {
        "topic": line.at.topic,
        "partition": line.at.partition,
        "group": line.group,
        "owner": standing.owner._asdict() if standing.owner else None,
        "committed": standing.committed,
        "end": standing.end,
        "lag": standing.lag,
        "oldest_at": instant(line.oldest) if line.oldest is not None else None,
        "oldest_seconds": round(age, 1) if age is not None else None,
        "breaker": ("open" if figures.stopped(line) else "closed") if figures.tally(line) else None,
        "breaker_reason": figures.stopped(line) or None,
        "last_error": {"error": note.error, "waits": note.waits, "since": note.since} if note else None,
    }


def _cells(figures: Figures, line: Line) -> Iterator[str]:
    standing, age, note = line.standing, line.age(figures.now), figures.error_of(line)
    yield _name(line.at)
    yield line.group
    yield str(standing.owner) if standing.owner else "nobody"
    yield f"{standing.position:,}"
    yield f"{standing.end:,}"
    yield f"{standing.lag:,}" if standing.lag else ""
    yield _span(age) if age is not None else ""
    yield "open" if figures.stopped(line) else ""
    yield _told(note) if note else ""


def _totals(figures: Figures) -> dict[str, tuple[str, Any]]:
    """By its name in JSON: what it is in words, and its value, None where it is not known."""
    counts = figures.store.counts if figures.store else None
    return {
        "dead_letters": ("dead letters", _by_state(figures)),
        "subjects": ("subjects", counts and counts.subjects),
        "failed_subjects": ("  that a fault of ours failed on", counts and counts.failed),
        "on_fewer_rulebooks": ("  not yet scored by the newest rulebook", figures.outdated),
        "due": ("  due to be scored anew", counts and counts.due),
        "not_yet_sent": ("  changed and not yet told to subscribers", counts and counts.outbox),
        "not_yet_sent_seconds": (
            "    the oldest since so many seconds",
            counts and round(counts.outbox_age(figures.now)),
        ),
        "swept_for": ("swept for", counts and counts.swept and counts.swept.isoformat()),
        "sweep_late_days": ("  days late", counts and counts.late_days(figures.today)),
        "applied_until": ("applied until", counts and counts.applied_until and counts.applied_until.isoformat()),
        "rebuilding_buckets": ("buckets being rebuilt", counts and counts.rebuilding),
        "rebuild_records_behind": ("  records still to come", counts and counts.behind),
    }


def _by_state(figures: Figures) -> dict[str, int] | None:
    letters = figures.letters
    return (
        None
        if letters is None
        else {state: sum(number for sort, number in letters.items() if sort.state == state) for state in STATES}
    )


def _told(note: Note) -> str:
    return f"{note.error} (since {note.since})" if note.waits else f"{note.error} (over since {note.since})"


def _name(at: TopicPartition) -> str:
    return f"{at.topic}:{at.partition}"


def _span(seconds: float) -> str:
    for size, unit in _UNITS:
        if seconds >= _SOON * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{number:,} {name}" for name, number in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)
