"""The present state of a subject, as the scoring worker sends it out."""

from __future__ import annotations

from marshmallow import INCLUDE

from shared.events.event_type import EventType, example
from shared.events.fields import Wire

SCORE_CHANGED = "cn.chengxin.score.changed.v1"


class ScoreChanged(Wire):
    """What the scoring worker's summary holds; it alone writes it, and readers take what they know."""

    class Meta:
        """Free in its members."""

        unknown = INCLUDE


EVENT = EventType(
    name=SCORE_CHANGED,
    topic="scores",
    does="Tells the present state of a subject, in both ledgers.",
    data=ScoreChanged,
    elsewhere="scores follow from facts, send those",
    example=example(SCORE_CHANGED, "shop:92320902MA1N00026Y-01", "2026-02-01T10:00:01+08:00", {}),
)
