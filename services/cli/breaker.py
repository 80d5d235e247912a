"""`chengxin breaker …`: topic partitions that have stopped for too many bad events 熔断, and letting them run on."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import click

from services.cli.connect import open_log, open_store
from services.cli.desk import plain, whoever
from services.cli.installation import fail, say, settings
from shared.clock import now
from shared.eventlog.own import own_message
from shared.eventlog.port import Log, LogUnavailable, Message, TopicPartition
from shared.eventlog.topics import AUDIT, SUBJECT_TOPICS
from shared.events.envelope import Event
from shared.events.types.breaker_closed import BREAKER_CLOSED
from shared.projection.breaker import Tally, closed
from shared.settings import Settings
from shared.store.breakers import Breakers
from shared.store.client import StoreUnavailable
from shared.store.keys import Keys

SOURCE = "urn:chengxin:breaker"


class Panel(NamedTuple):
    """An installation's breakers, by topic partition in order."""

    found: Settings
    breakers: Breakers
    tallies: dict[TopicPartition, Tally]

    def full(self, name: str) -> str:
        """`TOPIC:PARTITION` with the prefix, which may be left out."""
        prefix = self.found.topic_prefix
        return name if name.startswith(prefix) else prefix + name


@contextmanager
def _panel() -> Iterator[Panel]:
    found = settings()
    store = open_store(found)
    breakers = Breakers(store, Keys(found.key_prefix))
    names = [found.topic_prefix + name for name in SUBJECT_TOPICS]
    places = [TopicPartition(name, number) for name in names for number in range(found.subject_partitions)]
    try:
        yield Panel(found, breakers, breakers.read(places))
    except StoreUnavailable as error:
        fail(f"the store does not answer ({error})")
    except LogUnavailable as error:
        fail(f"the log does not answer ({error}); nothing that it was not told of was closed")
    finally:
        store.close()


@click.group()
def breaker() -> None:
    """Circuit breakers: a topic partition stops when too many of its events are bad, for every next owner too."""


@breaker.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those that have stopped.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def list_(only_open: bool, as_json: bool) -> None:
    """List topic partitions of which bad events were counted. Exit code 1 where one has stopped, else 0."""
    with _panel() as panel:
        meant = {at: tally for at, tally in panel.tallies.items() if tally.opened or (tally.bad and not only_open)}
    stopped = sum(bool(tally.opened) for tally in meant.values())
    if as_json:
        click.echo(json.dumps({"breakers": [_shown(*item) for item in meant.items()], "open": stopped}))
    else:
        for at, tally in meant.items():
            state = f"open    {tally.opened}" if tally.opened else "closed "
            click.echo(f"{_name(at)}  {state}  ({tally.bad} bad of the last {tally.seen})")
        say(f"{stopped} of {len(panel.tallies)} have stopped")
    sys.exit(1 if stopped else 0)


@breaker.command()
@click.argument("places", nargs=-1, metavar="[TOPIC:PARTITION]…")
@click.option("--all", "every", is_flag=True, help="All that have stopped.")
@click.option("--because", required=True, metavar="TEXT", help="Why it may run on, for the audit; name no person.")
@click.option("--by", default=whoever, show_default="cli:USER", help="Who does it, for the audit.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def close(places: tuple[str, ...], every: bool, because: str, by: str, as_json: bool) -> None:
    """Let topic partitions run on, which count from nothing again; their worker sees it within a second or two.

    What was refused stays in the dead letters: `chengxin dead-letters replay` sends it again. Exit code 1 where one
    that is named has not stopped.
    """
    if bool(places) == every:
        raise click.UsageError("say which: TOPIC:PARTITION as `breaker list` shows it, or --all")
    with _panel() as panel:
        opened = {_name(at): at for at, tally in panel.tallies.items() if tally.opened}
        named = list(opened) if every else [panel.full(place) for place in dict.fromkeys(places)]
        if unknown := set(named) - {_name(at) for at in panel.tallies}:
            raise click.UsageError(f"{plain(min(unknown))} is no topic partition whose events are judged")
        left = _close(panel, [opened[name] for name in named if name in opened], by, because)
    skipped = {name: "has not stopped" for name in named if name not in opened}
    skipped |= {_name(at): f"has stopped anew: {now.opened}" for at, now in left.items() if now.opened}
    skipped |= {_name(at): "was closed by somebody else meanwhile" for at, now in left.items() if not now.opened}
    closed_now = [name for name in named if name not in skipped]
    if as_json:
        told = [{"place": name, "why": why} for name, why in skipped.items()]
        click.echo(json.dumps({"closed": closed_now, "skipped": told}))
    else:
        for name in closed_now:
            click.echo(f"closed {name}")
        for name, why in skipped.items():
            click.echo(f"skipped {name}: it {why}")
    sys.exit(1 if skipped else 0)


def _close(panel: Panel, places: Sequence[TopicPartition], by: str, because: str) -> dict[TopicPartition, Tally]:
    """Told first, then done: whoever sees one run on finds in the audit why. The answer is what was changed meanwhile.

    A crash in between leaves one open that is told to be closed. Closing it again tells it under the same id, and
    nothing is told twice.
    """
    if not places:
        return {}
    audit = panel.found.topic_prefix + AUDIT
    messages = [_message(audit, at, panel.tallies[at], by, because) for at in places]
    log: Log = open_log(panel.found)
    appender = log.appender()
    try:
        for answer in appender.append(messages):
            if isinstance(answer, LogUnavailable):
                raise answer
    finally:
        appender.close()
        log.close()
    return panel.breakers.write({at: closed(panel.tallies[at]) for at in places})


def _message(audit: str, at: TopicPartition, tally: Tally, by: str, because: str) -> Message:
    data = {**at._asdict(), "offset": tally.offset, "opened": tally.opened, "by": by, "reason": because}
    id_ = hashlib.sha256(f"{BREAKER_CLOSED} {_name(at)} {tally.offset}".encode()).hexdigest()
    subject = f"breaker:{_name(at)}"
    try:
        return own_message(audit, Event(id_, SOURCE, BREAKER_CLOSED, subject, now().isoformat(), data))
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _name(at: TopicPartition) -> str:
    return f"{at.topic}:{at.partition}"


def _shown(at: TopicPartition, tally: Tally) -> dict[str, object]:
    state = "open" if tally.opened else "closed"
    counts = {"bad": tally.bad, "seen": tally.seen, "run": tally.run, "offset": tally.offset}
    return {"topic": at.topic, "partition": at.partition, "state": state, "why": tally.opened or None, **counts}
