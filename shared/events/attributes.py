"""From a CloudEvent's attributes, wherever they came from, to an `Event` (CloudEvents 1.0, "Context Attributes")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import INCLUDE

from shared.events.checked import MOST_FAULTS, Checked
from shared.events.envelope import CONTENT_TYPE, SPECVERSION, BadAttributes, Event, Fault, pointer
from shared.events.fields import Choice, Wire
from shared.events.texts import Instant, Pattern, Text

MOST_CHARACTERS = 200
MOST_ATTRIBUTES = 28
LEAST_WHOLE, MOST_WHOLE = -(2**31), 2**31 - 1


class DataContentType(Pattern):
    """JSON in UTF-8, in any of the usual spellings."""

    pattern = '[Aa]pplication/[Jj][Ss][Oo][Nn]( *; *[Cc]harset="?[Uu][Tt][Ff]-8"?)?'
    says = CONTENT_TYPE


class ExtensionName(Pattern):
    """The name of any attribute (CloudEvents 1.0, "Naming Conventions")."""

    pattern = "[a-z0-9]{1,32}"
    says = "named by 1 to 32 lower-case letters and digits, as attributes of CloudEvents are"


class Source(Pattern):
    """A URI reference (CloudEvents 1.0, "source"), of letters of any script."""

    pattern = r'[^\u0000-\u0020\u007f-\u00a0\u2000-\u200f\u2028\u2029\u3000\ufeff"<>\\^`{|}]+'
    says = "a URI reference such as urn:chengxin:organ:320902, without spaces"


class ExtensionText(Pattern):
    """An extension's value as text."""

    most_characters = 1024
    pattern = r"[^\u0000-\u001f\u007f-\u009f]*"
    says = f"a text of at most {most_characters} characters without control characters, a whole number, true or false"


class Envelope(Wire):
    """All attributes of an event. Members that are not listed are extensions."""

    class Meta:
        """Extensions are kept."""

        unknown = INCLUDE

    specversion = Choice(SPECVERSION, what="Version of CloudEvents")
    id = Text(MOST_CHARACTERS, what="Identity within its source; the same event sent again is harmless")
    source = Source(MOST_CHARACTERS, what="Who says so, such as urn:chengxin:organ:320902")
    type = Text(MOST_CHARACTERS, what="What happened, such as cn.chengxin.case.decided.v1")
    subject = Text(MOST_CHARACTERS, what="Whom it is about, such as shop:92320902MA1N00026Y-01")
    time = Instant(what="When it happened")
    datacontenttype = DataContentType(required=False, allow_none=True, what="Always application/json")
    dataschema = Text(MOST_CHARACTERS, required=False, allow_none=True, what="A schema of the data: kept, not used")


ENVELOPE = Checked(Envelope)

_NAMED = frozenset(ENVELOPE.schema.fields)
_NAME = ExtensionName()
_VALUE = ExtensionText(ExtensionText.most_characters)


def event_of(attributes: Mapping[str, Any], data: Any) -> Event:
    """The event that has these attributes (`datacontenttype` among them where it was said) and this data.

    Null is the same as absent. Raises `BadAttributes` with every fault.
    """
    named = {name: value for name, value in attributes.items() if name in _NAMED and value is not None}
    extensions = {name: _as_text(value) for name, value in attributes.items() if name not in _NAMED}
    faults = ENVELOPE.strict_faults(named)
    faults += [fault for name, value in extensions.items() for fault in _extension_faults(name, value)]
    if len(attributes) > MOST_ATTRIBUTES:
        faults.append(Fault("", f"must have at most {MOST_ATTRIBUTES} attributes, not {len(attributes)}"))
    if not isinstance(data, dict):
        faults.append(Fault("/data", "is required" if data is None else "must be an object"))
    if faults:
        raise BadAttributes(faults[:MOST_FAULTS], attributes.get("type"), data)
    del named["specversion"]
    named.pop("datacontenttype", None)
    said = {name: value for name, value in extensions.items() if value is not None}
    return Event(**named, data=data, extensions=said)


def _as_text(value: Any) -> Any:
    """The canonical text of a whole number or a truth value (CloudEvents 1.0, "Type System")."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int) and LEAST_WHOLE <= value <= MOST_WHOLE else value


def _extension_faults(name: str, value: Any) -> list[Fault]:
    if name == "data":
        return [Fault("/data", "must not be the name of an extension")]
    if not _NAME.matches(name):
        return [Fault(pointer(name[:MOST_CHARACTERS]), f"must be {_NAME.says}")]
    if value is None:
        return []
    if not isinstance(value, str) or len(value) > ExtensionText.most_characters or not _VALUE.matches(value):
        return [Fault(pointer(name), f"must be {_VALUE.says}")]
    return []
