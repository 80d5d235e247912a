"""A subscription 订阅, and when its holder is told of a subject. Pure.

He is told if and only if what he may see has changed: by the ledger that he reads, the regions that he may see and
asked for, and the kinds that he asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.notify.told import Told
from shared.credit.item import Ledger
from shared.web.bounds import Bounds

Change = Literal["subject.changed", "subject.removed"]
"""`subject.removed`: the subject is no longer among those that the subscriber sees or asked for."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where deliveries go, and of what; where `kinds` or `regions` are empty, of all. `key_id` is the holder's key."""

    subscription_id: str
    key_id: str
    url: str
    ledger: Ledger
    label: str = ""
    kinds: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    """Beginnings of division codes."""
    only_grades: bool = False
    """Told when a grade changes alone, or when there is none to be seen any more."""
    created: datetime | None = None
    """By the log; what was published before is the subscriber's to export."""

    def change(self, before: Told | None, after: Told, bounds: Bounds) -> Change | None:
        """What to tell of a subject that was as `before` says, as far as it was known, and is as `after` says."""
        was, now = before is not None and self.covers(before, bounds), self.covers(after, bounds)
        if not now:
            return "subject.removed" if was else None
        if not was or before is None:
            return "subject.changed"
        old, new = before.views[self.ledger], after.views[self.ledger]
        same = old.grade == new.grade if self.only_grades else old.digest == new.digest
        return None if same else "subject.changed"

    def shows(self, told: Told | None, bounds: Bounds) -> str:
        """The digest of what its subscriber sees of a subject; empty where he sees nothing."""
        return told.views[self.ledger].digest if told is not None and self.covers(told, bounds) else ""

    def covers(self, told: Told, bounds: Bounds) -> bool:
        """Whether a subject is of those that the subscription is about."""
        if self.kinds and told.kind not in self.kinds:
            return False
        wanted = not self.regions or (told.region is not None and told.region.startswith(self.regions))
        return wanted and bounds.covers_region(told.region)
