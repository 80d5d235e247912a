"""Regions are as they are everywhere, and the same request makes one subscription, another under its key none."""

from datetime import UTC, datetime
from types import SimpleNamespace

import orjson
import pytest

from services.notify.desk import SubscriptionsDesk
from services.notify.directory import Directory, subscription_of
from services.notify.told import Told
from shared.web.access import Access, AccessKeys
from shared.web.bounds import Bounds
from shared.web.problems import ProblemError
from tests.support.claimed import Claimed

NOW, NAME = datetime(2026, 11, 1, tzinfo=UTC), "b" * 32
ACCESS = Access("0a1b2c3d4e5f", frozenset({"scores:export"}))
ASKED = {"url": "https://127.0.0.1/", "regions": ["320902"]}


def desk_of(directory, appended):
    appender = SimpleNamespace(append=lambda messages: [appended.append(each) for each in messages])
    return SubscriptionsDesk(
        directory, None, None, lambda _: b"x" * 32, appender, "a", ("127.0.0.1",), lambda: NOW, Claimed()
    )


def test_a_street_is_written_as_its_prefix_and_once():
    appended = []
    asked = ASKED | {"regions": ["320902001000", "320902001", "320903"]}
    made, _ = desk_of(Directory(AccessKeys()), appended).make(ACCESS, asked, NAME)
    assert made.regions == ("320902001", "320903")
    assert made.covers(Told(1, "shop", "320902001001", {}), Bounds())
    assert orjson.loads(appended[0].value)["regions"] == ["320902001", "320903"]


def test_what_is_no_prefix_of_a_region_is_refused():
    with pytest.raises(ProblemError) as refused:
        desk_of(Directory(AccessKeys()), []).make(ACCESS, ASKED | {"regions": ["3209", "320"]}, NAME)
    assert refused.value.kind.status == 422
    assert [fault.pointer for fault in refused.value.errors] == ["/regions/1"]


def test_regions_that_were_written_as_they_came_are_read_as_their_prefixes():
    data = {"subscription_id": NAME, "key_id": ACCESS.key_id, "url": "https://example.cn/", "ledger": "public"}
    said = subscription_of(data | {"regions": ["320902001000", "320902001", "320"]}, NOW)
    assert said.regions == ("320902001", "320")  # what names no level goes on to mean what it meant


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "subscription-exists"),
        ({"regions": ["320902000000"]}, "subscription-exists"),
        ({"regions": ["3209"]}, "idempotency-key-reused"),
        ({"url": "https://127.0.0.1/other"}, "idempotency-key-reused"),
        ({"only_grades": True}, "idempotency-key-reused"),
    ],
)
def test_a_second_request_under_an_idempotency_key(more, code):
    directory = Directory(AccessKeys())
    desk = desk_of(directory, [])
    made, _ = desk.make(ACCESS, ASKED, NAME)
    directory.put(made)
    with pytest.raises(ProblemError) as refused:
        desk.make(ACCESS, ASKED | more, NAME)
    assert refused.value.kind.code == code
