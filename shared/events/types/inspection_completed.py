"""An inspection was completed 检查完成 (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Choice, Part, Several, Wire
from shared.events.texts import PastDay, Text

INSPECTION_COMPLETED = "cn.chengxin.inspection.completed.v1"

RESULTS = {
    "01": "未发现问题",
    "02": "发现问题已当场改正",
    "03": "责令限期改正",
    "04": "发现问题待后续处理（立案）",
    "05": "不配合检查情节严重",
    "06": "无法联系",
    "07": "未发现本次涉及的经营活动",
    "08": "关闭停业、注销、迁出",
    "09": "移送其他部门",
}
"""The official list of results 检查结果."""


class InspectionCompleted(Wire):
    inspection_id = parts.inspection_id()
    result = Choice(*RESULTS, what="; ".join(f"{code} {name}" for code, name in RESULTS.items()))
    findings = Several(Part(parts.Finding), 0, 100, what="Violations found; empty where there was none")
    inspected_on = PastDay(what="Day of the inspection 检查日")
    region = parts.region()
    inspectors = parts.people("Inspectors 检查人员")
    draw_id = Text(parts.MOST_NUMBER, required=False, what="Draw 抽查 that chose the subject")
    origin = Choice("draw", "complaint", "routine", "transfer", required=False, what="抽查, 投诉, 日常, 移送")
    action = Text(200, required=False, what="What follows 后续处理")


EVENT = EventType(
    name=INSPECTION_COMPLETED,
    topic="inspection",
    does="Makes an inspection; each finding counts like a case, a clean one may give a bonus.",
    data=InspectionCompleted,
    example=example(
        INSPECTION_COMPLETED,
        "sanitation:91320902MA1TE5T18M",
        "2026-01-28T15:40:00+08:00",
        {
            "inspection_id": "查-2026-0007",
            "result": "03",
            "findings": [{"violation_code": "HW-03", "severity": "minor"}],
            "inspected_on": "2026-01-28",
            "region": "320902001001",
            "inspectors": ["320902-0101", "320902-0203"],
            "draw_id": "2026-01-shop-general",
            "origin": "draw",
            "action": "责令三日内改正",
        },
    ),
)
