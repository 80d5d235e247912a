"""What the routes of draws take, as their OpenAPI document shows it: types and sizes; what may be is judged in the
core, where each refusal has a kind of its own.
"""

from __future__ import annotations

from typing import Any, cast

from marshmallow import Schema, fields, validate

from services.draws.pools.schemas import PoolSchema, regions
from services.draws.steps import PHASES
from shared.draw.plan_form import REGIONS
from shared.events.fields import Choice, Int, Part, Several, Wire
from shared.events.parts import Line
from shared.events.texts import Code, Day, Instant, Pattern
from shared.web.fields import Judged
from shared.web.paging import Cursor, Limit

_MOST_NAME = 200
_MOST_STRATA = 100
_MOST_NUMBER = 2**53 - 1
MOST_STEPS = 1_000_000

PARAMETERS: list[dict[str, Any]] = [
    {
        "in": "path",
        "name": "draw_id",
        "required": True,
        "description": "Id of the draw",
        "schema": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": f"^{Code.pattern}$"},
        "example": "320902-2026-11",
    }
]


class Said(Pattern):
    """Any text: what is wrong with it is told by a kind of its own."""

    pattern = r"[\s\S]*"


class Rate(Said):
    """A rate as the plan writes it: a text, since documents hold no fractions; whether it is one, the core says."""

    says = 'from 0 to 1, with 9 decimals at most and in quotes, such as "0.05"'


class StratumSchema(Wire):
    """How many of a stratum 层: exactly one of `count` and `rate`."""

    stratum = Line(_MOST_NAME)
    count = Int(0, _MOST_NUMBER, required=False)
    rate = Rate(20, required=False, what="From 0 to 1, with 9 decimals at most, such as `0.05`")


class EntrySchema(Wire):
    """Seats of a panel."""

    department = Line(_MOST_NAME, what="`*`: any")
    count = Int(1, 100)


class SourceSchema(Wire):
    """An event to come whose outcome is a part of the seed."""

    name = Line(_MOST_NAME, what="Which event: the beacon and its round, the lottery and its issue, the dice")
    not_before = Line(64, what="RFC 3339 instant before which it cannot happen")
    pattern = Line(1000, what="The form of its value: literals, `[…]` classes and `{m}`")


class ReplacesSchema(Wire):
    """The draw that is made again 重抽."""

    draw_id = Line(64)
    cause = Line(1000, what="Why; names no person")


class RosterSchema(Wire):
    """Who may inspect."""

    regions = regions()


class ItemSchema(Wire):
    """What is inspected 检查事项."""

    code = Code(64)
    name = Line(_MOST_NAME)


class PartnerSchema(Wire):
    """A department beside the organiser's own 联合抽查部门."""

    department = Line(_MOST_NAME)


_Window = Wire.from_dict(
    {"from": Day(what="First day of the inspections"), "until": Day(what="Last day")}, name="WindowSchema"
)


class PlanSchema(Wire):
    """A draw to be planned 抽查计划."""

    draw_id = Code(64, required=False, what="Id of the draw; made here unless it is given")
    title = Line(_MOST_NAME)
    pool = Part(PoolSchema)
    roster = Part(RosterSchema)
    window = Part(cast("type[Wire]", _Window), what="Days of the inspections")
    items = Several(fields.Nested(ItemSchema), 1, 100)
    partners = Several(fields.Nested(PartnerSchema), 0, 20, required=False)
    strata = Several(
        fields.Nested(StratumSchema), 0, _MOST_STRATA, required=False, what="By grade and rate unless they are given"
    )
    cap = Int(
        0, _MOST_NUMBER, required=False, allow_none=True, what="Most subjects that are drawn; no limit unless given"
    )
    panel = Several(fields.Nested(EntrySchema), 1, 20, what="Who inspects a subject; two at least")
    max_load = Int(
        1, _MOST_NUMBER, required=False, allow_none=True, what="Most subjects of one inspector; no limit unless given"
    )
    inspector_region = Choice(*REGIONS, required=False, what="Which county inspectors are of (default `any`)")
    seed_sources = Several(fields.Nested(SourceSchema), 1, 20)
    public_source = Line(_MOST_NAME, required=False, what="The source that nobody taking part chooses, and the last")
    publish_by = Day(
        required=False,
        allow_none=True,
        what="Last day of the publication; 20 working days after the window unless given",
    )
    replaces = Part(ReplacesSchema, required=False, allow_none=True)
    as_of = Day(required=False, what="Day on which subjects and inspectors are judged; today unless given")
    known_at = Instant(required=False, what="By what was known when; now unless given")


class ValidateSchema(Schema):
    """The parameter of a plan."""

    judged = Judged("Judge it and say what it would draw from; nothing is written")


class StepSchema(Wire):
    """A next step of a draw."""

    expected = Int(1, MOST_STEPS, what="`sequence` of the draw as you saw it")


class SeedSchema(StepSchema):
    """What came of a seed source."""

    source = Line(_MOST_NAME, what="Its name in the plan")
    value = Said(1000, what="Printable ASCII that matches the source's pattern")


class CauseSchema(StepSchema):
    """Why it is given up."""

    cause = Said(2000, what="Why, in one line; names no person")


class WitnessSchema(StepSchema):
    """Who saw it 见证人."""

    role = Choice("deputy", "committee", "citizen", "notary", what="代表, 委员, 市民, 公证")
    name = Said(1000, what="Full name; only the first character is kept")


class ReplacementSchema(StepSchema):
    """A replacement: asked for by `subject_id` and `cause`, or confirmed by another person by `proposal` alone."""

    subject_id = Line(100, required=False, what="Who is replaced, or on whose panel `inspector` is")
    inspector = Line(100, required=False, what="Who leaves the panel, by id or code; the subject itself unless given")
    cause = Said(2000, required=False, what="Of an inspector: `recusal`, `illness`, `certificate` or `transfer`")
    proposal = Int(1, MOST_STEPS, required=False, what="`sequence` of the proposal that is confirmed")


class DrawsQuestionSchema(Schema):
    """The parameters of a list."""

    phase = fields.String(
        validate=validate.OneOf(PHASES, error="must be one of {choices}, not {input}"),
        metadata={"description": "How far they are"},
    )
    overdue = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        metadata={"description": "Those that are late to be published, or those that are not"},
    )
    limit = Limit()
    cursor = Cursor()
