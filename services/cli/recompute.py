"""`chengxin recompute`: have subjects scored anew by their workers, above all those that a fault of ours failed on."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Collection
from typing import NamedTuple

import click

from services.cli.connect import open_store
from services.cli.installation import WrongUse, fail, say, settings
from shared.eventlog.partitioner import BUCKETS, bucket_of
from shared.registry.subject import SubjectIdError, normalise_subject_id, parse_subject_id
from shared.store.client import StoreUnavailable
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers

_NOW = 0
"""The due day of what is due at once."""
_LOOK_SECONDS = 0.5


class Outcome(NamedTuple):
    """How many hold again and are still waited for, and which failed again, with the version of the code."""

    hold: int
    failed: dict[str, str]
    waiting: int


@click.command()
@click.option("--failed", is_flag=True, help="All subjects that could not be scored.")
@click.option("--subject", "subjects", multiple=True, metavar="SUBJECT_ID", help="This subject; may be given again.")
@click.option(
    "--wait", default=60.0, show_default=True, type=click.FloatRange(0, 86400), help="Seconds to wait for it."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def recompute(failed: bool, subjects: tuple[str, ...], wait: float, as_json: bool) -> None:
    """Have subjects scored anew from their facts, by the workers that own them, behind live traffic.

    Exit code 0 when all of them hold; 1 when some failed again, or were not reached in time.
    """
    if failed == bool(subjects):
        raise WrongUse("say which: --failed, or --subject")
    found = settings()
    store = open_store(found)
    ledgers = Ledgers(store, Keys(found.key_prefix))
    try:
        wanted = sorted(ledgers.failed(range(BUCKETS))) if failed else _known(ledgers, subjects)
        ledgers.set_due(wanted, _NOW)
        outcome = _watched(ledgers, wanted, wait)
    except StoreUnavailable as error:
        fail(f"the store does not answer ({error}); what was asked for is done when it does, or may be asked again")
    finally:
        store.close()
    if as_json:
        click.echo(json.dumps(outcome._asdict()))
    else:
        click.echo(f"{outcome.hold} hold, {len(outcome.failed)} failed again, {outcome.waiting} still to do")
        for subject, code in sorted(outcome.failed.items()):
            click.echo(f"{subject} failed under version {code}")
        if outcome.failed:
            say("the workers' logs say where in the code, by the buckets of the subjects")
    sys.exit(1 if outcome.failed or outcome.waiting else 0)


def _known(ledgers: Ledgers, names: Collection[str]) -> list[str]:
    wanted = set()
    for name in names:
        try:
            wanted.add(str(parse_subject_id(normalise_subject_id(name))))
        except SubjectIdError as error:
            raise WrongUse(f"--subject {name}: {error}") from None
    unknown = [subject for subject in sorted(wanted) if ledgers.read(subject)[1] is None]
    if unknown:
        fail(f"no event has named {', '.join(unknown)}")
    return sorted(wanted)


def _watched(ledgers: Ledgers, wanted: Collection[str], seconds: float) -> Outcome:
    """Wait until none of them is due; a worker that has recomputed a subject sets its due date anew."""
    deadline = time.monotonic() + seconds
    buckets = sorted({bucket_of(subject) for subject in wanted})
    while (left := ledgers.due(buckets, _NOW).intersection(wanted)) and time.monotonic() < deadline:
        say(f"{len(wanted) - len(left)} of {len(wanted)} are done")
        time.sleep(min(_LOOK_SECONDS, max(0.0, deadline - time.monotonic())))
    failed = ledgers.failed(buckets)
    again = {subject: failed[subject] for subject in wanted if subject in failed and subject not in left}
    return Outcome(len(wanted) - len(left) - len(again), again, len(left))
