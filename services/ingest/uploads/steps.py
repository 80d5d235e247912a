"""What has become of each upload: the events of `upload-steps.v1`, folded. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from services.ingest.jurisdiction import Sender
from shared.events.envelope import Event
from shared.events.types.upload_appended import UPLOAD_APPENDED
from shared.events.types.upload_judged import UPLOAD_JUDGED
from shared.events.types.upload_received import UPLOAD_RECEIVED
from shared.web.bounds import Bounds

PHASES = ("received", "judged", "refused", "appending", "done", "stopped")
"""`received`: to be judged; `judged`: a dry run that is over; `refused`: nothing of it was or will be appended;
`stopped`: our own fault, and nothing more of it will be.
"""


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload by its events; `said` is what the first has of it, `received_at` the log's time of that."""

    upload_id: str
    said: Mapping[str, Any]
    received_at: str
    phase: str = "received"
    rows: int | None = None
    appended: int = 0
    faults: int = 0
    warnings: int = 0
    report: tuple[int, ...] = ()
    """Where the chunks of its report lie."""

    @property
    def is_open(self) -> bool:
        """Whether anything is to be done with it."""
        return self.phase in ("received", "appending")

    @property
    def sender(self) -> Sender:
        """What its sender's key might do when it came."""
        bounds = Bounds(tuple(self.said["regions"]), tuple(self.said["sources"]))
        return Sender(bounds, self.said["corrects"])


def fold(before: Upload | None, event: Event, at: str) -> Upload | None:
    """The upload after an event that the log has at an instant; reading one again changes nothing."""
    data = event.data
    if event.type == UPLOAD_RECEIVED:
        return before or Upload(data["upload_id"], data, at)
    if before is None:
        return None  # what came first is so old that the log has let it go
    if event.type == UPLOAD_JUDGED and data["outcome"] == "failed" and before.is_open:
        return replace(before, phase="stopped")
    if event.type == UPLOAD_JUDGED and before.phase == "received":
        counts = {name: data[name] for name in ("rows", "faults", "warnings")}
        return replace(before, **counts, report=tuple(data["offsets"]), phase=_phase(before, data))
    if event.type == UPLOAD_APPENDED and before.phase == "appending" and data["rows"] > before.appended:
        phase = "done" if data["rows"] == before.rows else "appending"
        return replace(before, appended=data["rows"], phase=phase)
    return before


def _phase(before: Upload, data: Mapping[str, Any]) -> str:
    if data["outcome"] != "right":
        return "refused"
    if before.said["dry_run"]:
        return "judged"
    return "appending" if data["rows"] else "done"
