"""One module an event type; `shared.events.catalogue` finds them by their `EVENT`.

A new type is one new module here and nothing else, then `python -m shared.events.contracts` writes its JSON Schema.
"""
