"""What a module of `shared.events.types` says of its type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shared.events.checked import Checked
from shared.events.envelope import CONTENT_TYPE, SPECVERSION, Fault
from shared.events.fields import Wire
from shared.events.texts import Day, PastDay, Plate, SubjectId

Rule = Callable[[Mapping[str, Any]], Iterable[Fault]]
"""What a JSON Schema cannot say, as a function of data that keep the schema; pointers go into the event."""


@dataclass(frozen=True)
class EventType:
    """One event type.

    `subject` is None where the subject is a credit subject (信用主体), else a form filled from the data, such as
    `inspector:{inspector_id}`. `elsewhere` says where its content is to be sent, for types that Chengxin alone writes
    and no door takes.
    """

    name: str
    topic: str
    does: str
    data: type[Wire]
    example: Mapping[str, Any]
    rules: tuple[Rule, ...] = ()
    subject: str | None = None
    elsewhere: str | None = None

    @cached_property
    def checked(self) -> Checked:
        """The schema of the data, compiled."""
        return Checked(self.data)

    @cached_property
    def days(self) -> tuple[str, ...]:
        """Members that are dates."""
        return self.checked.members(Day)

    @cached_property
    def past_days(self) -> tuple[str, ...]:
        """Members that are dates of what has happened."""
        return self.checked.members(PastDay)

    @cached_property
    def subject_ids(self) -> tuple[str, ...]:
        """Members that are subject ids, or lists of them."""
        return self.checked.members(SubjectId)

    @cached_property
    def plates(self) -> tuple[str, ...]:
        """Members that are number plates."""
        return self.checked.members(Plate)


def example(name: str, subject: str, time: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """A whole event in JSON form, of an organ in the sample district."""
    return {
        "specversion": SPECVERSION,
        "id": f"{name.removeprefix('cn.chengxin.').removesuffix('.v1')}-0001",
        "source": "urn:chengxin:organ:320902",
        "type": name,
        "subject": subject,
        "time": time,
        "datacontenttype": CONTENT_TYPE,
        "data": data,
    }


def not_before(later: str, earlier: str) -> Rule:
    """A rule: one date does not come before another."""

    def rule(data: Mapping[str, Any]) -> Iterable[Fault]:
        if data[later] < data[earlier]:
            yield Fault(f"/data/{later}", f"must not be before {earlier} ({data[earlier]})")

    return rule
