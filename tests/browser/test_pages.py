"""The pages, as a citizen, a shop owner and a programmer meet them."""

from __future__ import annotations

import pytest

from tests.browser.conftest import CASE, SHOP

GUIDES = ["/guides/organ.zh", "/guides/organ.en", "/guides/portal.zh", "/guides/portal.en"]


def code_of_a_notice(city):
    asked = {"subject_id": SHOP, "about": "case", "number": CASE}
    status, made = city.ask("/v1/notices", key=city.key, body=asked, kind="application/json")
    assert status == 201, made
    return made["one_time_code"]


def enters(page):
    """Whether the code was taken: for a moment it is not known everywhere."""
    page.click("#exchange button")
    page.wait_for_selector("#keyed:not([hidden]), #fault:not([hidden])")
    return page.is_visible("#keyed")


def test_whoever_scans_the_code_at_the_door_reads_what_is_public(city, tab):
    tab.page.goto(f"{city.address}/subjects/{SHOP}")
    tab.page.wait_for_selector("#found:not([hidden])")
    assert tab.page.inner_text("#name") == "李记土菜馆"
    assert tab.page.inner_text("#kind") == "沿街商铺"
    assert tab.page.inner_text("#grade")
    public = city.ask(f"/v1/subjects/{SHOP}/receipt")[1]["items"]
    assert [each.inner_text() for each in tab.page.query_selector_all("#items td:first-child")] == [
        each["ref"] for each in public
    ]
    assert "李大明" not in tab.page.content()


def test_of_a_subject_that_nobody_knows_it_says_so(city, tab):
    tab.page.goto(f"{city.address}/subjects/shop:92320902MA1N00026Y-99")
    tab.page.wait_for_selector("#fault:not([hidden])")
    assert tab.page.inner_text("#fault") == "没有这个主体的公示记录。"


def test_a_shop_owner_sees_the_item_objects_and_finds_what_became_of_it(city, tab):
    page = tab.page
    page.goto(f"{city.address}/subject-keys#code={code_of_a_notice(city)}")
    assert "code=" not in page.url  # nor in the list of pages that were seen
    city.wait(lambda: enters(page))
    page.wait_for_selector("#items tr")
    assert page.inner_text("#items td:first-child") == CASE
    page.fill("#statement", "电话13812345678")
    page.click("#filing button")
    page.wait_for_selector("#fault:not([hidden])")
    assert "不能写身份证号" in page.inner_text("#fault")
    page.fill("#statement", "当日已停业，非本店所为。")
    page.click("#filing button")
    page.wait_for_selector("#filings tr")
    assert "处理中" in page.inner_text("#filings")
    assert "异议中" in page.inner_text("#items")

    kept = page.inner_text("#key")
    page.goto(f"{city.address}/subject-keys")
    page.fill("#code", kept)
    page.click("#exchange button")
    page.wait_for_selector("#filings tr")
    assert CASE in page.inner_text("#filings")


def test_a_wrong_code_is_told_in_chinese(city, tab):
    tab.page.goto(f"{city.address}/subject-keys#code=cn_000000000000_{'a' * 43}")
    tab.page.click("#exchange button")
    tab.page.wait_for_selector("#fault:not([hidden])")
    assert "验证码" in tab.page.inner_text("#fault")


@pytest.mark.parametrize("path", [*GUIDES, "/docs"])
def test_pages_to_read_break_no_policy(city, tab, path):
    answer = tab.page.goto(city.address + path)
    assert answer.status == 200
    tab.page.wait_for_load_state("networkidle")
    assert tab.page.inner_text("body").strip()
