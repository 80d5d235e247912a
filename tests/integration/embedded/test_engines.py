"""The embedded engines start, keep their data, and come back from anything."""

import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest
import redis
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic

from shared.embedded.engines import EnginesError, start

HOLD = """
import signal, sys, time
from pathlib import Path
from shared.embedded.engines import start
signal.signal(signal.SIGINT, signal.default_int_handler)  # shells start jobs in the background without one
engines = start(Path(sys.argv[1]), cache=Path(sys.argv[2]))
try:
    print(engines.kafka, engines.redis, *(process.pid for process in engines.processes), flush=True)
    time.sleep(600)
except KeyboardInterrupt:
    print("interrupted", [process.running() for process in engines.processes], flush=True)
    engines.stop()
"""


@pytest.fixture
def hold(tmp_path, cache):
    """Another process that holds engines on `tmp_path`."""
    started = []

    def run():
        child = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path), str(cache)],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(child)
        kafka, store, *pids = child.stdout.readline().split()
        return child, kafka, store, [int(pid) for pid in pids]

    yield run
    for child in started:
        child.kill()
        child.wait()
        child.stdout.close()


def gone(pids, seconds=10):
    deadline = time.monotonic() + seconds
    while any(psutil.pid_exists(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def write(kafka, store):
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics([NewTopic("kept", 1, 1)])
    admin.close()
    producer = KafkaProducer(bootstrap_servers=kafka)
    producer.send("kept", b"value").get(10)
    producer.close()
    with redis.Redis.from_url(store) as client:
        client.set("kept", "value")


def read(kafka, store):
    consumer = KafkaConsumer("kept", bootstrap_servers=kafka, auto_offset_reset="earliest", consumer_timeout_ms=10_000)
    value = next(consumer).value
    consumer.close()
    with redis.Redis.from_url(store) as client:
        return value, client.get("kept")


def stamps(kafka):
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    topic = ConfigResource(ConfigResourceType.TOPIC, "kept")
    settings = admin.describe_configs([topic], config_filter="all")["topic"]["kept"]
    admin.close()
    return settings["message.timestamp.type"]["value"]


def test_data_and_addresses_survive_an_orderly_restart(tmp_path, cache):
    first = start(tmp_path, cache=cache)
    write(first.kafka, first.redis)
    assert first.dead() is None
    first.stop()
    second = start(tmp_path, cache=cache)
    try:
        assert (second.kafka, second.redis) == (first.kafka, first.redis)
        assert read(second.kafka, second.redis) == (b"value", b"value")
        assert stamps(second.kafka) == "LogAppendTime"
    finally:
        second.stop()


def test_data_survive_a_kill_of_everything(tmp_path, cache, hold):
    child, kafka, store, pids = hold()
    write(kafka, store)
    for pid in (child.pid, *pids):
        os.kill(pid, signal.SIGKILL)
    child.wait()
    with next((tmp_path / "data/valkey/appendonlydir").glob("*.incr.aof")).open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$4\r\ntorn")
    assert gone(pids)
    again = start(tmp_path, cache=cache)
    try:
        assert read(again.kafka, again.redis) == (b"value", b"value")
    finally:
        again.stop()


def test_no_engine_outlives_a_killed_parent(tmp_path, cache, hold):
    child, _, _, pids = hold()
    child.kill()
    child.wait()
    if sys.platform == "linux":  # elsewhere the next start ends them
        assert gone(pids)
    start(tmp_path, cache=cache).stop()
    assert gone(pids)


def test_an_interrupt_at_the_terminal_leaves_the_stopping_to_the_parent(hold):
    child, _, _, pids = hold()
    assert [os.getsid(pid) for pid in pids] == pids
    os.killpg(child.pid, signal.SIGINT)
    assert child.communicate(timeout=30)[0] == "interrupted [True, True]\n"
    assert gone(pids)


def test_one_data_folder_serves_one_process(tmp_path, cache, hold):
    child, *_ = hold()
    with pytest.raises(EnginesError, match=rf"in use by process {child.pid}: stop it, or set CHENGXIN_HOME"):
        start(tmp_path, cache=cache)


def test_one_data_folder_is_started_once_in_a_process(tmp_path, cache):
    engines = start(tmp_path, cache=cache, kafka=False)
    with pytest.raises(EnginesError, match="in use by this process already"):
        start(tmp_path, cache=cache, kafka=False)
    engines.stop()
    start(tmp_path, cache=cache, kafka=False).stop()


def test_all_works_where_paths_are_chinese_and_home_is_nowhere(tmp_path, cache, monkeypatch):
    monkeypatch.setenv("HOME", "/nonexistent")
    monkeypatch.setenv("LC_ALL", "C")
    engines = start(tmp_path / "城 信", cache=cache)
    write(engines.kafka, engines.redis)
    assert read(engines.kafka, engines.redis) == (b"value", b"value")
    engines.stop()


def test_a_port_that_a_stranger_took_is_chosen_anew(tmp_path, cache):
    first = start(tmp_path, cache=cache, kafka=False)
    first.stop()
    port = int(first.redis.split(":")[-1].split("/")[0])
    with socket.create_server(("127.0.0.1", port)):
        second = start(tmp_path, cache=cache, kafka=False)
        second.stop()
    assert second.redis != first.redis


def test_a_dead_engine_is_named(tmp_path, cache):
    engines = start(tmp_path, cache=cache, kafka=False)
    try:
        os.kill(engines.processes[0].pid, signal.SIGKILL)
        engines.processes[0]._child.wait(10)
        assert engines.dead().startswith("Valkey has stopped by itself; see ")
    finally:
        engines.stop()


def test_a_folder_that_cannot_be_written_is_an_error_that_says_so(tmp_path, cache):
    (tmp_path / "file").touch()
    with pytest.raises(EnginesError, match=r"cannot be written.*CHENGXIN_HOME"):
        start(tmp_path / "file" / "home", cache=cache)


def test_the_store_asks_for_its_password(engines):
    host_port = engines.redis.split("@")[1]
    with redis.Redis.from_url(f"redis://{host_port}") as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_a_cluster_of_one_node_has_all_slots(valkey_cluster):
    client = redis.RedisCluster.from_url(valkey_cluster)
    assert client.set("{b0001}x", "1")
    assert client.get("{b0001}x") == b"1"
    client.close()
