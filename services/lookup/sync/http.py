"""`/v1/exports/subjects.*`, `/v1/changes`: a copy of all subjects, and how it is kept in step (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple, cast

from flask import Response

from services.lookup.desk import Desk, Missing
from services.lookup.lists.criteria import Criteria
from services.lookup.question import Question, view_of
from services.lookup.sync import cursor as cursors
from services.lookup.sync.changes import BeyondEnd, Feed
from services.lookup.sync.export import Row, Writer, in_csv, ndjson, write
from services.lookup.sync.schemas import ExportQuestionSchema, FeedQuestionSchema, FeedSchema
from shared.clock import day_of
from shared.eventlog.port import LogUnavailable, UnknownTopic
from shared.signing.signing import Signing
from shared.web.access import Access
from shared.web.applied import REBUILDING, store_refusals
from shared.web.bounds import Bounds
from shared.web.documented import LINK
from shared.web.encoding import json_response
from shared.web.jwks import SIGNATURE, signed
from shared.web.openapi import Blueprint
from shared.web.paging import link_next
from shared.web.problems import INVALID, OUT_OF_BOUNDS, Fault, Kind, ProblemError, unavailable
from shared.web.routes import holder, requires

CURSOR_BEYOND_END = Kind("cursor-beyond-end", 409, "This cursor is of a log that is no more")

CURSOR, SHA256 = "Export-Cursor", "Export-SHA256"
_IN_MEMORY, _AT_ONCE = 4 << 20, 1 << 16
"""Bytes: more of an export lies on the disk until it is sent."""
_HEADERS = {
    CURSOR: {"description": "Where `GET /v1/changes` goes on from", "schema": {"type": "string"}},
    SHA256: {"description": "Of the body", "schema": {"type": "string"}},
    **SIGNATURE,
}


class Source(NamedTuple):
    """Where copies come from: the ids of all subjects that the store has, some at a time; `whole` raises `Rebuilding`
    where these are not all; the feed; and the name that cursors are bound to.
    """

    names: Callable[[], Iterator[list[str]]]
    whole: Callable[[], object]
    feed: Feed
    installation: str


def sync(desk: Desk, source: Source, clock: Callable[[], datetime], signing: Signing) -> Blueprint:
    """The routes."""
    blueprint = Blueprint("sync", __name__, description="Copies of all subjects, kept in step")

    def export(suffix: str, mimetype: str, writer: Writer, query: dict[str, Any]) -> Response:
        now, access = clock(), holder()
        ledger = view_of(access, day_of(now), query.pop("ledger", None))
        criteria = Criteria(ledger, **query, within=access.bounds.regions)
        access.bounds.refuse_foreign(criteria.region or "")
        with ExitStack() as failing:
            file = failing.enter_context(SpooledTemporaryFile(_IN_MEMORY))
            with _answering():
                place = cursors.encode(source.feed.ends(), source.installation)  # before the first read
                source.whole()
                sha256 = write(cast("IO[bytes]", file), writer(_rows(desk, source, criteria, now)))
                source.whole()  # again: a store that was emptied meanwhile has fewer subjects
            size = file.tell()
            failing.pop_all()
        response = Response(_sent(cast("IO[bytes]", file)), mimetype=mimetype)
        response.call_on_close(file.close)
        response.content_length = size
        response.headers["Content-Disposition"] = f"attachment; filename=subjects.{suffix}"
        response.headers.update({CURSOR: place, SHA256: sha256, "Cache-Control": "private, no-store"})
        return signed(response, {"cursor": place, "sha256": sha256}, signing)

    def route(suffix: str, mimetype: str, writer: Writer) -> None:
        text = {"description": "All subjects", "content": {mimetype: {"schema": {"type": "string"}}}}

        def view(query: dict[str, Any]) -> Response:
            return export(suffix, mimetype, writer, query)

        view.__name__ = f"export_{suffix}"
        view.__doc__ = f"""All subjects, as {suffix.upper()}

        Those within the key's regions, each as its own look-up says. Read `GET /v1/changes` from the header
        Export-Cursor on, and the copy stays what is true. Where the installation signs, JWS-Signature is over the
        canonical JSON of `cursor` and `sha256`.
        """
        view = blueprint.arguments(ExportQuestionSchema, location="query")(view)
        view = blueprint.doc(responses={200: text | {"headers": _HEADERS}, **_REFUSALS})(view)
        blueprint.route(f"/v1/exports/subjects.{suffix}")(requires("scores:export")(view))

    route("ndjson", "application/x-ndjson", ndjson)
    route("csv", "text/csv", in_csv)

    @blueprint.route("/v1/changes")
    @requires("scores:export")
    @blueprint.doc(responses={**_REFUSALS, 409: CURSOR_BEYOND_END.code})
    @blueprint.arguments(FeedQuestionSchema, location="query")
    @blueprint.response(200, FeedSchema, headers=LINK)
    def changes(query: dict[str, Any]) -> Response:
        """What has changed since a cursor

        The latest state of every subject of which something was published after it, as its own look-up says now; states
        in between may be missing, and a subject may come again though nothing changed that this key may see. Cursors do
        not expire, and nothing is lost behind one. While there is `more`, Link leads to it.
        """
        now, access = clock(), holder()
        ledger = view_of(access, day_of(now), query.get("ledger"))
        with _answering():
            found = source.feed.since(_offsets(query["cursor"], source), query["limit"])
            questions = [_question(subject_id, access, Criteria(ledger), now) for subject_id in found.subjects]
            shown = [_change(each, body) for each, body in desk.each(questions)]
        place = cursors.encode(found.offsets, source.installation)
        response = json_response({"changes": shown, "ledger": ledger, "next": place, "more": found.more})
        link_next(response, place if found.more else None)  # who follows links comes to an end, and asks again later
        return response

    return blueprint


_WITHOUT = {Missing.FAILED: "failed", Missing.GONE: "removed"}
_REFUSALS = {403: OUT_OF_BOUNDS.code, 503: REBUILDING.code}


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while part := file.read(_AT_ONCE):
            yield part


def _rows(desk: Desk, source: Source, criteria: Criteria, now: datetime) -> Iterator[Row]:
    for names in source.names():
        questions = [_question(name, None, criteria, now) for name in names]
        yield from filter(criteria.hold, desk.answers(questions))


def _question(subject_id: str, access: Access | None, criteria: Criteria, now: datetime) -> Question:
    day = day_of(now)
    return Question(subject_id, criteria.ledger, criteria.ledger, day, day, None, access.bounds if access else Bounds())


def _change(question: Question, body: Row | Missing) -> dict[str, Any]:
    if isinstance(body, Missing):
        return {"subject_id": question.subject_id, "result": _WITHOUT[body]}
    return {"subject_id": question.subject_id, "result": "changed", "subject": body}


def _offsets(text: str, source: Source) -> list[int]:
    try:
        return cursors.decode(text, source.installation, source.feed.partitions)
    except cursors.BadCursor as error:
        raise ProblemError(INVALID, "The query names no place.", errors=[Fault("/query/cursor", str(error))]) from None


@contextmanager
def _answering() -> Iterator[None]:
    with store_refusals():
        try:
            yield
        except BeyondEnd:
            detail = "It is beyond the end of the log, which was replaced or cut: take a new export."
            raise ProblemError(CURSOR_BEYOND_END, detail) from None
        except (LogUnavailable, UnknownTopic):
            raise unavailable("The log does not answer.") from None
