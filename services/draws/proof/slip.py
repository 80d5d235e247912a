"""The slip 凭条 that witnesses take home: what was committed to, and what the whole journal was at that moment. Pure.

Whoever has the head can tell later whether a line of the journal up to it was changed, left out or put in; whoever has
the hash of the sealed bundle, whether the one that is published is that which there was on the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from services.draws.files import sealed_sha256
from services.draws.ordering import out_of_order
from services.draws.steps import Draw
from shared.draw.journal import Line


class Slip(NamedTuple):
    """What stands on it: the line of the commitment, the journal's last line now, the sealed bundle from the result
    on.
    """

    draw: Draw
    commitment: Line
    head: Line
    sealed_sha256: str | None

    @property
    def text(self) -> str:
        """What its QR code holds: a line each, names and values as in the journal."""
        said = [
            ("draw_id", self.draw.draw_id),
            ("commitment", self.commitment.sha256),
            ("seq", self.commitment.seq),
            ("head", self.head.hash),
            ("head_seq", self.head.seq),
            *([("sealed_bundle_sha256", self.sealed_sha256)] if self.sealed_sha256 else []),
        ]
        return "\n".join(["chengxin-draw/1 slip", *(f"{name}={value}" for name, value in said)])


def slip(draw: Draw, lines: Sequence[Line]) -> Slip:
    """The slip of a draw by the journal so far. Raises `ProblemError` before its commitment."""
    committed = next((line for line in lines if line.draw_id == draw.draw_id and line.step == "committed"), None)
    if committed is None:
        raise out_of_order(draw, "There is a slip from its commitment on.")
    return Slip(draw, committed, lines[-1], sealed_sha256(draw) if draw.result_sha256 else None)
