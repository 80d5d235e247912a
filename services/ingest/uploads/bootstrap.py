"""Builds the desk of uploads and its worker from settings; a test may put anything else in the place of a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.ingest.doubting import doubting
from services.ingest.judges import Judges
from services.ingest.judging import judge
from services.ingest.uploads.appending import Uploading
from services.ingest.uploads.desk import UploadsDesk
from services.ingest.uploads.files import Files
from services.ingest.uploads.following import Following
from services.ingest.uploads.verdict import Judging
from shared.clock import now
from shared.eventlog.port import Appender, Log
from shared.eventlog.topics import UPLOAD_STEPS, UPLOADS
from shared.projection.loop import Loop, Pace

_PACE = Pace(commit_every=0.2)
"""Rows go out with each commit, and a file is waited for."""


def desk_of(log: Log, appender: Appender, prefix: str, clock: Callable[[], datetime]) -> UploadsDesk:
    """The desk of a web process."""
    files = Files(log, appender, prefix + UPLOADS)
    return UploadsDesk(Following(log, prefix + UPLOAD_STEPS), files, appender, prefix + UPLOAD_STEPS, clock)


def worker(
    log: Log,
    prefix: str,
    member: str,
    judges: Judges,
    *,
    lives: Callable[[str], bool],
    clock: Callable[[], datetime] = now,
    pace: Pace = _PACE,
) -> Loop:
    """The worker that judges files and appends their rows. `member` is its place in the group, `lives` says whether
    who sent a file may still send anything.
    """
    judging = Judging(
        lambda events, sender: judge(events, sender, judges.known_of),
        lambda events: doubting(events, judges.glance_at, judges.rulebooks()),
        judges.tables,
        lives,
    )
    files = Files(log, log.appender(), prefix + UPLOADS)
    return Loop(log, Uploading(prefix + UPLOAD_STEPS, prefix, files, judging, clock), member=member, pace=pace)
