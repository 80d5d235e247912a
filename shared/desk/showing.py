"""Letters as they are told, to people and to programs: no subject, nothing of their content."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from shared.desk.letters import Letter


def shown(letter: Letter) -> dict[str, Any]:
    """A letter in the form of JSON."""
    return {
        "letter": str(letter.identity),
        "state": letter.state,
        "reason": letter.reason,
        "detail": letter.detail,
        "attempts": letter.attempts,
        "source": letter.source,
        "id": letter.id,
        "type": letter.type,
        "recorded_at": instant(letter.recorded),
        "refused_at": instant(letter.refused),
        "lies_at": str(letter.at),
        "replayed_to": str(letter.replayed_to) if letter.replayed_to else None,
        "succeeded_by": str(letter.succeeded_by) if letter.succeeded_by else None,
        "by": letter.by or None,
        "why": letter.why or None,
    }


def instant(milliseconds: int) -> str:
    """A time of the log, RFC 3339 in UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")
