"""Detached JWS (RFC 7515 appendix F) with Ed25519 (RFC 9864) over canonical JSON (RFC 8785).

The signature stands beside the document and leaves it as it is. What is signed is the canonical form, so a document may
be stored with other spaces and another order, and still be verified.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from shared.credit.canonical import canonical

ALGORITHM = "Ed25519"
HEADER = "JWS-Signature"
"""The header of an answer that has the signature of its body."""
_DETACHED = re.compile(rb"[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+")


class BadSignature(ValueError):
    """The signature is not one of these keys over this document; the text says what is wrong."""


def sign(document: Any, key: OKPKey) -> str:
    """The signature of a JSON document: `<header>..<signature>`."""
    whole = jws.serialize_compact({"alg": ALGORITHM, "kid": key.kid}, canonical(document), key, algorithms=[ALGORITHM])
    return jws.detach_content(whole)


def verify(document: Any, signature: str, keys: Mapping[str, Any]) -> str:
    """The id of the key in a JWK set (RFC 7517) that has signed a document. Raises `BadSignature`."""
    try:
        known = KeySet.import_key_set(dict(keys))  # type: ignore[arg-type]
    except (JoseError, ValueError, KeyError, TypeError):
        raise BadSignature("what was given for keys is no JWK set, as /.well-known/jwks.json has it") from None
    try:
        found = jws.deserialize_compact(signature, known, algorithms=[ALGORITHM], payload=canonical(document))
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise BadSignature(
            f"it is no signature of this document by one of these keys ({type(error).__name__})"
        ) from None
    return str(found.headers().get("kid"))


def found_in(content: bytes) -> str | None:
    """The signature in a file: alone, or among the headers of an answer; None where there is none."""
    match = _DETACHED.search(content)
    return match[0].decode() if match else None
