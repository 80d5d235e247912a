"""The CloudEvents SDK reads what we write, and we read what it writes."""

from datetime import datetime

import pytest
from cloudevents.core.bindings import http as sdk_http
from cloudevents.core.bindings import kafka as sdk_kafka
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from shared.events import http_codec, json_codec, kafka_codec
from shared.events.catalogue import catalogue
from shared.events.envelope import Event
from shared.events.media import STRUCTURED

EVENTS = [json_codec.from_document(kind.example) for kind in catalogue().by_type.values()]
EVENTS.append(
    Event(
        '案%20"7" 100%',
        "urn:chengxin:organ:320902",
        "cn.chengxin.case.replied.v1",
        "shop:92320902MA1N00026Y-01",
        "2026-02-10T09:15:00.25Z",
        {"case_no": "案-1", "on": "2026-02-10", "statement": "“已整改”\n附照片 😀"},
        {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "note": "中文 值"},
        "https://example.com/schemas/case.replied.v1.json",
    )
)


def theirs(event):
    """The same event as the SDK has it."""
    attributes = {**event.attributes(), "datacontenttype": "application/json"}
    return CloudEvent(attributes={**attributes, "time": datetime.fromisoformat(event.time)}, data=event.data)


def same(read, event):
    assert read.get_attributes() == theirs(event).get_attributes()
    assert read.get_data() == event.data


def ours(read, event):
    """Equal but for the spelling of the time, which the SDK does not keep."""
    assert datetime.fromisoformat(read.time) == datetime.fromisoformat(event.time)
    assert {**read.attributes(), "time": event.time} == event.attributes()
    assert read.data == event.data


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.id)
class TestTheSdk:
    def test_reads_our_records(self, event):
        headers, value = kafka_codec.encode(event)
        same(sdk_kafka.from_kafka_event(sdk_kafka.KafkaMessage(dict(headers), None, value)), event)

    def test_reads_our_requests(self, event):
        headers, body = http_codec.encode(event)
        same(sdk_http.from_http_event(sdk_http.HTTPMessage(headers, body)), event)

    def test_reads_our_documents(self, event):
        message = sdk_http.HTTPMessage({"content-type": STRUCTURED}, json_codec.encode(event))
        same(sdk_http.from_http_event(message), event)

    def test_writes_records_that_we_read(self, event):
        for write in (sdk_kafka.to_binary_event, sdk_kafka.to_structured_event):
            message = write(theirs(event))
            ours(kafka_codec.decode(list(message.headers.items()), message.value), event)

    def test_writes_requests_that_we_read(self, event):
        for write in (sdk_http.to_binary_event, sdk_http.to_structured_event):
            message = write(theirs(event))
            (read,) = http_codec.decode(message.headers.items(), message.body)
            ours(read, event)

    def test_writes_batches_that_we_read(self, event):
        body = b"[" + b",".join([JSONFormat().write(theirs(event))] * 2) + b"]"
        for read in http_codec.decode([("Content-Type", "application/cloudevents-batch+json")], body):
            ours(read, event)
