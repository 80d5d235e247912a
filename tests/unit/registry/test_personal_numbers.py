"""Numbers of persons are found in what is written, and nothing else is taken for one."""

import pytest

from shared.registry.personal_numbers import personal_number

CARD, PHONE = "公民身份号码", "手机号码"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("经营者 11010519491231002X 已去世", CARD),
        ("经营者11010519491231002x，已去世", CARD),
        ("１１０１０５１９４９１２３１００２Ｘ", CARD),
        ("电话 13912345678", PHONE),
        ("电话：+86 139-1234-5678。", PHONE),
        ("电话１３９１２３４５６７８", PHONE),
    ],
)
def test_a_number_of_a_person_is_named(text, what):
    assert what in personal_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "名录有误",
        "shop:92320902MA1N00026Y-01",
        "案号 110105194912310021",  # the check character is another
        "110105194913310020",  # no such day
        "0f" * 32,
        "盐城管罚决字〔2026〕第13912345678901号",
        "0515-88123456",
    ],
)
def test_other_numbers_are_not(text):
    assert personal_number(text) is None
