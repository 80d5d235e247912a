"""From records of the log to facts by subject; what is no fact becomes a dead letter (DESIGN.md, bad events)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from shared.credit.facts import Fact
from shared.eventlog.dead_letters import Reason
from shared.eventlog.partitioner import bucket_of
from shared.eventlog.port import Record
from shared.events.catalogue import Catalogue, catalogue
from shared.events.envelope import BadEnvelope
from shared.events.kafka_codec import decode
from shared.store.entries import held, instant


class Arrival(NamedTuple):
    """A fact with the record that brought it."""

    fact: Fact
    record: Record


class Refusal(NamedTuple):
    """A record that cannot be applied: the reason by which letters are counted, and a sentence for people."""

    record: Record
    reason: Reason
    detail: str


def read(
    records: Iterable[Record], partitions: int, types: Catalogue | None = None
) -> tuple[dict[str, list[Arrival]], list[Refusal]]:
    """Arrivals by subject, and what is refused at first sight. Events that are not about a scored subject are left."""
    types = types or catalogue()
    arrivals: dict[str, list[Arrival]] = defaultdict(list)
    refusals: list[Refusal] = []
    for record in records:
        try:
            event = decode(record.headers, record.value)
        except BadEnvelope as error:
            refusals.append(Refusal(record, "not-decodable", str(error)))
            continue
        if "\n" in event.id or "\n" in event.source:
            refusals.append(Refusal(record, "not-decodable", "id and source must not hold line feeds"))
        elif faults := types.log_faults(event):
            detail = "; ".join(f"{fault.pointer} {fault.message}" for fault in faults)
            refusals.append(Refusal(record, "schema", detail))
        elif types.by_type[event.type].subject is not None:
            continue
        elif bucket_of(event.subject) % partitions != record.partition:
            refusals.append(Refusal(record, "misrouted", "the record is not on its subject's partition"))
        else:
            came = instant(record.timestamp)
            fact = Fact(event.source, event.id, event.type, event.subject, event.time, event.data, came)
            arrivals[event.subject].append(Arrival(held(fact), record))
    return arrivals, refusals
