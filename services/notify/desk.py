"""The desk of subscriptions: makes and gives them up on the log, and tells their holders how they go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

import orjson

from services.notify import delivery, signature, told
from services.notify.delivery import Delivery
from services.notify.directory import Directory, subscription_of
from services.notify.sender import Secret, Sender
from services.notify.sending import Outcome, Refused, refuse_url
from services.notify.subscription import Subscription
from shared.eventlog.own import append_own
from shared.eventlog.port import Appender, LogUnavailable
from shared.events.envelope import Event, pointer
from shared.events.types.subscription_created import SUBSCRIPTION_CREATED
from shared.events.types.subscription_deleted import SUBSCRIPTION_DELETED
from shared.registry.regions import prefix_of
from shared.signing.folder import BadFolder
from shared.store.claims import Claiming, Taken, alone
from shared.store.client import StoreUnavailable
from shared.store.deliveries import Deliveries, State
from shared.web.access import Access
from shared.web.idempotency import IDEMPOTENCY_KEY_REUSED
from shared.web.problems import INVALID, NOT_FOUND, SCOPE_MISSING, Fault, Kind, ProblemError, unavailable

SOURCE = "urn:chengxin:notify"
MOST = 20
"""Subscriptions of one key."""
TOO_MANY_SUBSCRIPTIONS = Kind("too-many-subscriptions", 409, "The key has as many subscriptions as it may")
SUBSCRIPTION_EXISTS = Kind("subscription-exists", 409, "This request has made its subscription before")
NOT_DEAD = Kind("not-dead", 409, "The delivery was not given up")
SUPERSEDED = Kind("superseded", 409, "The delivery tells what is no longer so")


class SubscriptionsDesk:
    """Every act raises `ProblemError`."""

    def __init__(
        self,
        directory: Directory,
        kept: Deliveries,
        sender: Sender,
        secret: Secret,
        appender: Appender,
        topic: str,
        allowed: Collection[str],
        clock: Callable[[], datetime],
        claims: Claiming,
    ) -> None:
        """`claims` keep apart the same request that comes twice at once: *else* the later one's address would stand."""
        self._claims = claims
        self._directory, self._kept, self._sender, self._secret = directory, kept, sender, secret
        self._appender, self._topic, self._allowed, self._clock = appender, topic, allowed, clock

    def make(self, access: Access, asked: Mapping[str, Any], made_id: str | None) -> tuple[Subscription, str]:
        """A subscription, and its secret; under an id where the same request is to make one."""
        inside = "scores:read" in access.scopes
        ledger = asked.get("ledger", "internal" if inside else "public")
        if ledger == "internal" and not inside:
            detail = "The internal ledger needs the scope `scores:read`, which this key does not have."
            raise ProblemError(SCOPE_MISSING, detail, scope="scores:read")
        regions = _regions(asked.get("regions", ()))
        for region in regions:
            access.bounds.refuse_foreign(region)
        try:
            refuse_url(asked["url"], self._allowed)
        except Refused as refused:
            fault = Fault("/url", str(refused))
            raise ProblemError(INVALID, "The address cannot be sent to.", errors=[fault]) from None
        name = made_id or uuid4().hex
        data = {"subscription_id": name, "key_id": access.key_id, **asked, "ledger": ledger}
        data |= {"regions": regions} if regions else {}
        if there := self._directory.find(name):
            raise _exists(name) if there == subscription_of(data, there.created) else _reused(name)
        if len(self._directory.of(access.key_id)) >= MOST:
            raise ProblemError(TOO_MANY_SUBSCRIPTIONS, f"A key has {MOST} at most; delete one that is not needed.")
        with _keys():
            secret = signature.secret_text(self._secret(name))
        try:
            with _store(), alone(self._claims, made_id and f"subscription:{made_id}"):
                self._append(SUBSCRIPTION_CREATED, name, data)
        except Taken:
            raise _exists(name) from None
        return subscription_of(data, self._clock()), secret

    def all_of(self, access: Access) -> list[tuple[Subscription, State]]:
        """The subscriptions of a key, and of those that it has taken over from."""
        states = self._states()
        found = self._directory.of(access.key_id)
        return [(each, states.get(each.subscription_id, State())) for each in found]

    def one(self, access: Access, subscription_id: str) -> tuple[Subscription, State]:
        """One of them; that of another is as unknown as none."""
        return self._own(access, subscription_id), self._states().get(subscription_id, State())

    def delete(self, access: Access, subscription_id: str) -> None:
        """Give it up, with all that is not sent yet."""
        self._own(access, subscription_id)
        data = {"subscription_id": subscription_id, "deleted_by": f"key:{access.key_id}"}
        self._append(SUBSCRIPTION_DELETED, subscription_id, data)
        with _store():
            self._kept.erase(subscription_id)

    def resume(self, access: Access, subscription_id: str) -> tuple[Subscription, State]:
        """Try again what is not sent yet, from now on."""
        subscription = self._own(access, subscription_id)
        with _store():
            self._kept.resume(subscription_id, self._clock().isoformat())
        return subscription, self._states().get(subscription_id, State())

    def deliveries(self, access: Access, subscription_id: str) -> dict[str, Any]:
        """What was tried of late, and what was given up."""
        self._own(access, subscription_id)
        with _store():
            tries = [orjson.loads(line) for line in self._kept.tries(subscription_id)]
            dead = [delivery.decode(*each) for each in sorted(self._kept.dead(subscription_id).items())]
        return {"tries": tries, "dead": [_buried(each) for each in dead]}

    def redeliver(self, access: Access, subscription_id: str, delivery_id: str) -> dict[str, Any]:
        """Have one that was given up sent once more: under its old id, so that nobody takes it twice.

        Not where the subject has changed since: what it was may be what nobody may be shown any more. The worker sends
        it, after what is under way of the subject and never after a newer state.
        """
        subscription = self._own(access, subscription_id)
        with _store():
            text = self._kept.dead(subscription_id).get(delivery_id)
            if text is None:
                detail = "Only what was given up is sent again by hand; `resumption` tries at once what waits."
                raise ProblemError(NOT_DEAD, detail)
            buried = delivery.decode(delivery_id, text)
            known = self._kept.told([buried.subject_id]).get(buried.subject_id)
            now = subscription.shows(told.decode(known) if known else None, access.bounds)
            if now != buried.digest:
                detail = f"Look up what is true of {buried.subject_id} now; a later delivery told it, or will."
                raise ProblemError(SUPERSEDED, detail)
            self._kept.ask(delivery_id, text)
        return _buried(buried)

    def test(self, access: Access, subscription_id: str) -> Outcome:
        """Send a message that tells nothing, now. It is no failure of the subscription where it does not come."""
        subscription = self._own(access, subscription_id)
        with _keys():
            return self._sender.send(subscription, delivery.trial(subscription, f"msg_{uuid4().hex}", self._clock()))

    def _own(self, access: Access, subscription_id: str) -> Subscription:
        found = next(
            (each for each in self._directory.of(access.key_id) if each.subscription_id == subscription_id), None
        )
        if found is None:
            raise ProblemError(NOT_FOUND, "This key has no such subscription.")
        return found

    def _states(self) -> dict[str, State]:
        with _store():
            return self._kept.states()

    def _append(self, type_: str, subscription_id: str, data: Mapping[str, Any]) -> None:
        word = type_.split(".")[-2]
        subject, at = f"subscription:{subscription_id}", self._clock().isoformat()
        event = Event(f"{subscription_id}.{word}", SOURCE, type_, subject, at, dict(data))
        try:
            append_own(self._appender, self._topic, event)
        except LogUnavailable:
            raise unavailable("The log does not answer, so nothing was changed. Send it again later.") from None


