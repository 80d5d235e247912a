"""One message is sent over HTTP: to addresses of the public network alone, without redirects, within bounded time.

A subscriber names the address, so it could be one of this network's own. Names are resolved here, every address is
judged, and the connection goes to one that was judged: a name that changes its address meanwhile gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Event, Timer
from typing import NamedTuple
from urllib.parse import urlsplit

from shared.version import CODE

CONNECT_SECONDS, ANSWER_SECONDS, WHOLE_SECONDS = 5.0, 10.0, 15.0
GONE = 410
_HEADERS = {"Content-Type": "application/json", "User-Agent": f"Chengxin-Webhook/{CODE}"}
_TRANSLATED = [ipaddress.ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96")]
"""IPv6 addresses in which an IPv4 address hides, which nobody judged."""

_PRIVATE = "must be in the public network; CHENGXIN_WEBHOOK_HOSTS names hosts that need not be"
_OF_NO_NETWORK = ".localhost", ".local", ".internal"
"""Names that the public network does not have (RFC 6761, RFC 6762)."""

Resolve = Callable[[str, int], list[str]]
"""The addresses of a host; raises `OSError` where there are none."""


class Refused(Exception):
    """The address may not be sent to; says why."""


class Outcome(NamedTuple):
    """What became of a try: the status, None where none came, and a word for it."""

    status: int | None
    word: str

    @property
    def delivered(self) -> bool:
        """Whether the subscriber has taken it."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004  # RFC 9110, section 15.3


def resolve(host: str, port: int) -> list[str]:
    """By the system."""
    return [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def refuse_url(url: str, allowed: Collection[str]) -> None:
    """Raises `Refused` for an address that can never be sent to; `allowed` are hosts that may lie in this network."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Refused("must have a port from 1 to 65535") from None
    if not host or port == 0 or parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("must be an address such as https://portal.example.cn/hook, without a user or a fragment")
    if host not in allowed and f".{host}".endswith(_OF_NO_NETWORK):
        raise Refused(_PRIVATE)
    if parts.scheme != "https" and not (parts.scheme == "http" and host in allowed):
        raise Refused("must begin with https://; with http:// only hosts are reached that the settings allow")
    if _is_literal(host):
        _refuse_address(host, host, allowed)


def send(
    url: str, headers: Mapping[str, str], body: bytes, allowed: Collection[str], find: Resolve = resolve
) -> Outcome:
    """Send a message once."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        refuse_url(url, allowed)
        addresses = find(host, port)
        for address in addresses:
            _refuse_address(address, host, allowed)
        return _sent(parts.scheme, host, port, addresses[0], _path(url), headers, body)
    except Refused as refused:
        return Outcome(None, f"refused: {refused}")
    except ssl.SSLError:
        return Outcome(None, "tls-failed")
    except TimeoutError:
        return Outcome(None, "timed-out")
    except (OSError, HTTPException, ValueError):
        return Outcome(None, "unreachable")


def _sent(
    scheme: str, host: str, port: int, address: str, path: str, headers: Mapping[str, str], body: bytes
) -> Outcome:
    connection: HTTPConnection = (
        HTTPSConnection(host, port, context=ssl.create_default_context())
        if scheme == "https"
        else HTTPConnection(host, port)
    )
    late = Event()

    def cut() -> None:
        late.set()
        with suppress(OSError):
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)

    try:
        connection.sock = _connected(connection, host, port, address)
        timer = Timer(WHOLE_SECONDS, cut)  # an answer that trickles in would hold a thread for as long as it likes
        timer.daemon = True
        timer.start()
        try:
            connection.request("POST", path, body, {**_HEADERS, **headers})
            status = connection.getresponse().status
        except (OSError, HTTPException):
            if late.is_set():
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()
        if late.is_set():  # what had come by then looks like a whole answer
            raise TimeoutError
        return Outcome(status, "answered")
    finally:
        connection.close()


def _connected(connection: HTTPConnection, host: str, port: int, address: str) -> socket.socket:
    found = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
    if isinstance(connection, HTTPSConnection):
        try:
            found = ssl.create_default_context().wrap_socket(found, server_hostname=host)
        except BaseException:
            found.close()
            raise
    found.settimeout(ANSWER_SECONDS)
    return found


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _refuse_address(address: str, host: str, allowed: Collection[str]) -> None:
    if host in allowed:
        return
    found = ipaddress.ip_address(address.partition("%")[0])
    judged = getattr(found, "ipv4_mapped", None) or found
    hidden = judged.version == 6 and any(judged in network for network in _TRANSLATED)  # noqa: PLR2004
    if hidden or not judged.is_global or judged.is_multicast:
        raise Refused(_PRIVATE)
