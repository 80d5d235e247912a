"""The JSON Schemas that are checked in are those that the code makes, and they say what they should."""

import json

import jsonschema_rs
import pytest

from shared.events import contracts
from shared.events.catalogue import catalogue

FILES = {path: json.loads(text) for path, text in contracts.render_all().items()}


def test_the_files_are_up_to_date():
    stored = {
        path.relative_to(contracts.FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in (contracts.FOLDER / "schemas").iterdir()
    }
    assert stored == contracts.render_all(), "run: python -m shared.events.contracts"


def test_writing_them_removes_what_is_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(contracts, "FOLDER", tmp_path)
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "cn.chengxin.gone.v1.json").write_text("{}")
    contracts.main()
    assert {f"schemas/{path.name}" for path in (tmp_path / "schemas").iterdir()} == set(FILES)


@pytest.mark.parametrize("path", sorted(FILES))
def test_each_is_a_json_schema_of_2020_12(path):
    assert FILES[path]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert jsonschema_rs.meta.is_valid(FILES[path])


@pytest.mark.parametrize("name", sorted(catalogue().by_type))
def test_each_holds_for_its_example(name):
    schema = FILES[f"schemas/{name}.json"]
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    assert schema["examples"]
    assert all(validator.is_valid(each) for each in schema["examples"])


@pytest.mark.parametrize("name", sorted(set(catalogue().by_type) - {"cn.chengxin.score.changed.v1"}))
def test_each_is_closed_at_every_level(name):
    schema = FILES[f"schemas/{name}.json"]
    for each in (schema, *schema.get("$defs", {}).values()):
        assert each["additionalProperties"] is False


def test_whole_events_are_checked_with_their_data():
    registry = jsonschema_rs.Registry([(path.removeprefix("schemas/"), schema) for path, schema in FILES.items()])
    validator = jsonschema_rs.validator_for(FILES["schemas/event.json"], validate_formats=True, registry=registry)
    for kind in catalogue().by_type.values():
        assert validator.is_valid(kind.example) == (kind.elsewhere is None)
        assert not validator.is_valid({**kind.example, "data": {**kind.example["data"], "unknown": 1}})
