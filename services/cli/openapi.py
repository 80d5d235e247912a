"""Writes the OpenAPI documents that are checked in: `python -m services.cli.openapi`."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import orjson

import services.draws.bootstrap as draws
import services.ingest.bootstrap as ingest
import services.lookup.bootstrap as lookup
import services.notify.bootstrap as notify
from services.draws.assembling import Assembler
from services.draws.people.bootstrap import Staff
from services.draws.places import Index
from services.ingest.judges import KNOWING_NOTHING
from services.ingest.tracing.tracer import Tracer
from services.lookup.reading import DirectoryReader, SubjectReader
from services.lookup.rulebooks.library import Library
from services.lookup.sync.http import Source
from services.notify.directory import Directory
from services.statistics import bootstrap as statistics
from services.statistics.publicity.http import Compile
from shared.eventlog.memory import MemoryLog
from shared.settings import Settings
from shared.store.claims import Claiming
from shared.store.deliveries import Deliveries
from shared.store.people import People
from shared.web.access import AccessKeys
from shared.web.app import Service, create_app, openapi_of

FOLDER = Path(__file__).parents[2] / "shared" / "contracts" / "openapi"

_FORM = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def documents() -> dict[str, bytes]:
    """Each service's document as it is checked in; nothing is connected for it, and nobody is asked."""
    services = (
        ingest.service_of(
            Settings(),
            MemoryLog(),
            KNOWING_NOTHING,
            cast("Tracer", None),
            lambda _: [],
            log_check=lambda: None,
            keys=AccessKeys(),
            used=dict,
        ),
        lookup.service_of(
            cast("SubjectReader", None),
            cast("DirectoryReader", None),
            lambda: None,
            Library(lambda: None, MemoryLog(), ""),
            cast("Source", None),
        ),
        _draws(),
        statistics.service_of(cast("Compile", None)),
        notify.service_of(
            Settings(),
            MemoryLog().appender(),
            Directory(AccessKeys()),
            cast("Deliveries", None),
            cast("Claiming", None),
            lambda _: b"",
        ),
    )
    return {
        service.name: orjson.dumps(openapi_of(create_app([service], keys=AccessKeys()), service.name), option=_FORM)
        for service in services
    }


def _draws() -> Service:
    settings, log = Settings(), MemoryLog()
    parts = draws.Parts.of(settings, log, cast("Index", None))
    staff = Staff.of(cast("People", None), settings, parts.following.draws, parts.documents, lambda _: {})
    return draws.service_of(settings, log, parts, staff, cast("Assembler", None))


def main() -> None:
    """Write them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        (FOLDER / f"{name}.json").write_bytes(text)


if __name__ == "__main__":
    main()
