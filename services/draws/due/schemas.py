"""What the route of outcomes answers, as its OpenAPI document shows it."""

from __future__ import annotations

from marshmallow import Schema, fields


class OutcomeDueSchema(Schema):
    """An inspection that was made."""

    subject_id = fields.String(required=True)
    inspected_on = fields.Date(required=True)
    publish_by = fields.Date(required=True, metadata={"description": "20 working days after it, by the calendar"})
    overdue = fields.Boolean(required=True, metadata={"description": "The draw was not published by then"})


class OutcomesDueSchema(Schema):
    """What came of a draw's inspections, and by when it is to be public."""

    expected = fields.Integer(required=True, metadata={"description": "Inspections, after all replacements"})
    come = fields.Integer(required=True, metadata={"description": "Of how many the outcome is known"})
    overdue = fields.Integer(required=True, metadata={"description": "How many are not public in time"})
    outcomes = fields.List(
        fields.Nested(OutcomeDueSchema),
        required=True,
        metadata={"description": "The earliest first, 1,000 at most"},
    )
