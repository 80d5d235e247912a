"""The desk of uploads: takes a file, and tells its sender what has become of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from services.ingest.jurisdiction import CORRECTING
from services.ingest.uploads.appending import SOURCE
from services.ingest.uploads.files import Files
from services.ingest.uploads.following import Following
from services.ingest.uploads.steps import Upload, fold
from shared.eventlog.own import append_own
from shared.eventlog.port import Appender, LogUnavailable
from shared.eventlog.values import Lost
from shared.events.envelope import Event
from shared.events.types.upload_received import UPLOAD_RECEIVED
from shared.web.access import Access
from shared.web.bounds import out_of_bounds
from shared.web.idempotency import IDEMPOTENCY_KEY_REUSED
from shared.web.problems import INVALID, NOT_FOUND, Fault, Kind, ProblemError, unavailable

MOST_OPEN = 10
"""Files of one key that are under way: each lies on the log for a month, so none comes faster than it is judged."""
TOO_MANY_UPLOADS = Kind("too-many-uploads", 409, "The key has as many files under way as it may")
_SAME = ("sort", "source", "media_type", "sha256", "dry_run")


class UploadsDesk:
    """Every act raises `ProblemError`."""

    def __init__(
        self, following: Following, files: Files, appender: Appender, topic: str, clock: Callable[[], datetime]
    ) -> None:
        self._following, self._files, self._appender = following, files, appender
        self._topic, self._clock = topic, clock

    def receive(
        self,
        access: Access,
        content: bytes,
        media_type: str,
        *,
        sort: str,
        source: str | None,
        dry_run: bool,
        made_id: str | None,
    ) -> Upload:
        """Put a file on the log, to be judged; the same request again, where it has an id, finds the same upload."""
        said = {
            "sort": sort,
            "source": _source(access, source),
            "media_type": media_type,
            "sha256": hashlib.sha256(content).hexdigest(),
            "dry_run": dry_run,
        }
        try:
            known = self._following.uploads()
            if made_id is not None and (there := known.get(made_id)):
                if any(there.said[name] != said[name] for name in _SAME):
                    raise ProblemError(IDEMPOTENCY_KEY_REUSED, "It has sent another file, or another way.")
                return there
            if sum(each.is_open and each.said["by"] == _holder(access) for each in known.values()) >= MOST_OPEN:
                raise ProblemError(TOO_MANY_UPLOADS, f"{MOST_OPEN} may be; send this one when one of them is done.")
            upload_id = made_id or uuid4().hex
            data = {
                "upload_id": upload_id,
                "by": _holder(access),
                **said,
                "size": len(content),
                "offsets": self._files.put(upload_id, content),
                "regions": list(access.bounds.regions),
                "sources": list(access.bounds.sources),
                "corrects": CORRECTING in access.scopes,
            }
            at = self._clock().isoformat(timespec="milliseconds")
            event = Event(f"{upload_id}.received", SOURCE, UPLOAD_RECEIVED, f"upload:{upload_id}", at, data)
            append_own(self._appender, self._topic, event)
        except LogUnavailable:
            raise unavailable("The log does not take files now; this one was not taken. Send it again later.") from None
        made = fold(None, event, at)
        assert made is not None
        return made

    def find(self, access: Access, upload_id: str) -> Upload:
        """An upload; that of another key is as unknown as none."""
        try:
            upload = self._following.uploads().get(upload_id)
        except LogUnavailable:
            raise unavailable("The log does not answer now. Ask again later.") from None
        if upload is None or upload.said["by"] != _holder(access):
            raise ProblemError(NOT_FOUND, "This key has sent no such file within a month.")
        return upload

    def report(self, access: Access, upload_id: str) -> bytes:
        """The file again, with what is wrong and what is strange beside each row."""
        upload = self.find(access, upload_id)
        if not upload.report:
            raise ProblemError(NOT_FOUND, f"There is no report: the file is {upload.phase}, and nothing was found.")
        try:
            return self._files.get(upload.report)
        except Lost:
            raise ProblemError(NOT_FOUND, "The report is older than a month, and gone.") from None
        except LogUnavailable:
            raise unavailable("The log does not answer now. Ask again later.") from None


def _holder(access: Access) -> str:
    return access.person


def _source(access: Access, source: str | None) -> str:
    own = access.bounds.sources
    if source is None and len(own) != 1:
        fault = Fault("/query/source", "is required: this key is for no single source")
        raise ProblemError(INVALID, "Whose events the rows are is not said.", errors=[fault])
    if source is not None and not access.bounds.covers_source(source):
        raise out_of_bounds(f"This access key is for the source {' or '.join(own)} alone.")
    return source or own[0]
