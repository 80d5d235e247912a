"""A subscription to webhooks was made."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Choice, Flag, Several, Wire
from shared.events.texts import Text
from shared.registry.kinds import KINDS

SUBSCRIPTION_CREATED = "cn.chengxin.subscription.created.v1"
MOST_URL = 1000
MOST_REGIONS = 100


class SubscriptionCreated(Wire):
    subscription_id = parts.SubscriptionId(what="Id of the subscription, from which its secret is derived")
    key_id = parts.KeyId(what="The key that made it: it sees no more than that one")
    url = Text(MOST_URL, what="Where deliveries are sent")
    ledger = Choice("internal", "public", what="Of which ledger it is told")
    label = Text(200, required=False, what="What it is for")
    kinds = Several(Choice(*KINDS), 1, len(KINDS), distinct=True, required=False, what="Of these kinds alone")
    regions = Several(
        parts.RegionPrefix(12), 1, MOST_REGIONS, distinct=True, required=False, what="Of these regions alone"
    )
    only_grades = Flag(required=False, what="Told when a grade changes alone")


EVENT = EventType(
    name=SUBSCRIPTION_CREATED,
    topic="access",
    does="Has changes of subjects told to an address.",
    data=SubscriptionCreated,
    subject="subscription:{subscription_id}",
    elsewhere="subscribe with `POST /v1/subscriptions`",
    example=example(
        SUBSCRIPTION_CREATED,
        "subscription:0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d",
        "2026-01-04T09:00:00+08:00",
        {
            "subscription_id": "0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d",
            "key_id": "0a1b2c3d4e5f",
            "url": "https://portal.example.cn/hooks/chengxin",
            "ledger": "public",
            "label": "信用门户",
            "kinds": ["shop"],
            "regions": ["320902"],
            "only_grades": False,
        },
    ),
)
