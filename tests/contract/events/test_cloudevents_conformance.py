"""The public conformance scenarios of CloudEvents (github.com/cloudevents/conformance), for HTTP, Kafka and JSON.

Events of theirs have no `subject`, and some neither time nor data, which the specification leaves optional and these
doors demand: so each scenario is run with what is demanded put in, and without it that alone may be found wrong.
"""

import json

import pytest

from shared.events import http_codec, json_codec, kafka_codec
from shared.events.envelope import BadEnvelope

SUBJECT = "shop:92320902MA1N00026Y-01"
ATTRIBUTES = {
    "specversion": "1.0",
    "type": "com.example.someevent",
    "time": "2018-04-05T03:56:24Z",
    "id": "1234-1234-1234",
    "source": "/mycontext/subcontext",
}
DATA = {"message": "Hello World!"}
BINARY = ["application/json", "application/json; charset=utf-8"]
STRUCTURED = ["application/cloudevents+json", "application/cloudevents+json; charset=utf-8"]


def structured(attributes):
    return json.dumps({**attributes, "datacontenttype": "application/json", "data": DATA}, indent=4).encode()


def http_binary(kind, attributes):
    headers = [("Host", "example.com"), *((f"ce-{name}", value) for name, value in attributes.items())]
    return http_codec.decode([*headers, ("Content-Type", kind)], json.dumps(DATA, indent=4).encode())


def http_structured(kind, attributes):
    return http_codec.decode([("Host", "example.com"), ("Content-Type", kind)], structured(attributes))


def kafka_binary(kind, attributes):
    headers = [(f"ce_{name}", value.encode()) for name, value in attributes.items()]
    return [kafka_codec.decode([*headers, ("content-type", kind.encode())], json.dumps(DATA).encode())]


def kafka_structured(kind, attributes):
    return [kafka_codec.decode([("content-type", kind.encode())], structured(attributes))]


SCENARIOS = [
    *((http_binary, kind) for kind in BINARY),
    *((http_structured, kind) for kind in STRUCTURED),
    (kafka_binary, BINARY[0]),
    *((kafka_structured, kind) for kind in STRUCTURED),
]
named = pytest.mark.parametrize(
    ("read", "kind"), SCENARIOS, ids=[f"{read.__name__}-{kind}" for read, kind in SCENARIOS]
)


@named
def test_the_attributes_and_the_data_are_read(read, kind):
    [event] = read(kind, ATTRIBUTES | {"subject": SUBJECT})
    assert event.attributes() == ATTRIBUTES | {"subject": SUBJECT}
    assert event.data == DATA


@named
def test_to_the_letter_only_the_subject_is_missing(read, kind):
    with pytest.raises(BadEnvelope) as bad:
        read(kind, ATTRIBUTES)
    assert [(fault.pointer, fault.message) for fault in bad.value.faults] == [("/subject", "is required")]


MINIMAL = {"specversion": "1.0", "id": "minimal", "type": "io.cloudevents.test", "source": "https://cloudevents.io"}
DEMANDED = {"subject": SUBJECT, "time": "2018-04-05T17:31:00Z", "data": {}}
VALID = {
    "minimal": {},
    "with null for what is optional": dict.fromkeys(["datacontenttype", "dataschema", "subject", "time"]),
    "with a schema": {"dataschema": "https://cloudevents.io/dataschema", "subject": "tests"},
    "time in UTC": {"time": "2018-04-05T17:31:00Z"},
    "time to the nanosecond": {"time": "2018-04-05T17:31:00.000000000Z"},
    "a positive offset": {"time": "2018-04-05T18:31:00+01:00"},
    "a negative offset": {"time": "2018-04-05T16:31:00-01:00"},
    "a relative source": {"source": "#fragment"},
    "extensions of all types": {
        "extinteger": 10, "extboolean": True, "extstring": "text", "exturi": "https://cloudevents.io",
        "exturiref": "//authority/path", "exttimestamp": "2023-03-31T15:12:00Z", "extbinary": "TWE=",
    },
}  # fmt: skip
INVALID = {
    "no specversion": {"specversion": None},
    "no id": {"id": None},
    "no type": {"type": None},
    "no source": {"source": None},
    "no time but a word": {"time": "lunchtime"},
    "time to the minute": {"time": "2018-04-05T18:31Z"},
    "an unknown offset": {"time": "2018-04-05T18:31:00X"},
    "an offset out of range": {"time": "2018-04-05T18:31:00+25:00"},
    "an offset of letters": {"time": "2018-04-05T18:31:00+xx:00"},
    "an offset of hours alone": {"time": "2018-04-05T18:31:00+05"},
    "an empty id": {"id": ""},
    "an empty type": {"type": ""},
    "an empty source": {"source": ""},
    "an empty specversion": {"specversion": ""},
    "another specversion": {"specversion": "0.9"},
    "no media type": {"datacontenttype": "xyz"},
    "an empty media type": {"datacontenttype": ""},
    "an empty schema": {"dataschema": ""},
    "an empty subject": {"subject": ""},
    "an id that is a number": {"id": 25},
    "an id that is an object": {"id": {"xyz": "abc"}},
    "a capital in a name": {"MyExtension": "bad"},
    "a point in a name": {"my.extension": "bad"},
    "a fraction": {"myextension": 1.5},
    "data twice": {"data": "text", "data_base64": "eyAieHl6IjogMTIzIH0="},
}


@pytest.mark.parametrize("change", VALID.values(), ids=VALID)
def test_what_is_valid_is_read_but_for_what_these_doors_demand(change):
    given = MINIMAL | DEMANDED | {name: value for name, value in change.items() if value is not None}
    assert json_codec.from_document(given).source == given["source"]
    with pytest.raises(BadEnvelope) as bad:
        json_codec.from_document(MINIMAL | change)
    assert {fault.pointer for fault in bad.value.faults} <= {"/subject", "/time", "/data"}


@pytest.mark.parametrize("change", INVALID.values(), ids=INVALID)
def test_what_is_invalid_is_refused_for_that_alone(change):
    given = {name: value for name, value in (MINIMAL | DEMANDED | change).items() if value is not None}
    with pytest.raises(BadEnvelope) as bad:
        json_codec.from_document(given)
    [fault] = bad.value.faults
    assert fault.pointer.removeprefix("/") in change


@pytest.mark.parametrize(
    ("batch", "pointers"),
    [
        ([{}, {"specversion": "0.9"}], ["/1/specversion"]),
        ([{"id": None}], ["/0/id"]),
        (["not an object", {}], ["/0"]),
    ],
)
def test_a_batch_with_one_that_is_invalid_is_refused(batch, pointers):
    whole = [{**MINIMAL, **DEMANDED, **each} if isinstance(each, dict) else each for each in batch]
    whole = [{k: v for k, v in each.items() if v is not None} if isinstance(each, dict) else each for each in whole]
    with pytest.raises(BadEnvelope) as bad:
        json_codec.from_documents(whole)
    assert [fault.pointer for fault in bad.value.faults] == pointers


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_batch_may_have_none_and_the_same_event_twice(number):
    assert len(json_codec.from_documents([MINIMAL | DEMANDED] * number)) == number
