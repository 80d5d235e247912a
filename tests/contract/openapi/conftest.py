"""All services in one process, on a log in memory and a reader that is a dictionary."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from services.draws import bootstrap as draws
from services.draws.assembling import Completed, Lists
from services.draws.people.bootstrap import Staff
from services.ingest import bootstrap as ingest
from services.ingest.judges import KNOWING_NOTHING, Judges
from services.ingest.kept import Kept
from services.ingest.tracing.trace import Trace
from services.ingest.tracing.tracer import Found
from services.ingest.uploads.files import Files
from services.lookup import bootstrap as lookup
from services.lookup.reading import Extent, Head
from services.lookup.rulebooks.library import Library
from services.lookup.sync.changes import Feed
from services.lookup.sync.http import Source
from services.notify import bootstrap as notify
from services.notify.delivery import Delivery
from services.notify.directory import Directory
from services.notify.subscription import Subscription
from services.notify.told import Told, View
from services.statistics import bootstrap as statistics
from services.statistics.publicity.files import Table
from shared.credit.facts import Fact
from shared.credit.objections import SOURCE
from shared.credit.rulebook import Rulebooks
from shared.credit.summary import summarise
from shared.eventlog.memory import MemoryLog
from shared.eventlog.own import append_own
from shared.eventlog.topics import wanted
from shared.events.catalogue import catalogue
from shared.events.envelope import Event
from shared.events.types.case_decided import CASE_DECIDED
from shared.events.types.case_decided import EVENT as DECIDED
from shared.events.types.case_disputed import CASE_DISPUTED
from shared.events.types.fact_withdrawn import EVENT as WITHDRAWN
from shared.events.types.fact_withdrawn import FACT_WITHDRAWN
from shared.events.types.score_changed import SCORE_CHANGED
from shared.events.types.subject_upserted import SUBJECT_UPSERTED
from shared.events.types.upload_judged import EVENT as UPLOAD_JUDGED
from shared.events.types.upload_received import EVENT as RECEIVED
from shared.projection.publishing import publish_missing
from shared.projection.rulebooks import PublishedRulebooks
from shared.rulebooks.loader import SHIPPED, load_directory
from shared.settings import Settings
from shared.web.access import AccessKeys
from shared.web.app import create_app
from shared.web.keys import SCOPES, mint
from tests.support.claimed import Claimed
from tests.support.draws import BEACON, DICE, LISTS, Clock, Desk, Index, a_plan, hours
from tests.support.people import Shelved, upserted

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
SHOP = "shop:92320902MA1N00026Y-01"
DRAWN, OPEN = "d-drawn", "d-open"
SUBSCRIPTION, DELIVERY = "0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d", "msg_0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d"
NOBODYS = "nobody's"
"""The id of an event that nobody has sent."""


RULEBOOKS = Rulebooks(load_directory(SHIPPED))
RECORDED = NOW - timedelta(days=1)
OBJECTION = f"{SHOP}.0a1b2c3d4e5f6071"
CASE_NO = DECIDED.example["data"]["case_no"]
_DISPUTE = {"case_no": CASE_NO, "on": "2026-02-27", "channel": "objection"}
FACTS = [
    Fact(*(example[name] for name in ("source", "id", "type", "subject", "time", "data")), RECORDED)
    for example in (kind.example for kind in catalogue().by_type.values())
    if example["subject"] == SHOP and example["type"] != SCORE_CHANGED
]
ENDED = f"{SHOP}.ffffffffffff0000"
_ENDED = {"case_no": "盐都城管罚字〔2026〕第0002号", "channel": "objection"}
HEARD = [
    Fact(
        SOURCE,
        "ffffffffffff0000.disputed",
        CASE_DISPUTED,
        SHOP,
        "2026-02-20T10:00:00+08:00",
        _ENDED | {"on": "2026-02-20"},
        RECORDED,
    ),
    Fact(
        SOURCE,
        "ffffffffffff0000.closed",
        "cn.chengxin.case.dispute_closed.v1",
        SHOP,
        "2026-02-24T10:00:00+08:00",
        _ENDED | {"on": "2026-02-24", "outcome": "upheld", "reviewer": "法-9"},
        RECORDED,
    ),
    Fact(
        SOURCE,
        "ffffffffffff0000.taken_back",
        FACT_WITHDRAWN,
        SHOP,
        "2026-02-25T10:00:00+08:00",
        WITHDRAWN.example["data"],
        RECORDED,
    ),
    Fact(
        SOURCE,
        "second",
        CASE_DECIDED,
        SHOP,
        "2026-02-10T10:00:00+08:00",
        DECIDED.example["data"] | {"case_no": _ENDED["case_no"]},
        RECORDED,
    ),
    Fact(
        SOURCE,
        "0a1b2c3d4e5f6071.replied",
        "cn.chengxin.case.replied.v1",
        SHOP,
        "2026-02-27T10:00:00+08:00",
        {"case_no": CASE_NO, "on": "2026-02-27", "statement": "当日已停业。"},
        RECORDED,
    ),
    Fact(SOURCE, "0a1b2c3d4e5f6071.disputed", CASE_DISPUTED, SHOP, "2026-02-27T10:00:00+08:00", _DISPUTE, RECORDED),
    *(fact for fact in FACTS if fact.type in (CASE_DECIDED, SUBJECT_UPSERTED)),
]
"""Of a case that counts, with an objection that is open: what of the examples ends one is left out."""


class Shelf:
    def head(self, subject_id):
        if subject_id != SHOP:
            return None
        summary, _ = summarise(SHOP, FACTS, RULEBOOKS, NOW.date())
        return Head(summary, len(RULEBOOKS), NOW.date().toordinal(), NOW)

    def heads(self, subjects):
        return {subject_id: self.head(subject_id) for subject_id in subjects}

    def facts(self, subject_id):
        return FACTS


class Drawer:
    def extent(self):
        return Extent((frozenset(["320902"]),), NOW, NOW.date())

    def find(self, extent, criteria, after, most):
        return [SHOP] if after < SHOP else []


@pytest.fixture(scope="session")
def key():
    return mint()


@pytest.fixture(scope="session")
def app(key):
    clock = Clock(NOW)
    log = MemoryLog(clock=clock.milliseconds)
    for topic in wanted("t.", 4, ["sample"]):
        log.create(topic.name, topic.partitions)
    keys = AccessKeys()
    keys.created(key.key_id, key.key_hash, "", frozenset(SCOPES), NOW)
    keys.created("0a1b2c3d4e5f", "0" * 64, "of an organ", frozenset({"events:write"}), NOW)
    keys.ready = True
    doors = ingest.service_of(
        Settings(topic_prefix="t.", partitions=4),
        log,
        Judges(KNOWING_NOTHING.known_of, KNOWING_NOTHING.glance_at, lambda: RULEBOOKS),
        Tracing(),
        lambda _: [],
        log_check=lambda: None,
        keys=keys,
        used=dict,
        clock=lambda: NOW,
        kept=Kept(lambda subject_id: HEARD if subject_id == SHOP else [], lambda: [(SHOP, HEARD)], Claimed()),
    )
    published = PublishedRulebooks(log, "t.rulebooks.v1")
    documents = [(path.name, path.read_bytes()) for path in SHIPPED.glob("*-v*.yaml")]
    publish_missing(log, "t.rulebooks.v1", documents, source="urn:t", now=lambda: NOW)
    published.refresh()
    library = Library(lambda: published.publications, log, "t.")
    lookups = lookup.service_of(
        Shelf(),
        Drawer(),
        lambda: RULEBOOKS,
        library,
        Source(lambda: iter([[SHOP]]), lambda: None, Feed(log, "t.scores.v1", 4), "t."),
        clock=lambda: NOW,
    )
    a_draw(log, clock)
    an_upload(log, key)
    settings = Settings(topic_prefix="t.")
    parts = draws.Parts.of(settings, log, Index()).start()
    staff = Staff.of(Shelved(upserted("J-1")), settings, parts.following.draws, parts.documents, lambda _: {})
    drawing = draws.service_of(settings, log, parts, staff, Given(), clock=lambda: NOW)
    counting = statistics.service_of(lambda *_: Table([], [], []), lambda: [(SHOP, HEARD)], clock=lambda: NOW)
    told = Directory(keys)
    told.put(Subscription(SUBSCRIPTION, key.key_id, "https://127.0.0.1/hook", "public", created=NOW))
    telling = notify.service_of(
        settings, log.appender(), told, Subscribed(), Claimed(), lambda _: b"secret", clock=lambda: NOW
    )
    made = create_app([doors, lookups, drawing, counting, telling], keys=keys)
    made.extensions["subscriptions"] = told
    return made


class Tracing:
    def trace(self, subject_id, source, id_, wait):
        if id_ == NOBODYS:
            return None
        return Found(Trace("applied", NOW), "320902001001")


class Subscribed:
    """How subscriptions go, kept nowhere."""

    def states(self):
        return {}

    def tries(self, subscription_id):
        return [orjson.dumps({"delivery_id": DELIVERY, "subject_id": SHOP, "at": NOW.isoformat(), "attempt": 1,
                              "delivered": False, "status": 500, "detail": "answered",
                              "next_attempt_at": None})]  # fmt: skip

    def dead(self, subscription_id):
        return {DELIVERY: Delivery(DELIVERY, subscription_id, SHOP, b"{}", "d").encode()}

    def erase(self, subscription_id):
        pass

    def told(self, subjects):
        """Of a shop: the digest is that of what was given up."""
        views = {"internal": View("d", "A"), "public": View("d", "A")}
        return {each: Told(1, "shop", "320902001001", views).encode() for each in subjects}

    resume = tried = succeeded = ask = lambda *_: None

    def failed(self, subscription_id):
        return 1


class Given:
    def completed(self, plan, *, keep):
        return Completed({"strata": a_plan()["strata"], **plan})

    def assemble(self, draw):
        return Lists(LISTS, ())


def an_upload(log, key):
    """A file that was refused, with its report."""
    by = f"key:{key.key_id}"
    files = Files(log, log.appender(), "t.uploads.v1")
    [offset] = files.put(RECEIVED.example["data"]["upload_id"], b"report")
    for kind, more in ((RECEIVED, {"by": by}), (UPLOAD_JUDGED, {"offsets": [offset]})):
        event = Event(**{name: kind.example[name] for name in ("id", "source", "type", "subject", "time")},
                      data=kind.example["data"] | more)  # fmt: skip
        append_own(log.appender(), "t.upload-steps.v1", event)


def a_draw(log, clock):
    """A draw that is published, one that is drawn, and one that is planned alone."""
    desk = Desk(log, "t.", clock)
    day = NOW.date().isoformat()
    asked = {
        "window": {"from": day, "until": day},
        "publish_by": None,
        "pool": {"of": "subjects", "kind": "shop", "regions": ["320902"]},
        "roster": {"regions": ["320902"]},
        "items": [{"code": "SH-01", "name": "门前三包"}],
    }
    for draw_id in ("d-1", DRAWN, OPEN):
        desk.plan(draw_id, start=NOW, **asked)
    for draw_id in ("d-1", DRAWN):
        desk.freeze(draw_id)
    for source, after in ((DICE, 3), (BEACON, 5)):
        clock.now = NOW + hours(after)
        for draw_id in ("d-1", DRAWN):
            desk.enter(source, draw_id=draw_id)
    for draw_id in ("d-1", DRAWN):
        desk.run(draw_id)
    clock.now = NOW + hours(48)
    desk.publish()
    desk.close()
