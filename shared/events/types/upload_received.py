"""A file was uploaded 批量导入文件收到."""

from __future__ import annotations

from shared.events import parts
from shared.events.attributes import MOST_CHARACTERS, Source
from shared.events.event_type import EventType, example
from shared.events.fields import Choice, Flag, Int, Several
from shared.events.texts import Text

UPLOAD_RECEIVED = "cn.chengxin.upload.received.v1"
MOST_CHUNKS = 1_000


class UploadReceived(parts.UploadStep):
    """What is to become of it, and what its sender's key might do at that moment."""

    by = Text(200, what="Who sent it")
    sort = Choice("cases", "inspections", "subjects", what="行政处罚案件, 检查结果, 主体登记")
    source = Source(MOST_CHARACTERS, what="Source of the events that its rows are")
    media_type = Text(200, what="What it is")
    size = Int(0, parts.MOST_OFFSET, what="Bytes")
    sha256 = parts.sha256("the file")
    offsets = Several(Int(0, parts.MOST_OFFSET), 0, MOST_CHUNKS, what="Where its chunks lie on `uploads.v1`")
    dry_run = Flag(what="Whether it is judged only 试运行")
    regions = Several(parts.RegionPrefix(12), 0, 100, what="Regions that bound the key; empty where none does")
    sources = Several(Source(MOST_CHARACTERS), 0, 100, what="Sources that bound the key; empty where none does")
    corrects = Flag(what="Whether the key may correct others' facts")


EVENT = EventType(
    name=UPLOAD_RECEIVED,
    topic="upload-steps",
    does="Has a file judged, and its rows appended where all are right.",
    data=UploadReceived,
    subject="upload:{upload_id}",
    elsewhere="send files to `POST /v1/uploads`",
    example=example(
        UPLOAD_RECEIVED,
        "upload:0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "2026-02-01T10:00:00+08:00",
        {
            "upload_id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "by": "key:0a1b2c3d4e5f",
            "sort": "cases",
            "source": "urn:chengxin:organ:320902",
            "media_type": "text/csv",
            "size": 1024,
            "sha256": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
            "offsets": [0],
            "dry_run": False,
            "regions": ["320902"],
            "sources": [],
            "corrects": False,
        },
    ),
)
