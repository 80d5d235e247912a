"""What every Kafka client of ours shares: bounded patience, no leaks, the port's errors instead of Kafka's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any, TypeVar

from kafka import errors
from kafka.net.compat import KafkaNetClient

from shared.eventlog.connection import Connection
from shared.eventlog.port import Fenced, LogUnavailable

T = TypeVar("T")
_LOST = (
    errors.CommitFailedError,
    errors.FencedInstanceIdError,
    errors.IllegalGenerationError,
    errors.InvalidProducerEpochError,
    errors.ProducerFencedError,
    errors.UnknownMemberIdError,
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds. Tests make it short."""

    answer: float = 10.0
    """For the broker to answer one question."""
    delivery: float = 30.0
    """For an append to be acknowledged, retries included."""
    session: float = 15.0
    """For a silent member of a group before its partitions go to others."""
    batch: float = 120.0
    """Between two polls before this member's partitions go to others."""
    silence: float = 5.0
    """Without any record before `poll` asks whether the log is there at all."""


def options(connection: Connection, patience: Patience) -> dict[str, Any]:
    """Options of every client."""
    return connection.options() | {
        "request_timeout_ms": milliseconds(patience.answer),
        "bootstrap_timeout_ms": milliseconds(patience.answer),
        "reconnect_backoff_max_ms": 1000,
    }


def milliseconds(seconds: float) -> int:
    """Kafka's unit."""
    return int(seconds * 1000)


def opened(make: Callable[..., T], **configuration: Any) -> T:
    """A client; where it cannot be made, what it had opened (threads, sockets) is closed again."""
    inner: list[KafkaNetClient] = []

    def client(**given: Any) -> KafkaNetClient:
        inner.append(KafkaNetClient(**given))
        # kafka-python 3.0 loses its own `allow_auto_create_topics` on the way here: reading must create nothing.
        inner[-1].cluster.config["allow_auto_create_topics"] = False
        return inner[-1]

    with translated():
        try:
            return make(kafka_client=client, **configuration)
        except BaseException as error:
            for each in inner:
                each.close()
            if isinstance(error, errors.KafkaTimeoutError):
                servers, how = configuration["bootstrap_servers"], configuration["security_protocol"]
                raise LogUnavailable(f"no broker answers at {', '.join(servers)} ({how})") from None
            raise


@contextmanager
def translated() -> Iterator[None]:
    """Kafka's errors as the port's. What is neither loss of ownership nor cured by waiting is waited for too: an
    operator sees the reason in the log, and no record is at fault for it.
    """
    try:
        yield
    except _LOST as error:
        raise Fenced(f"the partitions have another owner: {error}") from error
    except (errors.KafkaConfigurationError, errors.IllegalStateError):
        raise  # our own mistake
    except errors.KafkaError as error:
        raise LogUnavailable(str(error) or type(error).__name__) from error


def bounded(act: Callable[[], T], seconds: float) -> T:
    """Act within a time. Some of the client's calls wait for ever for a broker that is gone.

    Raises `LogUnavailable` when the time is over; the act is then left alone on a thread that ends with the process.
    """
    outcome: list[tuple[T | None, BaseException | None]] = []

    def run() -> None:
        try:
            outcome.append((act(), None))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            outcome.append((None, error))

    thread = Thread(target=run, daemon=True, name="kafka-bounded")
    thread.start()
    thread.join(seconds)
    if not outcome:
        raise LogUnavailable(f"no answer within {seconds:g} s")
    value, error = outcome[0]
    if error is not None:
        raise error
    return value  # type: ignore[return-value]
