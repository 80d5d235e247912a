"""Every error as RFC 9457 `application/problem+json`, with kinds of our own (DESIGN.md section 5).

A `Kind` is one sort of problem: its `type` is `urn:chengxin:problem:<code>`. Whoever finds a problem raises
`ProblemError`; `shared.web.errors` turns it, and everything else that is raised, into an answer. Pointers of its faults
go into the body; for a parameter they are `/query/<name>`, `/path/<name>` or `/header/<name>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.events.envelope import Fault, pointer

NAMESPACE = "urn:chengxin:problem:"


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of problem: `code` is the end of its type URI, `title` the same for all its occurrences."""

    code: str
    status: int
    title: str

    @property
    def uri(self) -> str:
        """The `type` of such a problem."""
        return NAMESPACE + self.code


MALFORMED = Kind("malformed", 400, "The request cannot be read")
UNAUTHENTICATED = Kind("unauthenticated", 401, "A valid access key is needed")
OUT_OF_BOUNDS = Kind("out-of-bounds", 403, "This lies beyond the bounds of the access key")
SCOPE_MISSING = Kind("scope-missing", 403, "The access key may not do this")
NOT_FOUND = Kind("not-found", 404, "There is nothing here")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "This address does not take this method")
TOO_LARGE = Kind("too-large", 413, "The request is too large")
UNSUPPORTED_MEDIA_TYPE = Kind("unsupported-media-type", 415, "This media type is not understood here")
INVALID = Kind("invalid", 422, "The request breaks a rule")
TOO_MANY_REQUESTS = Kind("too-many-requests", 429, "Too many requests")
INTERNAL = Kind("internal", 500, "Something broke on our side")
UNAVAILABLE = Kind("unavailable", 503, "Something that this needs is not available")

KINDS = (
    MALFORMED,
    UNAUTHENTICATED,
    OUT_OF_BOUNDS,
    SCOPE_MISSING,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    INVALID,
    TOO_MANY_REQUESTS,
    INTERNAL,
    UNAVAILABLE,
)
"""The kinds that every service may answer with; services add their own beside them."""


class ProblemError(Exception):
    """A problem to be answered as it is: nothing in it may be secret or personal."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        errors: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extensions = extensions

    def body(self) -> dict[str, Any]:
        """The members of RFC 9457 section 3.1, `errors` where there are any, then the extensions."""
        body: dict[str, Any] = {
            "type": self.kind.uri,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = [{"pointer": fault.pointer, "message": fault.message} for fault in self.errors]
        return body | self.extensions


def too_large(most: int) -> ProblemError:
    """413, with what would not have been too large."""
    return ProblemError(TOO_LARGE, f"The body is larger than the {most} bytes that this address takes.")


def unavailable(what: str, *, retry_after: int = 5, **extensions: Any) -> ProblemError:
    """503 with Retry-After in seconds; `what` is a whole sentence."""
    return ProblemError(UNAVAILABLE, what, headers={"Retry-After": str(retry_after)}, **extensions)


_PLAIN = {
    "Unknown field.": "is not known here; leave it out",
    "Missing data for required field.": "is required",
    "Field may not be null.": "must not be null",
    "Invalid input type.": "must be an object",
}


_WHOLE = "_schema"
"""Where marshmallow says what is wrong with an object as a whole."""


def faults(messages: Any, *parts: str | int) -> list[Fault]:
    """Marshmallow's nested messages as a flat list of faults."""
    if isinstance(messages, Mapping):
        below = ((() if key == _WHOLE else (key,), value) for key, value in messages.items())
        return [fault for part, value in below for fault in faults(value, *parts, *part)]
    if isinstance(messages, list):
        return [fault for value in messages for fault in faults(value, *parts)]
    return [Fault(pointer(*parts), _PLAIN.get(str(messages), str(messages)))]


__all__ = ["KINDS", "NAMESPACE", "Fault", "Kind", "ProblemError", "faults", "pointer", "unavailable"]
