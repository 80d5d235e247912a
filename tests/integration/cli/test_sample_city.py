"""The first start with its sample city: interrupted in the middle, loaded to the end, and what is served is right."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from threading import local

from services.cli.sample import ADDRESS
from services.sample import marker
from services.sample.city import city
from shared.events.json_codec import to_document
from shared.rulebooks.loader import SHIPPED

LEDGERS = ("internal", "public")


def facts(events, path):
    """The city's events as `chengxin score` reads them."""
    recorded = {"recorded_at": datetime.now(UTC).isoformat()}
    lines = [
        json.dumps(to_document(event) | recorded) for event in events if not event.subject.startswith("inspector:")
    ]
    path.write_text("\n".join(lines))
    return path


def receipts(path, ledger, as_of):
    """Receipts by subject, as anyone computes them from the facts with no server."""
    command = [sys.executable, "-m", "services.cli.main", "score", "--rulebooks", str(SHIPPED), "--facts", str(path)]
    done = subprocess.run([*command, "--ledger", ledger, "--as-of", as_of], capture_output=True, text=True, check=True)
    return {receipt["subject_id"]: receipt for receipt in map(json.loads, done.stdout.splitlines())}


class Client:
    """Asks with a key, over one connection a thread."""

    def __init__(self, up):
        self._port, self._key, self._mine = int(up.address.rsplit(":", 1)[1]), up.key, local()
        self._connections = []

    def close(self):
        for each in self._connections:
            each.close()

    def __call__(self, path):
        connection = getattr(self._mine, "connection", None)
        if connection is None:
            connection = self._mine.connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            self._connections.append(connection)
        connection.request("GET", path, headers={"Authorization": f"Bearer {self._key}"})
        answer = connection.getresponse()
        body = json.loads(answer.read())
        assert answer.status == 200, (path, body)
        return body


def test_every_score_and_receipt_of_the_sample_city_is_what_its_facts_say(up, home, tmp_path):
    first = up("--sample")
    first.wait(lambda: (begun := marker.read(home)) and begun.sent)
    code, told = first.interrupt()
    assert code == 0, told
    assert not marker.read(home).done

    second = up("--sample")
    second.wait(lambda: marker.read(home).done)
    made = city(marker.read(home).until)
    path = facts(made.events, tmp_path / "facts.jsonl")
    asked = [(subject.id, ledger) for subject in made.subjects for ledger in LEDGERS]
    with closing(Client(second)) as ask, ThreadPoolExecutor(8) as pool:
        scores = list(pool.map(lambda each: ask(f"/v1/subjects/{each[0]}?ledger={each[1]}"), asked))
        served = list(pool.map(lambda each: ask(f"/v1/subjects/{each[0]}/receipt?ledger={each[1]}"), asked))
    expected = {}
    for (subject_id, ledger), score, receipt in zip(asked, scores, served, strict=True):
        for answer in (score, receipt):  # midnight may come in between
            if (ledger, answer["as_of"]) not in expected:
                expected[ledger, answer["as_of"]] = receipts(path, ledger, answer["as_of"])
        assert receipt == expected[ledger, receipt["as_of"]][subject_id]
        right = expected[ledger, score["as_of"]][subject_id]
        for name in ("subject_id", "kind", "ledger", "score", "grade", "basis", "next_change_on"):
            assert score[name] == right[name], (subject_id, ledger, name)
    code, told = second.interrupt()
    assert code == 0, told
    assert "Traceback" not in told

    (home / ADDRESS).unlink()
    third = up("--sample")
    third.wait((home / ADDRESS).exists)
    _, told = third.interrupt()
    links = [line.split() for line in told.splitlines() if line.endswith("/receipt")]
    assert len(links) == 3
    assert all(link.startswith(f"{third.address}/v1/subjects/") for [link] in links)
