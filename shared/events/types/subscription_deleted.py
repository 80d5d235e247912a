"""A subscription to webhooks was given up."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Wire
from shared.events.texts import Text

SUBSCRIPTION_DELETED = "cn.chengxin.subscription.deleted.v1"


class SubscriptionDeleted(Wire):
    """The topic is compacted, so this stands in place of the subscription's creation."""

    subscription_id = parts.SubscriptionId(what="Id of the subscription")
    deleted_by = Text(200, required=False, what="Who gave it up")


EVENT = EventType(
    name=SUBSCRIPTION_DELETED,
    topic="access",
    does="Has nothing told to an address any more.",
    data=SubscriptionDeleted,
    subject="subscription:{subscription_id}",
    elsewhere="give a subscription up with `DELETE /v1/subscriptions/{subscription_id}`",
    example=example(
        SUBSCRIPTION_DELETED,
        "subscription:0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d",
        "2026-01-05T09:00:00+08:00",
        {"subscription_id": "0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d", "deleted_by": "key:0a1b2c3d4e5f"},
    ),
)
