"""An organ entered what its own codes mean 自编码对照表."""

from __future__ import annotations

from shared.events import parts
from shared.events.attributes import MOST_CHARACTERS, Source
from shared.events.event_type import EventType, example
from shared.events.fields import Part, Several, Wire
from shared.events.texts import Text

CODE_TABLE_ENTERED = "cn.chengxin.code_table.entered.v1"
MOST_CODES = 1_000


class OwnCode(Wire):
    """One entry."""

    own_code = Text(64, what="Code by which the organ has it 自编码")
    violation_code = parts.violation_code()


class CodeTableEntered(Wire):
    """The whole table of a source."""

    source = Source(MOST_CHARACTERS, what="Source of the events that have these codes")
    codes = Several(Part(OwnCode), 1, MOST_CODES, what="Its entries, by own code")
    by = Text(200, what="Who entered it")


EVENT = EventType(
    name=CODE_TABLE_ENTERED,
    topic="access",
    does="Has a source's own codes turned into violation codes from now on.",
    data=CodeTableEntered,
    subject="code-table:{source}",
    elsewhere="enter tables with `PUT /v1/code-tables`",
    example=example(
        CODE_TABLE_ENTERED,
        "code-table:urn:chengxin:organ:320902",
        "2026-02-01T10:00:00+08:00",
        {
            "source": "urn:chengxin:organ:320902",
            "codes": [{"own_code": "CG-0312", "violation_code": "SP-03"}],
            "by": "key:0a1b2c3d4e5f",
        },
    ),
)
