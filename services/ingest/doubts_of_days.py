"""What contradicts itself in an event, or the case and inspection that it names: days, and results. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.ingest.doubt import Doubt, doubt
from services.ingest.statements import STATING
from shared.credit.dossiers import Stating, precedence
from shared.events.types.inspection_completed import INSPECTION_COMPLETED

_AFTER = {"served_on": "decided_on", "pay_by": "decided_on", "closed_on": "opened_on"}
"""Of one event: which day does not come before which."""
_LATER = ("revoked_on", "on", "granted_on", "verified_on")
"""The day of what happens to a case or an inspection."""
_STATED = ("decided_on", "inspected_on")
_FOUND, _NOT_FOUND = ("02", "03", "04"), ("01", "07")
"""Results 检查结果 that say that there are problems, and that there are none."""


def of_days(event: Stating, spoken_of: Iterable[Stating]) -> Iterator[Doubt]:
    """Days in the wrong order: mostly another year than was meant."""
    data = event.data
    for later, earlier in _AFTER.items():
        if later in data and earlier in data and data[later] < data[earlier]:
            yield doubt("days-out-of-order", f"/data/{later}", f"it is before {earlier}")
    stated = [each for each in spoken_of if each.type in STATING]
    if event.type in STATING or not stated or len({STATING[each.type] for each in stated}) > 1:
        return
    content = max(stated, key=precedence).data
    for later in _LATER:
        for earlier in _STATED:
            if later in data and earlier in content and data[later] < content[earlier]:
                yield doubt("days-out-of-order", f"/data/{later}", f"it is before {earlier} of what it names")


def of_result(event: Stating) -> Iterator[Doubt]:
    """A result that says otherwise than the findings: these count, whatever that says."""
    if event.type != INSPECTION_COMPLETED:
        return
    if event.data["findings"] and event.data["result"] in _NOT_FOUND:
        yield doubt("result-contradicts", "/data/result", "the findings count")
    elif not event.data["findings"] and event.data["result"] in _FOUND:
        yield doubt("result-contradicts", "/data/findings", "there are none, so nothing counts")
