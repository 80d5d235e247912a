"""Strict wire fields: marshmallow and the JSON Schema made from it accept exactly the same documents.

Stock fields are laxer than their schemas ("5" for an integer, 20260131 for a date), so these check the wire value
alone, by the very pattern and bounds that they put into the schema, and give back what JSON holds. They are required
unless `required=False`; `what` becomes the description in the schema.
"""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from shared.events.texts import MESSAGES, described

UNKNOWN = "is not known here; leave it out"

_OBJECT_MESSAGES = {"unknown": UNKNOWN, "type": "must be an object"}


class Wire(Schema):
    """An object of known members."""

    class Meta:
        """Members that are not known are refused."""

        unknown = RAISE

    error_messages = _OBJECT_MESSAGES


class Choice(fields.String):
    """One of a few words."""

    default_error_messages = MESSAGES

    def __init__(self, *choices: str, required: bool = True, what: str = "") -> None:
        self.choices = choices
        super().__init__(required=required, metadata={"enum": list(choices)} | described(what))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:  # noqa: ARG002
        if not isinstance(value, str) or value not in self.choices:
            raise ValidationError(f"must be {' or '.join(self.choices)}")
        return value


class Int(fields.Integer):
    """A whole number between bounds. 1.0 is one too, as in JSON Schema, and becomes 1."""

    default_error_messages = MESSAGES

    def __init__(
        self, least: int, most: int, *, required: bool = True, allow_none: bool = False, what: str = ""
    ) -> None:
        self.least, self.most = least, most
        keywords = {"minimum": least, "maximum": most} | described(what)
        super().__init__(required=required, allow_none=allow_none, metadata=keywords)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int:  # noqa: ARG002
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if type(value) is not int or not self.least <= value <= self.most:
            raise ValidationError(f"must be a whole number from {self.least} to {self.most}")
        return value


class Flag(fields.Boolean):
    """True or false."""

    default_error_messages = MESSAGES

    def __init__(self, *, required: bool = True, what: str = "") -> None:
        super().__init__(required=required, metadata=described(what))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bool:  # noqa: ARG002
        if not isinstance(value, bool):
            raise ValidationError("must be true or false")
        return value


class Part(fields.Nested):
    """An object inside the object."""

    default_error_messages = MESSAGES

    def __init__(self, schema: type[Wire], *, required: bool = True, allow_none: bool = False, what: str = "") -> None:
        super().__init__(schema, required=required, allow_none=allow_none, metadata=described(what))


class Several(fields.List[Any]):
    """A list of bounded length; `distinct` texts are all different."""

    default_error_messages = MESSAGES

    def __init__(
        self,
        inner: fields.Field[Any],
        least: int,
        most: int,
        *,
        distinct: bool = False,
        required: bool = True,
        what: str = "",
    ) -> None:
        self.least, self.most, self.distinct = least, most, distinct
        bounds: dict[str, Any] = {"minItems": least, "maxItems": most}
        if distinct:
            bounds["uniqueItems"] = True
        super().__init__(inner, required=required, metadata=bounds | described(what))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> list[Any]:
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            different = "different " if self.distinct else ""
            raise ValidationError(f"must be a list of {self.least} to {self.most} {different}items")
        items: list[Any] = super()._deserialize(value, attr, data)
        if self.distinct and len(set(items)) < len(items):
            raise ValidationError("must not hold the same item twice")
        return items
