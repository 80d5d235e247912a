"""Metrics in Prometheus' form: what each process counts as it goes, and how all of it is shown.

Where `PROMETHEUS_MULTIPROC_DIR` names a folder, every process that was started with it keeps its counts in files of its
own there, and any of them shows the sum of all. Labels are bounded: no subject, no id, no address of a request.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The environment's variable; the library reads it when it is imported, so it is set by whoever starts the process."""
LOOPBACK = "127.0.0.1"
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

REGISTRY = CollectorRegistry()

REQUESTS = Histogram(
    "chengxin_http_request_duration_seconds",
    "HTTP requests by route (of all that is unknown: none), method and status.",
    ("route", "method", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
READABLE = Histogram(
    "chengxin_score_delay_seconds",
    "From an event's append to the log until the score that follows can be read; not while a store is filled anew.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 86400),
    registry=REGISTRY,
)
LETTERS = Counter(
    "chengxin_dead_letters_written",
    "Dead letters that went out, by the topic that the event came from and the reason.",
    ("topic", "reason"),
    registry=REGISTRY,
)
DELIVERIES = Counter(
    "chengxin_webhook_tries",
    "Tries to send a message to a subscriber, by what became of them.",
    ("outcome",),
    registry=REGISTRY,
)
SCRIPT_ERRORS = Counter(
    "chengxin_store_script_errors",
    "Scripts that the store broke off for a fault in them or in what they found; not those it could not be asked for.",
    ("script",),
    registry=REGISTRY,
)


class Gauge(NamedTuple):
    """What is so at one moment: the values of one name, by its labels."""

    name: str
    what: str
    labels: tuple[str, ...]
    samples: Sequence[tuple[tuple[str, ...], float]]


class _Gauges(Collector):
    def __init__(self, gauges: Iterable[Gauge]) -> None:
        self._gauges = list(gauges)

    def collect(self) -> Iterator[Metric]:
        for gauge in self._gauges:
            family = GaugeMetricFamily(gauge.name, gauge.what, labels=gauge.labels)
            for labels, value in gauge.samples:
                family.add_metric(labels, value)
            yield family


def listen(port: int) -> None:
    """Show what this process counts over HTTP to this machine, for one that serves nothing else. Raises `OSError`.

    It asks for no key, so it is shown to nobody else.
    """
    start_http_server(port, addr=LOOPBACK, registry=REGISTRY)


def exposition(gauges: Iterable[Gauge] = ()) -> bytes:
    """All that is counted here, or by all processes of the folder, and some gauges."""
    moment = CollectorRegistry()
    if os.environ.get(FOLDER):
        MultiProcessCollector(moment)  # type: ignore[no-untyped-call]
        counted = b""
    else:
        counted = generate_latest(REGISTRY)
    moment.register(_Gauges(gauges))
    return counted + generate_latest(moment)
