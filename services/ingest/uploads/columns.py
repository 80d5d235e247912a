"""The tables that are taken: their columns, by the headings that organs use. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from services.ingest.uploads.cells import Form, cents, day, findings, people, premises, prose, text, word
from shared.events.types.case_decided import CASE_DECIDED
from shared.events.types.inspection_completed import INSPECTION_COMPLETED, RESULTS
from shared.events.types.subject_upserted import SUBJECT_UPSERTED
from shared.registry.kinds import KINDS

_KINDS = {kind.chinese: kind.name for kind in KINDS.values()}
_SEVERITIES = {"轻微": "minor", "一般": "general", "严重": "serious"}
_PROCEDURES = {"简易程序": "simple", "普通程序": "ordinary"}
_ORIGINS = {"抽查": "draw", "投诉": "complaint", "日常": "routine", "移送": "transfer"}
_STATES = {"开业": "open", "歇业": "closed", "注销": "closed", "停业": "closed", "歇业或注销": "closed"}
_FORMS = {"企业": "enterprise", "个体工商户": "individual"}
_RESULTS = {name: code for code, name in RESULTS.items()}


class Column(NamedTuple):
    """`member` is that of the event's data, or of what a row makes of several cells (`rows.py`)."""

    heading: str
    member: str
    form: Form
    example: str
    says: str
    required: bool = True


@dataclass(frozen=True)
class Sort:
    """A sort of table: what its rows are. `day` is the column of which day the event is, `number` what it states."""

    name: str
    chinese: str
    type: str
    day: str
    number: str | None
    columns: tuple[Column, ...]

    def heading_of(self, member: str) -> str:
        """The heading of a member."""
        return next((each.heading for each in self.columns if each.member == member), "")


def _subject(kind: str, code: str) -> tuple[Column, ...]:
    return (
        Column("主体类别", "kind", word(_KINDS), kind, " / ".join(_KINDS)),
        Column("统一社会信用代码", "code", text, code, "18 位统一社会信用代码，或 15 位注册号；单元格设为文本格式"),
        Column("门店序号", "premises", premises, "01", "同一主体有多处门店时的 2 至 4 位序号", required=False),
    )


_REGION = Column("区划代码", "region", text, "320902001001", "12 位行政区划代码")
_ID = Column("记录编号", "id", text, "", "本单位系统内的唯一编号；不填则由案号等生成", required=False)


def _optional(heading: str, member: str, form: Form, example: str, says: str) -> Column:
    return Column(heading, member, form, example, says, required=False)


CASES = Sort(
    "cases",
    "行政处罚案件",
    CASE_DECIDED,
    "decided_on",
    "case_no",
    (
        *_subject("沿街商铺", "92320902MA1N00026Y"),
        Column("案号", "case_no", text, "亭城管罚字〔2026〕第101号", "全市唯一"),
        Column("违规代码", "violation_code", text, "SP-03", "评价标准中的代码，或已登记对照表的自编码"),
        Column("严重程度", "severity", word(_SEVERITIES), "一般", " / ".join(_SEVERITIES)),
        Column("违法行为发生日", "occurred_on", day, "2026-02-01", "年-月-日"),
        Column("决定日", "decided_on", day, "2026-02-03", "年-月-日，不早于违法行为发生日"),
        _REGION,
        Column("执法人员", "officers", people, "320902-0101、320902-0102", "两名以上执法人员的编号，以顿号分隔"),
        _optional("决定书文号", "decision_no", text, "亭城管罚决字〔2026〕第101号", "行政处罚决定书文号；双公示必填"),
        _optional("处罚机关", "organ_name", text, "盐城市亭湖区城市管理局", "作出决定的机关；双公示必填"),
        _optional("处罚机关代码", "organ_code", text, "11320902MB0000000Q", "其统一社会信用代码；双公示必填"),
        _optional("程序", "procedure", word(_PROCEDURES), "普通程序", " / ".join(_PROCEDURES)),
        _optional("罚款金额（元）", "fine", cents, "200", "最多两位小数"),
        _optional("其他处罚", "others", people, "警告", "罚款以外的处罚种类，以顿号分隔"),
        _optional("送达日", "served_on", day, "2026-02-04", "年-月-日"),
        _optional("缴款期限", "pay_by", day, "2026-02-19", "年-月-日"),
        _optional("权力事项代码", "power_item", text, "0200174000", "权力事项基本编码"),
        _optional("号牌", "vehicle", text, "", "涉案车辆号牌"),
        _optional("检查编号", "inspection_id", text, "", "由哪次检查立案"),
        _optional("违法事实", "facts", prose, "占用人行道摆放商品", "不写身份证号、电话等个人信息"),
        _ID,
    ),
)
INSPECTIONS = Sort(
    "inspections",
    "检查结果",
    INSPECTION_COMPLETED,
    "inspected_on",
    "inspection_id",
    (
        *_subject("沿街商铺", "92320902MA1N00026Y"),
        Column("检查编号", "inspection_id", text, "查-2026-0007", "全市唯一"),
        Column("检查结果", "result", word(_RESULTS), "责令限期改正", " / ".join(_RESULTS)),
        _optional(
            "发现问题", "findings", findings(_SEVERITIES), "SP-03 一般；SP-01 轻微", "代码加严重程度，以分号分隔"
        ),
        Column("检查日", "inspected_on", day, "2026-02-01", "年-月-日"),
        _REGION,
        Column("检查人员", "inspectors", people, "320902-0101、320902-0102", "两名以上检查人员的编号，以顿号分隔"),
        _optional("抽查编号", "draw_id", text, "", "抽中本主体的双随机抽查"),
        _optional("来源", "origin", word(_ORIGINS), "日常", " / ".join(_ORIGINS)),
        _optional("后续处理", "action", text, "责令三日内改正", "简要说明"),
        _ID,
    ),
)
SUBJECTS = Sort(
    "subjects",
    "主体登记",
    SUBJECT_UPSERTED,
    "entered_on",
    None,
    (
        *_subject("沿街商铺", "92320902MA1N00026Y"),
        Column("名称", "name", text, "李记土菜馆", "登记名称"),
        _REGION,
        Column("状态", "status", word(_STATES), "开业", " / ".join(_STATES)),
        Column(
            "变更日期",
            "entered_on",
            day,
            "2026-02-01",
            "本条自何日起为准（非执照登记日）；同一主体以最近一条为准",
        ),
        _optional("类型", "legal_form", word(_FORMS), "个体工商户", " / ".join(_FORMS)),
        _optional("经营者", "operator", text, "", "经营者姓名"),
        _optional("经营场所", "address", text, "解放南路1号", "地址"),
        _optional("路段", "road", text, "解放南路", "路名"),
        _optional("网格", "grid", text, "", "网格编码"),
        _optional("开业日", "opened_on", day, "", "年-月-日"),
        _optional("注销日", "closed_on", day, "", "年-月-日"),
        _ID,
    ),
)
SORTS = MappingProxyType({sort.name: sort for sort in (CASES, INSPECTIONS, SUBJECTS)})
"""By name."""
