"""A subject was entered in the register or changed there 主体登记 (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Choice, Several, Wire
from shared.events.texts import Day, SubjectId, Text

SUBJECT_UPSERTED = "cn.chengxin.subject.upserted.v1"


class SubjectUpserted(Wire):
    name = Text(200, what="Name 名称")
    region = parts.region()
    status = Choice("open", "closed", what="开业, 歇业或注销")
    legal_form = Choice("enterprise", "individual", required=False, what="企业, 个体工商户")
    operator = Text(100, required=False, what="Operator 经营者")
    address = Text(300, required=False, what="Address of the premises 经营场所")
    road = Text(100, required=False, what="Road 路段")
    grid = Text(64, required=False, what="Code of the grid cell 网格")
    former_ids = Several(SubjectId(), 0, 20, distinct=True, required=False, what="Subject ids it had before")
    opened_on = Day(required=False)
    closed_on = Day(required=False)


EVENT = EventType(
    name=SUBJECT_UPSERTED,
    topic="registry",
    does="Sets a subject's entry in the register; the latest time wins, and no score changes.",
    data=SubjectUpserted,
    example=example(
        SUBJECT_UPSERTED,
        "shop:92320902MA1N00026Y-01",
        "2025-12-20T10:00:00+08:00",
        {
            "name": "盐都区李记土菜馆",
            "region": "320902001001",
            "status": "closed",
            "legal_form": "individual",
            "operator": "李某",
            "address": "盐城市盐都区解放南路1号",
            "road": "解放南路",
            "grid": "320902001001-03",
            "former_ids": ["shop:92320902MA1N00026Y-02"],
            "opened_on": "2019-05-01",
            "closed_on": "2025-12-19",
        },
    ),
)
