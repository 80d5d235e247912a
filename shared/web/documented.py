"""What many routes say of themselves in the same words, in their OpenAPI documents."""

from __future__ import annotations

from typing import Any

from shared.web.problems import MALFORMED, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE

BODY = {400: MALFORMED.code, 413: TOO_LARGE.code, 415: UNSUPPORTED_MEDIA_TYPE.code}
"""How a body can be refused before it is read."""
UNCHANGED: dict[int, Any] = {304: {"description": "You have it already (If-None-Match)"}}
ETAG = {"ETag": {"description": "Send it back in If-None-Match", "schema": {"type": "string"}}}
LINK = {"Link": {"description": "Address of the next page, `rel=next`", "schema": {"type": "string"}}}
KEPT = {"Cache-Control": {"description": "How long it may be kept, and by whom", "schema": {"type": "string"}}}
