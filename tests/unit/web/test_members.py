"""The members of a body, as the page of the routes shows them."""

from shared.web.members import Member, Sort, answered, members, sorts

DOCUMENT = {
    "components": {
        "schemas": {
            "Plan": {
                "type": "object",
                "required": ["title"],
                "properties": {
                    "title": {"type": "string", "maxLength": 200, "description": "What it is called"},
                    "cap": {"type": ["integer", "null"], "minimum": 0},
                    "seats": {"type": "array", "items": {"$ref": "#/components/schemas/Seat"}},
                    "replaces": {"anyOf": [{"$ref": "#/components/schemas/Seat"}, {"type": "null"}]},
                },
            },
            "Seat": {"type": "object", "properties": {"of": {"type": "string", "enum": ["law", "fire", None]}}},
            "Tree": {"type": "object", "properties": {"tree": {"$ref": "#/components/schemas/Tree"}}},
        }
    }
}


def body(name):
    schema = {"schema": {"$ref": f"#/components/schemas/{name}"}}
    return {"requestBody": {"content": {"application/json": schema}}}


def test_members_of_members_are_named_from_above():
    assert members(DOCUMENT, body("Plan")) == [
        Member("title", "string, at most 200 characters", True, "What it is called"),
        Member("cap", "integer or null 0 to ", False, ""),
        Member("seats", "array of object", False, ""),
        Member("seats[].of", "law | fire", False, ""),
        Member("replaces", "object", False, ""),
        Member("replaces.of", "law | fire", False, ""),
    ]


def test_what_takes_no_body_has_none():
    assert members(DOCUMENT, {}) == []


def test_a_schema_within_itself_ends():
    assert members(DOCUMENT, body("Tree"))[-1].name.count("tree") == 6


def test_what_is_answered_is_that_of_the_status_of_success():
    schema = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Seat"}}}}
    assert answered(DOCUMENT, {"responses": {"201": schema, "404": {}}}) == [Member("of", "law | fire", False, "")]
    assert answered(DOCUMENT, {"responses": {"204": {}}}) == []


def test_events_are_told_by_type_with_what_their_data_hold():
    one = {"title": "a.b.v1", "description": "Does it.", "properties": {"data": {"$ref": "#/components/schemas/Seat"}}}
    operation = {"requestBody": {"content": {"application/cloudevents+json": {"schema": {"oneOf": [one]}}}}}
    assert sorts(DOCUMENT, operation) == [Sort("a.b.v1", "Does it.", [Member("of", "law | fire", False, "")])]
    assert sorts(DOCUMENT, body("Plan")) == []
