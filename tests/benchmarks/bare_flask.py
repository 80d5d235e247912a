"""The ceiling of a look-up: a Flask route that asks the store for one hash and returns what is in it."""

from __future__ import annotations

import os

from flask import Flask, Response
from redis import Redis

store = Redis.from_url(os.environ["BENCH_STORE"])
app = Flask(__name__)


@app.get("/<subject_id>")
def look_up(subject_id: str) -> Response:
    return Response(store.hgetall(f"bare:{subject_id}")[b"body"], mimetype="application/json")  # type: ignore[index]
