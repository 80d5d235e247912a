"""The OpenAPI documents: valid, checked in as they are, and without a route that says not who may ask."""

from __future__ import annotations

import json

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from services.cli.openapi import FOLDER, documents

NAMES = ("draws", "ingest", "lookup", "notify", "statistics")
METHODS = {"get", "post", "put", "patch", "delete"}


def test_the_checked_in_documents_are_those_of_the_code():
    made = documents()
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(made) == sorted(NAMES)
    for name, text in made.items():
        assert (FOLDER / f"{name}.json").read_bytes() == text, "write them: python -m services.cli.openapi"


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_valid_openapi(name):
    document = json.loads((FOLDER / f"{name}.json").read_bytes())
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


@pytest.mark.parametrize("name", NAMES)
def test_every_operation_says_who_may_ask_and_what_an_error_looks_like(name):
    document = json.loads((FOLDER / f"{name}.json").read_bytes())
    operations = [
        operation for path in document["paths"].values() for method, operation in path.items() if method in METHODS
    ]
    assert operations
    for operation in operations:
        assert operation["x-scope"]
        assert "security" in operation
        assert operation["summary"]
        assert operation["responses"]["default"]
    assert all("application/problem+json" in each["content"] for each in document["components"]["responses"].values())
