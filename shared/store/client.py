"""The connection to the store, on one server or on a cluster, and the calls of scripts through it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, NamedTuple, TypeVar

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.cluster import RedisCluster
from redis.exceptions import ClusterError, ConnectionError, InvalidResponse, NoScriptError, RedisError, TimeoutError  # noqa: A004
from redis.retry import Retry

Value = str | bytes | int
_T = TypeVar("_T")
_RETRIES = 3
_PIPELINE = 512


class StoreUnavailable(Exception):
    """The store cannot be reached or cannot answer now: wait and try again, nothing is wrong with the data."""


class Call(NamedTuple):
    """One call of a script."""

    keys: Sequence[str]
    arguments: Sequence[Value]


class Store:
    """A client of the store. Scripts are sent by their hash, in pipelines, and may be sent twice by a retry."""

    def __init__(self, url: str, *, password: str | None = None, cluster: bool = False, timeout: float = 5.0) -> None:
        connect: Callable[..., Any] = RedisCluster.from_url if cluster else Redis.from_url
        self.client: Any = connect(
            url,
            password=password or None,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), _RETRIES),
            client_name="chengxin",
        )
        self._loaded: set[str] = set()

    def run(self, name: str, calls: Sequence[Call]) -> list[Any]:
        """The answers of a script to several calls, in their order. Raises `StoreUnavailable`."""
        sha = self._load(name)
        try:
            return self._send(sha, calls)
        except NoScriptError:
            self._loaded.discard(name)
            return self._send(self._load(name), calls)

    def pipelined(self, ask: Callable[[Any, _T], Any], items: Sequence[_T]) -> list[Any]:
        """Plain commands for each item, sent in pipelines: `ask(pipeline, item)` queues exactly one of them."""
        answers: list[Any] = []
        with unavailable():
            for start in range(0, len(items), _PIPELINE):
                with self.client.pipeline(transaction=False) as pipe:
                    for item in items[start : start + _PIPELINE]:
                        ask(pipe, item)
                    answers += pipe.execute()
        return answers

    def ping(self) -> None:
        """Raises `StoreUnavailable` unless the store answers."""
        with unavailable():
            self.client.ping()

    def close(self) -> None:
        self.client.close()

    def _load(self, name: str) -> str:
        body = script(name)
        if name not in self._loaded:
            with unavailable():
                self.client.script_load(body)
            self._loaded.add(name)
        return hashlib.sha1(body.encode(), usedforsecurity=False).hexdigest()

    def _send(self, sha: str, calls: Sequence[Call]) -> list[Any]:
        def ask(pipe: Any, call: Call) -> None:
            pipe.execute_command("EVALSHA", sha, len(call.keys), *call.keys, *call.arguments)

        return self.pipelined(ask, calls)


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
    except (ConnectionError, TimeoutError, ClusterError) as error:
        raise StoreUnavailable(type(error).__name__) from error
    except InvalidResponse as error:
        raise StoreUnavailable("what answers there is no Redis") from error
    except RedisError as error:
        if str(error).startswith(
            ("LOADING", "OOM", "BUSY", "NOREPLICAS", "MISCONF", "READONLY", "CLUSTERDOWN", "TRYAGAIN", "MASTERDOWN")
        ):
            raise StoreUnavailable(str(error).split(" ", 1)[0]) from error
        raise
