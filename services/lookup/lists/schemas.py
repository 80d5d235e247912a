"""The shapes of lists, as their OpenAPI document shows them."""

from __future__ import annotations

import unicodedata
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, validate

from services.lookup.directory import PIECE, plain
from services.lookup.schemas import LEDGERS, STATUSES, which_ledger
from shared.events.texts import Pattern
from shared.registry.kinds import KINDS
from shared.registry.regions import prefix_of
from shared.web.paging import Cursor, Limit


class Name(Pattern):
    """A part of a name."""

    pattern = r"[^\u0000-\u001f\u007f]{2,100}"
    says = "2 to 100 characters of a name"
    keywords: ClassVar[dict[str, Any]] = {"minLength": PIECE, "maxLength": 100}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if len(plain(super()._deserialize(value, attr, data))) < PIECE:
            raise ValidationError("must have two letters, digits or Chinese characters or more; signs do not count")
        return str(value)


class Code(Pattern):
    """The beginning of a code; gives its normal form."""

    pattern = "[0-9A-Z]{1,18}"
    says = "a unified social credit code or registration number, or its first characters: letters and digits"
    keywords: ClassVar[dict[str, Any]] = {"minLength": 1, "maxLength": 18}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        narrow = unicodedata.normalize("NFKC", str(value))
        return super()._deserialize(narrow.upper() if narrow.isascii() else narrow, attr, data)


class Region(Pattern):
    """A region or its prefix; gives the prefix that names it."""

    pattern = "([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})"
    says = "a division code of 2, 4, 6, 9 or 12 digits"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        return prefix_of(super()._deserialize(value, attr, data))


class ListQuestionSchema(Schema):
    """What a list is asked for; a subject belongs in it for which all that is given holds."""

    name = Name(required=False, what="Part of the name 名称; half-width and full-width, signs and spaces are the same")
    code = Code(required=False, what="Credit code 统一社会信用代码 or its first characters")
    kind = fields.String(validate=validate.OneOf(list(KINDS), error="must be one of {choices}, not {input}"))
    region = Region(required=False, what="Region 区划, with all that lies in it")
    grade = fields.String(
        validate=validate.Length(1, 20), metadata={"description": "Grade 等级 in the ledger; a hidden one finds nobody"}
    )
    status = fields.String(validate=validate.OneOf(STATUSES, error="must be open or closed, not {input}"))
    ledger = which_ledger()
    limit = Limit()
    cursor = Cursor()


class ListedSchema(Schema):
    """What is true of a subject today; a field that the public may not see is left out."""

    subject_id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS)))
    name = fields.String(required=True, allow_none=True)
    region = fields.String(required=True, allow_none=True)
    status = fields.String(required=True, allow_none=True, validate=validate.OneOf(STATUSES))
    score = fields.String(allow_none=True)
    grade = fields.String(allow_none=True)
    basis = fields.String(allow_none=True, validate=validate.OneOf(["evidence", "insufficient"]))
    next_change_on = fields.Date(required=True, allow_none=True)
    disputed = fields.Boolean(required=True)


class ListSchema(Schema):
    """A page of a list, by subject id."""

    subjects = fields.List(fields.Nested(ListedSchema), required=True)
    ledger = fields.String(required=True, validate=validate.OneOf(LEDGERS))
    as_of = fields.Date(
        required=True, metadata={"description": "Day of the last sweep that is in the list whole; its rows are today's"}
    )
    applied_until = fields.AwareDateTime(
        required=True, metadata={"description": "All that the log held until then is in the list"}
    )
    next = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "`cursor` of the next page; where there is one, this one may be short, or empty"},
    )
