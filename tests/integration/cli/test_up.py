"""`chengxin up` as a newcomer meets it: one command, events in, an explained score out, and nothing lost by kill -9."""

from __future__ import annotations

import socket
from contextlib import closing

from services.sample import marker
from shared.eventlog.connection import Connection
from shared.eventlog.following import Follower
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.port import TopicPartition
from shared.eventlog.topics import AUDIT
from shared.events.kafka_codec import decode
from shared.events.types.access_refused import ACCESS_REFUSED

SUBJECT = "shop:92320902MA1N00026Y-01"


def event(id_, type_, data):
    time_ = "2026-05-06T10:00:00+08:00"
    attributes = {"specversion": "1.0", "id": id_, "source": "urn:chengxin:organ:320902", "time": time_}
    return {**attributes, "type": f"cn.chengxin.{type_}.v1", "subject": SUBJECT, "data": data}


REGION = {"region": "320902001001"}
EVENTS = [
    event("r-1", "subject.upserted", {**REGION, "name": "盐都区李记土菜馆", "status": "open"}),
    event(
        "c-1",
        "case.decided",
        {
            **REGION,
            "case_no": "亭城管罚字〔2026〕第1号",
            "violation_code": "SP-03",
            "severity": "general",
            "occurred_on": "2026-05-06",
            "decided_on": "2026-05-06",
            "officers": ["320902-0101", "320902-0102"],
        },
    ),
]


def test_events_go_in_and_an_explained_score_comes_out_also_after_kill_9(up):
    one = up().ready()
    status, answer = one.ask("/v1/events", key=one.key, body=EVENTS)
    assert status == 202, answer
    path = f"/v1/subjects/{SUBJECT}"
    one.wait(lambda: one.ask(path, key=one.key)[0] == 200 and one.ask(path + "/receipt", key=one.key)[1]["items"])
    _, before = one.ask(path, key=one.key)
    _, receipt = one.ask(path + "/receipt", key=one.key)
    assert before["name"] == "盐都区李记土菜馆"
    assert before["score"] == receipt["score"]
    assert [item["code"] for item in receipt["items"]] == ["SP-03"]
    assert "score" not in one.ask(path)[1]  # the public sees a shop's grade alone
    one.wait(lambda: "chengxin_score_delay_seconds_count 2.0" in one.text("/metrics"))  # which the worker has counted
    assert 'chengxin_consumer_owned{group="scoring",partition="0",topic="chengxin.enforcement.v1"}' in one.text(
        "/metrics"
    )
    assert SUBJECT not in one.text("/metrics")

    one.kill_everything()
    again = up().ready()
    again.wait(lambda: again.ask(path, key=again.key)[0] == 200)
    _, after = again.ask(path, key=again.key)
    assert {**after, "applied_until": None} == {**before, "applied_until": None}
    assert again.ask(path + "/receipt", key=again.key)[1] == receipt

    code, told = again.interrupt()
    assert code == 0
    assert "Traceback" not in told
    assert again.ask("/livez") == (0, None)


def refusals_told(kafka, prefix):
    """What `audit.v1` has of refused access: routes, and how often."""
    topic = prefix + AUDIT
    with closing(KafkaLog(Connection((kafka,)))) as log:
        places = [TopicPartition(topic, partition) for partition in range(log.partitions(topic))]
        with closing(Follower(log, places)) as reader:
            found = [decode(record.headers, record.value) for record in reader.news()]
    return [(each.data["route"], each.data["times"]) for each in found if each.type == ACCESS_REFUSED]


def test_on_servers_that_run_already_it_starts_workers_and_web_alone(up, home, kafka, redis_url, prefix, monkeypatch):
    for name, value in (("TOPIC_PREFIX", prefix), ("KEY_PREFIX", prefix.replace(".", ":")), ("PARTITIONS", "4")):
        monkeypatch.setenv(f"CHENGXIN_{name}", value)
    one = up("--kafka", kafka, "--redis", redis_url).ready()
    assert one.ask("/v1/events", key=one.key, body=EVENTS)[0] == 202
    path = f"/v1/subjects/{SUBJECT}"
    one.wait(lambda: one.ask(path + "/receipt", key=one.key)[1].get("items"))
    assert one.ask("/v1/keys")[0] == 401
    code, told = one.interrupt()
    assert code == 0, told
    assert refusals_told(kafka, prefix) == [("/v1/keys", 1)]  # what was counted last is not lost with the process
    assert "Starting Kafka" not in told
    assert sorted(each.name for each in (home / "data").iterdir() if each.is_dir()) == []
    assert not marker.read(home)  # no city is put on a log that others may use

    again = up("--kafka", kafka, "--redis", redis_url).ready()  # the servers have gone on, with all that they held
    again.wait(lambda: again.ask(path, key=again.key)[0] == 200)


def test_a_busy_port_is_told_by_the_setting_s_name(up):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        one = up(port=holder.getsockname()[1])
        assert one.process.wait(60) == 2
        assert "CHENGXIN_PORT" in one.process.stderr.read()


def test_a_second_start_on_the_same_home_says_so(up, home):
    up().ready()
    second = up()
    assert second.process.wait(60) == 2
    told = second.process.stderr.read()
    assert str(home) in told
    assert "Traceback" not in told
