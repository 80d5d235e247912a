"""Events go through every mode unchanged, and the log's short way of reading gives what the long way gives."""

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.events import http_codec, json_codec, kafka_codec
from shared.events.catalogue import catalogue
from shared.events.envelope import BadEnvelope, Event
from tests.property.events.mutations import TEXTS, VALUES

LINE = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=200)
URI = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S"], exclude_characters='"<>\\^`{|}'),
    min_size=1,
    max_size=200,
)
EXTENSION = st.text(st.characters(codec="utf-8", exclude_categories=["C"]))
TIMES = st.sampled_from(("2026-02-01T10:00:00+08:00", "2026-02-01T10:00:00.123456789Z", "1000-01-01T00:00:00-23:59"))
EVENTS = st.builds(
    Event,
    LINE,
    URI,
    LINE,
    LINE,
    TIMES,
    st.dictionaries(TEXTS, VALUES, max_size=3),
    st.dictionaries(st.from_regex("x[a-z0-9]{0,5}", fullmatch=True), EXTENSION, max_size=3),
    st.none() | LINE,
)


@given(EVENTS)
def test_every_mode_gives_back_what_it_got(event):
    assert kafka_codec.decode(*kafka_codec.encode(event)) == event
    headers, body = http_codec.encode(event)
    assert http_codec.decode(headers.items(), body) == [event]
    assert all(value.isascii() and "\n" not in value for value in headers.values())
    structured = [("content-type", "application/cloudevents+json")]
    assert http_codec.decode(structured, json_codec.encode(event)) == [event]
    batch = [("content-type", "application/cloudevents-batch+json")]
    assert http_codec.decode(batch, orjson.dumps([json_codec.to_document(event)] * 2)) == [event, event]


RECORDS = [kafka_codec.encode(json_codec.from_document(kind.example)) for kind in catalogue().by_type.values()]
BYTES = TEXTS.map(str.encode) | st.binary(max_size=4) | st.none()


@settings(deadline=None, max_examples=500)
@given(st.sampled_from(RECORDS), st.integers(0, 6), BYTES, st.one_of(st.none(), BYTES, VALUES))
def test_the_short_way_is_the_long_way(record, place, put, value):
    headers = list(record[0])
    if put is not None:
        headers[place] = (headers[place][0], put)
    raw = value if isinstance(value, bytes) else record[1]
    assert _read(kafka_codec.decode, headers, raw) == _read(kafka_codec._decode_any, headers, raw)


def _read(decode, headers, value):
    try:
        return decode(headers, value)
    except BadEnvelope as bad:
        return type(bad), bad.faults
