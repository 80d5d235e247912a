"""What is told before an installation starts anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.cli.before_start import refuse_silent_servers
from services.cli.installation import WrongUse
from shared.eventlog import kafka
from shared.eventlog.kafka_client import Patience
from shared.settings import Settings

NOBODY = "127.0.0.1:1"


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(kafka, "Patience", lambda: Patience(answer=1.0))


def told(**given):
    with pytest.raises(WrongUse) as caught:
        refuse_silent_servers(replace(Settings(), **given))
    return str(caught.value)


def test_a_wrong_kafka_is_told_by_setting_and_address():
    assert told(kafka=(NOBODY,)) == f"CHENGXIN_KAFKA: no broker answers at {NOBODY} (PLAINTEXT)"


def test_a_wrong_store_is_told_by_setting_and_address_without_its_password():
    sentence = told(redis=f"redis://:secret@{NOBODY}/0", kafka=(NOBODY,))
    assert sentence == f"CHENGXIN_REDIS: no store answers at redis://***@{NOBODY}/0 (ConnectionError)"


def test_engines_that_are_yet_to_be_started_are_not_asked():
    refuse_silent_servers(Settings())
