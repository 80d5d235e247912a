"""Cursors and limits, as strangers may write them."""

from __future__ import annotations

import base64

import pytest
from flask import Flask, Response
from marshmallow import Schema, ValidationError

from shared.web.paging import DEFAULT, MOST, Cursor, Limit, cursor_of, link_next


class Asked(Schema):
    limit = Limit()
    cursor = Cursor()


def test_a_cursor_gives_what_it_was_made_of():
    assert Asked().load({"cursor": cursor_of("shop:92320902MA1N00026Y-01")})["cursor"] == "shop:92320902MA1N00026Y-01"


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "?",
        "店",
        "a",
        cursor_of("shop:12").rstrip("="),
        cursor_of("shop:1") + "A",
        "c2hvcDox ",
        "YR==",  # other bits where none count
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        cursor_of("a" * 600),
    ],
)
def test_what_no_page_has_given_is_refused(cursor):
    with pytest.raises(ValidationError) as raised:
        Asked().load({"cursor": cursor})
    assert list(raised.value.messages) == ["cursor"]


@pytest.mark.parametrize("limit", ["0", str(MOST + 1), "-1", "1.0", " 1", "1_0", "２", "9" * 5000, ""])
def test_a_limit_is_a_number_within_bounds(limit):
    with pytest.raises(ValidationError) as raised:
        Asked().load({"limit": limit})
    assert list(raised.value.messages) == ["limit"]


def test_without_a_limit_there_is_one():
    assert Asked().load({}) == {"limit": DEFAULT}


def test_the_link_leads_on_with_the_same_question():
    response = Response()
    with Flask("t").test_request_context("/v1/things?name=%E5%BA%97&cursor=old"):
        link_next(response, "new")
    assert response.headers["Link"] == '</v1/things?name=%E5%BA%97&cursor=new>; rel="next"'
