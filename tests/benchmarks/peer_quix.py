"""The peer: Quix Streams counting events by subject, in an environment of its own. Prints its seconds as JSON."""

import json
import sys
import time

from quixstreams import Application


def main() -> None:
    server, state, expected, *topics = sys.argv[1:]
    app = Application(
        broker_address=server,
        consumer_group=f"peer-{time.time_ns()}",
        auto_offset_reset="earliest",
        state_dir=state,
        loglevel="ERROR",
        auto_create_topics=True,
    )
    seen = 0
    started: list[float] = []

    def count(value: object, state: object) -> None:
        nonlocal seen
        if not started:
            started.append(time.perf_counter())
        state.set("n", state.get("n", 0) + 1)  # type: ignore[attr-defined]
        seen += 1
        if seen == int(expected):
            app.stop()

    for topic in topics:
        frame = app.dataframe(app.topic(topic, value_deserializer="json"))
        frame.update(count, stateful=True)
    app.run()
    sys.stdout.write(json.dumps({"seconds": time.perf_counter() - started[0]}) + "\n")


if __name__ == "__main__":
    main()
