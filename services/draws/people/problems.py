"""Refusals of the people's side, each of a kind of its own."""

from __future__ import annotations

from shared.web.problems import Kind

INSPECTOR_NOT_CERTIFIED = Kind("inspector-not-certified", 422, "Only certified officers inspect")
NOT_APPLIED_YET = Kind("not-applied-yet", 409, "This is later than what is applied")
CODES_MISSING = Kind("codes-missing", 409, "The draw was planned before there were codes for inspectors")
TOO_MANY_ASSIGNMENTS = Kind("too-many-assignments", 422, "More than one calendar holds")

KINDS = tuple(each for each in list(globals().values()) if isinstance(each, Kind))
"""All of them, for the service's contract."""
