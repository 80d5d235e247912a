"""The decision of a case was revoked 撤销 (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Choice, Wire
from shared.events.texts import PastDay

CASE_REVOKED = "cn.chengxin.case.revoked.v1"


class CaseRevoked(Wire):
    case_no = parts.case_no()
    revoked_on = PastDay(what="Day of the revocation")
    ground = Choice("reconsideration", "litigation", "self_correction", what="行政复议, 行政诉讼, 自行纠正")
    instrument_no = parts.instrument_no()


EVENT = EventType(
    name=CASE_REVOKED,
    topic="enforcement",
    does="Revokes a case for good and from the start.",
    data=CaseRevoked,
    example=example(
        CASE_REVOKED,
        "shop:92320902MA1N00026Y-01",
        "2026-02-20T10:00:00+08:00",
        {
            "case_no": "盐都城管罚字〔2026〕第0001号",
            "revoked_on": "2026-02-20",
            "ground": "reconsideration",
            "instrument_no": "盐都行复〔2026〕7号",
        },
    ),
)
