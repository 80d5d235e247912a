"""A whole draw over HTTP, on a real log and a real store: two web processes, live workers, and a citizen's check."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

import orjson
import pytest

from services.cli.web_app import web_app
from services.draws.people import bootstrap as draws
from services.scoring import bootstrap as scoring
from shared.clock import day_of
from shared.eventlog import topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.topics import ACCESS, RULEBOOKS, wanted
from shared.events.catalogue import catalogue
from shared.projection.publishing import publish_missing
from shared.rulebooks.loader import SHIPPED
from shared.settings import Settings
from shared.store.client import Store
from shared.web.key_making import NewKey, create_key
from tests.support.waiting import running, until

BEACON = "drand round 9000000"
PARTITIONS = 2
SCOPES = {
    "organ": ["events:write"],
    "planner": ["draws:plan"],
    "second": ["draws:plan"],
    "clerk": ["draws:seed"],
    "publisher": ["draws:publish"],
}


class City:
    """An installation: two web processes, each with a log of its own, and people with keys."""

    def __init__(self, stack, kafka, redis_url):
        prefix = f"t{time.time_ns():x}."
        self.settings = Settings(
            kafka=(kafka,), topic_prefix=prefix, key_prefix=f"{prefix[:-1]}:", partitions=PARTITIONS
        )
        connection = Connection.of(self.settings)
        topics_admin.apply(connection, wanted(prefix, PARTITIONS, self.settings.organs))
        store = Store(redis_url)
        stack.callback(store.close)

        def open_log():
            log = KafkaLog(connection)
            stack.callback(log.close)
            return log

        log = open_log()
        books = [(file.name, file.read_bytes()) for file in sorted(SHIPPED.glob("*-v*.yaml"))]
        publish_missing(log, prefix + RULEBOOKS, books, source="urn:t", now=lambda: datetime.now(UTC))
        appender = log.appender()
        stack.callback(appender.close)
        self.keys = {
            name: create_key(appender, prefix + ACCESS, NewKey(frozenset(scopes), name), datetime.now(UTC)).key
            for name, scopes in SCOPES.items()
        }
        stack.enter_context(running(scoring.worker(self.settings, open_log(), store, "s1")))
        stack.enter_context(running(draws.worker(self.settings, open_log(), store, "d1")))
        self.webs = [web_app(self.settings, open_log(), store) for _ in range(2)]
        for web in self.webs:
            until(lambda web=web: web.test_client().get("/readyz").status_code == 200)

    def headers(self, by):
        return {"Authorization": f"Bearer {self.keys[by]}"} if by else {}

    def get(self, path, by=None, web=0):
        return self.webs[web].test_client().get(path, headers=self.headers(by))

    def post(self, path, body, by, web=0, **headers):
        return self.webs[web].test_client().post(path, json=body, headers=self.headers(by) | headers)

    def act(self, draw, name, by, web=0, **body):
        return self.post(f"/v1/draws/{draw['draw_id']}/{name}", {"expected": draw["sequence"], **body}, by, web)

    def tell(self, *events):
        response = (
            self.webs[0]
            .test_client()
            .post(
                "/v1/events",
                data=orjson.dumps(events),
                content_type="application/cloudevents-batch+json",
                headers=self.headers("organ"),
            )
        )
        assert response.status_code == 202, response.text


@pytest.fixture(scope="module")
def city(kafka, redis_url):
    with ExitStack() as stack:
        yield City(stack, kafka, redis_url)


def an_event(type_, subject, id_, time_, **data):
    example = catalogue().by_type[f"cn.chengxin.{type_}.v1"].example
    return {**example, "subject": subject, "id": id_, "time": time_, "data": {**example["data"], **data}}


def told(city):
    """A few shops and inspectors."""
    at = "2026-01-05T09:00:00+08:00"
    shops = [f"shop:92320902MA1N00026Y-{number:02d}" for number in range(1, 9)]
    people = [f"320902-{number:04d}" for number in range(1, 7)]
    city.tell(
        *[an_event("subject.upserted", shop, f"u-{shop}", at, region="320902001001", status="open") for shop in shops],
        *[
            an_event(
                "inspector.upserted",
                f"inspector:{each}",
                f"u-{each}",
                at,
                inspector_id=each,
                department="law",
                region="320902000000",
                role="officer",
                valid_until="2099-12-31",
                status="active",
            )
            for each in people
        ],
    )
    return shops


def a_plan(seconds):
    """A draw whose public source has its moment so many seconds from now."""
    today = day_of(datetime.now(UTC))
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    return {
        "title": "沿街商铺双随机抽查",
        "pool": {"of": "subjects", "kind": "shop", "regions": ["320902"]},
        "roster": {"regions": ["3209"]},
        "window": {"from": today.isoformat(), "until": (today + timedelta(days=7)).isoformat()},
        "items": [{"code": "SP-03", "name": "出店经营"}],
        "strata": [{"stratum": "unrated", "count": 3}],
        "panel": [{"department": "law", "count": 2}],
        "publish_by": (today + timedelta(days=21)).isoformat(),  # within the limit of every year
        "seed_sources": [{"name": BEACON, "not_before": moment.isoformat(), "pattern": "[0-9a-f]{8}"}],
        "public_source": BEACON,
    }


def would_draw_from(city):
    """How many shops the workers have filed by now."""
    return city.post("/v1/draws?validate=true", a_plan(3600), "planner").json.get("preview", {}).get("subjects")


def frozen_in_time(city):
    """A draw whose beacon is to come, as soon as this machine can freeze before it; two clerks press the button."""
    for seconds in (4, 15, 60):
        planned = city.post("/v1/draws", a_plan(seconds), "planner")
        if planned.status_code == 201:
            with ThreadPoolExecutor(2) as threads:
                pressed = [
                    threads.submit(city.act, planned.json, "freeze", by, web)
                    for web, by in enumerate(("planner", "second"))
                ]
            answers = sorted((each.result() for each in pressed), key=lambda each: each.status_code)
            if answers[0].status_code == 200:
                return answers
    raise AssertionError(planned.text)


def when_it_is_time(act):
    def acted():
        done = act()
        return None if "seed-too-early" in done.text else done

    return until(acted)


def all_outcomes_in(act):
    def acted():
        done = act()
        return None if "window-open" in done.text else done

    return until(acted)


def test_a_draw_from_the_register_to_a_citizens_check(city, tmp_path):
    shops = told(city)
    until(lambda: would_draw_from(city) == len(shops))
    frozen, refused = frozen_in_time(city)
    assert refused.status_code == 409
    assert refused.json["type"].endswith(":draw-moved-on")
    assert (frozen.json["subjects"], frozen.json["inspectors"]) == (len(shops), 6)
    draw_id = frozen.json["draw_id"]
    slip = city.get(f"/v1/draws/{draw_id}/slip", web=1)
    head = city.get("/v1/draws/journal.ndjson", web=1).headers["Journal-Head"]
    assert head in slip.text

    seeded = when_it_is_time(lambda: city.act(frozen.json, "seed", "clerk", web=1, source=BEACON, value="0f" * 4))
    assert seeded.status_code == 200, seeded.text
    drawn = city.act(seeded.json, "run", "planner")
    assert drawn.status_code == 200, drawn.text
    sealed = city.get(f"/v1/draws/{draw_id}", web=1).json["sealed_bundle_sha256"]
    bundle = f"/v1/draws/{draw_id}/bundle.zip"
    assert city.get(bundle).status_code == 403

    held = tmp_path / "sealed.zip"
    held.write_bytes(city.get(bundle, "planner").data)
    with ZipFile(held) as archive:
        selected = orjson.loads(archive.read("result.json"))["selected"]
    assert len(selected) == 3
    assert city.act(drawn.json, "publish", "publisher").json["type"].endswith(":window-open")
    told_of(city, draw_id, [each["subject_id"] for each in selected])
    published = all_outcomes_in(lambda: city.act(drawn.json, "publish", "publisher", web=1))
    assert published.status_code == 200, published.text
    assert published.json["phase"] == "published"

    files = {"bundle.zip": city.get(bundle, web=1).data, "journal.ndjson": city.get("/v1/draws/journal.ndjson").data}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert files["bundle.zip"] == held.read_bytes()
    last = orjson.loads(files["journal.ndjson"].splitlines()[-1])
    assert (last["step"], last["sha256"]) == ("published", sealed)
    with ZipFile(tmp_path / "bundle.zip") as archive:
        (tmp_path / "verify.py").write_bytes(archive.read("verify.py"))
    line = [sys.executable, "verify.py", "bundle.zip", "--journal", "journal.ndjson", "--head", head, "--json"]
    checked = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert orjson.loads(checked.stdout)["holds"], checked.stdout


def told_of(city, draw_id, subjects):
    """The outcomes of all inspections."""
    today = day_of(datetime.now(UTC)).isoformat()
    city.tell(
        *[
            an_event(
                "inspection.completed",
                each,
                f"i-{draw_id}-{each}",
                datetime.now(UTC).isoformat(),
                inspection_id=f"查-{each}",
                result="01",
                findings=[],
                inspected_on=today,
                draw_id=draw_id,
            )
            for each in subjects
        ]
    )
