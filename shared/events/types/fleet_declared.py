"""A fleet was declared 车辆数申报 (SCORING.md section 1)."""

from __future__ import annotations

from shared.events.event_type import EventType, example
from shared.events.fields import Int, Wire
from shared.events.texts import PastDay

FLEET_DECLARED = "cn.chengxin.fleet.declared.v1"


class FleetDeclared(Wire):
    declared_on = PastDay(what="Day of the declaration; it holds for acts from this day on")
    vehicles = Int(1, 100_000, what="Number of vehicles")


EVENT = EventType(
    name=FLEET_DECLARED,
    topic="enforcement",
    does="Sets the size of a fleet, which scales the points of later acts.",
    data=FleetDeclared,
    example=example(
        FLEET_DECLARED,
        "hauler:91320903MA1P000364",
        "2026-01-01T09:00:00+08:00",
        {"declared_on": "2026-01-01", "vehicles": 120},
    ),
)
