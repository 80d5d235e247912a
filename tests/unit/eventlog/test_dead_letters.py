"""A dead letter keeps the record as it was and says why it lies there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eventlog.dead_letters import MOST_BYTES, DeadLetter, dead_letter, parse
from shared.eventlog.port import Record

headers = st.lists(st.tuples(st.text(max_size=8), st.none() | st.binary(max_size=8)), max_size=10).map(tuple)
records = st.builds(
    Record,
    topic=st.sampled_from(["chengxin.enforcement.v1", "chengxin.in.sample"]),
    partition=st.integers(0, 63),
    offset=st.integers(0, 2**62),
    timestamp=st.integers(0, 2**42),
    key=st.none() | st.binary(max_size=20),
    value=st.none() | st.binary(max_size=20),
    headers=headers,
).filter(lambda record: (record.key, record.value) != (None, None))


def arrived(message, record):
    return Record(message.topic, 0, 7, record.timestamp + 1, message.key, message.value, message.headers)


@given(records, st.text(max_size=30))
def test_a_letter_reads_back_as_the_record_and_the_reason(record, detail):
    message = dead_letter(record, "scoring", "schema", detail, attempts=2)
    assert message.topic == f"{record.topic}.scoring.dlq"
    assert (message.key, message.value) == (record.key, record.value)
    assert message.headers[: len(record.headers)] == record.headers
    assert parse(arrived(message, record)) == DeadLetter(record, "scoring", "schema", detail, 2)


@given(records)
def test_a_letter_that_fails_again_keeps_its_first_headers(record):
    once = arrived(dead_letter(record, "ingest", "schema", "first"), record)
    again = arrived(dead_letter(once, "desk", "misrouted", "second"), once)
    assert parse(again).record == once
    assert parse(parse(again).record).record == record


def test_the_headers_are_those_of_the_contract():
    record = Record("t", 3, 5, 1700000000000, b"k", b"v", (("ce_id", b"1"),))
    assert dead_letter(record, "g", "unknown-code", "no such code: X-1").headers == (
        ("ce_id", b"1"),
        ("dlq-original-topic", b"t"),
        ("dlq-original-partition", b"3"),
        ("dlq-original-offset", b"5"),
        ("dlq-original-timestamp", b"1700000000000"),
        ("dlq-consumer-group", b"g"),
        ("dlq-error-type", b"unknown-code"),
        ("dlq-error-detail", b"no such code: X-1"),
        ("dlq-attempts", b"1"),
    )


def test_a_record_with_neither_key_nor_value_gets_an_empty_key_since_kafka_s_client_sends_no_other():
    record = Record("t", 3, 5, 0, None, None, ())
    assert dead_letter(record, "g", "not-decodable", "").key == b""


def test_a_long_detail_is_cut():
    record = Record("t", 0, 0, 0, None, b"v", ())
    assert len(dict(dead_letter(record, "g", "schema", "说" * 5000).headers)["dlq-error-detail"].decode()) == 1000


def test_identity_is_where_it_came_from_and_who_refused_it():
    record = Record("t", 3, 5, 0, None, b"v", ())
    assert parse(arrived(dead_letter(record, "g", "schema", ""), record)).identity == ("t", 3, 5, "g")


def test_what_is_no_letter_is_an_error():
    with pytest.raises(ValueError, match="no dead letter"):
        parse(Record("t", 0, 0, 0, None, b"v", (("x", b"\xff"),)))


@pytest.mark.parametrize(
    ("key", "value", "headers"),
    [
        (b"k", b"x" * MOST_BYTES, ()),
        (b"k" * (MOST_BYTES + 1), b"x", ()),
        (b"k", b"x", (("h", b"x" * MOST_BYTES),)),
        (b"k", b"x", (("说" * (MOST_BYTES // 3), None),)),
        (b"k", b"x", (("", None),) * (MOST_BYTES // 11 + 1)),
    ],
    ids=["value", "key", "header", "name of a header", "empty headers"],
)
def test_of_a_record_that_is_too_large_for_a_letter_only_its_place_and_the_reason_are_kept(key, value, headers):
    record = Record("t", 3, 9, 0, key, value, headers)
    letter = parse(arrived(dead_letter(record, "ingest", "not-decodable", "too large"), record))
    assert letter == DeadLetter(Record("t", 3, 9, 0, b"", None, ()), "ingest", "not-decodable", "too large", 1)


def test_the_largest_record_of_a_letter_is_kept_whole():
    record = Record("t", 3, 9, 0, b"k" * 100, b"x" * (MOST_BYTES - 100 - 3 - 11), (("h", b"xx"),))
    assert parse(arrived(dead_letter(record, "ingest", "not-decodable", "at the limit"), record)).record == record


def test_an_oversized_record_that_was_sent_again_still_counts_its_attempts():
    own = dead_letter(Record("t", 3, 9, 0, None, None, ()), "ingest", "schema", "", attempts=4).headers
    record = Record("t", 3, 10, 0, b"k" * MOST_BYTES, b"x", own)
    assert parse(arrived(dead_letter(record, "ingest", "schema", ""), record)).attempts == 5
