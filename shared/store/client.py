"""The connection to the store, on one server or on a cluster, and the calls of scripts through it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import (
    BusyLoadingError,
    ClusterError,
    ConnectionError,  # noqa: A004
    InvalidResponse,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    RedisError,
    SlotNotCoveredError,
    TimeoutError,  # noqa: A004
)
from redis.retry import Retry

from shared.store import cluster as cluster_client
from shared.telemetry.metrics import SCRIPT_ERRORS

Value = str | bytes | int
_T = TypeVar("_T")
_RETRIES = 3
_LOADS = 2
_PIPELINE = 512
_NO_CLUSTER = ("Redis Cluster cannot be connected", "All slots are not covered", "startup_nodes could not agree")
"""What the client of a cluster says while too little of it can be reached."""


_REFUSALS = frozenset(
    ("LOADING", "OOM", "BUSY", "NOREPLICAS", "MISCONF", "READONLY", "CLUSTERDOWN", "TRYAGAIN", "MASTERDOWN")
)
_REFUSED = (BusyLoadingError, OutOfMemoryError, ReadOnlyError)


class StoreUnavailable(Exception):
    """The store cannot be reached or cannot answer now: wait and try again, nothing is wrong with the data."""


class Call(NamedTuple):
    """One call of a script."""

    keys: Sequence[str]
    arguments: Sequence[Value]


class Store:
    """A client of the store. Scripts are sent by their hash, in pipelines, and may be sent twice by a retry.

    Nothing is connected before it is needed. An answer is waited for `timeout` seconds, and asked for `retries` times
    more.
    """

    def __init__(
        self,
        url: str,
        *,
        password: str | None = None,
        cluster: bool = False,
        timeout: float = 5.0,
        retries: int = _RETRIES,
    ) -> None:
        self._cluster = cluster
        connect: Callable[..., Any] = cluster_client.connect if cluster else Redis.from_url
        self._connect: Callable[[], Any] = lambda: connect(
            url,
            password=password or None,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), retries),
            client_name="chengxin",
        )
        self._client: Any = None
        self._connecting = Lock()
        self._loaded: set[str] = set()

    @property
    def is_cluster(self) -> bool:
        """Whether keys of several slots lie on several nodes."""
        return self._cluster

    @property
    def client(self) -> Any:
        """The client, made when first asked for."""
        with self._connecting:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def run(self, name: str, calls: Sequence[Call]) -> list[Any]:
        """The answers of a script to several calls, in their order. Raises `StoreUnavailable`."""
        with _faults_counted(name):
            for _ in range(_LOADS):
                try:
                    return self._send(self._load(name), calls)
                except NoScriptError:
                    self._loaded.discard(name)
            raise StoreUnavailable("it forgets its scripts")  # it starts again and again, or its nodes take turns

    def pipelined(self, ask: Callable[[Any, _T], Any], items: Sequence[_T]) -> list[Any]:
        """Plain commands for each item, sent in pipelines: `ask(pipeline, item)` queues exactly one of them, and gives
        what the client gives for it.
        """
        answers: list[Any] = []
        with unavailable():
            if len(items) == 1 and not self._cluster:  # most look-ups: a pipeline of one costs as much again
                return [ask(self.client, items[0])]
            for start in range(0, len(items), _PIPELINE):
                with self.client.pipeline(transaction=False) as pipe:
                    for item in items[start : start + _PIPELINE]:
                        ask(pipe, item)
                    answers += pipe.execute()
        return answers

    def time(self) -> tuple[int, int]:
        """Seconds and microseconds since the epoch by the clock of the server, or of one node of the cluster."""
        with unavailable():
            seconds, micros = self.client.time(**(cluster_client.ANYWHERE if self._cluster else {}))
        return seconds, micros

    def ping(self) -> None:
        """Raises `StoreUnavailable` unless the store answers."""
        with unavailable():
            self.client.ping()

    def close(self) -> None:
        if self._client is not None:
            self._client.close()

    def _load(self, name: str) -> str:
        body = script(name)
        if name not in self._loaded:
            with unavailable():
                self.client.script_load(body)
            self._loaded.add(name)
        return hashlib.sha1(body.encode(), usedforsecurity=False).hexdigest()

    def _send(self, sha: str, calls: Sequence[Call]) -> list[Any]:
        def ask(pipe: Any, call: Call) -> Any:
            at = cluster_client.where(self.client, call.keys[0]) if self._cluster else {}
            return pipe.execute_command("EVALSHA", sha, len(call.keys), *call.keys, *call.arguments, **at)

        return self.pipelined(ask, calls)


@contextmanager
def _faults_counted(name: str) -> Iterator[None]:
    """What is not `StoreUnavailable` by now is a fault of the script, or of what it found."""
    try:
        yield
    except RedisError:
        SCRIPT_ERRORS.labels(name).inc()
        raise


@cache
def script(name: str) -> str:
    """The text of a script, from `lua/`."""
    return files("shared.store").joinpath(f"lua/{name}.lua").read_text("utf-8")


@contextmanager
def unavailable() -> Iterator[None]:
    """Turns every failure to reach the store, and every refusal that waiting may cure, into `StoreUnavailable`."""
    try:
        yield
    except NoScriptError:
        raise
    except (ConnectionError, TimeoutError, ClusterError, SlotNotCoveredError) as error:
        raise StoreUnavailable(type(error).__name__) from error
    except InvalidResponse as error:
        raise StoreUnavailable("what answers there is no Redis") from error
    except RedisError as error:
        # In a pipeline the client puts words of its own before the server's answer.
        code = str(error).rpartition("caused error: ")[2].split(" ", 1)[0]
        if code in _REFUSALS or isinstance(error, _REFUSED):
            raise StoreUnavailable(code if code in _REFUSALS else type(error).__name__) from error
        raise
    except RedisClusterException as error:
        if str(error).startswith(_NO_CLUSTER):
            raise StoreUnavailable("no cluster") from error
        raise
