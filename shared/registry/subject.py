"""Subject ids: `<kind>:<code>[-<premises>]`, such as shop:92320902MA1N00026Y-01."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from shared.registry.credit_code import check_code
from shared.registry.kinds import KINDS

_PREMISES = re.compile(r"[0-9]{2,4}")
_MOST = 64
_FORM = "<kind>:<code>[-<premises>], such as shop:92320902MA1N00026Y-01"


class SubjectIdError(ValueError):
    """A text that is no subject id; says in one sentence what is wrong and what would be right.

    It does not repeat the text: people write names and telephone numbers there, and the sentence lies in dead letters.
    """


@dataclass(frozen=True, slots=True)
class SubjectId:
    """A subject: its kind, its code, and which of its premises (2 to 4 digits; empty where it has but one)."""

    kind: str
    code: str
    premises: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.code}-{self.premises}" if self.premises else f"{self.kind}:{self.code}"


def parse_subject_id(text: str) -> SubjectId:
    """Read an id that is in its normal form already. Raises `SubjectIdError`."""
    if len(text) > _MOST:
        raise SubjectIdError(f"a subject id is {_FORM}; this text has {len(text)} characters")
    kind, colon, rest = text.partition(":")
    if not colon:
        raise SubjectIdError(f"a subject id is {_FORM}; this text has no colon")
    if kind not in KINDS:
        raise SubjectIdError(f"the kind before the colon must be one of {', '.join(KINDS)}")
    code, hyphen, premises = rest.partition("-")
    try:
        check_code(code)
    except ValueError as error:
        raise SubjectIdError(str(error)) from None
    if hyphen and not _PREMISES.fullmatch(premises):
        raise SubjectIdError("the premises after the hyphen must be 2 to 4 digits")
    return SubjectId(kind, code, premises)


def normalise_subject_id(text: str) -> str:
    """The normal form of an id that people wrote: half-width, kind in lower and code in upper case. Doors call it once.

    It mends form alone and judges nothing: give the result to `parse_subject_id`.
    """
    narrow = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if not narrow.isascii():  # it will be refused; changing the case of other scripts could change letters into others
        return narrow
    kind, colon, rest = narrow.partition(":")
    return f"{kind.lower()}{colon}{rest.upper()}"
