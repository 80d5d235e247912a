"""Events of a made-up city for the benchmarks: many subjects, a handful of facts each."""

from __future__ import annotations

import random
from datetime import date, timedelta

from shared.events.envelope import Event

SOURCE = "urn:chengxin:organ:320902"


def events(number: int, subjects: int, seed: int = 1) -> list[Event]:
    """So many events of so many shops, the same for the same seed."""
    chance = random.Random(seed)
    return [_event(index, chance, subjects) for index in range(number)]


def _event(index: int, chance: random.Random, subjects: int) -> Event:
    subject = f"shop:92320902MA1N{chance.randrange(subjects):05d}Y-01"
    day = (date(2026, 1, 1) + timedelta(days=chance.randrange(300))).isoformat()
    common = {"region": "320902001001"}
    if chance.random() < 0.5:
        kind = "inspection.completed"
        data = {"inspection_id": f"查-{index}", "result": "01", "findings": [], "inspected_on": day}
        data |= {"inspectors": ["320902-0101", "320902-0203"]}
    else:
        kind = "case.decided"
        data = {"case_no": f"亭城管罚字〔2026〕第{index}号", "violation_code": "SP-03", "severity": "general"}
        data |= {"occurred_on": day, "decided_on": day, "officers": ["320902-0101", "320902-0102"]}
    return Event(f"e-{index}", SOURCE, f"cn.chengxin.{kind}.v1", subject, f"{day}T10:00:00+08:00", data | common)
