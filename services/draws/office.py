"""What clerks do with draws: each act with the documents that it needs, around the one event that makes it true.

Documents are written before the event that names them, and follow from what is on the log already, or from what the
clerk brings. So whoever dies in between leaves a draw that is visibly where it was, and the same act again goes on.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

from services.draws.assembling import Lists
from services.draws.commands import Command, Confirm, Freeze, MakePlan, Propose, Run
from services.draws.documents import Documents
from services.draws.files import bundle_files, frozen_files, small_files
from services.draws.filing import refuse_unconfirmed
from services.draws.freezing import freezable
from services.draws.ordering import DRAWN, expected, no_draw, refuse_cause, require
from services.draws.reading import Reading
from services.draws.replacing import open_proposal, record_of
from services.draws.steps import LISTS, Draw, Proposal
from services.draws.uncollected import uncollected
from services.draws.writing import Writer, Written
from shared.credit.canonical import canonical
from shared.draw.bundle import untimed
from shared.draw.drawing import Drawn
from shared.draw.drawing import draw as draw_from
from shared.draw.frozen import Frozen
from shared.draw.replacing import Replacing


class Office:
    """Acts on draws; every act raises what `Writer.execute` does, and what `Documents` do. Threads may share it."""

    def __init__(self, reading: Reading, documents: Documents, writer: Writer) -> None:
        self._reading, self._documents, self._writer = reading, documents, writer

    def execute(self, command: MakePlan | Command) -> Written:
        """An act that needs no documents: to plan, to enter a seed value, to publish, to abandon, to name a witness."""
        return self._writer.execute(command)

    def would(self, command: MakePlan) -> Draw:
        """The draw that a plan would make; nothing is written."""
        return self._writer.would(command)

    def planned(self, command: Command) -> Draw:
        """The draw of a command that comes before the freeze."""
        draw = self._seen(command)
        require(draw, "planned")
        return draw

    def to_be_frozen(self, command: Command) -> Draw:
        """The draw that a command is to freeze, before its lists are made."""
        draw = self.planned(command)
        refuse_unconfirmed(draw)
        return draw

    def freeze(self, command: Command, lists: Lists) -> Written:
        """Freeze a plan with lists and commit to them."""
        draw = self.to_be_frozen(command)
        with uncollected():
            judged = freezable(draw.plan, lists)
        for name in LISTS:
            self._documents.put(lists.files.get(name, b""))
        cases_sha256 = self._documents.put(lists.cases.private) if lists.cases else None
        return self._writer.execute(_next(Freeze, command, lists=judged, cases_sha256=cases_sha256))

    def run(self, command: Command) -> Written:
        """Draw: the result follows from what is frozen and the seed, so it is the same whoever makes it."""
        draw = self._seen(command)
        require(draw, "seeded")
        _, _, drawn = self._drawn(draw)
        sha256 = self._documents.put(drawn.result)
        return self._writer.execute(_next(Run, command, sha256=sha256, selected=len(drawn.selected)))

    def propose(self, command: Propose) -> Written:
        """Ask for a replacement, where the protocol allows it now."""
        draw = self._seen(command)
        require(draw, *DRAWN)
        refuse_cause(command.cause)
        record_of(self._standing(draw), Proposal(command.subject_id, command.inspector, command.cause, command.by))
        return self._writer.execute(command)

    def confirm(self, command: Command, proposal: int) -> Written:
        """Confirm a replacement: who comes next is computed now, after all records before."""
        draw = self._seen(command)
        found = open_proposal(draw, proposal, command.by)
        record = canonical(record_of(self._standing(draw), found)).decode()
        return self._writer.execute(_next(Confirm, command, proposal=proposal, record=record))

    def bundle(self, draw_id: str) -> dict[str, bytes]:
        """The bundle's files of a draw that is drawn, as far as it is now."""
        draw = self._reading.refresh().by_id.get(draw_id)
        if draw is None:
            raise no_draw()
        require(draw, *DRAWN)
        return bundle_files(draw, self._documents.get)

    def _seen(self, command: Command) -> Draw:
        """The draw as its asker saw it: before anything costly is done for a command that would be refused."""
        return expected(self._reading.refresh(), command)

    def _drawn(self, draw: Draw) -> tuple[Frozen, bytes, Drawn]:
        files = {**frozen_files(draw, self._documents.get), **small_files(draw)}
        with uncollected():
            frozen, seed = untimed(files)
            assert draw.committed is not None
            assert frozen.commitment == draw.committed.commitment, "the documents are those committed to"
            return frozen, seed, draw_from(frozen, seed)

    def _standing(self, draw: Draw) -> Replacing:
        """Who is on which panel after the last record."""
        standing = Replacing(*self._drawn(draw))
        for _, record in draw.records:
            standing.again(json.loads(record))
        return standing


_C = TypeVar("_C", bound=Command)


def _next(kind: type[_C], command: Command, **more: Any) -> _C:
    """The command by which an act becomes true, of the same person on the same draw."""
    return kind(draw_id=command.draw_id, expected=command.expected, by=command.by, **more)
