"""What several event types have in common (SCORING.md section 1)."""

from __future__ import annotations

from shared.events.attributes import MOST_CHARACTERS
from shared.events.fields import Choice, Int, Several, Wire
from shared.events.texts import Code, Hex256, PastDay, Pattern, Prose, Region, Text

MOST_NUMBER = 100
MOST_CENTS = 10**12


def case_no(*, required: bool = True) -> Text:
    """Which case."""
    return Text(MOST_NUMBER, required=required, what="Number of the case 案号, unique across organs")


def inspection_id(*, required: bool = True) -> Text:
    """Which inspection."""
    return Text(MOST_NUMBER, required=required, what="Number of the inspection 检查编号")


def instrument_no(*, required: bool = True) -> Text:
    """By which document."""
    return Text(MOST_NUMBER, required=required, what="Number of the document that says so 文书号")


def severity() -> Choice:
    """How grave 严重程度."""
    return Choice("minor", "general", "serious", what="轻微, 一般, 严重")


def violation_code() -> Text:
    """Which violation."""
    return Text(64, what="Code of the violation 违规代码 in the rulebook of the subject's kind")


def own_code() -> Text:
    """What its sender calls a violation."""
    return Text(64, required=False, what="Code by which its sender has the violation 自编码; put in at the door")


def region() -> Region:
    """Where."""
    return Region(what="Administrative division 行政区划 of 12 digits")


def people(what: str) -> Several:
    """At least two different officers: 行政处罚法 article 42."""
    return Several(Text(64), 2, 20, distinct=True, what=what)


class Organ(Wire):
    """An enforcement organ 执法机关."""

    code = Text(64, what="Code of the organ")
    name = Text(200, what="Name of the organ")


class Penalty(Wire):
    """One penalty 行政处罚 of a decision."""

    kind = Text(64, what="Kind of penalty 处罚种类, such as 警告 or 罚款")
    amount_cents = Int(0, MOST_CENTS, required=False, what="Amount in cents 分 of a yuan")
    content = Prose(1000, required=False, what="Content of the penalty 处罚内容")


class Finding(Wire):
    """One violation found at an inspection."""

    violation_code = violation_code()
    severity = severity()
    own_code = own_code()


class Dispute(Wire):
    """The subject disputes a case or an inspection 异议."""

    on = PastDay(what="Day of the dispute")
    channel = Choice("objection", "reconsideration", "litigation", required=False, what="异议, 行政复议, 行政诉讼")
    body = Text(200, required=False, what="Who decides it, such as a court")
    instrument_no = instrument_no(required=False)


class DisputeClosure(Dispute):
    """A dispute of a case or an inspection was decided."""

    outcome = Choice("upheld", "amended", "revoked", "withdrawn", what="维持, 变更, 撤销, 撤回")
    reviewer = Text(64, what="Officer who reviewed it; one of its own officers or inspectors cannot close a dispute")


class Reply(Wire):
    """The subject's reply 陈述 to a case or an inspection."""

    on = PastDay(what="Day of the reply")
    statement = Prose(500, what="What the subject says")


class ReplyRelease(Wire):
    """A subject's reply was read by a clerk, who lets the public read it."""

    on = PastDay(what="Day of the release")
    reply_source = Text(MOST_CHARACTERS, what="Source of the event that has the reply")
    reply_id = Text(MOST_CHARACTERS, what="Id of the event that has the reply")
    reviewer = Text(64, what="Officer who read it; one of its own officers or inspectors releases nothing")


class KeyId(Pattern):
    """The public part of an access key."""

    pattern = "[0-9a-f]{12}"
    says = "12 hexadecimal digits in lower case"


class SubscriptionId(Pattern):
    """The id of a subscription to webhooks."""

    pattern = "[0-9a-f]{32}"
    says = "32 hexadecimal digits in lower case"


class Scope(Code):
    """A scope of an access key, such as scores:read."""


class RegionPrefix(Pattern):
    """A region or the beginning of its code; which lengths there are, `shared.registry.regions` knows."""

    pattern = "[0-9]{2,12}"
    says = "a region or the beginning of its code, of 2, 4, 6, 9 or 12 digits"


MOST_OFFSET = 2**53 - 1
"""Largest whole number that every reader of JSON keeps exactly."""


class LogPlace(Wire):
    """Where a record lies on the log."""

    topic = Text(249, what="Topic by its full name")
    partition = Int(0, 1_000_000, what="Partition of the topic")
    offset = Int(0, MOST_OFFSET, what="Offset in the partition")


class DeadLetter(LogPlace):
    """Which dead letter: where the refused record lies, and who refused it."""

    group = Text(200, what="Consumer group that refused the record")


class UploadId(Pattern):
    """The id of an uploaded file."""

    pattern = "[0-9a-f]{32}"
    says = "32 hexadecimal digits in lower case"


class UploadStep(Wire):
    """What becomes of an uploaded file 批量导入."""

    upload_id = UploadId(what="Which upload")


MOST_CHARACTERS_OF_A_PLAN = 1 << 18
"""Of a plan's canonical JSON, and so of whatever stands in it."""


class Line(Pattern):
    """One line as DRAW.md has texts, spaces at its ends included: it is hashed, and must stay as it is."""

    pattern = r"[^\u0000-\u001f\u007f]+"
    says = "a text, not empty and without control characters"


class DrawStep(Wire):
    """A step of a draw 抽查步骤."""

    draw_id = Code(64, what="Id of the draw")
    sequence = Int(1, 1_000_000, what="Which step of its draw this is, from 1 on")
    by = Text(200, what="Who did it")


def sha256(what: str, *, required: bool = True) -> Hex256:
    """The hash of a document."""
    return Hex256(what=f"SHA-256 of {what}", required=required)


def cause() -> Line:
    """Why."""
    return Line(1000, what="Why 原因; names no person")


class SeedSource(Wire):
    """An event to come whose outcome is a part of a draw's seed."""

    name = Line(MOST_CHARACTERS_OF_A_PLAN, what="Which event")
    not_before = Line(64, what="The instant before which it cannot happen, as the plan has it")
    pattern = Line(MOST_CHARACTERS_OF_A_PLAN, what="The form of its value")


class Replaces(Wire):
    """The draw that a draw replaces 重抽."""

    draw_id = Line(MOST_CHARACTERS_OF_A_PLAN, what="Id of the draw that is replaced")
    cause = Line(MOST_CHARACTERS_OF_A_PLAN, what="Why it is drawn again")


class StratumSize(Wire):
    """A stratum 层 at the freeze."""

    stratum = Line(MOST_CHARACTERS_OF_A_PLAN, what="Name of the stratum")
    size = Int(0, MOST_OFFSET, what="How many subjects of the pool are in it")
    quota = Int(0, MOST_OFFSET, what="How many of them are drawn")


class LeftOut(Wire):
    """Subjects of the register that are not in the pool, for one reason."""

    code = Line(100, what="Why they are left out")
    number = Int(1, MOST_OFFSET, what="How many")


class InspectorLeftOut(Wire):
    """An inspector of the plan's departments and regions who is not in the roster."""

    inspector_id = Text(64, what="The id in the register")
    reason = Text(64, what="Why he is left out")


class FileHash(Wire):
    """A file and what it is."""

    name = Text(64, what="Name of the file")
    sha256 = Hex256(what="SHA-256 of its bytes")
