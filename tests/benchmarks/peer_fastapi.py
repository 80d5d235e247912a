"""The peer of a look-up: FastAPI under uvicorn on the same hash, in an environment of its own."""

import os

from fastapi import FastAPI, Response
from redis.asyncio import Redis

store = Redis.from_url(os.environ["BENCH_STORE"])
app = FastAPI()


@app.get("/{subject_id}")
async def look_up(subject_id: str) -> Response:
    kept = await store.hgetall(f"bare:{subject_id}")
    return Response(kept[b"body"], media_type="application/json")
