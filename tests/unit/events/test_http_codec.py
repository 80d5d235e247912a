"""Events as HTTP messages: three modes in, and what is refused."""

import orjson
import pytest

from shared.events.catalogue import catalogue
from shared.events.envelope import BadEnvelope, Fault, NotJson, TooMuch, UnknownMediaType
from shared.events.http_codec import decode, encode
from shared.events.json_codec import encode as encode_structured
from shared.events.json_codec import from_document, parse, to_document
from shared.events.types.case_decided import CASE_DECIDED

EXAMPLE = catalogue().by_type[CASE_DECIDED].example
EVENT = from_document(EXAMPLE)
STRUCTURED = [("Content-Type", "application/cloudevents+json; charset=utf-8")]
BATCH = [("content-type", "application/cloudevents-batch+json")]


def batch(*events):
    return orjson.dumps([to_document(event) for event in events])


def refused(headers, body):
    with pytest.raises(BadEnvelope) as caught:
        decode(headers, body)
    return caught.value


def binary(**changes):
    headers, body = encode(EVENT)
    headers |= changes
    return [(name.replace("_", "-"), value) for name, value in headers.items() if value is not None], body


def test_structured_binary_and_batch_mode_hold_the_same():
    assert decode(STRUCTURED, encode_structured(EVENT)) == [EVENT]
    assert decode(*binary()) == [EVENT]
    assert decode(BATCH, batch(EVENT, EVENT)) == [EVENT, EVENT]
    assert decode(BATCH, b"[]") == []


def test_headers_are_percent_encoded_and_may_be_quoted():
    headers, _ = binary(**{"ce-id": '"%E6%A1%88 \\"7\\" 100%25"'})
    assert decode(headers, orjson.dumps(EVENT.data))[0].id == '案 "7" 100%'


def test_chinese_goes_out_percent_encoded():
    document = {**EXAMPLE, "id": '案 "1" 100%~'}
    headers, body = encode(from_document(document))
    assert headers["ce-id"] == "%E6%A1%88%20%221%22%20100%25~"
    assert decode(headers.items(), body) == [from_document(document)]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("案", "percent-encoded"),
        ("%E6%A1", "UTF-8"),
        ("100%", "%25"),
        ("%zz", "%25"),
        ("", "not blank"),
    ],
)
def test_headers_that_cannot_be_read(value, message):
    bad = refused(*binary(**{"ce-id": value}))
    assert bad.pointer == "/id"
    assert message in bad.message


def test_missing_attributes_are_all_named():
    headers, body = binary(**{"ce-id": None, "ce-time": None, "ce-source": None})
    assert sorted(refused(headers, body).faults) == [
        Fault("/id", "is required"),
        Fault("/source", "is required"),
        Fault("/time", "is required"),
    ]


def test_a_header_twice():
    headers, body = binary()
    assert "twice" in refused([*headers, ("CE-ID", "other")], body).message


def test_the_content_type_has_its_own_header():
    assert refused(*binary(**{"ce-datacontenttype": "application/json"})).pointer == "/datacontenttype"


@pytest.mark.parametrize("value", ["2026-02-01T10:00:00", "2026-02-01 10:00:00+08:00", "2026-02-30T10:00:00Z", "now"])
def test_times_without_offset_or_meaning(value):
    assert refused(*binary(**{"ce-time": value.replace(" ", "%20")})).pointer == "/time"


def test_another_version_of_cloudevents():
    assert refused(*binary(**{"ce-specversion": "0.3"})).faults == (Fault("/specversion", "must be 1.0"),)


@pytest.mark.parametrize(
    "content_type", [None, "", "text/plain", "application/cloudevents+avro", "application/json; charset=gbk", ";"]
)
def test_media_types_that_are_not_taken(content_type):
    assert isinstance(refused(*binary(**{"content-type": content_type})), UnknownMediaType)


def test_plain_json_without_attributes_is_another_media_type():
    assert isinstance(refused([("content-type", "application/json")], orjson.dumps(EXAMPLE)), UnknownMediaType)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"NaN", b'{"a":"\\ud800"}', encode_structured(EVENT)[:-1]])
