"""`POST /v1/draws/{draw_id}/recusals` and `/confirmations`: what is filed between plan and freeze."""

from __future__ import annotations

from functools import partial
from typing import Any

from services.draws.commands import Command, ConfirmDepartment, FileRecusal
from services.draws.filing import refuse_no_partner
from services.draws.http import route
from services.draws.office import Office
from services.draws.people.assembling import People
from services.draws.people.schemas import ConfirmationSchema, RecusalSchema
from services.draws.pools.cases import CASE, case_id
from services.draws.reading import Reading
from services.draws.steps import Draw
from services.draws.writing import Written
from shared.registry.subject import SubjectIdError, parse_subject_id
from shared.web.bounds import DRAW_FILING_SCOPE, out_of_bounds
from shared.web.openapi import Blueprint
from shared.web.problems import INVALID, Fault, ProblemError
from shared.web.routes import holder


def filings(office: Office, reading: Reading, people: People) -> Blueprint:
    """The routes, on an office; `people` knows who is certified."""
    blueprint = Blueprint("filings", __name__, description="Recusals and partner departments")

    @partial(route, blueprint, reading, "recusals", ("draws:plan", DRAW_FILING_SCOPE), RecusalSchema)
    def recusal(body: dict[str, Any], asked: dict[str, Any]) -> Written:
        """File a recusal 回避

        Before the freeze, which commits to it by the inspector's code; afterwards he is replaced on the panel. By who
        plans, or with an inspector's own key (scope `draws:file`, subject `inspector:` and his id) for himself.
        """
        _refuse_for_others(inspector=body["inspector_id"])
        if draw := reading.draws.by_id.get(asked["draw_id"]):
            _refuse_stranger(draw, body["subject_id"])
        people.refuse_assistant(body["inspector_id"])
        said = {name: body[name] for name in ("inspector_id", "subject_id", "reason")}
        if said["subject_id"].startswith(CASE):
            said["subject_id"] = case_id(said["subject_id"].removeprefix(CASE).strip())
        return office.execute(FileRecusal(**asked, **said, text=body.get("text")))

    @partial(route, blueprint, reading, "confirmations", (DRAW_FILING_SCOPE,), ConfirmationSchema)
    def confirmation(body: dict[str, Any], asked: dict[str, Any]) -> Written:
        """Confirm for a partner department 联合抽查部门

        Whom it gives and what it inspects, by the department's own key (scope `draws:file`, subject `department:` and
        its name). Without it the draw cannot be frozen.
        """
        _refuse_for_others(department=body["department"])
        department, inspectors, items = body["department"], tuple(body["inspectors"]), tuple(body["items"])
        draw = office.planned(Command(**asked))
        refuse_no_partner(draw, department)
        people.refuse_uncertified(draw, inspectors, department)
        return office.execute(ConfirmDepartment(**asked, department=department, inspectors=inspectors, items=items))

    return blueprint


def _refuse_for_others(inspector: str | None = None, department: str | None = None) -> None:
    """Raises 403 where somebody who may file for himself alone files for somebody else."""
    access = holder()
    bounds = access.bounds
    if bounds.subject is not None and (bounds.inspector, bounds.department) != (inspector, department):
        raise out_of_bounds(f"This access key files for {bounds.subject} alone.")


def _refuse_stranger(draw: Draw, subject_id: str) -> None:
    """Raises 422 for what can be nobody of the draw's pool: a recusal from a misspelt id would keep nobody away."""
    pool = draw.plan.document["pool"]
    if pool["of"] == "cases":
        wrong = None if subject_id.startswith(CASE) and subject_id != CASE else "must be `case:` and the case's number"
    else:
        try:
            kind = parse_subject_id(subject_id).kind
            wrong = None if kind == pool["kind"] else f"must be a {pool['kind']}: the draw is of these alone"
        except SubjectIdError as error:
            wrong = str(error)
    if wrong:
        raise ProblemError(INVALID, "Nobody of the pool has this id.", errors=[Fault("/subject_id", wrong)])
