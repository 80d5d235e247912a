"""What happens in the sample city is written here, an event after the other; nothing lies after its last day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import count
from typing import Any

from services.sample.chance import Chance
from services.sample.subjects import DISTRICT, Subject
from shared.events.envelope import Event

YEARS_DAYS = 730
OFFICERS = tuple(f"{DISTRICT}-{team:02d}{place:02d}" for team in range(1, 11) for place in range(1, 5))
REVIEWERS = tuple(f"{DISTRICT}-{place:04d}" for place in range(9901, 9906))
"""Officers of the legal department 法制机构, who handle no cases and so may close disputes."""


class Diary:
    """The events of a city in the making, with its one source of chance and its running numbers."""

    def __init__(self, until: date, chance: Chance) -> None:
        self.until = until
        self.start = until - timedelta(days=YEARS_DAYS)
        self.chance = chance
        self.events: list[Event] = []
        self._numbers = count(1)

    def write(self, type_: str, subject: Subject | str, day: date, data: Mapping[str, Any]) -> Event | None:
        """Write an event of a day down; None where it lies after the last day, and so has not happened."""
        if day > self.until:
            return None
        subject_id = subject if isinstance(subject, str) else subject.id
        brigade = DISTRICT if isinstance(subject, str) else subject.region[:9]
        chance = self.chance.random()
        time = f"{day}T{9 + int(chance * 9):02d}:{int(chance * 3600) % 60:02d}:{int(chance * 216000) % 60:02d}+08:00"
        number = next(self._numbers)
        event = Event(
            f"{type_}-{number:06d}",
            f"urn:chengxin:organ:{brigade}",
            f"cn.chengxin.{type_}.v1",
            subject_id,
            time,
            dict(data),
        )
        self.events.append(event)
        return event

    def number(self, form: str, day: date) -> str:
        """The number of a document: `form` with its year and a running number, which no other has."""
        return form.format(year=day.year, number=next(self._numbers))

    def happens(self, probability: float) -> bool:
        """Whether something happens."""
        return self.chance.random() < probability

    def later(self, day: date, least: int, most: int) -> date:
        """Some days later."""
        return day + timedelta(days=self.chance.randint(least, most))

    def any_day(self) -> date:
        """A day of the two years."""
        return self.start + timedelta(days=self.chance.randrange(30, YEARS_DAYS + 1))

    def officers(self) -> list[str]:
        """Two officers who act together."""
        return self.chance.sample(OFFICERS, 2)
