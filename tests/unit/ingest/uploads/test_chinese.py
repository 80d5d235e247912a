"""Every fault that a row or a file can have is told to a clerk in Chinese."""

import re

import pytest

from services.ingest.doubt import CODES
from services.ingest.uploads.cells import LOST
from services.ingest.uploads.chinese import chinese
from services.ingest.uploads.columns import SORTS
from services.ingest.uploads.rows import event_in
from services.ingest.uploads.verdict import EXAMPLE
from shared.events.envelope import Event
from tests.unit.ingest.uploads.test_rows import NOW, SOURCE, row

JUNK = [
    "",
    "x" * 200,
    "字" * 6000,
    "2026-02-30",
    "2027-01-01",
    "1989-01-01",
    "9999-12-31",
    "320902",
    LOST,
    "a\tb",
    "\0",
]
CODES_OF_LAW = ["92320902MA1N00026X", "9232090", "320902600000001", "12345678901234A", "I2320902MA1N00026Y"]
CELLS = [*JUNK, *CODES_OF_LAW, "9999999999", "320902-0101、320902-0101"]
COUNTED = "of the two this one counts; x", "of the two the other one counts; x", "one may be granted from 2026-09-01 on"


def untold(message):
    return chinese(message) == message or re.search("[a-z]{3} [a-z]{2}", chinese(message))


@pytest.mark.parametrize("sort", SORTS.values(), ids=list(SORTS))
def test_every_fault_of_a_row(sort):
    rows = [row(sort, **{column.member: cell}) for column in sort.columns for cell in CELLS]
    found = [event_in(sort, each, SOURCE, NOW) for each in rows]
    messages = {fault.message for faults in found if not isinstance(faults, Event) for fault in faults}
    assert len(messages) > 20
    assert not [message for message in messages if untold(message)]


@pytest.mark.parametrize("doubt", [f"{said}: {why}" for said in CODES.values() for why in COUNTED])
def test_every_doubt(doubt):
    assert not untold(doubt)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            "must lie in 320902 or 320903: the key is for no other region",
            "应在 320902、320903 以内：本密钥不能用于其他地区",
        ),
        ("must not be before 违法行为发生日 (2026-02-01)", "不得早于违法行为发生日（2026-02-01）"),
        ("must be 轻微 or 一般 or 严重", "应为轻微、一般、严重之一"),
        ("stands in row 2 too; each has one of its own", "与第 2 行重复；每条记录应有各自的编号"),
        (EXAMPLE, "是模板中的示例：请改写或删除"),
        ("what nobody has thought of", "what nobody has thought of"),
    ],
)
def test_what_is_said(message, said):
    assert chinese(message) == said
