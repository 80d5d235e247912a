"""An inspector was entered in the register or changed there 执法人员 (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Choice, Several, Wire
from shared.events.texts import Day, SubjectId, Text

INSPECTOR_UPSERTED = "cn.chengxin.inspector.upserted.v1"


class InspectorUpserted(Wire):
    inspector_id = Text(64, what="The id that cases and inspections name among officers and inspectors")
    name = Text(100, what="Name 姓名")
    department = Text(200, what="Department 所属单位")
    region = parts.region()
    role = Choice("officer", "assistant", what="执法人员, 协管人员")
    certificate_no = Text(64, what="Number of the law enforcement certificate 执法证号")
    valid_until = Day(what="Last day of the certificate")
    status = Choice("active", "suspended", "left", what="在岗, 暂停, 离岗")
    recused_from = Several(
        SubjectId(), 0, 500, distinct=True, required=False, what="Subjects that he never inspects 回避"
    )


EVENT = EventType(
    name=INSPECTOR_UPSERTED,
    topic="registry",
    does="Sets an inspector's entry in the register; the latest time wins.",
    data=InspectorUpserted,
    subject="inspector:{inspector_id}",
    example=example(
        INSPECTOR_UPSERTED,
        "inspector:320902-0101",
        "2026-01-04T09:00:00+08:00",
        {
            "inspector_id": "320902-0101",
            "name": "王某",
            "department": "盐都区综合行政执法大队",
            "region": "320902000000",
            "role": "officer",
            "certificate_no": "苏10090020101",
            "valid_until": "2028-12-31",
            "status": "active",
            "recused_from": ["sanitation:91320902MA1TE5T18M"],
        },
    ),
)
