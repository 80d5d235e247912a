"""`/v1/uploads`: tables that organs have already, straight in (DESIGN.md section 5)."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from services.ingest.uploads.columns import SORTS
from services.ingest.uploads.desk import TOO_MANY_UPLOADS, UploadsDesk
from services.ingest.uploads.reading import CSV, MOST_BYTES, XLSX
from services.ingest.uploads.schemas import BODY, PARAMETERS, SORT, UploadQuestionSchema, UploadSchema
from services.ingest.uploads.steps import Upload
from services.ingest.uploads.templates import in_csv, in_xlsx
from shared.web.encoding import json_response
from shared.web.idempotency import IdempotencySchema, id_made_of
from shared.web.openapi import Blueprint
from shared.web.parsing import read_body
from shared.web.problems import NOT_FOUND, OUT_OF_BOUNDS, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, ProblemError
from shared.web.routes import holder, public, requires

_PATH = "/v1/uploads"
_ONE = f"{_PATH}/<string:upload_id>"
_LOCATION = {"Location": {"description": "Address of the upload", "schema": {"type": "string"}}}
_REFUSED = {403: OUT_OF_BOUNDS.code, 409: TOO_MANY_UPLOADS.code, 413: TOO_LARGE.code, 415: UNSUPPORTED_MEDIA_TYPE.code}
_THERE = {404: NOT_FOUND.code}
_FILE = {"schema": {"type": "string", "format": "binary"}}
_TEMPLATES = {"csv": (CSV, in_csv), "xlsx": (XLSX, in_xlsx)}


def uploads(desk: UploadsDesk) -> Blueprint:
    """The routes, answered by a desk."""
    blueprint = Blueprint("uploads", __name__, description="Files of cases, inspections and subjects 批量导入")

    @blueprint.route(_PATH, methods=["POST"])
    @requires("events:write")
    @blueprint.doc(requestBody=BODY, responses=_REFUSED)
    @blueprint.arguments(IdempotencySchema, location="headers")
    @blueprint.arguments(UploadQuestionSchema, location="query")
    @blueprint.response(202, UploadSchema, headers=_LOCATION)
    def post(headers: dict[str, Any], query: dict[str, Any]) -> Response:
        """Send a file

        It is judged whole, by the same checks as events, before its first row goes in: with one fault none does. The
        same row again, in this file or in another, is the same event, and does no harm.
        """
        access, sent = holder(), headers.get("idempotency_key")
        if request.mimetype not in (CSV, XLSX):
            raise ProblemError(UNSUPPORTED_MEDIA_TYPE, f"Send the file as `Content-Type: {CSV}` or `{XLSX}`.")
        made = desk.receive(
            access,
            read_body(MOST_BYTES),
            request.mimetype,
            sort=query["sort"],
            source=query.get("source"),
            dry_run=query["judged"],
            made_id=id_made_of(access.person, sent) if sent is not None else None,
        )
        response = json_response(_shown(made), 202)
        response.headers["Location"] = f"{_PATH}/{made.upload_id}"
        return response

    @blueprint.route(_ONE, parameters=PARAMETERS)
    @requires("events:write")
    @blueprint.doc(responses=_THERE)
    @blueprint.response(200, UploadSchema)
    def one(upload_id: str) -> Response:
        """What has become of a file

        For the key that has sent it, for a month.
        """
        return json_response(_shown(desk.find(holder(), upload_id)))

    @blueprint.route(f"{_ONE}/report.csv", parameters=PARAMETERS)
    @requires("events:write")
    @blueprint.doc(responses={200: {"description": "OK", "content": {CSV: _FILE}}, **_THERE})
    def report(upload_id: str) -> Response:
        """What is wrong with a file, and what is strange

        Its rows again, with a column for each, to be corrected and sent again: what it does not know it passes over.
        """
        return _attached(desk.report(holder(), upload_id), CSV, f"{upload_id}.csv")

    _templates(blueprint)
    return blueprint


def _templates(blueprint: Blueprint) -> None:
    def route(ending: str) -> None:
        media_type, make = _TEMPLATES[ending]

        def template(sort: str) -> Response:
            if sort not in SORTS:
                raise ProblemError(NOT_FOUND, f"There are templates of {', '.join(SORTS)}.")
            return _attached(make(SORTS[sort]), media_type, f"{sort}.{ending}")

        template.__name__ = f"template_{ending}"
        template.__doc__ = (
            f"An empty table as {ending.upper()} 模板\n\nWith headings, an example and what each column is."
        )
        said = {200: {"description": "OK", "content": {media_type: _FILE}}, **_THERE}
        documented = blueprint.doc(responses=said)(template)
        blueprint.route(f"{_PATH}/templates/<string:sort>.{ending}", parameters=SORT)(public(documented))

    for ending in _TEMPLATES:
        route(ending)


def _shown(upload: Upload) -> dict[str, Any]:
    said = upload.said
    body = {
        "upload_id": upload.upload_id,
        **{name: said[name] for name in ("sort", "source", "dry_run", "sha256", "size")},
        "received_at": upload.received_at,
        "state": upload.phase,
        **{name: getattr(upload, name) for name in ("rows", "appended", "faults", "warnings")},
    }
    return body | ({"report": f"{_PATH}/{upload.upload_id}/report.csv"} if upload.report else {})


def _attached(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    kind = f"{media_type}; charset=utf-8" if media_type == CSV else media_type
    return Response(content, content_type=kind, headers=headers)
