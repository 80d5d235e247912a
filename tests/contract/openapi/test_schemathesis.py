"""Schemathesis against both documents, in process: what is answered is what is documented."""

from __future__ import annotations

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from services.cli.openapi import FOLDER

OPERATIONS = {
    (document.stem, path, method): operation
    for document in sorted(FOLDER.glob("*.json"))
    for path, operations in json.loads(document.read_bytes())["paths"].items()
    for method, operation in operations.items()
    if method in {"get", "post", "put", "delete"}
}

THERE = {
    "subject_id": "shop:92320902MA1N00026Y-01",
    "rulebook_id": "shop-credit",
    "version": 2,
    "draw_id": "d-1",
    "inspector_id": "J-1",
    "key_id": "0a1b2c3d4e5f",
    "subscription_id": "0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d",
    "delivery_id": "msg_0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d",
    "upload_id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "sort": "cases",
    "objection_id": "shop:92320902MA1N00026Y-01.0a1b2c3d4e5f6071",
}
"""What is there, by the parameter that names it."""
MODES = [
    (*operation, mode)
    for operation, takes in OPERATIONS.items()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if mode is GenerationMode.POSITIVE or "{" in operation[1] or takes.keys() & {"parameters", "requestBody"}
]


@pytest.mark.parametrize(("service", "path", "method", "mode"), MODES)
def test_what_is_answered_is_what_is_documented(app, key, service, path, method, mode):
    """No schema can say what a check digit is, or that one date is not before another: the doors refuse such data."""
    schema = schemathesis.openapi.from_wsgi(f"/{service}/openapi.json", app)
    refusals = schema.config.checks.negative_data_rejection
    refusals.expected_statuses = [*refusals.expected_statuses, "413"]  # a batch of too many events is refused so

    @settings(max_examples=80, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def run(case):
        if mode is GenerationMode.POSITIVE:
            case.path_parameters |= {name: THERE[name] for name in case.path_parameters}
        else:  # an object or an empty list has no form in an address: what was wrong would not be sent
            assume(all(isinstance(value, str | int | float) for value in (case.query or {}).values()))
        case.call_and_validate(
            headers={"Authorization": f"Bearer {key.key}"}, excluded_checks=[positive_data_acceptance]
        )

    run()
