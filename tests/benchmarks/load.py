"""A load of GETs over kept-alive connections, in a process of its own. Prints rate and percentiles as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import cycle
from urllib.parse import urlsplit


async def connection(host: str, port: int, paths: list[str], until: float, waits: list[float]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for path in cycle(paths):
        began = time.perf_counter()
        if began >= until:
            break
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if not head.startswith(b"http/1.1 200"):
            raise SystemExit(head.decode())
        await reader.readexactly(int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]))
        waits.append(time.perf_counter() - began)
    writer.close()


async def load(address: str, connections: int, seconds: float) -> dict[str, float]:
    parts = urlsplit(address)
    waits: list[float] = []
    paths = parts.path.split(",")
    until = time.perf_counter() + seconds
    each = [paths[place:] + paths[:place] for place in range(connections)]
    await asyncio.gather(*(connection(parts.hostname or "", parts.port or 80, some, until, waits) for some in each))
    waits.sort()
    return {
        "rate": len(waits) / seconds,
        "p50": waits[len(waits) // 2] * 1e3,
        "p99": waits[len(waits) * 99 // 100] * 1e3,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(load(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))))
