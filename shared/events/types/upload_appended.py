"""Rows of an uploaded file were appended 批量导入记录写入."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Int

UPLOAD_APPENDED = "cn.chengxin.upload.appended.v1"


class UploadAppended(parts.UploadStep):
    """Written in one transaction with the rows' events."""

    rows = Int(0, parts.MOST_OFFSET, what="Rows that are in by now, from the first on")


EVENT = EventType(
    name=UPLOAD_APPENDED,
    topic="upload-steps",
    does="Says how many rows of a file are on the log.",
    data=UploadAppended,
    subject="upload:{upload_id}",
    elsewhere="send files to `POST /v1/uploads`",
    example=example(
        UPLOAD_APPENDED,
        "upload:0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "2026-02-01T10:00:03+08:00",
        {"upload_id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "rows": 12},
    ),
)
