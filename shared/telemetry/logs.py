"""Logs: a line an event, coloured for people on a terminal, else JSON; those of libraries in the same form."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import Processor


def configure(level: str, form: str, stream: TextIO = sys.stderr) -> None:
    """Write logs of `level` (debug, info, warning, error) and above to a stream, in a form (auto, json, console)."""
    number = logging.getLevelNamesMapping()[level.upper()]
    plain = form == "console" or (form == "auto" and stream.isatty())
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_values,
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=stream.isatty())
        if plain
        else structlog.processors.JSONRenderer(lambda event, **_: orjson.dumps(event, default=str).decode())
    )
    structlog.configure(
        processors=[*common, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(stream),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=common,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)


def without_values(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception by its type and places alone: its message may hold a name, a number, a secret out of the data."""
    info = event.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else (info[1] if isinstance(info, tuple) else sys.exc_info()[1])
    if info and error is not None:
        event["exception"] = type(error).__qualname__
        frames = traceback.extract_tb(error.__traceback__)
        event["places"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event
