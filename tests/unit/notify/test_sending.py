"""Messages go to the public network alone, signed as others can check, without redirects, in bounded time."""

import socket
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from standardwebhooks.webhooks import Webhook

from services.notify import sending, signature
from services.notify.sending import Refused, refuse_url, send

HOST = "127.0.0.1"
BODY = b'{"type":"subject.changed"}'


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        if self.server.answer == "trickle":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not self.server.pause.wait(0.02):
                try:
                    self.wfile.write(b"X: y\r\n")
                except OSError:
                    return
            return
        self.send_response(self.server.answer)
        self.send_header("Location", "http://169.254.169.254/")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    from threading import Event

    server = HTTPServer((HOST, 0), Receiver)
    server.got, server.answer, server.pause = [], 200, Event()
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.pause.set()
    server.shutdown()
    server.server_close()
    thread.join()


def to(server, path="/hook?a=1"):
    return f"http://{HOST}:{server.server_port}{path}"


def test_a_message_comes_as_it_was_sent_and_the_libraries_of_others_verify_it(receiver):
    now = datetime.now(UTC)
    secret = b"0123456789abcdef0123456789abcdef"
    headers = signature.headers(secret, "msg_1", BODY, now)
    outcome = send(to(receiver), headers, BODY, [HOST])
    assert (outcome.status, outcome.delivered) == (200, True)
    [(path, got, body)] = receiver.got
    assert (path, body, got["Content-Type"]) == ("/hook?a=1", BODY, "application/json")
    Webhook(signature.secret_text(secret)).verify(body, {name.lower(): value for name, value in got.items()})


@pytest.mark.parametrize("status", [301, 302, 307, 400, 410, 500])
def test_whatever_is_no_success_is_a_failure_and_no_redirect_is_followed(receiver, status):
    receiver.answer = status
    outcome = send(to(receiver), {}, BODY, [HOST])
    assert (outcome.status, outcome.delivered) == (status, False)
    assert len(receiver.got) == 1


def test_nothing_is_sent_where_nobody_is_allowed_to_be(receiver):
    outcome = send(to(receiver), {}, BODY, [])
    assert outcome.word.startswith("refused")
    assert receiver.got == []


PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "::7f00:1", "255.255.255.255",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_into_this_network_is_refused_when_it_is_connected(address):
    outcome = send("https://portal.example.cn/hook", {}, BODY, [], find=lambda *_: [address])
    assert outcome.word.startswith("refused: must be in the public network")


def test_one_address_of_several_that_is_private_is_enough():
    found = ["93.184.216.34", "10.0.0.1"]
    assert send("https://portal.example.cn/", {}, BODY, [], find=lambda *_: found).word.startswith("refused")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://portal.example.cn/", "https://"),
        ("ftp://portal.example.cn/", "https://"),
        ("https:///x", "such as"),
        ("https://user:x@portal.example.cn/", "without a user"),
        ("https://portal.example.cn/#a", "fragment"),
        ("https://portal.example.cn:99999/", "port"),
        ("https://10.0.0.1/", "public network"),
        ("https://localhost/", "public network"),
        ("https://a.internal/", "public network"),
        ("https://[::1]/", "public network"),
        ("portal.example.cn", "such as"),
    ],
)
def test_an_address_that_can_never_be_sent_to_is_refused_with_what_is_wrong(url, said):
    with pytest.raises(Refused, match=said):
        refuse_url(url, [])


def test_an_address_of_the_public_network_is_taken():
    refuse_url("https://portal.example.cn:8443/hook?a=1", [])
    refuse_url("http://hook.internal/", ["hook.internal"])


def test_who_does_not_listen_is_unreachable():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        outcome = send(f"http://{HOST}:{probe.getsockname()[1]}/", {}, BODY, [HOST])
    assert (outcome.status, outcome.word) == (None, "unreachable")


def test_a_name_that_there_is_not_is_unreachable():
    def nowhere(*_):
        raise socket.gaierror

    assert send("https://portal.example.cn/", {}, BODY, [], find=nowhere).word == "unreachable"


def test_an_answer_that_never_ends_holds_nobody_up(receiver, monkeypatch):
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 0.3)
    receiver.answer = "trickle"
    assert send(to(receiver), {}, BODY, [HOST]).word == "timed-out"


def test_who_speaks_no_tls_is_told_so(receiver):
    outcome = send(f"https://{HOST}:{receiver.server_port}/", {}, BODY, [HOST])
    assert (outcome.status, outcome.word) == (None, "tls-failed")
    assert receiver.got == []
