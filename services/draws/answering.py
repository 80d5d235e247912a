"""What the routes of draws answer, as their OpenAPI document shows it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.draws.audience import SCOPES
from services.draws.dossier import VERIFIABLE
from services.draws.planning import WITNESSED
from services.draws.steps import PHASES

_STAFF = f"With a key of one of the scopes {', '.join(f'`{scope}`' for scope in SCOPES)}"


def _hash(what: str) -> fields.String:
    return fields.String(metadata={"description": f"SHA-256 of {what}"})


class RowSchema(Schema):
    """A draw in a list."""

    draw_id = fields.String(required=True)
    title = fields.String(metadata={"description": "From the freeze on, as all that a plan says"})
    phase = fields.String(required=True, validate=validate.OneOf(PHASES))
    assurance = fields.String(
        required=True,
        validate=validate.OneOf([VERIFIABLE, WITNESSED]),
        metadata={"description": "What the seed sources are worth: only who was there can know of a witnessed draw"},
    )
    planned_at = fields.AwareDateTime(required=True)
    window = fields.Dict(allow_none=True, metadata={"description": "Days of the inspections"})
    publish_by = fields.Date()
    overdue = fields.Boolean(metadata={"description": "Whether it is late to be published; where draws are shown"})
    overdue_since = fields.Date(metadata={"description": "From which day on it is late"})
    replaces = fields.Dict(allow_none=True, metadata={"description": "The draw that is made again"})
    commitment = fields.String(required=True, allow_none=True)


class DrawSchema(RowSchema):
    """A draw, as far as it is and its reader may see it; what he may not see is left out."""

    sequence = fields.Integer(required=True, metadata={"description": "`expected` of the next command"})
    public_source = fields.String(allow_none=True)
    seed_sources = fields.List(fields.Dict())
    witnesses = fields.List(fields.Dict(), metadata={"description": "Role, and the masked name"})
    plan_sha256 = fields.String(required=True)
    abandoned = fields.Dict(
        metadata={"description": "`cause`, and `late`: whether its last value could be known by then"}
    )
    replaced_by = fields.String()
    plan = fields.Dict(metadata={"description": "From the freeze on"})
    committed_at = fields.AwareDateTime()
    commitment_jws = fields.String(
        metadata={
            "description": "Detached JWS over the canonical JSON of `draw_id`, `commitment` and `committed_at`; where "
            "the installation signs, by a key of /.well-known/jwks.json"
        }
    )
    pool_sha256 = _hash("the pool")
    roster_sha256 = _hash("the roster")
    recusals_sha256 = _hash("the recusals")
    excluded_sha256 = _hash("the list of who is left out")
    strata = fields.List(fields.Dict(), metadata={"description": "Size and quota of each"})
    subjects = fields.Integer()
    inspectors = fields.Integer()
    excluded = fields.List(fields.Dict(), metadata={"description": "How many are left out for which reason"})
    result_sha256 = _hash("the result, from the draw on")
    sealed_bundle_sha256 = _hash(
        "the canonical JSON of `{file: sha256}` of the bundle, which witnesses hold; the journal's line `published` "
        "repeats it"
    )
    seed_values = fields.List(fields.Dict(), metadata={"description": "From the publication on"})
    bundle = fields.String(metadata={"description": "Address of the bundle, from the publication on"})
    replacements = fields.List(fields.Dict(), metadata={"description": "From the publication on"})
    shares_seed_source_with = fields.List(
        fields.String(), metadata={"description": "Commitments that rest on the same seed source, 100 at most"}
    )
    shares_pool_with = fields.List(
        fields.String(), metadata={"description": "Commitments to the same pool, 100 at most"}
    )
    next_steps = fields.List(fields.Dict(), metadata={"description": f"{_STAFF}: what is due, by when, what is late"})
    steps = fields.List(fields.Dict(), metadata={"description": f"{_STAFF}: what was done by whom"})
    inspectors_left_out = fields.List(
        fields.Dict(), metadata={"description": f"{_STAFF}: who of the departments is not in the roster, and why"}
    )
    proposals = fields.List(fields.Dict(), metadata={"description": f"{_STAFF}: replacements to be confirmed"})


class PlannedSchema(DrawSchema):
    """A plan, and what it would be frozen with."""

    preview = fields.Dict(required=True, metadata={"description": "What it would draw from now, or what is wrong"})


class DrawsSchema(Schema):
    """A page of draws, the latest first."""

    draws = fields.List(fields.Nested(RowSchema), required=True)
    next = fields.String(required=True, allow_none=True)
