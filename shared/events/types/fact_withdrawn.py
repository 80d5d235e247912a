"""A fact was withdrawn 撤回 (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.attributes import MOST_CHARACTERS
from shared.events.event_type import EventType, example
from shared.events.fields import Choice, Wire
from shared.events.texts import Text

FACT_WITHDRAWN = "cn.chengxin.fact.withdrawn.v1"


class FactWithdrawn(Wire):
    source = Text(MOST_CHARACTERS, what="Source of the event withdrawn")
    id = Text(MOST_CHARACTERS, what="Id of the event withdrawn")
    ground = Choice("entered_in_error", "annulled", "false_commitment", what="录入错误, 撤销, 虚假承诺")
    instrument_no = parts.instrument_no()


EVENT = EventType(
    name=FACT_WITHDRAWN,
    topic="enforcement",
    does="Takes an inspection, credit or fleet fact out as if it had never been; cases are revoked or amended instead.",
    data=FactWithdrawn,
    example=example(
        FACT_WITHDRAWN,
        "hauler:91320903MA1P000364",
        "2026-02-20T10:00:00+08:00",
        {
            "source": "urn:chengxin:organ:320902",
            "id": "fleet.declared-0001",
            "ground": "entered_in_error",
            "instrument_no": "盐都城管更〔2026〕3号",
        },
    ),
)
