"""A portal's copy: an export, and the feed from its cursor on, give the live state whatever happens meanwhile."""

from __future__ import annotations

import threading
from itertools import count, cycle, islice

import orjson

from shared.clock import now
from shared.web.bounds import Bounds
from shared.web.key_making import NewKey, create_key
from tests.integration.web.test_way_of_an_event import an_event, city, send, until

__all__ = ["city"]
SUBJECTS = [f"shop:92320902MA1N00026Y-{number}" for number in range(100, 160)]
BATCH = "application/cloudevents-batch+json"


def exporter(city, *regions, scopes=("scores:export", "scores:read")):
    made = create_key(city.appender, city.access, NewKey(frozenset(scopes), "portal", Bounds(regions)), now())
    bearer = {"Authorization": f"Bearer {made.key}"}
    until(lambda: city.http.get("/v1/exports/subjects.csv", headers=bearer).status_code == 200)
    return bearer


def an_export(city, bearer):
    answer = city.http.get("/v1/exports/subjects.ndjson", headers=bearer)
    assert answer.status_code == 200, answer.text
    rows = [orjson.loads(line) for line in answer.data.splitlines()]
    return {row["subject_id"]: row for row in rows}, answer.headers["Export-Cursor"]


def follow(city, bearer, copy, cursor):
    more = True
    while more:
        page = city.http.get("/v1/changes", query_string={"cursor": cursor, "limit": 20}, headers=bearer)
        assert page.status_code == 200, page.text
        for change in page.json["changes"]:
            if change["result"] == "changed":
                copy[change["subject_id"]] = change["subject"]
            elif change["result"] == "removed":
                copy.pop(change["subject_id"], None)
        cursor, more = page.json["next"], page.json["more"]
    return cursor


def live(city, bearer):
    asked = {"subject_ids": SUBJECTS}
    found = city.http.post("/v1/subjects/lookups", json=asked, headers=bearer).json["subjects"]
    return {each["subject_id"]: timeless(each["subject"]) for each in found if each["result"] == "found"}


def timeless(body):
    return {name: value for name, value in body.items() if name != "applied_until"}


def test_an_export_and_the_feed_give_the_live_state_under_load(city):
    bearer, stop, turns, numbers = exporter(city), threading.Event(), cycle(SUBJECTS), count()

    def load():
        while not stop.is_set():
            events = [
                an_event("case.decided", subject, case_no=f"load-{next(numbers)}") | {"id": f"load-{next(numbers)}"}
                for subject in islice(turns, 10)
            ]
            city.http.application.test_client().post(
                "/v1/events", data=orjson.dumps(events), content_type=BATCH, headers=city.bearer
            )

    sender = threading.Thread(target=load)
    sender.start()
    try:
        until(lambda: len(live(city, bearer)) > len(SUBJECTS) // 2)
        copies = [an_export(city, bearer) for _ in range(3)]
        cursors = [follow(city, bearer, *copy) for copy in copies]
    finally:
        stop.set()
        sender.join()

    def level():
        for place, (copy, _) in enumerate(copies):
            cursors[place] = follow(city, bearer, copy, cursors[place])
        theirs = [{s: timeless(c[s]) for s in SUBJECTS if s in c} for c, _ in copies]
        return all(each == live(city, bearer) for each in theirs)

    until(level)
    assert len(live(city, bearer)) == len(SUBJECTS)


def test_a_subject_that_leaves_the_keys_regions_is_removed(city):
    subject = "shop:92320902MA1N00026Y-170"
    bearer = exporter(city, "320902")
    send(city, an_event("subject.upserted", subject, region="320902001001"))
    until(lambda: subject in an_export(city, bearer)[0])
    copy, cursor = an_export(city, bearer)
    moved = an_event("subject.upserted", subject, region="320903001001")
    send(city, moved | {"id": "moved", "time": "2026-06-01T00:00:00+08:00"})

    def gone():
        nonlocal cursor
        cursor = follow(city, bearer, copy, cursor)
        return subject not in copy

    until(gone)
    assert subject not in an_export(city, bearer)[0]


def test_an_export_without_the_scope_to_read_is_the_publics_view(city):
    send(city, an_event("case.decided", SUBJECTS[0], case_no="seen"))
    bearer = exporter(city, scopes=("scores:export",))
    until(lambda: SUBJECTS[0] in an_export(city, bearer)[0])
    assert {row["ledger"] for row in an_export(city, bearer)[0].values()} == {"public"}
    refused = city.http.get("/v1/exports/subjects.csv?ledger=internal", headers=bearer)
    assert refused.status_code == 403


def test_a_cursor_that_is_none_is_refused(city):
    bearer = exporter(city)
    _, cursor = an_export(city, bearer)
    assert city.http.get("/v1/changes", query_string={"cursor": cursor + "A"}, headers=bearer).status_code == 422
