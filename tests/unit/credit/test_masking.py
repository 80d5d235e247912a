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
from shared.credit.masking import masked_text, personal_numbers
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
]
HARMLESS = [
    "2026-02-10 已整改",
    "罚款 20000 元",
    "盐都城管罚字〔2026〕第0001号",
    "苏J12345",
    "91320902MA1N00026Y",
    "门前三包",
]


@pytest.mark.parametrize("number", PERSONAL)
def test_numbers_of_persons_are_found_and_hidden(number):
    text = f"经营者电话：{number}，请联系"
    assert personal_numbers(text)
    hidden = masked_text(text)
    assert number not in hidden
    assert len(hidden) == len(text)
    assert hidden.startswith("经营者电话：")
    assert hidden.endswith("，请联系")
    assert personal_numbers(hidden) == []


@pytest.mark.parametrize("text", HARMLESS)
def test_other_numbers_stay(text):
    assert personal_numbers(text) == []
    assert masked_text(text) == text


@given(st.text(max_size=80))
def test_masking_once_is_masking_for_good(text):
    assert masked_text(masked_text(text)) == masked_text(text)
    assert bool(personal_numbers(text)) == (masked_text(text) != text)


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
