"""A stop that comes by itself, for loops that must end before: what is broken fails then, and hangs nothing."""

from threading import Event, Timer

SECONDS = 30


def stop_soon():
    stop = Event()
    timer = Timer(SECONDS, stop.set)
    timer.daemon = True
    timer.start()
    return stop
