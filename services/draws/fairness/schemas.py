"""What the routes of fairness answer, as their OpenAPI document shows it."""

from __future__ import annotations

from marshmallow import Schema, fields

_P_VALUE = "How likely chance alone is to lead as far from what was planned or farther"


class ChancesSchema(Schema):
    """A stratum 层: each of its subjects has the same probability."""

    stratum = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Subjects of the pool"})
    quota = fields.Integer(required=True, metadata={"description": "How many of them are drawn"})
    fraction = fields.String(required=True, metadata={"description": "The probability, exactly", "example": "3/60"})
    probability = fields.String(required=True, metadata={"description": "Rounded", "example": "0.0500"})


class ProbabilitiesSchema(Schema):
    """How likely each subject of the pool is to be drawn 抽中概率."""

    draw_id = fields.String(required=True)
    commitment = fields.String(required=True)
    strata = fields.List(fields.Nested(ChancesSchema), required=True)
    subjects = fields.Integer(required=True, metadata={"description": "Subjects of the pool"})
    drawn = fields.Integer(required=True, metadata={"description": "How many are drawn in all"})
    not_named = fields.Integer(
        required=True, metadata={"description": "Subjects of strata that the plan does not name: none of them is drawn"}
    )


class CountedSchema(Schema):
    """A stratum by its name, over all draws."""

    stratum = fields.String(required=True)
    size = fields.Integer(required=True)
    quota = fields.Integer(required=True)
    selected = fields.Integer(required=True)


class DifferenceSchema(CountedSchema):
    """A stratum of a draw of which another number was drawn than planned: an error, and no chance."""

    draw_id = fields.String(required=True)


class RegionSchema(Schema):
    """A county 县区, over all draws in which chance could choose subjects of it."""

    region = fields.String(required=True)
    draws = fields.Integer(required=True)
    selected = fields.Integer(required=True)
    expected = fields.String(required=True, metadata={"description": "By the probabilities"})
    p_value = fields.String(required=True, metadata={"description": f"{_P_VALUE}, of this county alone"})


class RegionsSchema(Schema):
    """Realised and planned by county."""

    counties = fields.Integer(required=True)
    farthest = fields.String(required=True, allow_none=True, metadata={"description": "The county of the smallest"})
    p_value = fields.String(
        required=True, metadata={"description": "The smallest of the counties', times their number (Bonferroni)"}
    )
    rows = fields.List(fields.Nested(RegionSchema), required=True, metadata={"description": "1,000 at most"})


class InspectorsSchema(Schema):
    """Whether inspectors were on as many panels as chance would have it; of nobody in particular."""

    draws = fields.Integer(required=True, metadata={"description": "In which chance could choose inspectors"})
    inspectors = fields.Integer(required=True, metadata={"description": "Those of each draw by themselves"})
    seats = fields.Integer(required=True)
    chi_square = fields.String(required=True)
    degrees_of_freedom = fields.String(required=True)
    p_value = fields.String(required=True, metadata={"description": _P_VALUE})
    persons = fields.Integer(required=True, metadata={"description": "Inspectors over all draws, each once"})
    persons_p_value = fields.String(
        required=True, metadata={"description": "The smallest of the persons', times their number (Bonferroni)"}
    )


class PersonSchema(Schema):
    """An inspector over all draws in which chance could choose him."""

    inspector_id = fields.String(required=True)
    draws = fields.Integer(required=True)
    seats = fields.Integer(required=True)
    expected = fields.String(required=True)
    p_value = fields.String(required=True, metadata={"description": f"{_P_VALUE}; rather too large than too small"})


class FairnessSchema(Schema):
    """Realised and planned frequencies over all published draws."""

    draws = fields.Integer(required=True, metadata={"description": "Published draws that are counted here"})
    draws_to_come = fields.Integer(
        required=True, metadata={"description": "Published draws that are not counted yet, or cannot be read"}
    )
    draws_abandoned_late = fields.Integer(
        required=True,
        metadata={"description": "Given up when their last value could be known: others were not entered in time"},
    )
    draws_unpublished = fields.Integer(
        required=True, metadata={"description": "Draws whose seed is known and that are not published"}
    )
    strata = fields.List(fields.Nested(CountedSchema), required=True, metadata={"description": "1,000 at most"})
    differences = fields.List(fields.Nested(DifferenceSchema), required=True)
    regions = fields.Nested(RegionsSchema, required=True)
    inspectors = fields.Nested(InspectorsSchema, required=True)
    persons = fields.List(
        fields.Nested(PersonSchema),
        metadata={"description": "Who is farthest from the plan, 100 at most; with a key of those who work at draws"},
    )
    shared = fields.Dict(
        required=True,
        metadata={"description": "`seed_sources` and `pools` that more than one commitment rests on, 100 at most each"},
    )
