"""An application with a front: what may be given once more, and what holds a thread until a file is there."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, request

from shared.web import front

front.LIFE = 600.0

app = Flask("fronted")
front.stand_before(app, lambda: None)


@app.get("/kept")
def kept():
    if "Authorization" in request.headers:
        while not Path(os.environ["FRONTED_GO_ON"]).exists():
            time.sleep(0.01)
        return {"for": "a key"}
    front.keep(datetime(2026, 3, 1, 4, tzinfo=UTC))
    return {"for": "everybody"}
