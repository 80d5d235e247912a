"""`chengxin sample …`: a made-up city, to look at scores before there are events of one's own."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, timedelta
from threading import Event

import click

from services.cli.connect import open_log
from services.cli.going_through import bar
from services.cli.installation import WrongUse, say, settings
from services.sample import marker
from services.sample.city import City, city
from services.sample.deliveries import deliveries
from services.sample.highlights import highlights
from services.sample.loading import send
from services.sample.marker import Marker
from shared.clock import day_of, now
from shared.credit.rulebook import Rulebooks
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.lag import lag
from shared.eventlog.port import LogUnavailable
from shared.eventlog.topics import ENFORCEMENT, INGEST, INSPECTION, REGISTRY, SCORING, dead_letters_of, inbox_of
from shared.rulebooks.loader import SHIPPED, load_directory
from shared.settings import Settings, variable

ORGAN = "sample"
ADDRESS = "data/address"
"""Where `chengxin up` leaves the address it serves at, below the home."""
_LOOK_SECONDS = 0.5


@click.group()
def sample() -> None:
    """A sample city: made-up shops, sanitation firms and haulers with two years of events."""


@sample.command()
@click.option("--until", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="Last day of events; else yesterday.")
def load(until: datetime | None) -> None:
    """Send the city through the organ's topic `in.sample`, and wait until it is scored.

    Interrupted, it goes on where it was when called again. Workers must be running (`chengxin up`, or `work`).
    """
    found = settings()
    log = open_log(found)
    try:
        fill(found, log, begin(found, until.date() if until else None), Event())
    except LogUnavailable as error:
        raise WrongUse(f"the log is not there ({error}); call again to go on") from None


def begin(found: Settings, until: date | None = None) -> Marker:
    """The city of this installation: the one already begun, else a new one. There is one only."""
    if ORGAN not in found.organs:
        raise WrongUse(f"the sample city comes through the organ `{ORGAN}`: {variable('organs')} must name it")
    kept = marker.read(found.home)
    if kept is None:
        kept = Marker(until or day_of(now()) - timedelta(days=1))
        marker.write(found.home, kept)
    elif until not in (None, kept.until):
        raise WrongUse(f"this installation has a sample city until {kept.until}; another needs another CHENGXIN_HOME")
    return kept


def fill(found: Settings, log: KafkaLog, kept: Marker, stop: Event) -> None:
    """Send what is missing and wait until it is scored, with a progress bar; then say what to look at.

    Returns early when `stop` is set. Raises `LogUnavailable`.
    """
    say(f"The sample city, made up until {kept.until}, is {'loaded' if kept.done else 'being loaded'}")
    made = city(kept.until)
    if not kept.done:
        items = deliveries(made)
        with bar("Sample city") as progress, closing(log.appender()) as appender:
            sending = progress.add_task("sent", total=len(items), completed=kept.sent)
            scoring = progress.add_task("scored", total=len(items))

            def sent(number: int) -> None:
                marker.write(found.home, kept._replace(sent=number))
                progress.update(sending, completed=number)
                if stop.is_set():
                    raise _Stopped

            try:
                send(items, kept.sent, appender, found.topic_prefix + inbox_of(ORGAN), sent)
            except _Stopped:
                return
            while behind := _behind(found, log):
                progress.update(scoring, completed=max(0, len(items) - behind))
                if stop.wait(_LOOK_SECONDS):
                    return
            progress.update(scoring, completed=len(items))
        marker.write(found.home, Marker(kept.until, len(items), done=True))
    _announce(found, made, kept.until)


class _Stopped(Exception):
    """The installation is being stopped in the middle of the load."""


def _behind(found: Settings, log: KafkaLog) -> int:
    """Records between the organ's topic and the scores. The door is asked first: what leaves it is on the log then."""
    prefix = found.topic_prefix
    at_the_door = lag(log, INGEST, [prefix + inbox_of(ORGAN)])
    return at_the_door + lag(log, SCORING, [prefix + name for name in (ENFORCEMENT, INSPECTION, REGISTRY)])


def _announce(found: Settings, made: City, until: date) -> None:
    """Three links; with the key all is shown, without it what the public may see."""
    kept = found.home / ADDRESS
    address = kept.read_text() if kept.exists() else f"http://{found.host}:{found.port}"
    letters = dead_letters_of(found.topic_prefix + inbox_of(ORGAN), INGEST)
    lines = ["The sample city is scored. Three of its subjects, and why they have the score they have:"]
    for each in highlights(made, Rulebooks(load_directory(SHIPPED)), until + timedelta(days=1)):
        lines += [f"  {each.why}", f"    {address}/v1/subjects/{each.subject_id}/receipt"]
    lines += [
        "A browser shows of them what the public may see, with the header of a key all is there:",
        f'  curl -s -H "Authorization: Bearer $(cat {found.home / "admin.key"})" LINK',
        f"What was malformed in it lies in the dead letters, {letters}",
    ]
    say("\n".join(lines) + "\n")
