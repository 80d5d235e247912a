"""The compiled JSON Schemas and the doors' marshmallow schemas accept exactly the same documents."""

import json

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.events.attributes import ENVELOPE
from shared.events.catalogue import catalogue
from shared.events.contracts import render_all
from shared.events.envelope import BadEnvelope
from shared.events.json_codec import from_document
from tests.property.events.mutations import VALUES, mutated, replaced

TYPES = sorted(catalogue().by_type)
FILES = {path.removeprefix("schemas/"): json.loads(text) for path, text in render_all().items()}
REGISTRY = jsonschema_rs.Registry(list(FILES.items()))
MANY = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def compiled(name):
    return jsonschema_rs.validator_for(FILES[name], validate_formats=True, registry=REGISTRY)


WHOLE = compiled("event.json")
EXAMPLES = [kind.example for kind in catalogue().by_type.values()]


def agree(checked, validator, document):
    said = checked.schema.validate(document)
    assert validator.is_valid(document) == (said == {}), (document, said)
    assert checked.strict.is_valid(document) == (said == {})
    assert bool(checked.strict_faults(document)) == (said != {})


@pytest.mark.parametrize("name", TYPES)
def test_data_with_one_thing_wrong(name):
    kind = catalogue().by_type[name]
    validator = compiled(f"{name}.json")
    for data in replaced(kind.example["data"]):
        agree(kind.checked, validator, data)


def test_attributes_with_one_thing_wrong():
    for attributes in replaced({name: value for name, value in EXAMPLES[0].items() if name != "data"}):
        agree(ENVELOPE, ENVELOPE.strict, attributes)


@pytest.mark.parametrize("name", TYPES)
def test_data_with_several_things_wrong(name):
    kind = catalogue().by_type[name]
    validator = compiled(f"{name}.json")

    @MANY
    @given(mutated([kind.example["data"]]) | VALUES)
    def same(data):
        agree(kind.checked, validator, data)

    same()


@settings(MANY, max_examples=2000)
@given(mutated(EXAMPLES))
def test_whole_events_in_json_form(document):
    assert WHOLE.is_valid(document) == (_faults(document) == []), (document, _faults(document))


def _faults(document):
    """What the codec and the schema of the type find."""
    try:
        event = from_document(document)
    except BadEnvelope as bad:
        return list(bad.faults)
    kind = catalogue().by_type.get(event.type)
    if kind is None or kind.elsewhere is not None:
        return ["/type"]
    return kind.checked.strict_faults(event.data, "data")


@MANY
@given(st.sampled_from(TYPES), st.data())
def test_what_doors_let_in_is_understood_on_the_log_with_further_members_too(name, data):
    kind = catalogue().by_type[name]
    document = data.draw(mutated([kind.example["data"]]))
    strict = kind.checked.strict_faults(document)
    tolerant = kind.checked.tolerant_faults(document)
    assert set(tolerant) <= set(strict)
    if strict == []:
        assert kind.checked.tolerant_faults({**document, "of_a_later_version": data.draw(VALUES)}) == []
