"""The figures of an installation as a monitor takes them: the same that `chengxin status` shows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shared.projection.overview import Figures
from shared.store.counts import Counts
from shared.telemetry.metrics import Gauge
from shared.version import CODE

_DAY_SECONDS = 86_400
_PLACE = ("group", "topic", "partition")


def gauges(figures: Figures) -> Iterator[Gauge]:
    """What is not known, because the log or the store is down, is left out: a monitor sees `…_up` 0 instead."""
    yield _one("chengxin_build_info", "The version of the code, as a label.", 1, ("code",), (CODE,))
    yield _one("chengxin_figures_timestamp_seconds", "When log and store were asked last.", figures.now.timestamp())
    yield _one("chengxin_log_up", "Whether the log answers.", "log" not in figures.down)
    yield _one("chengxin_store_up", "Whether the store answers.", "store" not in figures.down)
    yield from _of_lines(figures)
    if figures.letters is not None:
        letters = [(tuple(sort), number) for sort, number in sorted(figures.letters.items())]
        what = "Dead letters by the topic that they come from, reason and state; left out where there are very many."
        yield Gauge("chengxin_dead_letters", what, ("topic", "reason", "state"), letters)
    if figures.store is None:
        return
    stopped = [((at.topic, str(at.partition)), bool(tally.opened)) for at, tally in figures.store.tallies.items()]
    what = "Whether a topic partition has stopped for too many bad events."
    yield Gauge("chengxin_breaker_open", what, ("topic", "partition"), _sorted(stopped))
    waiting = [((group, member), figures.waits(note)) for (group, member), note in figures.store.notes.items()]
    what = "Whether a worker waits for something that is down; 0 also for one that has gone."
    yield Gauge("chengxin_worker_waiting", what, ("group", "member"), _sorted(waiting))
    yield from _of_counts(figures, figures.store.counts)


def _of_lines(figures: Figures) -> Iterator[Gauge]:
    lines = figures.log.lines if figures.log else []
    if not lines:
        return
    names = [((line.group, line.at.topic, str(line.at.partition)), line) for line in lines]
    what = "Offsets that a group has yet to read."
    yield Gauge("chengxin_consumer_lag_records", what, _PLACE, [(at, line.standing.lag) for at, line in names])
    what = "Whether a partition has a worker that reads it."
    owned = [(at, line.standing.owner is not None) for at, line in names]
    yield Gauge("chengxin_consumer_owned", what, _PLACE, owned)
    what = "Age of the oldest event that is not applied; 0 where all are, left out where the log did not tell in time."
    ages = [(at, line.age(figures.now) if line.standing.lag else 0.0) for at, line in names]
    yield Gauge(
        "chengxin_consumer_oldest_age_seconds", what, _PLACE, [(at, age) for at, age in ages if age is not None]
    )


def _of_counts(figures: Figures, counts: Counts) -> Iterator[Gauge]:
    days, until = counts.late_days(figures.today), counts.applied_until
    late, applied = None if days is None else days * _DAY_SECONDS, until.timestamp() if until else None
    values: dict[str, tuple[str, float | None]] = {
        "subjects": ("Subjects in the store.", counts.subjects),
        "subjects_failed": ("Subjects that a fault of ours failed on.", counts.failed),
        "subjects_due": ("Subjects due to be scored anew and not yet swept.", counts.due),
        "subjects_outdated": ("Subjects not yet scored by the newest rulebook.", figures.outdated),
        "outbox_subjects": ("Subjects that changed and of which subscribers were not yet told.", counts.outbox),
        "outbox_oldest_age_seconds": (
            "Age of the oldest of these changes; 0 without any.",
            counts.outbox_age(figures.now),
        ),
        "sweep_late_seconds": ("How late the daily sweep is, in whole days.", late),
        "applied_until_timestamp_seconds": ("All that the log held until then is applied.", applied),
        "buckets_rebuilding": ("Buckets that are filled from the log again.", counts.rebuilding),
        "rebuild_behind_records": ("Records that rebuilds have yet to apply.", counts.behind),
    }
    for name, (what, value) in values.items():
        if value is not None:
            yield _one(f"chengxin_{name}", what, value)


def _one(name: str, what: str, value: float, labels: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> Gauge:
    return Gauge(name, what, labels, [(names, value)])


def _sorted(samples: Iterable[tuple[tuple[str, ...], float]]) -> list[tuple[tuple[str, ...], float]]:
    return sorted(samples, key=lambda sample: sample[0])
