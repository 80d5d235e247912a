"""The rulebooks that were published by an instant, whatever has been published since."""

from datetime import UTC, datetime, timedelta

from shared.eventlog.memory import MemoryLog
from shared.projection.publishing import publish_missing
from shared.projection.rulebooks import PublishedRulebooks
from shared.rulebooks.loader import SHIPPED

START = datetime(2026, 9, 1, tzinfo=UTC)


def test_what_was_published_by_an_instant():
    now = [START]
    log = MemoryLog({"t": 1}, clock=lambda: int(now[0].timestamp() * 1000))
    published = PublishedRulebooks(log, "t")
    for days, name in enumerate(["shop-credit-v1.yaml", "shop-credit-v2.yaml"]):
        now[0] = START + timedelta(days)
        publish_missing(log, "t", [(name, (SHIPPED / name).read_bytes())], source="urn:t", now=lambda: now[0])
    second = START + timedelta(1)
    assert len(published.published_by(START - timedelta(milliseconds=1))) == 0
    assert list(published.published_by(START).books) == [("shop-credit", 1)]
    assert len(published.published_by(second - timedelta(milliseconds=1))) == 1
    assert len(published.published_by(second)) == 2
    published.close()