@pytest.mark.parametrize("headers", [STRUCTURED, BATCH, binary()[0]])
def test_bytes_that_are_no_json(headers, body):
    assert isinstance(refused(headers, body), NotJson)


def test_a_batch_names_the_faults_of_all_by_index():
    without_id = {name: value for name, value in EXAMPLE.items() if name != "id"}
    bad = refused(BATCH, orjson.dumps([EXAMPLE, without_id, 7, {**EXAMPLE, "data": None}]))
    assert bad.faults == (
        Fault("/1/id", "is required"),
        Fault("/2", "must be an object: one CloudEvent"),
        Fault("/3/data", "is required"),
    )


def test_a_batch_has_an_end():
    with pytest.raises(TooMuch):
        decode(BATCH, batch(*[EVENT] * 1001))
    with pytest.raises(TooMuch):
        decode(BATCH, batch(*[EVENT] * 3), 2)
    assert len(decode(BATCH, batch(*[EVENT] * 3), 3)) == 3


def test_a_single_event_where_a_batch_is_said():
    assert refused(BATCH, encode_structured(EVENT)).message == "must be a list of CloudEvents"


def test_data_in_base64():
    document = {name: value for name, value in EXAMPLE.items() if name != "data"} | {"data_base64": "e30="}
    bad = refused(STRUCTURED, orjson.dumps(document))
    assert bad.faults == (Fault("/data_base64", "is not taken here; send the data as an object in `data`"),)


@pytest.mark.parametrize("value", ["application/xml", "application/json; charset=gbk", 7, ""])
def test_data_of_another_content_type(value):
    assert refused(STRUCTURED, orjson.dumps({**EXAMPLE, "datacontenttype": value})).pointer == "/datacontenttype"


@pytest.mark.parametrize("data", [None, [], "text", 7])
def test_data_that_are_no_object(data):
    assert refused(STRUCTURED, orjson.dumps({**EXAMPLE, "data": data})).pointer == "/data"
    assert refused(binary()[0], orjson.dumps(data)).pointer == "/data"


def test_extensions_become_texts_and_nulls_are_absent():
    document = {**EXAMPLE, "flag": True, "count": 7, "whole": 7.0, "none": None, "dataschema": None}
    (event,) = decode(STRUCTURED, orjson.dumps(document))
    assert event.extensions == {"flag": "true", "count": "7", "whole": "7"}
    assert event.dataschema is None
    assert to_document(event) == EXAMPLE | event.extensions


@pytest.mark.parametrize(
    "extension",
    [
        {"Upper": "x"},
        {"with_line": "x"},
        {"x" * 33: "x"},
        {"a": 1.5},
        {"a": 2**31},
        {"a": []},
        {"a": "\n"},
        {"a": "x" * 1025},
    ],
)
def test_extensions_that_are_none(extension):
    bad = refused(STRUCTURED, orjson.dumps(EXAMPLE | extension))
    assert bad.pointer == "/" + next(iter(extension))


def test_data_as_the_name_of_a_header():
    assert refused(*binary(**{"ce-data": "{}"})).pointer == "/data"


def test_too_many_attributes():
    assert "at most 28" in refused(STRUCTURED, orjson.dumps(EXAMPLE | {f"x{i}": "" for i in range(22)})).message
    assert len(decode(STRUCTURED, orjson.dumps(EXAMPLE | {f"x{i}": "" for i in range(21)}))) == 1


@pytest.mark.parametrize("body", [b'{"a": 1, "a": 1}', b'[{"data": {"b": {"c": 1, "c": 2}}}]'])
def test_a_name_that_stands_twice_in_an_object_is_refused(body):
    with pytest.raises(NotJson, match="stands twice"):
        parse(body)


@pytest.mark.parametrize("depth", [1020, 2000])
def test_too_deep_a_document_is_refused(depth):
    with pytest.raises(NotJson, match="not nested too deeply"):
        parse(b"[" * depth + b"]" * depth)


def test_a_byte_order_mark_is_called_that():
    with pytest.raises(NotJson, match="leave the byte order mark"):
        parse(b"\xef\xbb\xbf{}")
    assert parse(b"{}") == {}
