"""Several loops in one process, each in a thread of its own: they share what they follow."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from threading import Event

from shared.projection.loop import Loop


class Together:
    """Runs loops until told to stop, or until one of them fails: then all do."""

    def __init__(self, *loops: Loop) -> None:
        self._loops = loops

    def run(self, stop: Event) -> None:
        """Until `stop` is set; then each finishes. What one raises, this raises when all have ended."""
        over = Event()
        with ThreadPoolExecutor(len(self._loops) + 1, "loops") as threads:
            running = [threads.submit(loop.run, over) for loop in self._loops]
            told = threads.submit(_until, stop, over)
            wait([*running, told], return_when=FIRST_COMPLETED)
            over.set()
        for each in running:
            each.result()


def _until(stop: Event, over: Event) -> None:
    while not (over.is_set() or stop.wait(0.2)):
        pass
