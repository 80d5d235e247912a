"""A subject was commended 表彰 (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Wire
from shared.events.texts import PastDay, Text

CREDIT_COMMENDED = "cn.chengxin.credit.commended.v1"


class CreditCommended(Wire):
    commendation_no = Text(parts.MOST_NUMBER, what="Number of the commendation 表彰文号")
    commendation_code = Text(64, what="Code of the commendation in the rulebook of the subject's kind")
    granted_on = PastDay(what="Day of the commendation")


EVENT = EventType(
    name=CREDIT_COMMENDED,
    topic="enforcement",
    does="Gives the bonus of a commendation for as long as the rulebook says.",
    data=CreditCommended,
    example=example(
        CREDIT_COMMENDED,
        "sanitation:91320902MA1TE5T18M",
        "2026-03-01T10:00:00+08:00",
        {"commendation_no": "盐城管奖〔2026〕1号", "commendation_code": "BN-01", "granted_on": "2026-03-01"},
    ),
)
