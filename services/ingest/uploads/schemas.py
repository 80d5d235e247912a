"""What the routes of uploads take and answer, as their OpenAPI document shows it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.ingest.uploads.columns import SORTS
from services.ingest.uploads.reading import CSV, MOST_BYTES, MOST_ROWS, XLSX
from services.ingest.uploads.steps import PHASES
from shared.events.attributes import MOST_CHARACTERS, Source
from shared.web.fields import Judged

PARAMETERS: list[dict[str, Any]] = [
    {
        "in": "path",
        "name": "upload_id",
        "required": True,
        "description": "Id of the upload",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "example": "0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d",
    }
]
SORT: list[dict[str, Any]] = [
    {
        "in": "path",
        "name": "sort",
        "required": True,
        "description": ", ".join(f"`{sort.name}` {sort.chinese}" for sort in SORTS.values()),
        "schema": {"type": "string", "enum": list(SORTS)},
        "example": "cases",
    }
]
BODY: dict[str, Any] = {
    "required": True,
    "description": f"{MOST_BYTES >> 20} MiB at most; CSV in UTF-8 or GB18030 with {MOST_ROWS[CSV]:,} rows at most, or "
    f"XLSX, of which the first sheet is read, with {MOST_ROWS[XLSX]:,}. The first row has the headings.",
    "content": {
        CSV: {},
        XLSX: {},
    },
}


class UploadQuestionSchema(Schema):
    """The parameters of a file."""

    sort = fields.String(
        required=True,
        validate=validate.OneOf(list(SORTS), error="must be one of {choices}, not {input}"),
        metadata={"description": "What its rows are"},
    )
    source = Source(MOST_CHARACTERS, required=False, what="Source of the events; that of a key for one unless given")
    judged = Judged("A dry run 试运行: judge it, say what is wrong, and append nothing")


class UploadSchema(Schema):
    """What has become of a file."""

    upload_id = fields.String(required=True)
    sort = fields.String(required=True)
    source = fields.String(required=True)
    dry_run = fields.Boolean(required=True, metadata={"description": "Whether it is judged only"})
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes"})
    received_at = fields.AwareDateTime(required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(PHASES),
        metadata={
            "description": "`received`: it is being judged; `judged`: the dry run is over; `refused`: there are "
            "faults, and no row is in; `appending`: rows are going in; `done`: all are; `stopped`: by a fault of ours, "
            "or since the access key was revoked meanwhile; `appended` says how many are in"
        },
    )
    rows = fields.Integer(required=True, allow_none=True, metadata={"description": "Rows that were judged"})
    appended = fields.Integer(required=True, metadata={"description": "Rows that are on the log"})
    faults = fields.Integer(required=True)
    warnings = fields.Integer(required=True)
    report = fields.String(
        metadata={"description": "Address of the file with a column of faults and one of warnings, where there are any"}
    )
