"""Inspectors and inspections as organs tell them, and the draws' worker on any log and store."""

from collections import defaultdict
from datetime import UTC, datetime
from threading import Event as Flag
from threading import Thread
from types import SimpleNamespace

from services.draws.people.bootstrap import worker
from services.draws.people.filed import effect_of
from services.draws.people.register import Register
from shared.eventlog.port import Message
from shared.events.catalogue import catalogue
from shared.events.envelope import Event
from shared.events.kafka_codec import encode
from shared.projection.loop import Pace
from shared.settings import Settings
from shared.store.client import Store
from shared.store.keys import Keys
from shared.store.people import Line, People

ORGAN = "urn:chengxin:organ:320902"
SHOP = "shop:92320902MA1N00026Y-01"
PARTITIONS = 4
PACE = Pace(poll=0.01, commit_every=0.05, back_off=0.01, back_off_most=0.05)
SECONDS = 30


def upserted(inspector_id="J-1", at="2026-05-01T10:00:00+08:00", event_id=None, source=ORGAN, **data):
    data = {
        "inspector_id": inspector_id,
        "name": "王某",
        "department": "law",
        "region": "320902000000",
        "role": "officer",
        "certificate_no": "苏10090020101",
        "valid_until": "2028-12-31",
        "status": "active",
    } | data
    event_id = event_id or f"u-{inspector_id}-{at}"
    return Event(event_id, source, "cn.chengxin.inspector.upserted.v1", f"inspector:{inspector_id}", at, data)


def completed(event_id="i-1", subject=SHOP, draw_id="d-1", **data):
    data = {
        "inspection_id": f"查-{event_id}",
        "result": "01",
        "findings": [],
        "inspected_on": "2026-10-28",
        "region": "320902001001",
        "inspectors": ["J-1", "J-2"],
        "draw_id": draw_id,
    } | data
    at = "2026-10-28T15:40:00+08:00"
    return Event(event_id, ORGAN, "cn.chengxin.inspection.completed.v1", subject, at, data)


def withdrawn(event_id="i-1", subject=SHOP):
    data = {"source": ORGAN, "id": event_id, "ground": "entered_in_error", "instrument_no": "3"}
    at = "2026-10-29T10:00:00+08:00"
    return Event(f"w-{event_id}", ORGAN, "cn.chengxin.fact.withdrawn.v1", subject, at, data)


class Shelved:
    """What is filed of events, in the place of a store; all of it is known at once."""

    def __init__(self, *events):
        self.lines = {what: defaultdict(list) for what in ("inspector", "outcome")}
        self.taken_out = set()
        self.until = datetime.max.replace(tzinfo=UTC)
        self.give(*events)

    def give(self, *events, recorded=0):
        for event in events:
            effect = effect_of(event, recorded)
            if effect.what == "withdrawn":
                self.taken_out.add(effect.field)
            else:
                self.lines[effect.what][effect.field].append(Line(recorded, effect.text))

    def applied_until(self, partitions):
        return self.until

    def positions(self, places):
        return dict.fromkeys(places, float("inf"))

    def ids_after(self, after, most):
        return sorted(each for each in self.lines["inspector"] if each > after)[:most]

    def inspectors(self, ids):
        return {each: self.lines["inspector"][each] for each in ids if each in self.lines["inspector"]}

    def outcomes(self, fields):
        return {each: self.lines["outcome"][each] for each in fields if each in self.lines["outcome"]}

    def withdrawn(self, fields):
        return self.taken_out.intersection(fields)


class Town:
    """A log, a corner of a store, and the worker that files people."""

    def __init__(self, log, redis_url, prefix):
        self.log, self.store = log, Store(redis_url)
        self.settings = Settings(topic_prefix=prefix, key_prefix=prefix.replace(".", ":"), partitions=PARTITIONS)
        self.keys = Keys(self.settings.key_prefix)
        self.people = People(self.store, self.keys)
        self.register = Register(self.people, PARTITIONS, wait=lambda _: None)

    def send(self, *events):
        return self.log.appender().append([self.message(event) for event in events])

    def message(self, event):
        headers, value = encode(event)
        topic = f"{self.settings.topic_prefix}{catalogue().topic_of(event.type)}.v1"
        return Message(topic, event.subject.encode(), value, headers)

    def loop(self, member="one"):
        return worker(self.settings, self.log, self.store, member, pace=PACE)

    def file(self, until=None, loop=None):
        """Run the worker until all that the log holds now is filed (or a condition holds), then stop it."""
        begun = datetime.now(UTC)
        stop, loop = Flag(), loop or self.loop()
        thread = Thread(target=loop.run, args=(stop,))
        thread.start()
        try:
            wait(until or (lambda: self.filed_until(begun)))
        finally:
            stop.set()
            thread.join(SECONDS)
        assert not thread.is_alive()

    def filed_until(self, moment):
        until = self.people.applied_until(PARTITIONS)
        return until is not None and until >= moment

    def kept(self):
        """All that is filed, without how far and until when."""
        client = self.store.client
        inspectors, outcomes = (client.hgetall(self.keys.people(what)) for what in ("inspectors", "outcomes"))
        ids = client.zrange(self.keys.people("inspector-ids"), 0, -1)
        return inspectors, ids, outcomes, client.smembers(self.keys.people("withdrawn"))

    def empty(self):
        for key in self.store.client.scan_iter(f"{self.keys.prefix}{{people}}*"):
            self.store.client.delete(key)

    def close(self):
        self.store.close()


def wait(condition, seconds=SECONDS):
    until = datetime.now(UTC).timestamp() + seconds
    flag = Flag()
    while not condition():
        assert datetime.now(UTC).timestamp() < until, "waited in vain"
        flag.wait(0.01)


def a_draw(draw_id):
    """The plan of a draw that draws from everywhere."""
    return SimpleNamespace(draw_id=draw_id, document={})
