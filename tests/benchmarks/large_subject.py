"""What subjects with many facts cost: one recomputation, and how long the next fact of a very large one takes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count, islice

from services.sample.city import Size, city
from shared.credit.facts import Fact
from shared.credit.rulebook import Rulebooks
from shared.credit.summary import summarise
from shared.events.envelope import Event
from shared.rulebooks.loader import SHIPPED, load_directory

NUMBERS = (10, 100, 1_000, 100_000)
_NUMBERED = ("case_no", "inspection_id", "commendation_no", "target")
_TIMES = 5


def events(until: date) -> Iterator[Event]:
    """Events of the busiest hauler of the sample city, over and over again under other numbers, without end."""
    made = city(until, Size(shops=0, sanitation=0)).events
    busiest = Counter(event.subject for event in made if event.subject.startswith("hauler:")).most_common(1)[0][0]
    some = [event for event in made if event.subject == busiest]
    for turn in count():
        for event in some:
            data = {name: f"{value}-{turn}" if name in _NUMBERED else value for name, value in event.data.items()}
            yield replace(event, id=f"{event.id}-{turn}", data=data)


def recomputations(until: date) -> dict[int, float]:
    """Milliseconds of a processor for one recomputation of both ledgers, by the number of facts; the best of some."""
    rulebooks, now = Rulebooks(load_directory(SHIPPED)), datetime.now(UTC)
    found = {}
    for number in NUMBERS:
        facts = [
            Fact(event.source, event.id, event.type, event.subject, event.time, event.data, now)
            for event in islice(events(until), number)
        ]
        seconds = []
        for _ in range(_TIMES):
            start = time.process_time()
            summarise(facts[0].subject, facts, rulebooks, now.date())
            seconds.append(time.process_time() - start)
        found[number] = 1000 * min(seconds)
    return found
