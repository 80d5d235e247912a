"""The one check that every door makes before it appends (DESIGN.md section 4, envelope)."""

from __future__ import annotations

import dataclasses
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from shared.clock import SHANGHAI, day_of
from shared.events.catalogue import catalogue
from shared.events.checked import MOST_FAULTS
from shared.events.envelope import BadAttributes, BadEnvelope, Event, Fault, pointer
from shared.events.event_type import EventType
from shared.events.json_codec import encode
from shared.registry.plates import normalise_plate, plate_type
from shared.registry.subject import normalise_subject_id, parse_subject_id

OWN, ORGANS = "urn:chengxin:", "urn:chengxin:organ:"
"""What begins the sources of services here, and of the organs that were given one by the convention of the samples."""
EARLIEST = date(1990, 1, 1)
MOST_AHEAD = timedelta(days=1)
MOST_BYTES = 64 * 1024
"""Bytes of one event as JSON."""


class Refused(ValueError):
    """An event that no door lets in; `faults` has all that is wrong with it."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.pointer or 'the event'} {fault.message}" for fault in faults))


def check(event: Event, now: datetime) -> list[Fault]:
    """What keeps an event out; [] if `admit` lets it in."""
    try:
        admit(event, now)
    except Refused as refused:
        return list(refused.faults)
    return []


def admit(event: Event, now: datetime) -> Event:
    """The event of somebody else as it goes on the log, as `normal` has it. Raises `Refused` with every fault.

    Under our own sources nobody else writes: what a subject filed here, and the register's entries, are known by them.
    """
    if event.source.startswith(OWN) and not event.source.startswith(ORGANS):
        told = f"must be your own, such as {ORGANS}320902: {OWN}… are the sources of Chengxin itself"
        raise Refused(Fault("/source", told))
    return normal(event, now)


def normal(event: Event, now: datetime) -> Event:
    """An event as it goes on the log: subject ids and plates in their normal form, whole numbers without a fraction.

    `now` is the moment at the door, with its zone. Raises `Refused` with every fault.
    """
    kind = catalogue().by_type.get(event.type)
    if kind is None:
        raise Refused(catalogue().unknown(event.type))
    if kind.elsewhere is not None:
        raise Refused(Fault("/type", f"is written by Chengxin itself and not taken here; {kind.elsewhere}"))
    faults, ids = _data_faults(kind, event.data, now)
    if not faults:
        data = _whole(event.data) | ids | _normal_plates(kind, event.data)
        faults += _form_faults(kind, event)
        event = dataclasses.replace(event, data=data)
    faults += _time_faults(event.time, now)
    if kind.subject is None:
        event = dataclasses.replace(event, subject=_normal_id(event.subject, "/subject", faults))
    if faults:
        raise Refused(*faults)
    return event


def faults_of(bad: BadEnvelope, now: datetime) -> list[Fault]:
    """All that is wrong with what is no event: its own faults and, where its type is known, those of its data."""
    if not isinstance(bad, BadAttributes) or not isinstance(bad.data, dict):
        return list(bad.faults)
    kind = catalogue().by_type.get(bad.type) if isinstance(bad.type, str) else None
    return [*bad.faults, *(_data_faults(kind, bad.data, now)[0] if kind else ())]


def _data_faults(kind: EventType, data: dict[str, Any], now: datetime) -> tuple[list[Fault], dict[str, Any]]:
    """What is wrong with data, member by member; and the members that have subject ids, in their normal form."""
    faults = kind.checked.strict_faults(data, "data")
    if len(faults) >= MOST_FAULTS:
        return faults, {}
    wrong = {fault.pointer.split("/")[2] for fault in faults if fault.pointer != "/data"}
    sound = {name: value for name, value in data.items() if name not in wrong}
    normal = _normal_ids(kind, sound, faults)
    faults += _date_faults(kind, sound, day_of(now))
    for rule in kind.rules:
        with suppress(KeyError):  # it asks for a member that is wrong already
            faults += rule(sound | normal)
    return faults, normal


def _form_faults(kind: EventType, event: Event) -> list[Fault]:
    """What is wrong with the event as a whole, its data being right."""
    faults = []
    if (size := len(encode(event))) > MOST_BYTES:
        faults.append(Fault("", f"must have at most {MOST_BYTES} bytes as JSON, not {size}"))
    if kind.subject is not None and event.subject != kind.subject.format(**event.data):
        form = kind.subject.replace("{", "<").replace("}", ">")
        faults.append(Fault("/subject", f"must be {form} as the data has it"))
    return faults


def _whole(value: Any) -> Any:
    """The value with 1.0 as 1: JSON Schema takes both for a whole number, and other numbers are not in any event."""
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _normal_ids(kind: EventType, data: dict[str, Any], faults: list[Fault]) -> dict[str, Any]:
    normal: dict[str, Any] = {}
    for name in kind.subject_ids:
        if isinstance(given := data.get(name), list):
            places = enumerate(given)
            normal[name] = [_normal_id(text, pointer("data", name, place), faults) for place, text in places]
        elif given is not None:
            normal[name] = _normal_id(given, pointer("data", name), faults)
    return normal


def _normal_plates(kind: EventType, data: dict[str, Any]) -> dict[str, str]:
    """The plates that are such; any other text stays as it is."""
    given = {name: normalise_plate(data[name]) for name in kind.plates if name in data}
    return {name: plate for name, plate in given.items() if plate_type(plate)}


def _normal_id(text: str, at: str, faults: list[Fault]) -> str:
    """A subject id in its normal form; a fault is added if it is none."""
    normal = normalise_subject_id(text)
    try:
        parse_subject_id(normal)
    except ValueError as error:
        faults.append(Fault(at, str(error)))
    return normal


def _date_faults(kind: EventType, data: dict[str, Any], today: date) -> list[Fault]:
    days = {name: date.fromisoformat(data[name]) for name in kind.days if name in data}
    early = [name for name, day in days.items() if day < EARLIEST]
    late = [name for name, day in days.items() if day > today and name in kind.past_days]
    return [
        *(Fault(pointer("data", name), f"must not be before {EARLIEST}") for name in early),
        *(Fault(pointer("data", name), f"must not be later than today in Shanghai, {today}") for name in late),
    ]


def _time_faults(time: str, now: datetime) -> list[Fault]:
    moment = datetime.fromisoformat(time)
    if moment > now + MOST_AHEAD:
        here = now.astimezone(SHANGHAI).isoformat(timespec="seconds")
        return [Fault("/time", f"must not be more than a day ahead of now, {here}")]
    if moment < datetime(EARLIEST.year, EARLIEST.month, EARLIEST.day, tzinfo=SHANGHAI):
        return [Fault("/time", f"must not be before {EARLIEST}")]
    return []
