"""The same request makes one subscription, and another under its Idempotency-Key makes none."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from services.notify.desk import SubscriptionsDesk
from services.notify.directory import Directory
from shared.web.access import Access, AccessKeys
from shared.web.problems import ProblemError
from tests.support.claimed import Claimed

NOW, NAME = datetime(2026, 11, 1, tzinfo=UTC), "b" * 32
ACCESS = Access("0a1b2c3d4e5f", frozenset({"scores:export"}))
ASKED = {"url": "https://127.0.0.1/", "regions": ["320902"]}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "subscription-exists"),
        ({"regions": ["3209"]}, "idempotency-key-reused"),
        ({"url": "https://127.0.0.1/other"}, "idempotency-key-reused"),
        ({"only_grades": True}, "idempotency-key-reused"),
    ],
)
def test_a_second_request_under_an_idempotency_key(more, code):
    directory = Directory(AccessKeys())
    appender = SimpleNamespace(append=lambda messages: [None])
    desk = SubscriptionsDesk(
        directory, None, None, lambda _: b"x" * 32, appender, "a", ("127.0.0.1",), lambda: NOW, Claimed()
    )
    made, _ = desk.make(ACCESS, ASKED, NAME)
    directory.put(made)
    with pytest.raises(ProblemError) as refused:
        desk.make(ACCESS, ASKED | more, NAME)
    assert refused.value.kind.code == code
