"""The service of draws on a log in memory, with lists that are given, and a key for each person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.draws import bootstrap
from services.draws.assembling import Completed, Lists
from services.draws.people.bootstrap import Staff
from shared.settings import Settings
from shared.web.access import AccessKeys
from shared.web.app import create_app
from shared.web.keys import mint
from tests.support.draws import BEACON, LISTS, VALUES, Index, a_plan, hours, sources
from tests.support.people import Shelved

SCOPES = {
    "planner": ["draws:plan"],
    "second": ["draws:plan"],
    "clerk": ["draws:seed"],
    "both": ["draws:plan", "draws:seed"],
    "publisher": ["draws:publish"],
    "other": ["scores:read"],
}


def a_body(**more):
    """What a planner sends."""
    plan = {name: value for name, value in a_plan().items() if value is not None}
    return {
        **plan,
        "pool": {"of": "subjects", "kind": "shop", "regions": ["320902"]},
        "roster": {"regions": ["3209"]},
        "window": {"from": "2026-11-09", "until": "2026-11-20"},
        "items": [{"code": "SH-01", "name": "门前三包"}],
        "publish_by": "2026-12-01",
        "public_source": BEACON,
        **more,
    }


class Site:
    """One process, asked by people with keys of their own."""

    def __init__(self, log, clock, **settings):
        self.log, self.clock, self.lists, self.left_out = log, clock, dict(LISTS), ()
        settings = Settings(topic_prefix="t.", **settings)
        self.parts = bootstrap.Parts.of(settings, log, Index()).start()
        self.reading = self.parts.reading
        keys, self.keys = AccessKeys(), {}
        self.access = keys
        for name, scopes in SCOPES.items():
            minted = self.keys[name] = mint()
            keys.created(minted.key_id, minted.key_hash, name, frozenset(scopes), datetime.now(UTC))
        keys.ready = True
        self.shelf = Shelved()
        self.staff = Staff.of(self.shelf, settings, self.parts.following.draws, self.parts.documents, lambda _: {})
        self.service = bootstrap.service_of(settings, log, self.parts, self.staff, self, clock=clock)
        self.http = create_app([self.service], keys=keys).test_client()

    def completed(self, plan, *, keep):
        return Completed({"strata": a_plan()["strata"], **plan})

    def assemble(self, draw):
        return Lists(self.lists, ("D",), self.left_out)

    def headers(self, by):
        return {"Authorization": f"Bearer {self.keys[by].key}"} if by else {}

    def get(self, path, by=None, **headers):
        return self.http.get(path, headers=self.headers(by) | headers)

    def post(self, path, body, by="planner", **headers):
        return self.http.post(path, json=body, headers=self.headers(by) | headers)

    def plan(self, draw_id="d-1", by="planner", **more):
        response = self.post("/v1/draws", a_body(draw_id=draw_id, **more), by)
        assert response.status_code == 201, response.text
        return response.json

    def now(self, draw_id="d-1"):
        return self.reading.refresh().by_id[draw_id].sequence

    def act(self, name, /, by="planner", draw_id="d-1", expected=None, **body):
        expected = self.now(draw_id) if expected is None else expected
        return self.post(f"/v1/draws/{draw_id}/{name}", {"expected": expected, **body}, by)

    def done(self, /, *args, **more):
        response = self.act(*args, **more)
        assert response.status_code == 200, response.text
        return response.json

    def seeded(self, draw_id="d-1", *, planned=False):
        """A draw up to its seed; `planned`: that there is."""
        if not planned:
            self.plan(draw_id, seed_sources=sources(self.clock.now))
        self.done("freeze", draw_id=draw_id)
        for source, after in zip(VALUES, (3, 2), strict=True):
            self.clock.now += hours(after)
            self.done("seed", "clerk", draw_id=draw_id, source=source, value=VALUES[source])

    def drawn(self, draw_id="d-1"):
        self.seeded(draw_id)
        self.done("run", draw_id=draw_id)

    def published(self, draw_id="d-1"):
        self.drawn(draw_id)
        self.clock.now += hours(24 * 25)
        self.done("publish", "publisher", draw_id=draw_id)


@pytest.fixture
def open_site(log, clock):
    """Another process on the same log; settings of its own."""
    opened = []

    def opening(over=lambda log: log, **settings):
        opened.append(Site(over(log), clock, **settings))
        return opened[-1]

    yield opening
    for each in opened:
        each.parts.stop()


@pytest.fixture
def site(open_site):
    return open_site()
