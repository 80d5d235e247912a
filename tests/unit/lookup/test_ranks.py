"""`GET /v1/ranks`: places by score among those of a kind and region; ties share one, and nobody unknown has one."""

from __future__ import annotations

import threading

import pytest

from services.lookup.question import permitted
from services.lookup.ranks.kept import LIFE, Peers, Rankings
from services.lookup.ranks.ranking import ranked
from shared.web.access import Access
from shared.web.bounds import Bounds
from shared.web.keys import mint

from .conftest import NOW, SHOP, TODAY
from .test_http import problem, site

__all__ = ["site"]
HERE = {"kind": "shop", "region": "320902"}


def answer(subject_id, score, basis="evidence"):
    return {"subject_id": subject_id, "score": score, "basis": basis}


def test_ties_share_a_place_and_the_next_one_is_left_out():
    found = ranked([answer("c", "90.00"), answer("b", "95.00"), answer("a", "90.00"), answer("d", "-5.00")])
    assert [(place.rank, place.answer["subject_id"]) for place in found.places] == [
        (1, "b"),
        (2, "a"),
        (2, "c"),
        (4, "d"),
    ]


def test_who_has_too_little_evidence_has_no_place_and_is_counted():
    found = ranked([answer("a", "100.00", "insufficient"), answer("b", "10.00")])
    assert ([place.rank for place in found.places], found.unranked) == ([1], 1)
    assert found.of("a") is None


def ask(site, headers=None, **query):
    return site.http.get("/v1/ranks", query_string={**HERE, **query}, headers=headers or site.reader)


def test_a_subject_is_asked_for_and_a_list(site):
    whole = ask(site)
    assert (whole.json["peers"], whole.json["unranked"]) == (1, 0)
    [place] = whole.json["ranks"]
    assert (place["rank"], place["subject_id"], place["score"]) == (1, SHOP, "90.00")
    assert ask(site, subject_id=SHOP.lower()).json["ranks"] == [place]
    assert ask(site, region="320903").json["peers"] == 0
    assert ask(site, kind="hauler").json["peers"] == 0


def test_who_has_no_place_there(site):
    problem(ask(site, region="320903", subject_id=SHOP), 404, "not-found")


def test_a_bounded_key_asks_for_its_own_regions_alone(site):
    minted = mint()
    keys = site.http.application.extensions["chengxin_access_keys"]
    keys.created(minted.key_id, minted.key_hash, "", frozenset({"scores:read"}), NOW, Bounds(regions=("320903",)))
    bearer = {"Authorization": f"Bearer {minted.key}"}
    problem(ask(site, bearer), 403, "out-of-bounds")
    assert ask(site, bearer, region="320903").status_code == 200


@pytest.mark.parametrize("missing", ["kind", "region"])
def test_among_whom_has_to_be_said(site, missing):
    query = {name: value for name, value in HERE.items() if name != missing}
    wrong = problem(site.http.get("/v1/ranks", query_string=query, headers=site.reader), 422, "invalid")
    assert [each["pointer"] for each in wrong["errors"]] == [f"/query/{missing}"]


ASKED = permitted("", Access("a", frozenset({"scores:read"})), TODAY)


def test_a_ranking_is_made_once_a_minute(world):
    now, made = [0.0], []
    rankings = Rankings(world.desk, lambda: made.append(1) or iter([[SHOP]]), lambda: now[0])
    for now[0] in (0.0, LIFE - 1, LIFE + 1):
        assert len(rankings.of(Peers("shop", "320902"), ASKED).places) == 1
    assert len(made) == 2


def test_who_asks_for_another_ranking_does_not_wait_for_one_that_is_being_made(world):
    begun, end = threading.Event(), threading.Event()

    def names():
        if threading.current_thread() is slow:
            begun.set()
            assert end.wait(10)
        return iter([[SHOP]])

    rankings = Rankings(world.desk, names)
    slow = threading.Thread(target=rankings.of, args=(Peers("shop", "320902"), ASKED))
    other = threading.Thread(target=rankings.of, args=(Peers("shop", "320903"), ASKED), daemon=True)
    slow.start()
    assert begun.wait(10)
    other.start()
    other.join(2)
    waits = other.is_alive()
    end.set()
    slow.join()
    assert not waits


def test_the_same_places_are_not_sent_twice(site):
    first = ask(site)
    assert first.headers["Cache-Control"] == "private, max-age=60, must-revalidate"
    known = {**site.reader, "If-None-Match": first.headers["ETag"]}
    assert ask(site, known).status_code == 304
    assert ask(site, known, region="320903").status_code == 200
