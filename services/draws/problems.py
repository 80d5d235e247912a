"""Every refusal of a command has a kind of its own, so that a program can tell them apart."""

from __future__ import annotations

import re

from shared.web.problems import Fault, Kind, ProblemError

DRAW_EXISTS = Kind("draw-exists", 409, "There is a draw of this id")
DRAW_MOVED_ON = Kind("draw-moved-on", 409, "The draw is not where the command expects it")
OUT_OF_ORDER = Kind("draw-out-of-order", 409, "This step does not come now")

PLAN_FORM = Kind("plan-form", 422, "The plan has not the form of the protocol")
RATE_OUT_OF_RANGE = Kind("rate-out-of-range", 422, "A rate is not from 0 to 1")
STRATUM_UNKNOWN = Kind("stratum-unknown", 422, "The plan names a stratum that there is not")
PUBLIC_SOURCE_MISSING = Kind("public-source-missing", 422, "The plan has no public seed source")
PUBLIC_SOURCE_NOT_LAST = Kind("public-source-not-last", 422, "The public seed source is not the last event")
SOURCE_PAST = Kind("seed-source-past", 422, "A seed source could have happened already")
SOURCE_TIME = Kind("seed-source-time", 422, "A seed source's value is known before its `not_before`")
SOURCE_FEW_VALUES = Kind("seed-source-few-values", 422, "The last seed source has too few possible values")
PUBLISH_BY_OUT_OF_RANGE = Kind("publish-by-out-of-range", 422, "The draw could not be published on that day")
NO_CALENDAR = Kind("no-calendar", 422, "A year has no calendar of working days here")
REPLACES_UNCOMMITTED = Kind("replaces-uncommitted", 422, "The draw to be replaced has no commitment")
REPLACED_ALREADY = Kind("replaced-already", 409, "Another draw replaces it already")

RECUSAL_AFTER_FREEZE = Kind("recusal-after-freeze", 409, "Recusals are filed before the freeze")
RECUSAL_STANDS = Kind("recusal-stands", 409, "The inspector is recused from this subject already")
DEPARTMENT_NO_PARTNER = Kind("department-no-partner", 422, "The department is no partner of the draw")
DEPARTMENT_CONFIRMED = Kind("department-confirmed", 409, "The department has confirmed already")
ITEM_UNKNOWN = Kind("item-unknown", 422, "The plan has no such item")
PARTNER_UNCONFIRMED = Kind("partner-unconfirmed", 409, "A partner department has not confirmed yet")

DOCUMENT_FORM = Kind("document-form", 422, "A document cannot be frozen as it is")
TOO_FEW_SUBJECTS = Kind("too-few-subjects", 422, "More is asked than the pool has")
TOO_FEW_INSPECTORS = Kind("too-few-inspectors", 422, "Panels could not be filled")

SEED_BEFORE_COMMITMENT = Kind("seed-before-commitment", 409, "The draw is not committed yet")
SEED_UNWITNESSED = Kind("seed-unwitnessed", 409, "Nobody has witnessed a draw that rests on witnesses alone")
SEED_BY_PLANNER = Kind("seed-by-planner", 403, "Who planned a draw does not enter its seed")
SEED_SOURCE_UNKNOWN = Kind("seed-source-unknown", 422, "The plan names no such seed source")
SEED_VALUE_STANDS = Kind("seed-value-stands", 409, "The first value of a source stands")
SEED_TOO_EARLY = Kind("seed-too-early", 409, "The source cannot have happened yet")
SEED_CLOSED = Kind("seed-closed", 409, "The public source's moment has come")
SEED_VALUES_MISSING = Kind("seed-values-missing", 409, "Values that come before the public one are missing")
SEED_VALUE_EMPTY = Kind("seed-value-empty", 422, "The value is empty")
SEED_VALUE_FORM = Kind("seed-value-form", 422, "The value is not of the source's pattern")

EARLIER_DRAW_SEALED = Kind("earlier-draw-sealed", 409, "The lists would tell whom an earlier draw has selected")
WINDOW_OPEN = Kind("window-open", 409, "The inspections are not over")
SEED_IS_KNOWN = Kind("seed-is-known", 409, "The draw can no longer be abandoned")
REPLACEMENT_REFUSED = Kind("replacement-refused", 422, "This replacement cannot be")
PROPOSAL_UNKNOWN = Kind("proposal-unknown", 404, "There is no such proposal")
PROPOSAL_CONFIRMED = Kind("proposal-confirmed", 409, "The proposal is confirmed already")
CONFIRMED_BY_PROPOSER = Kind("confirmed-by-proposer", 403, "Another person has to confirm")
CAUSE_FORM = Kind("cause-form", 422, "The cause is not a text")
WITNESS_FORM = Kind("witness-form", 422, "The witness cannot be named so")

KINDS = tuple(each for each in list(globals().values()) if isinstance(each, Kind))
"""All of them, for the service's contract."""

_RATE = re.compile("/strata/[0-9]+/rate")


def bad_form(found: list[Fault]) -> ProblemError:
    """Why a plan has not the form of the protocol, by where it stands."""
    kind = RATE_OUT_OF_RANGE if all(_RATE.fullmatch(fault.pointer) for fault in found) else PLAN_FORM
    return ProblemError(kind, "The errors say what would be right.", errors=found)
