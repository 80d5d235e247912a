"""`chengxin rebuild`: fill an empty store beside the live one from the log, and compare the two."""

from __future__ import annotations

import json
import signal
import sys
from contextlib import ExitStack, closing
from threading import Event

import click

from services.cli import rulebook_sources as sources
from services.cli.connect import open_store
from services.cli.installation import WrongUse, fail, say, settings
from services.cli.rebuild_answer import Progress, Result, document, text
from services.cli.rebuild_comparison import NotLevel, compared
from services.scoring import bootstrap
from services.scoring.filling import Filling, TakenOver, may_be_filled
from shared.clock import now
from shared.eventlog.partitioner import BUCKETS
from shared.eventlog.port import BeyondEnd, TopicPartition
from shared.eventlog.topics import SUBJECT_TOPICS
from shared.settings import Settings, variable
from shared.store.breakers import Breakers
from shared.store.client import Store, StoreUnavailable
from shared.store.keys import Keys
from shared.store.progress import Bookkeeping


@click.command()
@click.option(
    "--into",
    metavar="URL",
    envvar="CHENGXIN_INTO",
    show_envvar=True,
    help="Another store, with its password in the address; else this one, under another prefix.",
)
@click.option("--into-prefix", metavar="PREFIX:", help="Begins every key there; else the prefix of now.")
@click.option("--into-cluster", is_flag=True, help="The other store is a cluster.")
@click.option("--follow", is_flag=True, help="Then keep it level, until workers take it over.")
@click.option("--compare/--no-compare", default=True, help="Compare every subject with the live store.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def rebuild(
    into: str | None, into_prefix: str | None, into_cluster: bool, follow: bool, compare: bool, as_json: bool
) -> None:
    """Fill an empty store from the log, beside the live one, and compare the two subject by subject.

    Nothing is told to anybody, and the live store is only read. Stopped, it goes on where it was when called again.
    Workers and web servers that are started on the new store go on from it: nothing is lost, and subscribers are told
    what differs from what they were told before. Exit code 0: filled, and the same as the live store; 1: not.
    """
    stop = Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    with ExitStack() as stack:
        here = stack.enter_context(sources.on_the_log())
        target = _target(here.settings, into, into_prefix, into_cluster)
        live, new = (stack.enter_context(closing(open_store(each))) for each in (here.settings, target))
        progress = Progress()
        try:
            _refuse_unfit(here.settings, target, live, new)
            filling = stack.enter_context(
                closing(bootstrap.filling(target, here.log, new, tell=progress.tell, clock=now))
            )
            filling.level(stop)
            if stop.is_set():
                fail("stopped before it was level with the log; call again to go on")
            filled = progress.filled
            result = compared(here, live, target, new, filling, stop) if compare else None
            _answer(Result(filled, target, result), as_json)
            if follow:
                _follow(filling, stop)
        except StoreUnavailable:
            fail("a store does not answer")
        except TakenOver:
            fail("another writer has begun in the new store, or it was set back; call again if none has")
        except BeyondEnd as error:
            fail(f"the new store is ahead of the log: {error}; empty it")
        except NotLevel as error:
            fail(str(error))
    if result and result.difference:
        sys.exit(1)


def _target(found: Settings, into: str | None, prefix: str | None, cluster: bool) -> Settings:
    """The settings of those who will take the new store over, judged as settings are."""
    if not into and not prefix:
        raise click.UsageError("say where to: --into another store, --into-prefix, or both")
    elsewhere = {"redis": into, "redis_password": "", "redis_cluster": str(cluster).lower()} if into else {}
    target = settings({**elsewhere, "key_prefix": prefix})
    if (target.redis, target.key_prefix) == (found.redis, found.key_prefix):
        raise WrongUse("that is the live store: give another --into, or another --into-prefix")
    return target


def _refuse_unfit(found: Settings, target: Settings, live: Store, new: Store) -> None:
    books = Bookkeeping(new, Keys(target.key_prefix))
    if not may_be_filled(books.progress(range(BUCKETS))):
        fail(f"there is a store in use at {target.shown()[variable('redis')]} under {target.key_prefix}")
    names = [found.topic_prefix + name for name in SUBJECT_TOPICS]
    places = [TopicPartition(name, number) for name in names for number in range(found.subject_partitions)]
    tallies = Breakers(live, Keys(found.key_prefix)).read(places)
    for at, tally in tallies.items():
        if tally.opened:
            fail(
                f"{at.topic}:{at.partition} has stopped ({tally.opened}), and the new store would go beyond it; "
                "see `chengxin breaker`"
            )


def _answer(result: Result, as_json: bool) -> None:
    click.echo(json.dumps(document(result), ensure_ascii=False, indent=2) if as_json else text(result))
    say(result.switching())


def _follow(filling: Filling, stop: Event) -> None:
    say("Following the log until workers take the new store over; Ctrl-C stops it")
    try:
        filling.follow(stop)
    except TakenOver:
        say("Workers have taken the new store over")
