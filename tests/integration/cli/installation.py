"""`chengxin up` in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil

SECONDS = 120


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Up:
    """A running installation, in a process of its own."""

    def __init__(self, home, port, *options):
        self.address = f"http://127.0.0.1:{port}"
        self.home = home
        unlimited = {"CHENGXIN_RATE_PER_KEY": "0", "CHENGXIN_RATE_PER_ADDRESS": "0"}
        environment = {**os.environ, **unlimited, "CHENGXIN_HOME": str(home), "CHENGXIN_PORT": str(port)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.cli.main", "up", *(options or ["--no-sample"])],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ask(self, path, *, key=None, body=None, kind="application/cloudevents-batch+json"):
        request = urllib.request.Request(self.address + path)
        if key:
            request.add_header("Authorization", f"Bearer {key}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", kind)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())
        except OSError:
            return 0, None

    def text(self, path):
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            return answer.read().decode()

    def wait(self, condition):
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.process.stderr.read()
            if condition():
                return
            time.sleep(0.1)
        raise AssertionError("the condition never held")

    def ready(self):
        self.wait(lambda: self.ask("/readyz")[0] == 200)
        return self

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60), self.process.stderr.read()

    def kill_everything(self):
        """Kill it and its children, if it still runs: none may outlive its test."""
        if self.process.returncode is not None:
            return
        everyone = [*psutil.Process(self.process.pid).children(recursive=True), psutil.Process(self.process.pid)]
        for each in everyone:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
        self.process.wait(30)
        psutil.wait_procs(everyone, 30)

    @property
    def key(self):
        return (self.home / "admin.key").read_text().strip()
