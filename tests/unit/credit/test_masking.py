"""What identifies a person is not in a public text, and what does not is left as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.lookup.answers import of_summary
from services.lookup.question import Question
from services.lookup.reading import Head
from shared.credit.facts import Fact
from shared.credit.masking import masked_name, masked_text, personal_numbers
from shared.credit.rulebook import Rulebooks
from shared.credit.summary import summarise
from shared.events.types.subject_upserted import SUBJECT_UPSERTED
from shared.rulebooks.loader import SHIPPED, load_directory

SHOP, RECORDED = "shop:92320902MA1N00026Y-01", datetime(2026, 3, 1, tzinfo=UTC)
ENTRY = {"name": "李记土菜馆 13812345678", "region": "320902001001", "status": "open"}
REGISTERED = Fact("urn:a", "r-1", SUBJECT_UPSERTED, SHOP, "2026-03-01T10:00:00+08:00", ENTRY, RECORDED)

PERSONAL = [
    "11010519491231002X",
    "110105 19491231 002x",
    "１１０１０５１９４９１２３１００２Ｘ",
    "13812345678",
    "138-1234-5678",
    "+86 13812345678",
    "１３８１２３４５６７８",
    "0515-88123456",
    "6222021234567890123",
    "zhang.san@example.com",
    "zhang.san＠example.com",
    "138 - 1234 - 5678",
    "138，1234，5678",
    "138/1234/5678",
    "一三八一二三四五六七八",
    "①③⑧①②③④⑤⑥⑦⑧",
    "138\u200b1234\u200b5678",
]
TOLD = {
    "请打88123456找我": "请打********找我",
    "座机 8812 3456": "座机 *********",
    "我的车苏J12345不在": "我的车苏J12**5不在",
    "苏J·12345当日停驶": "苏J·12**5当日停驶",
    "苏JD12345和苏J12345F": "苏JD1***5和苏J12***F",
    "苏J·1234挂": "苏J·12**挂",
    "我住解放南路1号3幢501室": "我住解放南路*号*幢***室",
    "住在幸福小区12-3号楼二单元五〇一室": "住在幸福小区****号楼*单元***室",
    "人民路88弄6号": "人民路**弄*号",
}
HARMLESS = [
    "2026-02-10 已整改",
    "罚款 20000 元",
    "盐都城管罚字〔2026〕第0001号",
    "91320902MA1N00026Y",
    "门前三包",
    "20260210 已整改",
    "罚款 2000000 元",
    "6月12号已整改",
    "盐都城管罚字〔2026〕12号",
    "决定书3000123号",
    "办公室和教室",
]


@pytest.mark.parametrize("number", PERSONAL)
def test_numbers_of_persons_are_found_and_hidden(number):
    text = f"经营者电话：{number}，请联系"
    assert personal_numbers(text)
    hidden = masked_text(text)
    assert number not in hidden
    assert len(hidden) == len(text)
    assert masked_name(text) == hidden
    assert hidden.startswith("经营者电话：")
    assert hidden.endswith("，请联系")
    assert personal_numbers(hidden) == []


@pytest.mark.parametrize("text", HARMLESS)
def test_other_numbers_stay(text):
    assert personal_numbers(text) == []
    assert masked_text(text) == text
    assert masked_name(text) == text


@pytest.mark.parametrize(("text", "shown"), TOLD.items())
def test_of_what_is_told_plates_houses_and_rooms_are_hidden_too(text, shown):
    assert masked_text(text) == shown
    assert personal_numbers(text) == []  # it may be filed: clerks have to know which car and which house


@pytest.mark.parametrize("name", ["人民路88号便利店", "苏J12345洗车行", "李记88888888"])
def test_a_name_is_what_it_is_registered_as(name):
    assert masked_name(name) == name


@given(st.text(max_size=80) | st.text("苏J·0123456789号幢室路 -＠@.x", max_size=30))
def test_masking_once_is_masking_for_good(text):
    assert masked_text(masked_text(text)) == masked_text(text)
    assert bool(personal_numbers(text)) == (masked_name(text) != text)


def test_no_sort_tells_the_number():
    assert all("138" not in sort for sort in personal_numbers("13812345678"))


def test_a_number_beside_a_registered_name_is_not_shown_to_the_public():
    names = {audience: shown_name(audience) for audience in ("public", "subject", "internal")}
    assert names == {
        "public": f"李记土菜馆 {'*' * 11}",
        **dict.fromkeys(("subject", "internal"), "李记土菜馆 13812345678"),
    }


def shown_name(audience):
    day = date(2026, 3, 2)
    question = Question(SHOP, audience, "public", day, day, None)
    summary, _ = summarise(SHOP, [REGISTERED], Rulebooks(load_directory(SHIPPED)), day)
    return of_summary(question, Head(summary, 1, day.toordinal(), RECORDED))["name"]
