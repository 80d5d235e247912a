"""The process that takes files in is killed again and again: a file goes on where it was, and no row is in twice."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime

import pytest

from shared.eventlog import topics, topics_admin
from shared.eventlog.topics import ACCESS
from shared.web.key_making import NewKey, create_key
from tests.faults.machine import PARTITIONS, ROOT, SECONDS, wait

ROWS, KILLS = 30_000, 4


@pytest.fixture
def works(machine):
    """Starts a worker, and ends those that run."""
    topics_admin.apply(machine.connection, topics.wanted(machine.prefix, PARTITIONS, ["sample"]))
    running = []
    environment = {
        **os.environ,
        "CHENGXIN_KAFKA": ",".join(machine.brokers.addresses),
        "CHENGXIN_REDIS": machine.kept.url,
        "CHENGXIN_TOPIC_PREFIX": machine.prefix,
        "CHENGXIN_KEY_PREFIX": machine.prefix.replace(".", ":"),
        "CHENGXIN_PARTITIONS": str(PARTITIONS),
    }

    def start():
        line = [sys.executable, "-m", "services.cli.main", "work", "ingest"]
        running.append(subprocess.Popen(line, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL))
        return running[-1]

    yield start
    for each in running:
        each.kill()
        each.wait()


def test_a_file_whose_worker_is_killed_while_its_rows_go_in_is_in_whole_and_once(machine, works):
    from tests.integration.ingest.test_uploads import ORGAN, Office, table

    office = Office(machine.log, machine.prefix)
    with closing(office.appender):
        asked = NewKey(frozenset({"events:write"}), "organ")
        create_key(office.appender, machine.prefix + ACCESS, asked, datetime.now(UTC), ORGAN.key_id)
        upload_id = office.send(table(range(ROWS)))
        came = []
        for _ in range(KILLS):
            worker, before = works(), office.desk.find(ORGAN, upload_id).appended
            wait(lambda before=before: office.desk.find(ORGAN, upload_id).appended > before, 2 * SECONDS)
            worker.kill()
            worker.wait()
            came.append(office.desk.find(ORGAN, upload_id).appended)
        assert came[0] < ROWS
        works()
        wait(lambda: not office.desk.find(ORGAN, upload_id).is_open, 2 * SECONDS)
        found = office.events()
        assert (len(found), set(found.values())) == (ROWS, {1})
