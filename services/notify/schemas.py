"""The shapes of subscriptions over HTTP."""

from __future__ import annotations

from marshmallow import Schema, fields

from shared.events import parts
from shared.events.fields import Choice, Flag, Several, Wire
from shared.events.texts import Text
from shared.events.types.subscription_created import MOST_REGIONS, MOST_URL
from shared.registry.kinds import KINDS

PARAMETERS = [
    {
        "in": "path",
        "name": "subscription_id",
        "required": True,
        "description": "Id of the subscription",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "example": "0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d",
    }
]
DELIVERY = [
    *PARAMETERS,
    {
        "in": "path",
        "name": "delivery_id",
        "required": True,
        "description": "Id of the delivery, as its header `webhook-id` has it",
        "schema": {"type": "string", "pattern": "^msg_[0-9a-f]{32}$"},
        "example": "msg_0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d",
    },
]


class NewSubscriptionSchema(Wire):
    """What is to be told, and to which address 订阅."""

    url = Text(MOST_URL, what="https address that takes POSTs, in the public network")
    ledger = Choice(
        "internal",
        "public",
        required=False,
        what="Of which ledger; default `internal` with `scores:read`, else `public`",
    )
    label = Text(200, required=False, what="What it is for")
    kinds = Several(Choice(*KINDS), 1, len(KINDS), distinct=True, required=False, what="Of these kinds alone")
    regions = Several(
        parts.RegionPrefix(12),
        1,
        MOST_REGIONS,
        distinct=True,
        required=False,
        what="Of these regions alone (prefixes of 2, 4, 6, 9 or 12 digits)",
    )
    only_grades = Flag(required=False, what="Told when a grade 等级 changes alone")


class SubscriptionSchema(Schema):
    """A subscription, and how it goes."""

    subscription_id = fields.String(required=True)
    url = fields.String(required=True)
    ledger = fields.String(required=True)
    label = fields.String(required=True)
    kinds = fields.List(fields.String(), required=True)
    regions = fields.List(fields.String(), required=True)
    only_grades = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True, metadata={"enum": ["active", "failing", "paused"]})
    failures = fields.Integer(required=True, metadata={"description": "Tries in a row that failed"})
    paused_at = fields.AwareDateTime(required=True, allow_none=True)
    delivered_at = fields.AwareDateTime(required=True, allow_none=True, metadata={"description": "The last one"})


class MadeSchema(SubscriptionSchema):
    """A new subscription with its secret."""

    secret = fields.String(
        required=True, metadata={"description": "Signs deliveries (Standard Webhooks); shown this once"}
    )


class SubscriptionsSchema(Schema):
    """All of a key's subscriptions."""

    subscriptions = fields.List(fields.Nested(SubscriptionSchema), required=True)


class TrySchema(Schema):
    """A try to deliver."""

    delivery_id = fields.String(required=True)
    subject_id = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    attempt = fields.Integer(required=True)
    delivered = fields.Boolean(required=True)
    status = fields.Integer(required=True, allow_none=True, metadata={"description": "HTTP status that was answered"})
    next_attempt_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={
            "description": "When it is tried again, or the later state that came in its place. Where other deliveries "
            "of the subscription fail, or it is paused, it comes later"
        },
    )
    detail = fields.String(
        required=True,
        metadata={"description": "`answered`, `timed-out`, `unreachable`, `tls-failed` or `refused: why`"},
    )


class DeadSchema(Schema):
    """A delivery that was given up."""

    delivery_id = fields.String(required=True)
    subject_id = fields.String(required=True)
    attempts = fields.Integer(required=True)


class DeliveriesSchema(Schema):
    """What was tried, and what was given up."""

    tries = fields.List(fields.Nested(TrySchema), required=True, metadata={"description": "The last 200"})
    dead = fields.List(fields.Nested(DeadSchema), required=True, metadata={"description": "1,000 at most"})


class OutcomeSchema(Schema):
    """What became of a message that was sent at once."""

    delivered = fields.Boolean(required=True)
    status = fields.Integer(required=True, allow_none=True)
    detail = fields.String(required=True)
