"""One module an event type; `shared.events.catalogue` finds them by their `EVENT`.

A new type is one new module here, then `make contracts` writes its JSON Schema; `tests/unit/events/test_catalogue.py`
lists the types, and the sample city sends each that organs send.
"""
