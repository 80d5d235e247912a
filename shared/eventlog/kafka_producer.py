"""Appending to Kafka, outside of and inside transactions."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError

from shared.eventlog.connection import Connection
from shared.eventlog.kafka_client import Patience, bounded, milliseconds, opened, options, translated
from shared.eventlog.kafka_subscription import KafkaSubscription, offsets
from shared.eventlog.port import Appended, LogUnavailable, Message, Positions, Subscription

_CLOSE_SECONDS = 2.0


def open_producer(connection: Connection, patience: Patience, **more: Any) -> KafkaProducer:
    """A producer as every writer of ours wants it. Raises `LogUnavailable`."""
    return opened(
        KafkaProducer,
        **options(connection, patience),
        metrics_enabled=False,
        acks="all",
        enable_idempotence=True,
        allow_auto_create_topics=False,
        compression_type="lz4",
        batch_size=128 << 10,
        max_request_size=12 << 20,  # of what is not compressed yet; above the largest letter
        linger_ms=2,
        max_block_ms=milliseconds(patience.answer),
        delivery_timeout_ms=milliseconds(patience.delivery),
        **more,
    )


class KafkaAppender:
    """Appends outside of transactions. Threads may share one."""

    def __init__(self, connection: Connection, patience: Patience) -> None:
        """Raises `LogUnavailable`."""
        self._producer = open_producer(connection, patience)
        self._patience = patience

    def append(self, messages: Sequence[Message]) -> list[Appended | LogUnavailable]:
        """Append and wait; one answer a message, in their order. Raises `LogUnavailable` when none went in."""
        until = time.monotonic() + self._patience.delivery + 1
        sending: list[Any] = []
        for message in messages:
            # The client waits for each topic anew: after the first failure the others would only take longer to fail.
            failed = sending and isinstance(sending[-1], LogUnavailable)
            sending.append(sending[-1] if failed else self._send(message))
        answers = [_result(future, until) for future in sending]
        failures = [answer for answer in answers if isinstance(answer, LogUnavailable)]
        if failures and len(failures) == len(answers):
            raise failures[0]
        return answers

    def _send(self, message: Message) -> Any:
        try:
            with translated():
                return sent(self._producer, [message])[0]
        except LogUnavailable as error:
            return error

    def close(self) -> None:
        """What was appended is acknowledged already."""
        close_producer(self._producer)


class KafkaTransactor:
    """One transaction at a time. A new one of the same id ends the open transaction of the former."""

    def __init__(self, connection: Connection, patience: Patience, transactional_id: str) -> None:
        """Does not connect; `begin` and `transact` do."""
        self._connection, self._patience, self._id = connection, patience, transactional_id
        self._producer: KafkaProducer | None = None

    def begin(self) -> None:
        """End what a former process of this id left open. Raises `LogUnavailable`."""
        if self._producer is None:
            with self._closed_on_failure():
                bounded(self._begin, self._patience.delivery)

    def transact(self, messages: Iterable[Message], positions: Positions, owner: Subscription) -> list[Appended]:
        """All of it or nothing. After any failure the next one begins with a fresh producer, which ends this one."""
        assert isinstance(owner, KafkaSubscription)
        planned = list(messages)
        with self._closed_on_failure():
            owner.check(positions)
            return bounded(lambda: self._run(planned, positions, owner), self._patience.delivery)

    def close(self) -> None:
        """End an open transaction, as far as the broker hears of it."""
        producer, self._producer = self._producer, None
        if producer is not None:
            close_producer(producer)

    @contextmanager
    def _closed_on_failure(self) -> Iterator[None]:
        try:
            with translated():
                yield
        except BaseException:
            self.close()
            raise

    def _run(self, messages: Sequence[Message], positions: Positions, owner: KafkaSubscription) -> list[Appended]:
        producer = self._producer or self._begin()
        producer.begin_transaction()
        try:
            futures = sent(producer, messages)
            if positions:
                producer.send_offsets_to_transaction(offsets(positions), owner.group_metadata())
            producer.commit_transaction()
        except BaseException:
            with suppress(KafkaError):
                producer.abort_transaction()
            raise
        return [appended(future.get(0)) for future in futures]

    def _begin(self) -> KafkaProducer:
        self._producer = producer = open_producer(
            self._connection,
            self._patience,
            transactional_id=self._connection.prefix + self._id,
            transaction_timeout_ms=milliseconds(2 * self._patience.delivery),
        )
        producer.init_transactions()
        return producer


def _result(future: Any, until: float) -> Appended | LogUnavailable:
    if isinstance(future, LogUnavailable):
        return future
    try:
        with translated():
            return appended(future.get(max(0.0, until - time.monotonic())))
    except LogUnavailable as error:
        return error


def sent(producer: KafkaProducer, messages: Iterable[Message]) -> list[Any]:
    """Kafka's promises of where messages will lie."""
    return [
        producer.send(m.topic, key=m.key, value=m.value, headers=list(m.headers), partition=m.partition)  # type: ignore[arg-type] # null header values are right
        for m in messages
    ]


def appended(done: Any) -> Appended:
    """A kept promise as the port says it."""
    return Appended(done.topic, done.partition, done.offset, done.timestamp)


def close_producer(producer: KafkaProducer) -> None:
    """Close a producer within a time, whatever its brokers do."""
    with suppress(KafkaError, LogUnavailable):
        bounded(lambda: producer.close(timeout=_CLOSE_SECONDS), 2 * _CLOSE_SECONDS)
