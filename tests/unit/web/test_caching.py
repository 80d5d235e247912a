from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask, Response

from shared.clock import SHANGHAI
from shared.web.caching import cacheable, seconds_left


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (datetime(2026, 3, 1, 0, 0, tzinfo=SHANGHAI), 86_400),
        (datetime(2026, 3, 1, 23, 59, 59, 500_000, tzinfo=SHANGHAI), 0),
        (datetime(2026, 3, 1, 15, 59, 30, tzinfo=UTC), 30),
        (datetime(2026, 3, 1, 16, 0, 0, tzinfo=UTC), 86_400),
    ],
)
def test_a_day_ends_at_midnight_in_shanghai(now, left):
    assert seconds_left(now) == left


@pytest.mark.parametrize(("private", "word"), [(True, "private"), (False, "public")])
def test_an_answer_never_outlives_its_day_and_depends_on_the_key(private, word):
    with Flask(__name__).test_request_context():
        late = datetime(2026, 3, 1, 15, 59, 30, tzinfo=UTC)
        response = cacheable(Response("x"), "abc", late, private=private)
        assert response.headers["Cache-Control"] == f"{word}, max-age=30, must-revalidate"
        assert response.headers["Vary"] == "Authorization"
        assert response.headers["ETag"] == '"abc"'
        early = cacheable(Response("x"), "abc", datetime(2026, 3, 1, tzinfo=UTC), private=private)
        assert "max-age=60" in early.headers["Cache-Control"]


@pytest.mark.parametrize(("given", "status"), [('"abc"', 304), ('"x", W/"abc"', 304), ("*", 304), ('"abd"', 200)])
def test_who_has_it_already_gets_304_without_a_body(given, status):
    with Flask(__name__).test_request_context(headers={"If-None-Match": given}):
        response = cacheable(Response("x"), "abc", datetime(2026, 3, 1, tzinfo=UTC), private=False)
        assert response.status_code == status
        assert "Cache-Control" in response.headers
