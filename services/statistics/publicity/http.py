"""`GET /v1/exports/double-publicity`: the table of penalties 双公示 (DESIGN.md section 5)."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from services.statistics.publicity.files import Table, in_csv, in_xlsx
from shared.clock import day_of
from shared.signing.signing import Signing
from shared.web.applied import REBUILDING, store_refusals
from shared.web.bounds import Bounds
from shared.web.encoding import json_response
from shared.web.fields import Day
from shared.web.jwks import SIGNATURE, signed
from shared.web.openapi import Blueprint
from shared.web.problems import INVALID, Fault, ProblemError
from shared.web.routes import holder, requires

Compile = Callable[[date, date, date, Bounds], Table]
"""The table of some days, both included, by what is known today, within bounds; raises `StoreUnavailable`,
`Rebuilding`.
"""
SHA256 = "Export-SHA256"
_HEADERS = {SHA256: {"description": "Of the body", "schema": {"type": "string"}}, **SIGNATURE}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV = "text/csv"
_SHOWN = 1_000


class PublicityQuestionSchema(Schema):
    """Which decisions, and in which form."""

    decided_from = Day(required=True, what="First day of decision, or of revocation and change")
    decided_until = Day(required=True, what="Last day of decision, or of revocation and change")
    format = fields.String(
        load_default="json",
        validate=validate.OneOf(["json", "csv", "xlsx"], error="must be json, csv or xlsx, not {input}"),
        metadata={"description": "`json`: the report of the validator; `csv`: the table; `xlsx`: both, in sheets"},
    )


class CellSchema(Schema):
    """A cell that the exchange would refuse."""

    row = fields.Integer(required=True, metadata={"description": "Of the table, from 1"})
    decision_no = fields.String(required=True, metadata={"description": "Of that row, where it has one"})
    column = fields.String(required=True)
    heading = fields.String(required=True)
    message = fields.String(required=True)


class WithdrawalSchema(Schema):
    """A decision that must no longer be published anywhere."""

    what = fields.String(required=True, validate=validate.OneOf(["revoked", "amended"]))
    decision_no = fields.String(required=True)
    case_no = fields.String(required=True)
    organ = fields.String(required=True)
    decided_on = fields.Date(required=True)
    on = fields.Date(required=True, metadata={"description": "When it was revoked or changed"})
    ground = fields.String(required=True)
    withdraw_by = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "Three working days after that; null where a year has no calendar"},
    )
    overdue = fields.Boolean(required=True)


class ReportSchema(Schema):
    """How many rows the table has, what the exchange would refuse of them, and what must be taken down."""

    rows = fields.Integer(required=True)
    faulty_cells = fields.Integer(required=True)
    faults = fields.List(fields.Nested(CellSchema), required=True, metadata={"description": f"The first {_SHOWN}"})
    withdrawals = fields.List(fields.Nested(WithdrawalSchema), required=True)


def publicity(compile_: Compile, clock: Callable[[], datetime], signing: Signing) -> Blueprint:
    """The route."""
    blueprint = Blueprint("publicity", __name__, description="Double publicity of penalties")
    files = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (_CSV, _XLSX)}

    @blueprint.route("/v1/exports/double-publicity")
    @requires("scores:read")
    @blueprint.doc(responses={200: {"content": files, "headers": _HEADERS}, 503: REBUILDING.code})
    @blueprint.arguments(PublicityQuestionSchema, location="query")
    @blueprint.response(200, ReportSchema)
    def table(query: dict[str, Any]) -> Response:
        """The table of penalties 双公示, checked, and what is to be withdrawn

        Cases that are public today; amounts in 万元 with six decimals. For the exchange between organs, not for pages:
        it has the operators' names. Where the installation signs, JWS-Signature is over the canonical JSON of `sha256`,
        the answer's own.
        """
        access = holder()
        first, last = query["decided_from"], query["decided_until"]
        if last < first:
            fault = Fault("/query/decided_until", "must not be before decided_from")
            raise ProblemError(INVALID, "The days are no span.", errors=[fault])
        with store_refusals():
            made = compile_(first, last, day_of(clock()), access.bounds)
        response = _SENT[query["format"]](made)
        sha256 = hashlib.sha256(response.get_data()).hexdigest()
        response.headers[SHA256] = sha256
        return signed(response, {"sha256": sha256}, signing)

    return blueprint


def _report(table: Table) -> Response:
    return json_response(
        {
            "rows": len(table.rows),
            "faulty_cells": len(table.faults),
            "faults": [each._asdict() for each in table.faults[:_SHOWN]],
            "withdrawals": [each._asdict() for each in table.withdrawals],
        }
    )


def _csv(table: Table) -> Response:
    return _file(in_csv(table.rows), _CSV, "csv")


def _xlsx(table: Table) -> Response:
    file = io.BytesIO()
    in_xlsx(file, table)
    return _file(file.getvalue(), _XLSX, "xlsx")


def _file(content: bytes, mimetype: str, suffix: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename=double-publicity.{suffix}"
    return response


_SENT: dict[str, Callable[[Table], Response]] = {"json": _report, "csv": _csv, "xlsx": _xlsx}
