"""`GET /v1/subjects/{subject_id}` and its receipt (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, request

from services.lookup.answers import tag_of
from services.lookup.desk import Desk
from services.lookup.question import PAST_NOT_PUBLIC, Question, permitted
from services.lookup.receipt_pages import RECEIPT_CHANGED, is_large, page, streamed
from services.lookup.recent import Recent
from services.lookup.schemas import QuestionSchema, ReceiptQuestionSchema, ReceiptSchema, SubjectSchema
from shared.clock import day_of
from shared.credit.receipt import Receipt
from shared.signing.jws import HEADER
from shared.signing.signing import Signing
from shared.web.applied import NOT_APPLIED_YET, REBUILDING
from shared.web.caching import cacheable
from shared.web.documented import ETAG, KEPT, LINK, UNCHANGED
from shared.web.encoding import json_response
from shared.web.front import keep
from shared.web.jwks import SIGNATURE, signed
from shared.web.openapi import Blueprint
from shared.web.paging import cursor_of, link_next
from shared.web.problems import NOT_FOUND
from shared.web.routes import current_access, public
from shared.web.subject_path import PARAMETERS, PATH, normalised

Clock = Callable[[], datetime]

_HEADERS = {
    **ETAG,
    **KEPT,
}
_REFUSALS = {
    **UNCHANGED,
    403: PAST_NOT_PUBLIC.code,
    404: NOT_FOUND.code,
    409: NOT_APPLIED_YET.code,
    503: REBUILDING.code,
}

_JSON = "application/json"
_SIGNATURES = 100
"""Of large receipts, that a process keeps."""


def subjects(desk: Desk, clock: Clock, signing: Signing) -> Blueprint:
    """The routes, answered by a desk; `clock` says what day it is in Shanghai, `signing` signs receipts."""
    blueprint = Blueprint("subjects", __name__, description="Scores of single subjects")

    def asked(subject_id: str, query: dict[str, Any], now: datetime) -> Question:
        access = current_access()
        return permitted(normalised(subject_id), access, day_of(now), **query)

    signatures = Recent[str](_SIGNATURES, lambda _: 1)

    def sealed(response: Response, document: Receipt, now: datetime) -> Response:
        """Signed; of a large one every page would take as long to sign as the whole."""
        if not is_large(document):
            return signed(response, document, signing)
        minute = now.replace(second=0, microsecond=0)  # a new key signs a minute later at most
        signature = signatures.of((document["sha256"], minute), lambda: signing.sign(document) or "")
        if signature:
            response.headers[HEADER] = signature
        return response

    @blueprint.route(PATH, parameters=PARAMETERS)
    @public
    @blueprint.doc(responses=_REFUSALS)
    @blueprint.arguments(QuestionSchema, location="query")
    @blueprint.response(200, SubjectSchema, headers=_HEADERS)
    def subject(query: dict[str, Any], subject_id: str) -> Response:
        """Score and grade of a subject

        With an access key of the scope `scores:read` both ledgers, any day, and what was known at an instant; without
        one the public ledger, today or later.
        """
        now = clock()
        question = asked(subject_id, query, now)
        body, public_ = desk.answer(question), question.audience == "public"
        response = json_response(body)
        response.headers["Link"] = f'<{_receipt_address(question)}>; rel="describedby"; type="application/json"'
        if public_ and question.is_plain:
            keep(now)
        return cacheable(response, tag_of(body), now, private=not public_, weak=True)

    @blueprint.route(f"{PATH}/receipt", parameters=PARAMETERS)
    @public
    @blueprint.doc(responses=_REFUSALS | {409: RECEIPT_CHANGED.code})
    @blueprint.arguments(ReceiptQuestionSchema, location="query")
    @blueprint.response(200, ReceiptSchema, headers=_HEADERS | SIGNATURE | LINK)
    def receipt(query: dict[str, Any], subject_id: str) -> Response:
        """The receipt: every reason for the score

        Its `sha256` is the ETag; `chengxin receipt verify` recomputes it offline. Where the installation signs, the
        header JWS-Signature has a detached JWS over its canonical JSON, by a key of /.well-known/jwks.json. With
        `limit` the items come a page at a time, `sha256` and signature being those of the whole: the first page with
        all `items` and without `first_item`, `all_items` and `next` is the receipt.
        """
        now = clock()
        limit, cursor = query.pop("limit", None), query.pop("cursor", None)
        question = asked(subject_id, query, now)
        document = desk.receipt(question)
        private = question.audience != "public"
        if limit is None:
            large = is_large(document)
            response = Response(streamed(document), mimetype=_JSON) if large else json_response(document)
            return cacheable(sealed(response, document, now), document["sha256"], now, private=private)
        found = page(document, limit, cursor)
        place = cursor_of(found.behind) if found.behind else None
        response = sealed(json_response({**found.document, "next": place}), document, now)
        link_next(response, place)
        return cacheable(response, f"{document['sha256']}-{found.document['first_item']}-{limit}", now, private=private)

    return blueprint


def _receipt_address(question: Question) -> str:
    asked = urlencode(request.args.to_dict())
    return f"/v1/subjects/{quote(question.subject_id, safe=':')}/receipt" + (f"?{asked}" if asked else "")
