"""Events as Kafka records: the log's own form, both modes from outside, and what is refused."""

import orjson
import pytest

from shared.events.catalogue import catalogue
from shared.events.envelope import BadEnvelope, Event, NotJson, UnknownMediaType
from shared.events.json_codec import encode as encode_structured
from shared.events.json_codec import from_document
from shared.events.kafka_codec import decode, encode
from shared.events.types.case_decided import CASE_DECIDED

EVENT = from_document(catalogue().by_type[CASE_DECIDED].example)
HEADERS, VALUE = encode(EVENT)


def refused(headers, value=VALUE):
    with pytest.raises(BadEnvelope) as caught:
        decode(headers, value)
    return caught.value


def having(**changes):
    named = dict(HEADERS) | {name.replace("__", "-"): value for name, value in changes.items()}
    return [(name, value) for name, value in named.items() if value != b"-"]


def test_the_form_on_the_log():
    assert [name for name, _ in HEADERS] == [
        "ce_specversion",
        "ce_id",
        "ce_source",
        "ce_type",
        "ce_subject",
        "ce_time",
        "content-type",
    ]
    assert dict(HEADERS)["ce_time"] == b"2026-02-01T10:00:00+08:00"
    assert "盐城市城市管理局".encode() in VALUE


def test_it_comes_back_as_it_went():
    assert decode(HEADERS, VALUE) == EVENT


def test_extensions_and_a_schema_come_back_too():
    event = Event(*("x",) * 4, "2026-02-01T10:00:00Z", {}, {"traceparent": "00-1", "note": "注"}, "urn:schema")
    assert decode(*encode(event)) == event


def test_any_order_letter_case_and_other_headers():
    headers = [("traceparent", b"\xff"), *((name.upper(), value) for name, value in reversed(HEADERS))]
    assert decode(headers, VALUE) == EVENT


def test_structured_mode():
    headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
    assert decode(headers, encode_structured(EVENT)) == EVENT


def test_the_content_type_may_be_left_out_in_binary_mode():
    assert decode(having(content__type=b"-"), VALUE) == EVENT


@pytest.mark.parametrize("name", ["ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "ce_specversion"])
@pytest.mark.parametrize("value", [b"-", b"", None, b"\xff", b"a\x00", b" ", "雨".encode() * 201])
def test_attributes_that_are_missing_or_cannot_be_read(name, value):
    assert refused(having(**{name: value})).pointer == "/" + name.removeprefix("ce_")


@pytest.mark.parametrize("name", ["ce_id", "CE_ID", "content-type"])
def test_a_header_twice(name):
    assert "twice" in refused([*HEADERS, (name, dict(HEADERS)[name.lower()])]).message


def test_a_naive_time():
    assert refused(having(ce_time=b"2026-02-01T10:00:00")).pointer == "/time"


def test_another_version_of_cloudevents():
    assert refused(having(ce_specversion=b"0.3")).pointer == "/specversion"


@pytest.mark.parametrize(
    "value", [b"text/plain", b"application/cloudevents-batch+json", b"application/json; charset=gbk", b""]
)
def test_content_types_that_are_not_taken(value):
    assert isinstance(refused(having(content__type=value)), UnknownMediaType)


def test_content_types_that_mean_the_same():
    assert decode(having(content__type=b'application/json;charset="UTF-8"'), VALUE) == EVENT


@pytest.mark.parametrize("value", [b"", b"{", b"\xff", b'{"a": NaN}'])
def test_values_that_are_no_json(value):
    assert isinstance(refused(HEADERS, value), NotJson)


@pytest.mark.parametrize("value", [None, b"null", b"[]", b'"text"'])
def test_values_that_are_no_object(value):
    assert refused(HEADERS, value).pointer == "/data"


def test_a_record_that_is_no_event_at_all():
    assert "ce_ headers" in refused([], orjson.dumps({"hello": "world"})).message
    assert "ce_ headers" in refused([("content-type", b"application/json")], VALUE).message


def test_faults_tell_no_values():
    assert "张三" not in str(refused(having(ce_subject="\n张三".encode(), ce_time="张三".encode())).faults)
