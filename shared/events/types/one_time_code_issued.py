"""A one-time code 一次性验证码 was printed on a notice."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Choice, Wire
from shared.events.texts import Hex256, Instant, SubjectId, Text

ONE_TIME_CODE_ISSUED = "cn.chengxin.one_time_code.issued.v1"


class OneTimeCodeIssued(Wire):
    code_id = parts.KeyId(what="The public part of the code")
    secret_hash = Hex256(what="Hash of the whole code; the code itself is on the notice alone")
    subject = SubjectId(what="The subject whose key it is exchanged for")
    about = Choice("case", "inspection", what="案件, 检查")
    number = Text(parts.MOST_NUMBER, what="Number of the case or inspection that the notice is about")
    expires_at = Instant(what="From when on nothing is given for it")
    issued_by = Text(200, what="Who had the notice made")


EVENT = EventType(
    name=ONE_TIME_CODE_ISSUED,
    topic="access",
    does="Lets whoever holds a notice have a key of the subject, once.",
    data=OneTimeCodeIssued,
    subject="code:{code_id}",
    elsewhere="issue a notice with `POST /v1/notices`",
    example=example(
        ONE_TIME_CODE_ISSUED,
        "code:1a2b3c4d5e6f",
        "2026-01-05T09:00:00+08:00",
        {
            "code_id": "1a2b3c4d5e6f",
            "secret_hash": "3b8e7eb0e0a70c2bfd9af4eeb60c52e24fe8f91c6dbfb3c1da3e1c1d4cd3a3f4",
            "subject": "shop:92320902MA1N00026Y-01",
            "about": "case",
            "number": "盐都城管罚字〔2026〕第0001号",
            "expires_at": "2026-02-04T00:00:00+08:00",
            "issued_by": "key:5f4e3d2c1b0a",
        },
    ),
)
