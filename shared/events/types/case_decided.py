"""A case was decided 作出处罚决定 (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example, not_before
from shared.events.fields import Choice, Part, Several, Wire
from shared.events.texts import Day, PastDay, Plate, Prose, Text

CASE_DECIDED = "cn.chengxin.case.decided.v1"


class CaseDecided(Wire):
    """The content of a case."""

    case_no = parts.case_no()
    violation_code = parts.violation_code()
    severity = parts.severity()
    occurred_on = PastDay(what="Day of the act 违法行为发生日")
    decided_on = PastDay(what="Day of the decision 决定日, not before occurred_on")
    region = parts.region()
    officers = parts.people("Officers 执法人员 who handled the case")
    decision_no = Text(parts.MOST_NUMBER, required=False, what="Number of the decision document 决定书文号")
    organ = Part(parts.Organ, required=False, what="Organ that decided")
    procedure = Choice("simple", "ordinary", required=False, what="简易程序, 普通程序")
    penalties = Several(Part(parts.Penalty), 0, 20, required=False, what="Penalties of the decision")
    served_on = PastDay(required=False, what="Day of service 送达日")
    pay_by = Day(required=False, what="Last day to pay")
    power_item = Text(64, required=False, what="Code of the administrative power item 权力事项")
    vehicle = Plate(required=False, what="Number plate of the vehicle 号牌")
    inspection_id = parts.inspection_id(required=False)
    facts = Prose(5000, required=False, what="Facts established 违法事实")
    own_code = parts.own_code()
    summary = Prose(1000, required=False, what="Summary 案情摘要")


EXAMPLE = {
    "case_no": "盐都城管罚字〔2026〕第0001号",
    "violation_code": "SP-03",
    "severity": "general",
    "occurred_on": "2026-01-28",
    "decided_on": "2026-02-01",
    "region": "320902001001",
    "officers": ["320902-0101", "320902-0102"],
    "decision_no": "盐都城管罚决字〔2026〕第0001号",
    "organ": {"code": "11320900014354934F", "name": "盐城市城市管理局"},
    "procedure": "ordinary",
    "penalties": [
        {"kind": "罚款", "amount_cents": 20000, "content": "罚款人民币贰佰元整"},
        {"kind": "警告"},
    ],
    "served_on": "2026-02-02",
    "pay_by": "2026-02-17",
    "power_item": "0200174000",
    "vehicle": "苏J12345",
    "inspection_id": "查-2026-0007",
    "own_code": "CG-0312",
    "facts": "当事人超出门窗占用人行道摆放商品，经劝导未改正。",
    "summary": "出店经营",
}

EVENT = EventType(
    name=CASE_DECIDED,
    topic="enforcement",
    does="Makes a case with its content; it counts from the day of the decision.",
    data=CaseDecided,
    rules=(not_before("decided_on", "occurred_on"),),
    example=example(CASE_DECIDED, "shop:92320902MA1N00026Y-01", "2026-02-01T10:00:00+08:00", EXAMPLE),
)
