"""The worker of uploads: judges each file whole, and appends its rows, some at a time.

Its steps go out in one transaction with the rows that they are about, so what is on the log is known to the row: a file
that was begun is gone on with by whoever comes next, and no row is in twice. Nothing is kept beside the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

import structlog

from services.ingest.intake import message_of
from services.ingest.translating import translated
from services.ingest.uploads.columns import SORTS
from services.ingest.uploads.files import Files
from services.ingest.uploads.following import Uploads
from services.ingest.uploads.rows import RowFault
from services.ingest.uploads.steps import Upload, fold
from services.ingest.uploads.verdict import File, Judging, Verdict, report, verdict
from shared.eventlog.own import own_message
from shared.eventlog.port import LogUnavailable, Message, Positions, Record, Subscription, TopicPartition
from shared.eventlog.topics import UPLOADING
from shared.events.envelope import Event
from shared.events.types.upload_appended import UPLOAD_APPENDED
from shared.events.types.upload_judged import UPLOAD_JUDGED
from shared.projection.port import Waiting
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding

_log = structlog.get_logger(__name__)
SOURCE = "urn:chengxin:uploads"
_ENDED = RowFault(0, "", "the access key that the file came with is not valid any more")
_AT_ONCE = 2_000
"""Rows of one transaction."""


class Uploading:
    """The projection of `upload-steps.v1` on to the topics of events."""

    group = UPLOADING

    def __init__(self, topic: str, prefix: str, files: Files, judging: Judging, clock: Callable[[], datetime]) -> None:
        self.topics: tuple[str, ...] = (topic,)
        self._topic, self._prefix, self._files, self._judging, self._clock = topic, prefix, files, judging, clock
        self._uploads = Uploads()
        self._subscription: Subscription | None = None
        self._until: Positions = {}
        self._out: list[Message] = []
        self._steps: list[tuple[Upload, Event]] = []
        """What is ready to go out, and the steps in it."""
        self._reading: tuple[str, Iterator[Event]] | None = None
        """The rows that are still to go out of a file that was begun."""

    def start(
        self,
        subscription: Subscription,
        partitions: frozenset[TopicPartition],
        committed: Positions,  # noqa: ARG002  # the loop's, as below
    ) -> Positions:
        """From the beginning, which is a month old at most; nothing is done before the end as it is now was read."""
        self._uploads, self._out, self._steps, self._reading = Uploads(), [], [], None
        self._subscription, self._until = subscription, subscription.end_offsets(partitions) if partitions else {}
        return dict.fromkeys(partitions, 0)

    def apply(self, records: list[Record], committed: Positions) -> Iterable[Message]:  # noqa: ARG002
        """Learn what has become of uploads; our own steps come by here too."""
        for record in records:
            self._uploads.take(record)
        return ()

    def background(self) -> bool:
        """Judge the oldest file that is to be judged, or make some rows of it ready to go out."""
        subscription = self._subscription
        if subscription is None or any(subscription.position(at) < end for at, end in self._until.items()):
            return False
        if self._out:
            return True
        upload = next((each for each in self._uploads.by_id.values() if each.is_open), None)
        if upload is None:
            return False
        self._out = self._next(upload)
        return True

    def settle(self, subscription: Subscription, positions: Positions) -> Iterable[Message]:  # noqa: ARG002
        """What is ready."""
        return self._out

    def settled(self) -> None:
        """It is on the log."""
        for upload, step in self._steps:
            if after := fold(upload, step, upload.received_at):
                self._uploads.by_id[upload.upload_id] = after
        self._out, self._steps = [], []

    def held(self) -> frozenset[TopicPartition]:
        """None: there is one partition."""
        return frozenset()

    def _next(self, upload: Upload) -> list[Message]:
        try:
            return self._judged(upload) if upload.phase == "received" else self._appended(upload)
        except (StoreUnavailable, Rebuilding):
            raise Waiting("the store has to say first whose it is what rows name") from None
        except LogUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  # a bug of ours, or a file that is gone, must hold up no other file
            # What stands in a traceback could be what stands in a cell.
            _log.error("upload_stopped", upload_id=upload.upload_id, error=type(error).__name__)
            return self._verdict(upload, "failed", Verdict(), [])

    def _judged(self, upload: Upload) -> list[Message]:
        file = self._file(upload)
        found = verdict(file, self._judging) if self._judging.lives(upload.said["by"]) else Verdict(faults=[_ENDED])
        told = found.faults or found.warnings
        offsets = self._files.put(upload.upload_id, report(file, found)) if told else []
        return self._verdict(upload, "faulty" if found.faults else "right", found, offsets)

    def _verdict(self, upload: Upload, outcome: str, found: Verdict, offsets: list[int]) -> list[Message]:
        counts = {"rows": found.rows, "faults": len(found.faults), "warnings": len(found.warnings)}
        _log.info("upload_judged", upload_id=upload.upload_id, outcome=outcome, **counts)
        return [self._step(upload, UPLOAD_JUDGED, {"outcome": outcome, **counts, "offsets": offsets})]

    def _appended(self, upload: Upload) -> list[Message]:
        if not self._judging.lives(upload.said["by"]):  # asked each time: a large file goes in for a while
            return self._verdict(upload, "failed", Verdict(), [])
        if self._reading is None or self._reading[0] != upload.upload_id:
            self._reading = upload.upload_id, islice(self._events(upload), upload.appended, None)
        events = list(islice(self._reading[1], _AT_ONCE))
        assert events, "a file has as many rows as were found in it"
        rows = upload.appended + len(events)
        return [
            *(message_of(event, self._prefix) for event in events),
            self._step(upload, UPLOAD_APPENDED, {"rows": rows}),
        ]

    def _events(self, upload: Upload) -> Iterator[Event]:
        file = self._file(upload)
        for row in file.rows():
            event = file.event(row)
            assert isinstance(event, Event), "the file was found right"
            yield translated(event, self._judging.tables())

    def _file(self, upload: Upload) -> File:
        said = upload.said
        content = self._files.get(said["offsets"])
        came = datetime.fromisoformat(upload.received_at)
        return File(content, said["media_type"], SORTS[said["sort"]], said["source"], upload.sender, came)

    def _step(self, upload: Upload, type_: str, data: dict[str, Any]) -> Message:
        subject, at = f"upload:{upload.upload_id}", self._clock().isoformat()
        id_ = f"{upload.upload_id}.{type_.split('.')[-2]}.{data.get('rows', 0)}"
        event = Event(id_, SOURCE, type_, subject, at, {"upload_id": upload.upload_id, **data})
        self._steps.append((upload, event))
        return own_message(self._topic, event)
