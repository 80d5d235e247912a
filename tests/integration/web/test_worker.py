"""What never reaches the application is answered as all else is, by a real gunicorn; and its log names nobody."""

from __future__ import annotations

import gc
import json
import socket
import subprocess
import sys
import time

import pytest
from gunicorn.workers.gthread import ThreadWorker

from shared.embedded.ports import choose
from shared.web.errors import MEDIA_TYPE
from shared.web.worker import Worker

NAME = "李记土菜馆"
UNREADABLE = {
    "letters that are not encoded": (f"GET /v1/subjects?name={NAME} HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed"),
    "no version of HTTP": ("GET / HTTP/9.9.9\r\nHost: a\r\n\r\n", 400, "malformed"),
    "an address without end": (f"GET /{'a' * 9000} HTTP/1.1\r\nHost: a\r\n\r\n", 414, "uri-too-long"),
    "a header that is none": (f"GET / HTTP/1.1\r\nHost: a\r\nNa me: {NAME}\r\n\r\n", 400, "malformed"),
    "headers without end": ("GET / HTTP/1.1\r\n" + f"X: {'a' * 8000}\r\n" * 200 + "\r\n", 431, "headers-too-large"),
    "another coding": ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n", 501, "not-implemented"),
    "another expectation": ("POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417, "expectation-failed"),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The port of a gunicorn with our worker, and the file to which it writes."""
    port, told = choose(), tmp_path_factory.mktemp("gunicorn") / "log"
    command = [sys.executable, "-m", "gunicorn", "flask:Flask('nothing')", "--worker-class=shared.web.worker.Worker"]
    with told.open("wb") as file:
        process = subprocess.Popen([*command, f"--bind=127.0.0.1:{port}", "--no-control-socket"], stderr=file)
    deadline = time.monotonic() + 30
    while b"Booting worker" not in told.read_bytes():
        assert time.monotonic() < deadline, told.read_text()
        time.sleep(0.05)
    yield port, told
    process.terminate()
    process.wait()


def sent(port, request):
    """The head and the body of what comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request.encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer.split(b"\r\n\r\n", 1)


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_gets_a_problem(server, what):
    request, status, code = UNREADABLE[what]
    head, body = sent(server[0], request)
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert f"Content-Type: {MEDIA_TYPE}".encode() in head
    problem = json.loads(body)
    assert (problem["status"], problem["type"]) == (status, f"urn:chengxin:problem:{code}")


def test_unencoded_letters_are_told_how_to_be_sent(server):
    _, body = sent(server[0], UNREADABLE["letters that are not encoded"][0])
    assert "--data-urlencode" in json.loads(body)["detail"]


def test_nothing_of_the_request_stands_in_the_log(server):
    port, told = server
    sent(port, UNREADABLE["letters that are not encoded"][0])
    sent(port, UNREADABLE["a header that is none"][0])
    written = told.read_bytes()
    assert b"Invalid request: InvalidRequestLine" in written
    assert NAME.encode() not in written
    assert NAME.encode().decode("latin-1").encode() not in written


def test_collections_of_garbage_do_not_go_through_what_the_application_is_built_of(monkeypatch):
    before, put_aside = gc.get_freeze_count(), []
    monkeypatch.setattr(ThreadWorker, "run", lambda _: put_aside.append(gc.get_freeze_count()))
    try:
        Worker.run(object.__new__(Worker))
    finally:
        gc.unfreeze()
    assert put_aside[0] > before
