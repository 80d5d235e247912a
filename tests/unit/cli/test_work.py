"""`chengxin work` where it cannot begin."""

from __future__ import annotations

import os
import socket
import subprocess
import sys


def test_a_port_for_metrics_that_this_machine_has_taken_is_wrong_use_whatever_the_host():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "services.cli.main", "work", "ingest", "--metrics-port", port],
            env={
                **os.environ,
                "CHENGXIN_HOST": "0.0.0.0",
                "CHENGXIN_KAFKA": "127.0.0.1:1",
                "CHENGXIN_REDIS": "redis://127.0.0.1:1/0",
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert f"--metrics-port: {port} of 127.0.0.1 cannot be had" in done.stderr
    assert "Traceback" not in done.stderr
