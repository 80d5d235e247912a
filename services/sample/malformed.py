"""What organs send that is no event: each breaks another rule, and each becomes a dead letter with its reason."""

from __future__ import annotations

from dataclasses import replace

from shared.events.envelope import Event
from shared.events.json_codec import encode
from shared.events.media import STRUCTURED

Headers = tuple[tuple[str, bytes], ...]
_FAR = "2999-01-01"
"""A day that lies in the future whenever the city is made up."""
_STRUCTURED: Headers = (("content-type", STRUCTURED.encode()),)


def malformed(good: Event) -> list[tuple[Headers, bytes]]:
    """Twenty broken copies of a good case: ten sorts, twice each."""
    return [each for turn in (1, 2) for each in _sorts(replace(good, id=f"malformed-{turn}"))]


def _sorts(good: Event) -> list[tuple[Headers, bytes]]:
    kind, code = good.subject.split(":")
    wrong = [
        replace(good, data=good.data | {"severity": "heavy"}),
        replace(good, data=good.data | {"officers": good.data["officers"][:1]}),
        replace(good, data=good.data | {"decided_on": _FAR}),
        replace(good, data={name: value for name, value in good.data.items() if name != "case_no"}),
        replace(good, data=good.data | {"region": "320902"}),
        replace(good, subject=f"stall:{code}"),
        replace(good, subject=f"{kind}:92320902MA1N00026X-01"),
        replace(good, type="cn.chengxin.case.closed.v1"),
    ]
    texts = [b"\xd0\xc7\xc6\xda\xd2\xbb", encode(good)[:40]]
    return [(_STRUCTURED, value) for value in (*(encode(event) for event in wrong), *texts)]
