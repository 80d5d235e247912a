import os
from dataclasses import replace
from pathlib import Path

import pytest

from shared import settings
from shared.environment import SettingsError, load
from shared.settings import Settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for name in [n for n in os.environ if n.startswith("CHENGXIN_")]:
        monkeypatch.delenv(name)


def faults(monkeypatch, **environment):
    for name, value in environment.items():
        monkeypatch.setenv(f"CHENGXIN_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load()
    return dict(caught.value.faults)


def test_an_empty_environment_is_the_embedded_installation():
    read = load()
    assert (read.embedded_log, read.embedded_store, read.subject_partitions) == (True, True, 8)
    assert (read.home, read.port, read.topic_prefix, read.key_prefix) == (
        Path(".chengxin"),
        8080,
        "chengxin.",
        "cx:",
    )


def test_a_real_kafka_gets_64_partitions(monkeypatch):
    monkeypatch.setenv("CHENGXIN_KAFKA", "kafka-0:9092, [::1]:9093")
    assert load().kafka == ("kafka-0:9092", "[::1]:9093")
    assert load().subject_partitions == 64


def test_all_faults_are_told_at_once(monkeypatch):
    told = faults(
        monkeypatch,
        PORT="99999",
        WEB_THREADS="many",
        KAFKA="kafka",
        PARTITIONS="12",
        ORGANS="Chengguan,ok",
        REDIS="localhost:6379",
        REDIS_CLUSTER="perhaps",
        KAFKA_CA="/no/such.pem",
        LOG_LEVEL="loud",
        TOPIC_PREFIX="City_1",
        KEY_PREFIX="{x}:",
    )
    assert len(told) == 11
    assert told["CHENGXIN_PORT"] == "must be a whole number from 1 to 65535, not 99999"
    assert told["CHENGXIN_WEB_THREADS"] == "must be a whole number from 1 to 128, not many"
    assert told["CHENGXIN_PARTITIONS"] == "must be a power of two from 1 to 1024, or 0, not 12"
    assert "trusted" not in str(told)


def test_settings_that_do_not_go_together_are_faults(monkeypatch):
    told = faults(
        monkeypatch, KAFKA_SECURITY="SASL_SSL", REPLICATION="2", MIN_INSYNC="3", REDIS_CLUSTER="true", PORT="x"
    )
    assert set(told) == {
        "CHENGXIN_KAFKA_USERNAME",
        "CHENGXIN_KAFKA_PASSWORD",
        "CHENGXIN_MIN_INSYNC",
        "CHENGXIN_REDIS_CLUSTER",
        "CHENGXIN_PORT",
    }


def test_a_misspelt_name_is_a_fault_and_a_foreign_one_is_not(monkeypatch):
    monkeypatch.setenv("CHENGXIN_LOOKUP_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("CHENGXIN_TEST_KAFKA", "127.0.0.1:9092")
    load()
    assert faults(monkeypatch, PARTITION="8") == {"CHENGXIN_PARTITION": "is no setting; CHENGXIN_PARTITIONS is one"}


def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("hush\n", encoding="utf-8")
    monkeypatch.setenv("CHENGXIN_REDIS_PASSWORD_FILE", str(tmp_path / "secret"))
    assert load().redis_password == "hush"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xff", b"\n"])
def test_a_file_without_a_readable_secret_is_a_fault(monkeypatch, tmp_path, content):
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    told = faults(monkeypatch, REDIS_PASSWORD_FILE=str(tmp_path / "secret"))
    assert len(told) == 1


def test_a_value_and_a_file_for_it_are_a_fault(monkeypatch, tmp_path):
    told = faults(monkeypatch, REDIS_PASSWORD="a", REDIS_PASSWORD_FILE=str(tmp_path))
    assert told == {"CHENGXIN_REDIS_PASSWORD": "is set, and CHENGXIN_REDIS_PASSWORD_FILE is set too: keep one of them"}


def test_a_folder_of_wrong_calendars_is_a_fault_among_the_others(monkeypatch, tmp_path):
    (tmp_path / "2027.json").write_text("{", encoding="utf-8")
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    told = faults(monkeypatch, CALENDARS=str(tmp_path), PORT="x")
    assert told["CHENGXIN_CALENDARS"] == (
        "2027.json must be JSON in UTF-8; x.json must be named by its year, such as 2027.json"
    )
    assert set(told) == {"CHENGXIN_CALENDARS", "CHENGXIN_PORT"}


def test_organs_are_bound_to_regions_and_to_any_source(monkeypatch):
    monkeypatch.setenv("CHENGXIN_ORGANS", "yandu,sample")
    bounds = "yandu:320903", "yandu:urn:yc:sanitation", "sample:https://organ.example.cn/cases"
    monkeypatch.setenv("CHENGXIN_ORGAN_BOUNDS", ",".join(bounds))
    assert load().organ_bounds == bounds


@pytest.mark.parametrize("bound", ["yandu:3209031", "yandu:urn:a b", "yandu:", "yandu"])
def test_a_bound_that_is_none_is_a_fault(monkeypatch, bound):
    assert set(faults(monkeypatch, ORGANS="yandu", ORGAN_BOUNDS=bound)) == {"CHENGXIN_ORGAN_BOUNDS"}


def test_a_bound_of_an_organ_that_there_is_not_is_a_fault(monkeypatch):
    told = faults(monkeypatch, ORGANS="yandu,sample", ORGAN_BOUNDS="yando:320903")
    assert told == {"CHENGXIN_ORGAN_BOUNDS": "bounds yando, not among CHENGXIN_ORGANS"}


def test_an_empty_value_is_not_set(monkeypatch):
    monkeypatch.setenv("CHENGXIN_PORT", "")
    monkeypatch.setenv("CHENGXIN_KAFKA", " ")
    assert load() == Settings()


def test_what_is_shown_holds_no_secret():
    read = replace(
        Settings(), kafka_password="hush1", redis_password="hush2", redis="rediss://me:hush3@host:1/0?password=hush4"
    )
    assert "hush" not in str(read.shown())
    assert read.shown()["CHENGXIN_REDIS"] == "rediss://***@host:1/0?***"
    assert "hush" not in repr(read)


def test_no_fault_shows_a_secret(monkeypatch):
    assert "hush" not in str(faults(monkeypatch, REDIS="http://me:hush@host", KAFKA_PASSWORD="hush\nhush", PORT="x"))


def test_a_child_process_reads_the_same_settings(monkeypatch):
    parent = replace(
        Settings(), kafka=("a:1", "b:2"), redis="redis://h:1/0", redis_password="p w", organs=("x", "y"), port=99
    )
    for name, value in parent.environment().items():
        monkeypatch.setenv(name, value)
    assert load() == parent


def test_every_setting_is_in_the_readme():
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    rows = [f"| `{name}` | {default and f'`{default}`'} | {what} |" for name, default, what in settings.documentation()]
    assert [row for row in rows if row not in readme] == []
