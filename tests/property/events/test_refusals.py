"""No refusal of a door repeats what was sent: it lies in dead letters and logs, where no person is to be named."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest

from shared.events.catalogue import catalogue
from shared.events.door import Refused, admit
from shared.events.envelope import BadEnvelope
from shared.events.kafka_codec import decode

NOW = datetime(2026, 5, 10, 4, 0, tzinfo=UTC)
STRUCTURED = (("content-type", b"application/cloudevents+json"),)
TAKEN = [kind for kind in catalogue().by_type.values() if kind.elsewhere is None]
PEOPLE = ("李四手机13800138000", "LISI13800138000", "13800138000")
WRITTEN = (
    "{}",
    "{}:92320902MA1N00026Y",
    "shop:{}",
    "shop:92320902MA1N00026Y-{}",
    "inspector:{}",
    "cn.chengxin.{}.v1",
    "2026-05-06{}",
    " {}",
)


def replaced(node, put):
    """The document with each of its values, one at a time, replaced."""
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from ({**node, name: each} for each in (put, *replaced(inner, put)))
    elif isinstance(node, list):
        for place, inner in enumerate(node):
            yield from ([*node[:place], each, *node[place + 1 :]] for each in (put, *replaced(inner, put)))


def refusal(document):
    """What the Kafka door says of a document; nothing where it takes it."""
    try:
        admit(decode(STRUCTURED, orjson.dumps(document)), NOW)
    except (BadEnvelope, Refused) as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("kind", TAKEN, ids=lambda kind: kind.name)
def test_no_refusal_repeats_a_value_in_whatever_place_it_stands(kind):
    said = {
        (text, sentence)
        for person in PEOPLE
        for text in (form.format(person) for form in WRITTEN)
        for document in replaced(kind.example, text)
        if person in (sentence := refusal(document))
    }
    assert not said
