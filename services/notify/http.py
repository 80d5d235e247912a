"""`/v1/subscriptions`: webhooks, for programs that read scores (DESIGN.md section 5)."""

from __future__ import annotations

from typing import Any

from flask import Response

from services.notify.desk import NOT_DEAD, TOO_MANY_SUBSCRIPTIONS, SubscriptionsDesk
from services.notify.directory import SCOPES
from services.notify.schemas import (
    DELIVERY,
    PARAMETERS,
    DeadSchema,
    DeliveriesSchema,
    MadeSchema,
    NewSubscriptionSchema,
    OutcomeSchema,
    SubscriptionSchema,
    SubscriptionsSchema,
)
from services.notify.subscription import Subscription
from shared.store.deliveries import State
from shared.web.documented import BODY
from shared.web.encoding import json_response
from shared.web.idempotency import IdempotencySchema, id_made_of
from shared.web.openapi import Blueprint
from shared.web.problems import NOT_FOUND, OUT_OF_BOUNDS
from shared.web.routes import holder, requires

_PATH = "/v1/subscriptions"
_ONE = f"{_PATH}/<string:subscription_id>"
_LOCATION = {"Location": {"description": "Address of the subscription", "schema": {"type": "string"}}}
_THERE = {404: NOT_FOUND.code}


def subscriptions(desk: SubscriptionsDesk) -> Blueprint:
    """The routes, answered by a desk."""
    blueprint = Blueprint("subscriptions", __name__, description="Webhooks 推送")
    reader = requires(*sorted(SCOPES))

    @blueprint.route(_PATH, methods=["POST"])
    @reader
    @blueprint.doc(responses={**BODY, 403: OUT_OF_BOUNDS.code, 409: TOO_MANY_SUBSCRIPTIONS.code})
    @blueprint.arguments(IdempotencySchema, location="headers")
    @blueprint.arguments(NewSubscriptionSchema)
    @blueprint.response(201, MadeSchema, headers=_LOCATION)
    def make(headers: dict[str, Any], body: dict[str, Any]) -> Response:
        """Subscribe

        From then on each change of what this key may see is sent to the address as a POST by Standard Webhooks: at
        least once, under an id of its own, and of each subject in order. Take an export first: what was before is not
        sent.
        """
        access = holder()
        sent = headers.get("idempotency_key")
        made, secret = desk.make(access, body, id_made_of(access.person, sent) if sent is not None else None)
        response = json_response(_shown(made, State()) | {"secret": secret}, 201)
        response.headers["Location"] = f"{_PATH}/{made.subscription_id}"
        return response

    @blueprint.route(_PATH)
    @reader
    @blueprint.response(200, SubscriptionsSchema)
    def list_() -> Response:
        """Subscriptions of the key

        And those of the keys that it has taken over from by rotation.
        """
        return json_response({"subscriptions": [_shown(*each) for each in desk.all_of(holder())]})

    @blueprint.route(_ONE, parameters=PARAMETERS)
    @reader
    @blueprint.doc(responses=_THERE)
    @blueprint.response(200, SubscriptionSchema)
    def one(subscription_id: str) -> Response:
        """A subscription, and how it goes"""
        return json_response(_shown(*desk.one(holder(), subscription_id)))

    @blueprint.route(_ONE, methods=["DELETE"], parameters=PARAMETERS)
    @reader
    @blueprint.doc(responses=_THERE)
    @blueprint.response(204)
    def delete(subscription_id: str) -> Response:
        """Give a subscription up

        What is not sent yet is not sent any more.
        """
        desk.delete(holder(), subscription_id)
        return Response(status=204)

    @blueprint.route(f"{_ONE}/resumption", methods=["POST"], parameters=PARAMETERS)
    @reader
    @blueprint.doc(responses=_THERE)
    @blueprint.response(200, SubscriptionSchema)
    def resume(subscription_id: str) -> Response:
        """Resume a subscription that is paused

        After ten failures in a row nothing is tried any more; what waits is the latest state of each subject, and that
        is tried at once.
        """
        return json_response(_shown(*desk.resume(holder(), subscription_id)))

    @blueprint.route(f"{_ONE}/test", methods=["POST"], parameters=PARAMETERS)
    @reader
    @blueprint.doc(responses=_THERE)
    @blueprint.response(200, OutcomeSchema)
    def test(subscription_id: str) -> Response:
        """Send a message for a test

        Signed as every other, with the type `subscription.test`. What comes of it counts for nothing.
        """
        outcome = desk.test(holder(), subscription_id)
        said = {"delivered": outcome.delivered, "status": outcome.status, "detail": outcome.word}
        return json_response(said)

    @blueprint.route(f"{_ONE}/deliveries", parameters=PARAMETERS)
    @reader
    @blueprint.doc(responses=_THERE)
    @blueprint.response(200, DeliveriesSchema)
    def deliveries(subscription_id: str) -> Response:
        """What was tried of late, and what was given up"""
        return json_response(desk.deliveries(holder(), subscription_id))

    @blueprint.route(f"{_ONE}/deliveries/<string:delivery_id>/redelivery", methods=["POST"], parameters=DELIVERY)
    @reader
    @blueprint.doc(responses={**_THERE, 409: NOT_DEAD.code})
    @blueprint.response(202, DeadSchema)
    def redeliver(subscription_id: str, delivery_id: str) -> Response:
        """Have a delivery that was given up sent once more

        Under its old id, as if it were new, and once the subscription is not paused. Refused (`superseded`) where the
        subject has changed since, and not sent where it changes meanwhile: its old state is nobody's to see.
        """
        return json_response(desk.redeliver(holder(), subscription_id, delivery_id), 202)

    return blueprint


def _shown(each: Subscription, state: State) -> dict[str, Any]:
    return {
        "subscription_id": each.subscription_id,
        "url": each.url,
        "ledger": each.ledger,
        "label": each.label,
        "kinds": list(each.kinds),
        "regions": list(each.regions),
        "only_grades": each.only_grades,
        "created_at": each.created,
        "state": "paused" if state.paused_at else "failing" if state.failures else "active",
        "failures": state.failures,
        "paused_at": state.paused_at,
        "delivered_at": state.delivered_at,
    }
