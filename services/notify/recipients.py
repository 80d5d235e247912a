"""Who is told of a state, and what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from services.notify.delivery import Delivery, message
from services.notify.directory import Live
from services.notify.lanes import Lanes
from services.notify.told import Told
from shared.credit.item import Ledger
from shared.credit.shown import Body
from shared.eventlog.port import Record


def deliveries_of(
    record: Record,
    before: Told | None,
    after: Told,
    bodies: Mapping[Ledger, Body],
    live: Iterable[Live],
    lanes: Lanes,
    *,
    silent: bool,
) -> Iterator[Delivery]:
    """Those that follow from a record: to whoever sees a change, and to whoever would be told an older state yet.

    `silent`: to the latter alone. What he was to be told may have come, and so may what followed.
    """
    at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    for subscription, key in live:
        if subscription.created is not None and at < subscription.created:
            continue
        change = None if silent else subscription.change(before, after, key.bounds)
        body = bodies[subscription.ledger]
        last = lanes.last((subscription.subscription_id, body["subject_id"]))
        if change is None and last is not None and last.digest != subscription.shows(after, key.bounds):
            change = "subject.changed" if subscription.covers(after, key.bounds) else "subject.removed"
        if change is not None:
            yield message(subscription, change, body, record, after.views[subscription.ledger].digest)
