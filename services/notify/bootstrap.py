"""Builds the notify service and its worker from settings; a test may put anything else in the place of a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event, Thread

from services.notify.desk import NOT_DEAD, SUBSCRIPTION_EXISTS, SUPERSEDED, TOO_MANY_SUBSCRIPTIONS, SubscriptionsDesk
from services.notify.directory import Directory, Published, follow
from services.notify.http import subscriptions
from services.notify.lanes import Lanes
from services.notify.pace import Sending
from services.notify.projection import Notifying
from services.notify.sender import PURPOSE, Post, Secret, Sender
from services.notify.sending import Outcome, send
from shared.clock import now
from shared.eventlog.port import Appender, Log
from shared.eventlog.topics import ACCESS, SCORES
from shared.projection.loop import Loop, Pace
from shared.settings import Settings
from shared.signing.signing import Signing
from shared.store.claims import Claiming, Claims
from shared.store.client import Store
from shared.store.deliveries import Deliveries
from shared.store.keys import Keys
from shared.store.notes import Notes
from shared.store.progress import Bookkeeping
from shared.web.access import AccessKeys
from shared.web.app import Service
from shared.web.idempotency import IDEMPOTENCY_KEY_REUSED

NAME = "notify"
TITLE = "Webhooks 推送"
DESCRIPTION = "Subscribers are told when what they may see has changed."
KINDS = (TOO_MANY_SUBSCRIPTIONS, SUBSCRIPTION_EXISTS, IDEMPOTENCY_KEY_REUSED, NOT_DEAD, SUPERSEDED)


def service(
    settings: Settings,
    log: Log,
    store: Store,
    signing: Signing,
    keys: AccessKeys,
    *,
    clock: Callable[[], datetime] = now,
) -> Service:
    """The service; subscriptions are followed by a thread that begins here, `keys` by somebody else."""
    directory = follow(log, settings.topic_prefix + ACCESS, keys).directory
    names = Keys(settings.key_prefix)
    kept, claims = Deliveries(store, names), Claims(store, names)
    return service_of(settings, log.appender(), directory, kept, claims, partial(signing.derive, PURPOSE), clock=clock)


def service_of(
    settings: Settings,
    appender: Appender,
    directory: Directory,
    kept: Deliveries,
    claims: Claiming,
    secret: Secret,
    *,
    clock: Callable[[], datetime] = now,
) -> Service:
    """The service out of its parts."""
    sender = Sender(directory, kept, _post(settings), secret, clock)
    topic = settings.topic_prefix + ACCESS
    desk = SubscriptionsDesk(directory, kept, sender, secret, appender, topic, settings.webhook_hosts, clock, claims)
    return Service(NAME, TITLE, DESCRIPTION, [subscriptions(desk)], {}, KINDS)


class Worker:
    """Holds states against the last ones, and sends what follows, each in a thread of its own."""

    def __init__(self, loop: Loop, sending: Sending) -> None:
        self._loop, self._sending = loop, sending

    def run(self, stop: Event) -> None:
        """Until `stop` is set; then what is under way is finished."""
        over = Event()
        sending = Thread(target=self._sending.run, args=(over,), name="sending")
        sending.start()
        try:
            self._loop.run(stop)
        finally:
            over.set()
            sending.join()


def worker(
    settings: Settings,
    log: Log,
    store: Store,
    member: str,
    *,
    clock: Callable[[], datetime] = now,
    pace: Pace | None = None,
    secret: Secret | None = None,
    published: Published | None = None,
    post: Post | None = None,
) -> Worker:
    """The worker. `member` is its place in the group: static, so that a restart is no rebalance.

    `secret` and `published` are those of the settings' folder and of the log unless given; `post` sends over HTTP.
    """
    keys, partitions = Keys(settings.key_prefix), settings.subject_partitions
    kept, lanes = Deliveries(store, keys), Lanes()
    signing = Signing(Path(settings.signing_keys) if settings.signing_keys else None)
    known = published or follow(log, settings.topic_prefix + ACCESS)
    sender = Sender(known.directory, kept, post or _post(settings), secret or partial(signing.derive, PURPOSE), clock)
    books = Bookkeeping(store, keys)
    notifying = Notifying(settings.topic_prefix + SCORES, partitions, kept, books, known, lanes, clock)
    note = Notes(store, keys, notifying.group, member, clock)
    loop = Loop(log, notifying, member=member, pace=pace or Pace(most=settings.poll_records), note=note)
    return Worker(loop, Sending(lanes, sender, kept, clock, lambda: known.ready))


def _post(settings: Settings) -> Post:
    def post(url: str, headers: dict[str, str], body: bytes) -> Outcome:
        return send(url, headers, body, settings.webhook_hosts)

    return post
