"""The shapes of notices over HTTP."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.events import parts
from shared.events.fields import Choice, Int, Wire
from shared.events.texts import PastDay, SubjectId, Text
from shared.web.fields import Day, Whole

MOST_INDEX = 1000
_ABOUT = ("case", "inspection")


_APPEAL = (
    "{}, from the day on which the decision was served; null where the case has no `served_on`, or is an inspection"
)


class NewNoticeSchema(Wire):
    """Of which deduction a notice is to be issued."""

    subject_id = SubjectId(what="Subject id 主体编号")
    about = Choice(*_ABOUT, what="案件, 检查")
    number = Text(parts.MOST_NUMBER, what="Number of the case 案号 or inspection 检查编号")
    index = Int(0, MOST_INDEX, required=False, what="Which finding of an inspection, from 0 as in its receipt")
    served_on = PastDay(
        required=False,
        what="Day on which the notice is served 送达; today unless given. The limit of an objection runs from it",
    )


class NoticeQuestionSchema(Schema):
    """Which deduction is asked about."""

    subject_id = fields.String(required=True, validate=validate.Length(1, 100))
    about = fields.String(required=True, validate=validate.OneOf(_ABOUT, error="must be case or inspection"))
    number = fields.String(required=True, validate=validate.Length(1, parts.MOST_NUMBER))
    index = Whole(0, MOST_INDEX, default=0, what="Which finding of an inspection, from 0 as in its receipt")
    served_on = Day(required=False, what="Day on which the notice is served 送达; today unless given")


class LimitSchema(Schema):
    """The last day of something."""

    on = fields.Date(required=True, allow_none=True)
    missing_calendar = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "The year without a calendar of working days: the day is then not known (null), or may "
            "still move on to the next working day"
        },
    )


class NoticeSchema(Schema):
    """A notice 信用积分通知书 of a deduction in the internal ledger."""

    subject_id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    region = fields.String(required=True, allow_none=True)
    about = fields.String(required=True, validate=validate.OneOf(_ABOUT))
    number = fields.String(required=True)
    index = fields.Integer(required=True)
    organ = fields.String(required=True, allow_none=True)
    decision_no = fields.String(required=True, allow_none=True)
    code = fields.String(required=True, metadata={"description": "Code of the violation"})
    violation = fields.String(required=True, allow_none=True)
    legal_basis = fields.List(fields.String(), required=True)
    severity = fields.String(required=True)
    occurred_on = fields.Date(required=True)
    decided_on = fields.Date(required=True)
    points = fields.String(required=True, metadata={"description": "Deducted, two places"})
    counts_from = fields.Date(required=True)
    counts_until = fields.Date(required=True, metadata={"description": "First day on which it counts no more"})
    served_on = fields.Date(required=True)
    objection = fields.Nested(LimitSchema, required=True, metadata={"description": "异议"})
    repair_from = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "信用修复: earliest day; null where it cannot be repaired"},
    )
    reconsideration = fields.Nested(
        LimitSchema, required=True, allow_none=True, metadata={"description": _APPEAL.format("行政复议")}
    )
    litigation = fields.Nested(
        LimitSchema, required=True, allow_none=True, metadata={"description": _APPEAL.format("行政诉讼")}
    )


class IssuedSchema(NoticeSchema):
    """A notice that was issued; its code is shown this once."""

    one_time_code = fields.String(required=True, metadata={"description": "For the subject alone"})
    code_expires_at = fields.AwareDateTime(required=True)