def _buried(each: Delivery) -> dict[str, Any]:
    return {"delivery_id": each.delivery_id, "subject_id": each.subject_id, "attempts": each.attempts}


def _regions(asked: Iterable[str]) -> list[str]:
    """The prefixes that name regions, each once."""
    found: dict[str, None] = {}
    faults = []
    for index, region in enumerate(asked):
        try:
            found[prefix_of(region)] = None
        except ValueError as error:
            faults.append(Fault(pointer("regions", index), str(error)))
    if faults:
        raise ProblemError(INVALID, "The regions are not all regions.", errors=faults)
    return list(found)


def _exists(name: str) -> ProblemError:
    detail = f"It made {name}, whose secret was shown then. If that was lost, delete it and make another."
    return ProblemError(SUBSCRIPTION_EXISTS, detail, subscription_id=name)


def _reused(name: str) -> ProblemError:
    detail = f"It made {name}, which is another subscription; send a new Idempotency-Key for this one."
    return ProblemError(IDEMPOTENCY_KEY_REUSED, detail, subscription_id=name)


@contextmanager
def _keys() -> Iterator[None]:
    """That there is nothing to sign with, as a problem."""
    try:
        yield
    except BadFolder:
        raise unavailable("This installation has no keys to sign deliveries with; its operator makes them.") from None


@contextmanager
def _store() -> Iterator[None]:
    """What the store cannot answer, as a problem."""
    try:
        yield
    except StoreUnavailable:
        raise unavailable("The store does not answer now. Ask again later.") from None
