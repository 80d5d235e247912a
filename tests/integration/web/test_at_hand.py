"""What the front has is given without a thread, by a real gunicorn that has but one; and nothing else is."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import pytest

from shared.embedded.ports import choose
from tests.support.waiting import until

KEPT = "GET /kept HTTP/1.1\r\nHost: a\r\n{}\r\n"
SECONDS = 20


class Line:
    """A connection that is kept."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self.file = self.socket.makefile("rb")

    def send(self, text):
        self.socket.sendall(text.encode())

    def read(self):
        """Whom the next answer is for."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.file.readline() or b"\r\n\r\n"
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        return json.loads(self.file.read(length))["for"]

    def ask(self, more=""):
        self.send(KEPT.format(more))
        return self.read()

    def close(self):
        self.file.close()
        self.socket.close()


@pytest.fixture
def lines(tmp_path):
    """Connections to a gunicorn with our worker and one thread, over each of which the front has answered before."""
    port, go_on = choose(), tmp_path / "go on"
    command = [sys.executable, "-m", "gunicorn", "tests.support.fronted:app", "--threads=1", "--no-control-socket"]
    process = subprocess.Popen(
        [*command, "--worker-class=shared.web.worker.Worker", f"--bind=127.0.0.1:{port}", "--log-level=error"],
        env=os.environ | {"FRONTED_GO_ON": str(go_on)},
    )
    made = []

    def answers():
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            return False
        return True

    def line():
        made.append(Line(port))
        assert made[-1].ask() == "everybody"
        return made[-1]

    until(answers)
    line.go_on = go_on.touch
    yield line
    go_on.touch()
    for each in made:
        each.close()
    process.terminate()
    process.wait()


def test_what_is_at_hand_waits_for_no_thread_and_all_else_for_one(lines):
    line, slow = lines(), lines()
    slow.send(KEPT.format("authorization: Bearer x\r\n"))  # takes the one that there is
    assert [line.ask() for _ in range(3)] == ["everybody"] * 3
    lines.go_on()
    assert slow.read() == "a key"
    assert slow.ask() == "everybody"


@pytest.mark.parametrize("more", ["Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n"])
def test_a_body_that_does_not_come_holds_up_nobody_but_its_sender(lines, more):
    line, other = lines(), lines()
    line.send(KEPT.format(more))
    assert other.ask() == "everybody"
    line.send("abc" if "Length" in more else "0\r\n\r\n")
    assert line.read() == "everybody"
    assert line.ask() == "everybody"


def test_requests_that_come_together_are_answered_in_their_order(lines):
    line = lines()
    lines.go_on()
    with_key, without = KEPT.format("Authorization: Bearer x\r\n"), KEPT.format("")
    for together, answers in (
        ([without] * 3, ["everybody"] * 3),
        ([without, with_key, without], ["everybody", "a key", "everybody"]),
    ):
        line.send("".join(together))
        assert [line.read() for _ in together] == answers


def test_a_request_that_comes_in_parts_is_waited_for_by_nobody_else(lines):
    line, other = lines(), lines()
    line.send(KEPT.format("")[:20])
    assert other.ask() == "everybody"
    line.send(KEPT.format("")[20:])
    assert line.read() == "everybody"


def test_a_connection_that_is_to_end_ends(lines):
    line = lines()
    assert line.ask("Connection: close\r\n") == "everybody"
    assert line.socket.recv(1) == b""
