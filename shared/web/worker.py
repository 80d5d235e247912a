"""The web process of gunicorn: threads, as `gthread` has them, and what is at hand without one."""

from __future__ import annotations

import gc
import socket
from typing import Any

from gunicorn.http.errors import InvalidResponseHeader, InvalidResponseHeaderName, ParseException
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from shared.web import unreadable
from shared.web.front import front_of

_LONGEST = 4_096
"""Bytes of a request whose answer may be at hand."""
_NEEDS_A_THREAD = tuple(
    b"\r\n%b:" % name for name in (b"authorization", b"content-length", b"transfer-encoding", b"expect", b"upgrade")
)
"""What makes of a request more than its first line says: it is for a key's holder, or there is more to be read."""


class Worker(ThreadWorker):
    """A process that puts what it is built of aside, tells what cannot be read, and keeps no asker waiting for a thread
    where the front has the answer.

    To hand a request to a thread and its connection back takes longer than such an answer: *else* a hundredth of the
    look-ups behind a public page wait for twice as long, and a fourth fewer are answered.
    """

    def run(self) -> None:
        """Serve, until told to stop.

        What the application was built of stays as long as the process. A collection of garbage that goes through all of
        it holds every request up for a tenth of a second, so collections begin behind it.
        """
        gc.collect()
        gc.freeze()
        super().run()

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Answer what comes over a kept connection: here, where that waits for nothing, else in a thread."""
        if not self._is_at_hand(client):
            super().on_client_socket_readable(conn, client)
            return
        conn.sock = answer = _Unsent(client)
        stays = self.handle(conn)
        stays = answer.send() and stays
        conn.sock = client
        self.keepalived_conns.remove(conn)
        if stays and not conn.parser.unreader.buf.getvalue():
            conn.set_timeout()
            self.keepalived_conns.append(conn)  # the one that ends last is the last
            return
        self.poller.unregister(client)
        if stays:  # the next request was read with this one
            self.enqueue_req(conn)
        else:
            self.nr_conns -= 1
            conn.close(graceful=True)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer what cannot be read; gunicorn's log would hold the whole address, a name that somebody looked for."""
        ours = isinstance(exc, (InvalidResponseHeader, InvalidResponseHeaderName))  # a ParseException by descent alone
        if ours or not isinstance(exc, ParseException):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("Invalid request: %s", type(exc).__name__)
        try:
            write_nonblock(client, unreadable.answer(exc))
        except OSError:
            self.log.debug("The answer to an invalid request could not be sent")

    def _is_at_hand(self, client: socket.socket) -> bool:
        """Whether a whole request has come that the front answers without a word to anybody: nothing else may be done
        where all connections are looked after.
        """
        front = front_of(self.wsgi)
        if front is None:
            return False
        try:
            request = client.recv(_LONGEST, socket.MSG_PEEK)
        except OSError:
            return False
        method, _, rest = request.partition(b" ")
        if method != b"GET" or not request.endswith(b"\r\n\r\n"):
            return False
        if any(each in request.lower() for each in _NEEDS_A_THREAD):
            return False
        return front.has(rest.partition(b" ")[0].decode("latin-1"))


class _Unsent:
    """Stands for a connection while it is answered: nothing waits for its other end, and head and body go as one."""

    def __init__(self, client: socket.socket) -> None:
        self._client, self._parts = client, list[bytes]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def setblocking(self, flag: bool) -> None:
        """It never blocks."""

    def sendall(self, part: bytes) -> None:
        self._parts.append(part)

    def send(self) -> bool:
        """Send it; False where the other end does not take it: who asks and does not read is let go."""
        whole = b"".join(self._parts)
        try:
            return self._client.send(whole) == len(whole)
        except OSError:
            return False
