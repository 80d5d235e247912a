"""The sample city whole: its subjects and every well-formed event, each once, in no order that matters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from services.sample import register
from services.sample.cases import case
from services.sample.chance import Chance
from services.sample.diary import Diary
from services.sample.inspections import inspection
from services.sample.subjects import Subject, subjects
from shared.credit.rulebook import Rulebooks
from shared.events.envelope import Event
from shared.rulebooks.loader import SHIPPED, load_directory

SEED = 320902

_INSPECTIONS = {"shop": (3, 9), "sanitation": (20, 28), "hauler": (18, 30)}
_CASES = {"shop": 12.0, "sanitation": 25.0, "hauler": 60.0}
"""In two years: inspections from so many to so many; cases of one that is nothing but trouble."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many subjects; events follow from them, about ten of each."""

    shops: int = 6000
    sanitation: int = 80
    haulers: int = 30


class City(NamedTuple):
    """Subjects and events of a sample city."""

    subjects: list[Subject]
    events: list[Event]


def city(until: date, size: Size | None = None, seed: int = SEED) -> City:
    """The city whose last events happen on the day `until`; the same arguments give the same city."""
    size = size or Size()
    chance = Chance(seed)
    diary = Diary(until, chance)
    rulebooks = Rulebooks(load_directory(SHIPPED))
    register.inspectors(diary)
    made = subjects(size.shops, size.sanitation, size.haulers, chance)
    for subject in made:
        _live(diary, subject, rulebooks)
    return City(made, diary.events)


def _live(diary: Diary, subject: Subject, rulebooks: Rulebooks) -> None:
    """Two years of one subject."""
    closed = register.enter(diary, subject)
    if subject.vehicles:
        register.fleet(diary, subject)
    if diary.happens(0.04 if subject.kind == "shop" else 0.4):
        register.commend(diary, subject, rulebooks)
    for _ in range(diary.chance.randint(*_INSPECTIONS[subject.kind])):
        if (day := diary.any_day()) <= closed:
            inspection(diary, subject, rulebooks, day)
    code = None
    days = sorted(diary.any_day() for _ in range(round(_CASES[subject.kind] * subject.trouble)))
    for day in days:
        if day <= closed - timedelta(days=30):
            code = case(diary, subject, rulebooks, day, code)
