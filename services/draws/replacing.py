"""Replacements after the draw: entered by one person, confirmed by another, since who is next can be computed. Pure."""

from __future__ import annotations

import json

from services.draws.commands import Confirm, Propose
from services.draws.ordering import DRAWN, refuse_cause, require, step
from services.draws.problems import CONFIRMED_BY_PROPOSER, PROPOSAL_CONFIRMED, PROPOSAL_UNKNOWN, REPLACEMENT_REFUSED
from services.draws.steps import Draw, Proposal, Step
from shared.draw.checks import Refused
from shared.draw.journal import sha256_of_step
from shared.draw.replacing import Record, Replacing
from shared.events.types.draw_replaced import DRAW_REPLACED
from shared.events.types.draw_replacement_proposed import DRAW_REPLACEMENT_PROPOSED
from shared.web.problems import ProblemError


def propose(draw: Draw, command: Propose) -> Step:
    """That somebody is to be replaced. Raises `ProblemError`."""
    require(draw, *DRAWN)
    refuse_cause(command.cause)
    inspector = {"inspector": command.inspector} if command.inspector is not None else {}
    said = {"subject_id": command.subject_id, **inspector, "cause": command.cause}
    return step(DRAW_REPLACEMENT_PROPOSED, draw, command, said)


def confirm(draw: Draw, command: Confirm) -> Step:
    """The record that a proposal gives. Raises `ProblemError`."""
    open_proposal(draw, command.proposal, command.by)
    record = json.loads(command.record)
    assert record["seq"] == len(draw.records) + 1, "the record is made by the draw as it is expected"
    said = {"proposal": command.proposal, "record": command.record, "sha256": sha256_of_step(record)}
    return step(DRAW_REPLACED, draw, command, said)


def open_proposal(draw: Draw, number: int, by: str) -> Proposal:
    """The proposal, where this person may confirm it. Raises `ProblemError`."""
    require(draw, *DRAWN)
    proposal = draw.proposals.get(number)
    if proposal is None:
        raise ProblemError(PROPOSAL_UNKNOWN, f"{draw.draw_id} has no proposal {number}.")
    if number in {confirmed for confirmed, _ in draw.records}:
        raise ProblemError(PROPOSAL_CONFIRMED, "It stands among the records already.")
    if proposal.by == by:
        raise ProblemError(CONFIRMED_BY_PROPOSER, "Who proposes a replacement does not confirm it.")
    return proposal


def open_proposals(draw: Draw) -> dict[int, Proposal]:
    """Those that can be confirmed still: what another record has overtaken never will be."""
    confirmed = {number for number, _ in draw.records}
    records = [json.loads(text) for _, text in draw.records]
    replaced = {record["replaces"] for record in records if record.get("selected")}
    left = {(record["subject_id"], record["leaves"]) for record in records if "leaves" in record}
    return {
        number: each
        for number, each in draw.proposals.items()
        if number not in confirmed and each.subject_id not in replaced and (each.subject_id, each.inspector) not in left
    }


def record_of(standing: Replacing, proposal: Proposal) -> Record:
    """The next record after those that were made. Raises `ProblemError` where the protocol has none."""
    subject, inspector, cause, _ = proposal
    try:
        if inspector is not None:
            return standing.inspector(subject, inspector, cause)
        return standing.subject(subject, cause)
    except Refused as refused:
        raise ProblemError(REPLACEMENT_REFUSED, f"{refused.detail}.") from None
