"""Signatures of Standard Webhooks (standardwebhooks.com): who sent a message, that it is whole, and when. Pure."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime

PREFIX = "whsec_"


def secret_text(secret: bytes) -> str:
    """A secret as its subscriber gets it."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(secret: bytes, delivery_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a message that is sent at an instant."""
    timestamp = str(int(now.timestamp()))
    signed = f"{delivery_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()
    return {"webhook-id": delivery_id, "webhook-timestamp": timestamp, "webhook-signature": f"v1,{signature}"}
