"""The sole writer on Kafka: a transactional producer that is opened at once, so that it fences the former one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from kafka.errors import KafkaError

from shared.eventlog.connection import Connection
from shared.eventlog.kafka_client import Patience, bounded, milliseconds, translated
from shared.eventlog.kafka_producer import appended, close_producer, open_producer, sent
from shared.eventlog.port import Appended, Message


class KafkaSoleWriter:
    """One transaction at a time. Not for several threads."""

    def __init__(self, connection: Connection, patience: Patience, name: str) -> None:
        """Raises `LogUnavailable`."""
        self._patience = patience
        self._producer = open_producer(
            connection,
            patience,
            transactional_id=f"{connection.prefix}writer-{name}",
            # Readers wait behind an open transaction: that of a process which was killed must not hold them up long.
            transaction_timeout_ms=milliseconds(patience.answer),
        )
        try:
            with translated():
                bounded(self._producer.init_transactions, 2 * patience.answer)
        except BaseException:
            self.close()
            raise

    def write(
        self, messages: Sequence[Message], then: Callable[[Sequence[Appended]], Sequence[Message]]
    ) -> list[Appended]:
        """All or nothing. Raises `Fenced` or `LogUnavailable`."""
        with translated():
            return bounded(lambda: self._run(messages, then), self._patience.delivery)

    def close(self) -> None:
        """End an open transaction, as far as the broker hears of it."""
        close_producer(self._producer)

    def _run(
        self, messages: Sequence[Message], then: Callable[[Sequence[Appended]], Sequence[Message]]
    ) -> list[Appended]:
        self._producer.begin_transaction()
        try:
            # A broker says where a record went before the transaction is over.
            places = [appended(future.get(self._patience.answer)) for future in sent(self._producer, messages)]
            following = sent(self._producer, then(places))
            self._producer.commit_transaction()
            for future in following:
                future.get(0)
        except BaseException:
            with suppress(KafkaError):
                self._producer.abort_transaction()
            raise
        return places
