"""Credit repair was granted 信用修复 (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Wire
from shared.events.texts import PastDay, Text

CREDIT_REPAIRED = "cn.chengxin.credit.repaired.v1"


class CreditRepaired(Wire):
    target = Text(parts.MOST_NUMBER, what="case_no or inspection_id of what is repaired")
    granted_on = PastDay(what="Day of the grant")
    instrument_no = parts.instrument_no()


EVENT = EventType(
    name=CREDIT_REPAIRED,
    topic="enforcement",
    does="Ends a case or the findings of an inspection early, where the rulebook allows it.",
    data=CreditRepaired,
    example=example(
        CREDIT_REPAIRED,
        "shop:92320902MA1N00026Y-01",
        "2026-05-06T10:00:00+08:00",
        {
            "target": "盐都城管罚字〔2026〕第0001号",
            "granted_on": "2026-05-06",
            "instrument_no": "信修〔2026〕11号",
        },
    ),
)
