"""The columns of the exchange table of administrative penalties 行政处罚, with what each may hold. Pure.

The names are those of the exchange; the fields of documents of identity are part of it and stay empty here: no event
brings them, and they would be for the exchange alone, never for a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from shared.credit.masking import personal_numbers
from shared.registry.credit_code import check_code

Row = Mapping[str, str]
Rule = Callable[[str], str | None]
"""What is wrong with a text; None where nothing is."""

CATEGORIES = LEGAL, INDIVIDUAL = "法人及非法人组织", "个体工商户"
UNIFIED = 18
"""Characters of a unified social credit code (GB 32100)."""
CODE_OF_INDIVIDUALS = "92"
"""With these digits begin the credit codes of 个体工商户 (GB 32100: market supervision, category 2)."""


class Column(NamedTuple):
    """A column: its name, its heading, how many characters it has at most, whether it may be empty, and its rule."""

    name: str
    heading: str
    most: int
    required: bool = False
    rule: Rule = lambda _: None


def _day(text: str) -> str | None:
    try:
        date.fromisoformat(text)
    except ValueError:
        return "必须是日期 YYYY-MM-DD (must be a date)"
    return None


def _credit_code(text: str) -> str | None:
    if len(text) != UNIFIED:
        return "必须是18位统一社会信用代码 (must be a unified social credit code of 18 characters)"
    try:
        check_code(text)
    except ValueError as error:
        return f"校验位不符 ({error})"
    return None


_AMOUNT = re.compile(r"[0-9]{1,12}\.[0-9]{6}")


def _amount(text: str) -> str | None:
    try:
        fits = bool(_AMOUNT.fullmatch(text)) and Decimal(text) >= 0
    except InvalidOperation:
        fits = False
    return None if fits else "必须以万元为单位、六位小数 (must be in 万元, with six decimals)"


_KINDS = (
    "警告", "通报批评", "罚款", "没收违法所得", "没收非法财物", "暂扣许可证件", "降低资质等级", "吊销许可证件",
    "限制开展生产经营活动", "责令停产停业", "责令关闭", "限制从业", "行政拘留",
)  # fmt: skip
_OTHER = "其他"


def _kinds(text: str) -> str | None:
    wrong = [each for each in text.split("；") if each not in _KINDS and not each.startswith(_OTHER)]
    if not wrong:
        return None
    return f"必须是行政处罚法第九条的种类或以“其他”开头，不是{'、'.join(wrong)} (must be kinds of article 9, or 其他…)"


_NUMBER = re.compile("[^〔〕]{1,60}〔(?:19|20)[0-9]{2}〕[^〔〕]{0,10}?[0-9]{1,10}号")


def _document(text: str) -> str | None:
    return None if _NUMBER.fullmatch(text) else "必须形如 盐城管罚决字〔2026〕第1号 (must have the form of a number)"


def _facts(text: str) -> str | None:
    found = personal_numbers(text)
    return f"不得有{'、'.join(found)} (must not have these)" if found else None


def _category(text: str) -> str | None:
    return None if text in CATEGORIES else f"必须是{LEGAL}或{INDIVIDUAL} (must be one of these)"


COLUMNS = (
    Column("cf_xdr_mc", "行政相对人名称", 200, True),
    Column("cf_xdr_lb", "行政相对人类别", 100, True, _category),
    Column("cf_xdr_shxym", "统一社会信用代码", 32, False, _credit_code),
    Column("cf_xdr_gszc", "工商注册号", 50),
    Column("cf_xdr_zzjg", "组织机构代码", 50),
    Column("cf_xdr_swdj", "税务登记号", 50),
    Column("cf_xdr_sydw", "事业单位证书号", 50),
    Column("cf_xdr_shzz", "社会组织登记证号", 50),
    Column("cf_frdb", "法定代表人", 50),
    Column("cf_fr_zjlx", "法定代表人证件类型", 50),
    Column("cf_fr_sfzh", "法定代表人证件号码", 50),
    Column("cf_xdr_zjlx", "自然人证件类型", 50),
    Column("cf_xdr_zjhm", "自然人证件号码", 50),
    Column("cf_wsh", "行政处罚决定书文号", 128, True, _document),
    Column("cf_wfxw", "违法行为类型", 2000, True),
    Column("cf_sy", "违法事实", 5000, True, _facts),
    Column("cf_yj", "处罚依据", 2048, True),
    Column("cf_cflb", "处罚类别", 100, True, _kinds),
    Column("cf_nr", "处罚内容", 4000, True),
    Column("cf_nr_fk", "罚款金额（万元）", 19, False, _amount),
    Column("cf_nr_wfff", "没收违法所得、没收非法财物的金额（万元）", 19, False, _amount),
    Column("cf_nr_zkdx", "暂扣或吊销证照名称及编号", 200),
    Column("cf_jdrq", "处罚决定日期", 10, True, _day),
    Column("cf_yxq", "处罚有效期", 10, False, _day),
    Column("cf_gsjzq", "公示截止期", 10, True, _day),
    Column("cf_cfjg", "处罚机关", 200, True),
    Column("cf_cfjgdm", "处罚机关统一社会信用代码", 18, True, _credit_code),
    Column("cf_sjly", "数据来源单位", 200, True),
    Column("cf_sjlydm", "数据来源单位统一社会信用代码", 18, True, _credit_code),
    Column("bz", "备注", 4000),
)
NAMED = {column.name: column for column in COLUMNS}
NAMES = tuple(NAMED)


def cell_faults(row: Row) -> Iterator[tuple[Column, str]]:
    """What is wrong with cells of a row, each alone."""
    for column in COLUMNS:
        if message := _wrong(column, row.get(column.name, "")):
            yield column, message


def _wrong(column: Column, text: str) -> str | None:
    if not text:
        return "必填 (is required)" if column.required else None
    if len(text) > column.most:
        return f"最多{column.most}个字符 (has {len(text)} characters, at most {column.most})"
    return column.rule(text)
