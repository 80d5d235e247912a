"""The slip 凭条 that witnesses take home: what was committed to, and what the whole journal was at that moment. Pure.

Whoever has the head can tell later whether a line of the journal up to it was changed, left out or put in; whoever has
the hash of the sealed bundle, whether the one that is published is that which there was on the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

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
    origin: str = ""
    """Where people reach this installation, such as https://credit.example.cn."""

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Where the draw, its bundle and the journal are to be had, each by its name."""
        draws = f"{self.origin}/v1/draws"
        here = f"{draws}/{quote(self.draw.draw_id, safe=':')}"
        return [("draw", here), ("bundle", f"{here}/bundle.zip"), ("journal", f"{draws}/journal.ndjson")]

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
            *(self.addresses if self.origin else []),
        ]
        return "\n".join(["chengxin-draw/1 slip", *(f"{name}={value}" for name, value in said)])


def slip(draw: Draw, lines: Sequence[Line], origin: str = "") -> Slip:
    """The slip of a draw by the journal so far; `origin` begins the addresses. Raises `ProblemError` before the
    commitment.
    """
    committed = next((line for line in lines if line.draw_id == draw.draw_id and line.step == "committed"), None)
    if committed is None:
        raise out_of_order(draw, "There is a slip from its commitment on.")
    return Slip(draw, committed, lines[-1], sealed_sha256(draw) if draw.result_sha256 else None, origin)
