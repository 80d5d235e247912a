"""An uploaded file was judged 批量导入文件校验."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Choice, Int, Several
from shared.events.types.upload_received import MOST_CHUNKS

UPLOAD_JUDGED = "cn.chengxin.upload.judged.v1"


class UploadJudged(parts.UploadStep):
    """Taken whole or not at all: one fault keeps every row out."""

    outcome = Choice("right", "faulty", "failed", what="没有错误, 有错误, 校验程序自身出错")
    rows = Int(0, parts.MOST_OFFSET, what="Rows with something in them")
    faults = Int(0, parts.MOST_OFFSET, what="Cells and rows that are wrong")
    warnings = Int(0, parts.MOST_OFFSET, what="What is strange and no fault")
    offsets = Several(
        Int(0, parts.MOST_OFFSET), 0, MOST_CHUNKS, what="Where the chunks of the report lie on `uploads.v1`"
    )


EVENT = EventType(
    name=UPLOAD_JUDGED,
    topic="upload-steps",
    does="Says whether every row of a file is right.",
    data=UploadJudged,
    subject="upload:{upload_id}",
    elsewhere="send files to `POST /v1/uploads`",
    example=example(
        UPLOAD_JUDGED,
        "upload:0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "2026-02-01T10:00:02+08:00",
        {
            "upload_id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "outcome": "faulty",
            "rows": 12,
            "faults": 3,
            "warnings": 0,
            "offsets": [1],
        },
    ),
)
