"""The address of a subject: its id in any form that people write, and as it is kept."""

from __future__ import annotations

from shared.registry.subject import SubjectIdError, normalise_subject_id, parse_subject_id
from shared.web.problems import INVALID, Fault, ProblemError

PATH = "/v1/subjects/<string:subject_id>"
PARAMETERS = [
    {
        "in": "path",
        "name": "subject_id",
        "required": True,
        "description": "Subject id 主体编号, `<kind>:<code>[-<premises>]`; full-width and lower case are normalised",
        "schema": {"type": "string", "minLength": 1, "maxLength": 100},
        "example": "shop:92320902MA1N00026Y-01",
    }
]


def normalised(subject_id: str) -> str:
    """The id in its normal form. Raises `ProblemError`."""
    try:
        return str(parse_subject_id(normalise_subject_id(subject_id)))
    except SubjectIdError as error:
        fault = Fault("/path/subject_id", str(error))
        raise ProblemError(INVALID, "The address names no subject.", errors=[fault]) from None
