"""The states that records of `scores.v1` tell."""

from __future__ import annotations

from typing import Any

import structlog

from shared.eventlog.port import Record
from shared.events.envelope import BadEnvelope
from shared.events.kafka_codec import decode
from shared.events.types.score_changed import SCORE_CHANGED

logger = structlog.get_logger()


def state_of(record: Record) -> dict[str, Any] | None:
    """The state that a record tells; None where a fault of ours failed on its subject: nothing new is known then."""
    try:
        event = decode(record.headers, record.value)
    except BadEnvelope as error:
        logger.error("a state cannot be read", partition=record.partition, offset=record.offset, reason=str(error))  # noqa: TRY400
        return None
    return event.data if event.type == SCORE_CHANGED and "failed" not in event.data else None
