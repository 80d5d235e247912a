"""What the routes of the people's side take and answer, as their OpenAPI document shows it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.draws.pools.schemas import Prefix
from services.draws.schemas import StepSchema
from shared.events.fields import Choice, Several
from shared.events.parts import Line
from shared.events.texts import Code, Prose, Text
from shared.events.types.draw_recusal_filed import REASONS
from shared.web.paging import Cursor, Limit

_MOST_ID = 64

INSPECTOR_PARAMETERS: list[dict[str, Any]] = [
    {
        "in": "path",
        "name": "inspector_id",
        "required": True,
        "description": "Id of the inspector in the register",
        "schema": {"type": "string", "minLength": 1, "maxLength": _MOST_ID},
        "example": "320902-0101",
    }
]


def _one_of(what: str, *choices: str) -> Choice:
    return Choice(*choices, required=False, what=what)


class InspectorsQuestionSchema(Schema):
    """What a list of inspectors is asked for; somebody belongs in it for whom all that is given holds."""

    department = Text(200, required=False, what="Department 所属单位, the whole name")
    region = Prefix(required=False, what="Region 区划, with all that lies in it")
    role = _one_of("执法人员, 协管人员", "officer", "assistant")
    status = _one_of("在岗, 暂停, 离岗", "active", "suspended", "left")
    limit = Limit()
    cursor = Cursor()


class InspectorSchema(Schema):
    """An inspector's entry in the register."""

    inspector_id = fields.String(required=True)
    name = fields.String(required=True)
    department = fields.String(required=True)
    region = fields.String(required=True)
    role = fields.String(required=True)
    certificate_no = fields.String(required=True)
    valid_until = fields.Date(required=True)
    status = fields.String(required=True)
    recused_from = fields.List(fields.String(), metadata={"description": "Subjects that he never inspects"})


class RegisterPageSchema(Schema):
    """A page of inspectors, by id."""

    inspectors = fields.List(fields.Nested(InspectorSchema), required=True)
    next = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "`cursor` of the next page; where there is one, this one may be short, or empty"},
    )


class RecusalSchema(StepSchema):
    """Whom an inspector is to be kept away from."""

    inspector_id = Text(_MOST_ID, what="Id of the inspector in the register")
    subject_id = Line(200, what="Id of the subject, or `case:` and the case's number")
    reason = Choice(*REASONS, what=", ".join(REASONS.values()))
    text = Prose(200, required=False, what="More about it; names nobody")


class ConfirmationSchema(StepSchema):
    """What a partner department gives and inspects."""

    department = Line(200, what="The department, as the plan names it")
    inspectors = Several(Text(_MOST_ID), 1, 1000, distinct=True, what="Ids of those whom it gives")
    items = Several(Code(_MOST_ID), 0, 100, distinct=True, what="Codes of the plan's items that it inspects")


class FiledRecusalSchema(Schema):
    """A recusal of a draw."""

    inspector_id = fields.String(required=True)
    subject_id = fields.String(required=True)
    reason = fields.String(required=True, validate=validate.OneOf(list(REASONS)))
    by = fields.String(required=True)


class PartnerStateSchema(Schema):
    """How far a partner department is."""

    department = fields.String(required=True)
    confirm_by = fields.Date(required=True)
    confirmed_at = fields.AwareDateTime(required=True, allow_none=True)
    overdue = fields.Boolean(required=True, metadata={"description": "It is too late, or was"})
    inspectors = fields.List(fields.String(), required=True)
    items = fields.List(fields.String(), required=True)


class FilingsSchema(Schema):
    """What was filed of a draw before its freeze."""

    recusals = fields.List(fields.Nested(FiledRecusalSchema), required=True)
    partners = fields.List(fields.Nested(PartnerStateSchema), required=True)


class ServedSchema(Schema):
    """Whose a code is."""

    code = fields.String(required=True)
    inspector_id = fields.String(required=True)
    salt = fields.String(required=True)


class OpenedSchema(Schema):
    """The codes of those who served, opened."""

    inspector_codes = fields.String(
        required=True, allow_none=True, metadata={"description": "SHA-256 of `codes.txt`, as the plan has it"}
    )
    served = fields.List(
        fields.Nested(ServedSchema),
        required=True,
        metadata={"description": "`code` is the first 32 digits of the SHA-256 of salt, a space and the id"},
    )


class AssignmentsQuestionSchema(Schema):
    """Which assignments."""

    draw_id = Code(_MOST_ID, required=False, what="Of this draw")
    inspector_id = Text(_MOST_ID, required=False, what="Of this inspector")
    limit = Limit()
    cursor = Cursor()


class CalendarQuestionSchema(Schema):
    """Whose assignments."""

    inspector_id = Text(_MOST_ID, required=False, what="Of this inspector; may be left out with a key of his own")
    draw_id = Code(_MOST_ID, required=False, what="Of this draw alone")


class OutcomeSchema(Schema):
    """What came of an inspection 检查结果."""

    inspection_id = fields.String(required=True)
    result = fields.String(required=True)
    inspected_on = fields.Date(required=True)
    findings = fields.Integer(required=True)


class OpenedCaseSchema(Schema):
    """Which case a code stands for."""

    id = fields.String(required=True, metadata={"description": "`case:` and its number"})
    salt = fields.String(
        required=True,
        metadata={"description": "The code is the first 32 digits of the SHA-256 of salt, a space and the id"},
    )


class AssignmentSchema(Schema):
    """Who is to inspect whom, and when."""

    draw_id = fields.String(required=True)
    title = fields.String(required=True)
    subject_id = fields.String(required=True, metadata={"description": "As the bundle has it: of a case the code"})
    case = fields.Nested(
        OpenedCaseSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Which case is to be reviewed 案卷评查; null where subjects are inspected"},
    )
    name = fields.String(required=True, allow_none=True, metadata={"description": "The subject's, by the register now"})
    address = fields.String(required=True, allow_none=True, metadata={"description": "Of its premises 经营场所"})
    inspector_id = fields.String(required=True)
    inspector_name = fields.String(required=True, allow_none=True, metadata={"description": "By the register now"})
    code = fields.String(required=True, metadata={"description": "The inspector's in this draw, as the bundle has him"})
    status = fields.String(
        required=True,
        validate=validate.OneOf(["assigned", "replaced"]),
        metadata={"description": "`replaced`: he, or the subject, was replaced"},
    )
    window = fields.Dict(required=True, metadata={"description": "Days of the inspections"})
    items = fields.List(fields.Dict(), required=True)
    outcome = fields.Nested(OutcomeSchema, required=True, allow_none=True)


class AssignmentsSchema(Schema):
    """A page of assignments, by draw."""

    assignments = fields.List(fields.Nested(AssignmentSchema), required=True)
    next = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "`cursor` of the next page; where there is one, this one may be short, or empty"},
    )
