from __future__ import annotations

from shared.web.problems import Fault, faults, pointer


def test_a_pointer_escapes_what_rfc_6901_reserves():
    assert pointer("data", 0, "a/b~c") == "/data/0/a~1b~0c"
    assert pointer() == ""


def test_nested_messages_become_a_flat_list():
    messages = {"data": {"officers": ["must be two"], 1: {"x": ["a", "b"]}}, "id": ["Unknown field."]}
    assert faults(messages) == [
        Fault("/data/officers", "must be two"),
        Fault("/data/1/x", "a"),
        Fault("/data/1/x", "b"),
        Fault("/id", "is not known here; leave it out"),
    ]
