"""`chengxin dead-letters …`: what could not be accepted 死信, why, and what was done about it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any, TypeVar

import click

from services.cli.desk import Office, office, plain, whoever
from services.cli.installation import say
from shared.clock import now
from shared.desk.acting import Desk, Outcome
from shared.desk.letters import STATES, Letter, Wish
from shared.desk.passing import Fate, fate
from shared.desk.showing import shown
from shared.desk.wishing import MOST_IDS, NoSuchTopic, wish_of
from shared.eventlog.dead_letters import REASONS
from shared.eventlog.port import Fenced, LogUnavailable

_F = TypeVar("_F", bound=Callable[..., Any])

_json = click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
_by = click.option("--by", default=whoever, show_default="cli:USER", help="Who does it, for the audit.")


def _filters(command: _F) -> _F:
    """The options that say which letters are meant."""
    options = [
        click.option("--topic", "topics", multiple=True, help="Of this topic, with or without the prefix."),
        click.option("--reason", "reasons", multiple=True, type=click.Choice(REASONS), help="Of this reason."),
        click.option("--id", "ids", multiple=True, metavar="TOPIC:PARTITION:OFFSET[:GROUP]", help="This letter."),
    ]
    return reduce(lambda each, option: option(each), reversed(options), command)


@click.group("dead-letters")
def dead_letters() -> None:
    """Dead letters: list them, send them again, put them aside. Each filter may be given again.

    Texts of senders are shown as far as they name an event; neither its subject nor its content is.
    """


@dead_letters.command("list")
@_filters
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="In this state.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(0, 100_000), help="Most letters shown.")
@_json
def list_(
    topics: tuple[str, ...],
    reasons: tuple[str, ...],
    ids: tuple[str, ...],
    states: tuple[str, ...],
    limit: int,
    as_json: bool,
) -> None:
    """List letters, the latest last, and count them by state."""
    with office() as desk:
        wish = replace(_wish(desk, topics, reasons, ids), states=frozenset(states))
        meant = sorted(filter(wish.takes, desk.letters(wish.topics).values()), key=lambda each: each.refused)
    counts = {state: sum(each.state == state for each in meant) for state in STATES}
    tail = meant[len(meant) - min(limit, len(meant)) :]
    if as_json:
        found = {"letters": [shown(each) for each in tail], "counts": counts, "left_off": len(meant) - len(tail)}
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for each in tail:
        click.echo(_line(each))
    left = f"; {len(meant) - len(tail)} earlier ones left off (--limit)" if len(tail) < len(meant) else ""
    say(", ".join(f"{number} {state}" for state, number in counts.items()) + left)


@dead_letters.command()
@_filters
@_by
@click.option(
    "--wait", default=10.0, show_default=True, type=click.FloatRange(0, 600), metavar="SECONDS", help="For its readers."
)
@_json
def replay(
    topics: tuple[str, ...], reasons: tuple[str, ...], ids: tuple[str, ...], by: str, wait: float, as_json: bool
) -> None:
    """Send open letters again, all of them unless narrowed, to the partition where they were refused.

    Nothing counts twice, as an event sent again is the same event. Then it waits for their readers, and tells how many
    they took and how many they refused again. Exit code 1 where a letter named by --id is not open or not there.
    """
    with office() as desk:
        wish = _wish(desk, topics, reasons, ids)
        outcome = _done(lambda: _desk(desk, by).replay(wish, lambda number: say(f"{number:,} sent again")))
        became = _became(desk, outcome, wait)
    _tell(outcome, "replayed", as_json, became)


@dead_letters.command()
@_filters
@click.option("--because", required=True, metavar="TEXT", help="Why, for the audit; name no person.")
@_by
@_json
def park(
    topics: tuple[str, ...], reasons: tuple[str, ...], ids: tuple[str, ...], because: str, by: str, as_json: bool
) -> None:
    """Put open letters aside for good. Exit code 1 where a letter named by --id is not open or not there."""
    if not (topics or reasons or ids):
        raise click.UsageError("say which: --id, --topic or --reason")
    with office() as desk:
        wish = _wish(desk, topics, reasons, ids)
        outcome = _done(lambda: _desk(desk, by).park(wish, because))
    _tell(outcome, "parked", as_json)


def _wish(desk: Office, topics: tuple[str, ...], reasons: tuple[str, ...], ids: tuple[str, ...]) -> Wish:
    if len(ids) > MOST_IDS:
        raise click.UsageError(f"at most {MOST_IDS} letters may be named by --id")
    try:
        return wish_of(desk.found.topic_prefix, desk.boxes, topics=topics, reasons=reasons, ids=ids)
    except NoSuchTopic as error:
        raise click.UsageError(f"--topic {error}") from None


def _desk(desk: Office, by: str) -> Desk:
    return Desk(desk.log, desk.boxes, desk.audit, by, now)


def _done(act: Callable[[], Outcome]) -> Outcome:
    try:
        return act()
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except (Fenced, LogUnavailable):
        say("it was broken off: what was said to be done is done, and what is open may be done again")
        raise


def _became(desk: Office, outcome: Outcome, seconds: float) -> Fate | None:
    """What became of what was sent again; None where the log went away since: it is sent all the same."""
    try:
        return fate(desk.log, desk.boxes, desk.audit, outcome, seconds=seconds)
    except LogUnavailable:
        say("the log does not answer any more: `chengxin dead-letters list` will tell what became of them")
        return None


def _tell(outcome: Outcome, what: str, as_json: bool, became: Fate | None = None) -> None:
    if as_json:
        skipped = [{"letter": name, "why": why} for name, why in outcome.skipped]
        told = {what: [str(each) for each in outcome.done], "skipped": skipped}
        click.echo(json.dumps(told | (became._asdict() if became else {}), ensure_ascii=False))
    else:
        for identity in outcome.done:
            click.echo(f"{what} {identity}")
        for name, why in outcome.skipped:
            click.echo(f"skipped {plain(name)}: it {why}")
        say(f"{len(outcome.done)} {what}, {len(outcome.skipped)} skipped")
        if became and outcome.done:
            left = f", {became.waiting} not read yet (see `chengxin status`)" if became.waiting else ""
            say(f"of them {became.taken} taken, {became.refused} refused again{left}")
    sys.exit(1 if outcome.skipped else 0)


def _line(letter: Letter) -> str:
    document = shown(letter)
    event = f"{letter.source} {letter.id}".strip() or "no source, no id"
    parts = [
        f"{letter.state:8} {letter.identity}  {letter.reason}  attempt {letter.attempts}  {document['refused_at']}",
        f"    {event}: {letter.detail}",
    ]
    if letter.state != "open":
        names = (("replayed_to", "sent again to"), ("succeeded_by", "refused again as"), ("why", "put aside:"))
        said = [f"{words} {document[name]}" for name, words in names if document[name]]
        parts.append(f"    {'; '.join(said)} (by {letter.by})")
    return "\n".join(plain(each) for each in parts)
