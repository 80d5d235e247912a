"""Strict wire fields that are texts: names, codes, days, instants. The pattern in the schema is the one they check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from marshmallow import ValidationError, fields

MESSAGES: dict[str, str | list[Any] | dict[Any, Any]] = {"required": "is required", "null": "must not be null"}

# Written out, as the engines differ in what \s and \d mean. Beside C0, DEL and C1 the controls hold the line separators
# and the marks that reverse the direction of writing: on a public page they make one name look like another.
_CONTROLS = r"\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069"
_CONTROLS_BUT_BREAKS = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069"
_SPACES = r"\u0009\u000a\u000d\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE = r"\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028-\u202f\u205f\u2066-\u2069\u3000"  # both of them


class Pattern(fields.String):
    """A text that matches `pattern` from its first to its last character; subclasses say what that means."""

    default_error_messages = MESSAGES
    pattern: ClassVar[str] = ""
    says: ClassVar[str] = ""
    keywords: ClassVar[Mapping[str, Any]] = {}

    def __init__(
        self, most: int | None = None, *, required: bool = True, allow_none: bool = False, what: str = ""
    ) -> None:
        self.most = most
        self.matches = re.compile(self.pattern).fullmatch
        keywords = {"pattern": f"^{self.pattern}$", **self.keywords}
        if most is not None:
            keywords["maxLength"] = most
        super().__init__(required=required, allow_none=allow_none, metadata=keywords | described(what))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:  # noqa: ARG002  # marshmallow's
        if not isinstance(value, str):
            raise ValidationError(f"must be a text: {self.says}" if self.says else "must be a text")
        if self.most is not None and len(value) > self.most:
            raise ValidationError(f"must have at most {self.most} characters, not {len(value)}")
        if not self.matches(value):
            raise ValidationError(f"must be {self.says}")
        return value


class Text(Pattern):
    """One line: a name, a number, an id. Spaces at its ends would make two of one number."""

    pattern = f"[^{_INVISIBLE}]([^{_CONTROLS}]*[^{_INVISIBLE}])?"
    says = "one line that is not blank, without control characters, and without spaces at its ends"
    keywords: ClassVar[Mapping[str, Any]] = {"minLength": 1}


class Prose(Pattern):
    """Text that may have several lines, and is not blank."""

    pattern = f"[{_SPACES}]*[^{_INVISIBLE}][^{_CONTROLS_BUT_BREAKS}]*"
    says = "text that is not blank, without control characters other than line breaks and tabs"
    keywords: ClassVar[Mapping[str, Any]] = {"minLength": 1}


class Code(Pattern):
    """A code of a published list or of a machine: letters, digits and `.` `_` `:` `-`."""

    pattern = "[A-Za-z0-9][A-Za-z0-9._:-]*"
    says = "letters, digits and . _ : - beginning with a letter or digit"
    keywords: ClassVar[Mapping[str, Any]] = {"minLength": 1}


class Hex256(Pattern):
    """A SHA-256 as 64 lower-case hexadecimal digits."""

    pattern = "[0-9a-f]{64}"
    says = "64 hexadecimal digits in lower case"


class Region(Pattern):
    """An administrative division code 行政区划代码 of 12 digits; codes change every year, so form is all."""

    pattern = "[0-9]{12}"
    says = "an administrative division code of 12 digits, such as 320902001001"


class SubjectId(Text):
    """A subject id; as it is normalised at the door, its own form is checked there, by `shared.registry.subject`."""

    def __init__(self, *, required: bool = True, what: str = "") -> None:
        super().__init__(64, required=required, what=what)


class Plate(Text):
    """A number plate 号牌, brought into its normal form at the door where it is one. Any other text is kept as it was
    written down: a vehicle without a plate, or with a strange one, is no less a vehicle.
    """

    def __init__(self, *, required: bool = True, what: str = "") -> None:
        super().__init__(32, required=required, what=what)


class Day(Pattern):
    """A civil date in Asia/Shanghai."""

    pattern = "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    says = "a date such as 2026-02-01"
    keywords: ClassVar[Mapping[str, Any]] = {"format": "date"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        text = super()._deserialize(value, attr, data)
        try:
            date.fromisoformat(text)
        except ValueError:
            raise ValidationError(f"must be {self.says}: this month has no such day") from None
        return text


class PastDay(Day):
    """The date of something that has happened: an act, a decision, an inspection. Doors refuse one after today.

    On the log too, scores count months from it, which must not lead out of the calendar.
    """

    pattern = f"[1-8]{Day.pattern.removeprefix('[1-9]')}"
    says = "a date before the year 9000, such as 2026-02-01"


class Instant(Pattern):
    """A moment: RFC 3339 with an offset, seconds 00 to 59."""

    pattern = (
        "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
    )
    says = "an RFC 3339 time with its offset, such as 2026-02-01T10:00:00+08:00"
    keywords: ClassVar[Mapping[str, Any]] = {"format": "date-time"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        text = super()._deserialize(value, attr, data)
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise ValidationError(f"must be {self.says}: this month has no such day") from None
        return text


def described(what: str) -> dict[str, Any]:
    """What a field means, as its schema says it."""
    return {"description": what} if what else {}
