"""`/v1/dead-letters` over HTTP: listed without subjects and contents, sent again in the name of a key."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from services.ingest import bootstrap
from services.ingest.judges import KNOWING_NOTHING
from services.ingest.letters import desk
from shared.desk import acting
from shared.eventlog.dead_letters import dead_letter
from shared.eventlog.port import Message, TopicPartition
from shared.events.kafka_codec import decode
from shared.settings import Settings
from shared.web.access import AccessKeys
from shared.web.app import create_app
from shared.web.keys import mint
from tests.unit.ingest.conftest import NOW, PREFIX

PATH = "/v1/dead-letters"
TOPIC, OTHER = f"{PREFIX}enforcement.v1", f"{PREFIX}inspection.v1"
HEADERS = (("ce_source", b"urn:s"), ("ce_id", b"e-1"), ("ce_type", b"t"), ("ce_subject", "shop:张三".encode()))


@pytest.fixture
def site(log):
    """The routes, and a reader that refuses whatever it is told to."""
    keys, boss, other = AccessKeys(), mint(), mint()
    keys.created(boss.key_id, boss.key_hash, "", frozenset({"admin"}), NOW)
    keys.created(other.key_id, other.key_hash, "", frozenset({"events:write"}), NOW)
    keys.ready = True
    settings = Settings(topic_prefix=PREFIX, partitions=4, organs=("yandu",))
    service = bootstrap.service_of(
        settings,
        log,
        KNOWING_NOTHING,
        None,
        lambda _: [],
        log_check=lambda: None,
        keys=keys,
        used=dict,
        clock=lambda: NOW,
    )
    site = SimpleNamespace(log=log, http=create_app([service], keys=keys).test_client(), boss=boss)
    site.key = {"Authorization": f"Bearer {boss.key}"}
    site.poor = {"Authorization": f"Bearer {other.key}"}
    owner = log.subscribe([TOPIC, OTHER], group="scoring", member="1", assigned=lambda _: {}, revoked=lambda _: None)

    def work(reason=None):
        records = owner.poll(timeout=0.01, most=1000)
        refused = [dead_letter(each, "scoring", reason, "/data/x is required") for each in records if reason]
        log.transactor("t").transact(refused, {at: owner.position(at) for at in owner.owned()}, owner)

    def send(topic=TOPIC):
        log.appender().append([Message(topic, b"k", '{"name": "李四"}'.encode(), HEADERS, 2)])

    site.work, site.send = work, send
    site.list = lambda query="": site.http.get(PATH + query, headers=site.key)
    site.replay = lambda body=None, query="?wait=0": site.http.post(
        f"{PATH}/replays{query}", json=body or {}, headers=site.key
    )
    return site


@pytest.fixture
def letters(site):
    """Three letters: two of one topic and a third of another, for another reason."""
    for _ in range(2):
        site.send()
    site.work("schema")
    site.send(OTHER)
    site.work("misrouted")
    return site


def names(response):
    assert response.status_code == 200, response.text
    return [each["letter"].removeprefix(PREFIX) for each in response.json["letters"]]


def test_letters_are_listed_the_latest_first_without_subject_and_content(letters):
    response = letters.list()
    assert sorted(names(response)) == [
        "enforcement.v1:2:0:scoring",
        "enforcement.v1:2:1:scoring",
        "inspection.v1:2:0:scoring",
    ]
    assert response.json["counts"] == {"open": 3, "replayed": 0, "resolved": 0}
    assert (response.json["next"], response.headers.get("Link")) == (None, None)
    assert response.json["letters"][0]["detail"] == "/data/x is required"
    for secret in ("张三", "李四"):
        assert secret not in response.text


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("?topic=enforcement.v1", 2),
        (f"?topic={TOPIC},{OTHER}", 3),
        ("?reason=misrouted", 1),
        ("?reason=misrouted,schema&topic=enforcement.v1", 2),
        ("?id=enforcement.v1:2:1", 1),
        ("?state=open", 3),
        ("?state=resolved,replayed", 0),
    ],
)
def test_the_list_is_filtered(letters, query, number):
    assert len(names(letters.list(query))) == number


def test_pages_follow_each_other_and_nothing_is_left_out_or_told_twice(letters):
    told, address = [], f"{PATH}?limit=1&state=open"
    for _ in range(3):
        response = letters.http.get(address, headers=letters.key)
        told += names(response)
        address = response.headers.get("Link", "<>").split("<")[1].split(">")[0]
        assert response.json["counts"]["open"] == 3
    assert (len(told), len(set(told)), address) == (3, 3, "")


@pytest.mark.parametrize("query", ["?limit=0", "?limit=x", "?reason=bad", "?topic=nowhere", "?cursor=x", "?state=lost"])
def test_a_query_that_means_nothing_is_422(letters, query):
    response = letters.list(query)
    assert response.status_code == 422
    assert response.json["errors"][0]["pointer"].startswith(f"/query/{query[1:].split('=')[0]}")


def test_only_admin_may_look_or_act(letters):
    assert letters.http.get(PATH).status_code == 401
    assert letters.http.get(PATH, headers=letters.poor).status_code == 403
    assert letters.http.post(f"{PATH}/replays", json={}, headers=letters.poor).status_code == 403
    assert letters.log.records[TopicPartition(f"{PREFIX}audit.v1", 0)] == []


def test_everything_open_is_sent_again_in_the_name_of_the_key(letters):
    response = letters.replay()
    expected = {"replayed": 3, "left": 0, "skipped": [], "taken": 0, "refused": 0, "waiting": 3}
    assert (response.status_code, response.json) == (200, expected)
    told = [decode(each.headers, each.value) for each in letters.log.records[TopicPartition(f"{PREFIX}audit.v1", 0)]]
    assert {event.data["by"] for event in told} == {f"key:{letters.boss.key_id}"}
    assert letters.replay().json["replayed"] == 0
    letters.work()
    assert letters.list().json["counts"]["resolved"] == 3


def test_one_call_sends_so_many_and_says_how_many_are_left(letters, monkeypatch):
    monkeypatch.setattr(desk, "_MOST", 2)
    told = [letters.replay().json for _ in range(3)]
    assert [(each["replayed"], each["left"]) for each in told] == [(2, 1), (1, 0), (0, 0)]


def test_a_replay_is_narrowed_and_says_what_it_skipped(letters):
    assert letters.replay({"topics": ["inspection.v1"], "reasons": ["misrouted"]}).json["replayed"] == 1
    response = letters.replay({"ids": ["inspection.v1:2:0", "enforcement.v1:2:9"]})
    assert response.json["replayed"] == 0
    assert {each["letter"].removeprefix(PREFIX) for each in response.json["skipped"]} == {
        "inspection.v1:2:0:scoring",
        "enforcement.v1:2:9",
    }


def test_a_body_is_needed_so_that_everything_is_never_meant_by_oversight(letters):
    assert letters.http.post(f"{PATH}/replays", headers=letters.key).status_code == 415
    assert letters.http.post(f"{PATH}/replays", headers=letters.key, json={"topic": ["x"]}).status_code == 422
    response = letters.replay({"topics": ["nowhere"]})
    assert (response.status_code, response.json["errors"][0]["pointer"]) == (422, "/topics")


def test_what_keeps_the_desk_from_working_is_503(letters, monkeypatch):
    real = acting.read

    def overtaken(*arguments):
        found = real(*arguments)
        letters.log.sole_writer(acting.WRITER)
        return found

    monkeypatch.setattr(acting, "read", overtaken)
    assert letters.replay().status_code == 503
    letters.log.down = True
    for response in (letters.replay(), letters.list()):
        assert response.status_code == 503
        assert "Retry-After" in response.headers
