"""What a route declares: the scope it needs, or `public` (of health: `probe`). One that declares none stops the boot.

The decorators stand right below `@blp.route` and above `@blp.arguments`, so that who asks is known before
what was asked is judged. They also refuse query parameters that the route does not know, and repeated ones.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from typing import Any

from flask import Flask, current_app, g, request

from shared.web.access import Access, AccessKeys, InvalidKey, KeysUnknown
from shared.web.keys import SCOPES, id_of
from shared.web.limiting import Limiter
from shared.web.problems import (
    INVALID,
    SCOPE_MISSING,
    TOO_MANY_REQUESTS,
    UNAUTHENTICATED,
    Fault,
    ProblemError,
    pointer,
    unavailable,
)

View = Callable[..., Any]

_DECLARED, _BASIC, _READS = "declared_access", "takes_basic", "reads_by_post"
_EXTENSION = "chengxin_access_keys"
_LIMITER = "chengxin_limiter"
SECURITY_SCHEME, BASIC_SCHEME = "AccessKey", "AccessKeyAsPassword"


class UndeclaredRouteError(Exception):
    """A route says neither which scope it needs nor that it is public."""


def requires(*scopes: str, basic: bool = False) -> Callable[[View], View]:
    """The route needs an access key with one of these scopes: 401 without a valid key, 403 without the scope.

    `basic`: programs that know nothing else, such as calendars, may send the key as the password of HTTP Basic (RFC
    7617). Only for what is read: browsers send such a password unasked.
    """
    if strange := set(scopes) - set(SCOPES):
        raise ValueError(f"{', '.join(sorted(strange))}: no such scope; those that exist: {', '.join(SCOPES)}")

    def check() -> None:
        access = current_access()
        if access is None:
            raise unauthenticated("Send an access key: `Authorization: Bearer cx_<id>_<secret>`.", _scheme())
        if access.scopes.isdisjoint(scopes):
            named = " or ".join(f"`{scope}`" for scope in scopes)
            raise ProblemError(
                SCOPE_MISSING, f"This needs an access key with the scope {named}.", scope=" ".join(scopes)
            )

    responses = {401: UNAUTHENTICATED.code, 403: SCOPE_MISSING.code, 429: TOO_MANY_REQUESTS.code, 503: "unavailable"}
    security: list[dict[str, Any]] = [{SECURITY_SCHEME: []}, *([{BASIC_SCHEME: []}] if basic else [])]
    return _declare(" ".join(scopes), check, security, responses)


def public(view: View) -> View:
    """Anyone may ask, but with a key that is not valid; the view may look at `current_access()`."""
    responses = {401: UNAUTHENTICATED.code, 429: TOO_MANY_REQUESTS.code, 503: "unavailable"}
    return _declare("public", current_access, [{}, {SECURITY_SCHEME: []}], responses)(view)


def public_read(view: View) -> View:
    """`public`, and a POST that reads: scripts of any page may ask it as they may ask a GET."""
    asked = public(view)
    asked.__dict__[_READS] = True
    return asked


def probe(view: View) -> View:
    """Anyone may ask, and no key is looked at: whether the process lives must not rest on what the log says of keys."""
    return _declare("public", None, [], {})(view)


def _declare(
    access: str, check: Callable[[], object] | None, security: list[dict[str, Any]], responses: dict[int, str]
) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        documented = deepcopy(getattr(view, "_apidoc", {}))
        parameters = documented.get("arguments", {}).get("parameters", [])
        takes_query = any(parameter["in"] == "query" for parameter in parameters)
        manual = documented.setdefault("manual_doc", {})
        manual["security"] = security
        manual["x-scope"] = access
        manual["responses"] = {422: INVALID.code} | responses | manual.get("responses", {})

        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            if check is not None:
                check()
            _refuse_strange_query(takes_query=takes_query)
            return view(*args, **kwargs)

        wrapper.__dict__["_apidoc"] = documented
        wrapper.__dict__[_DECLARED] = access
        wrapper.__dict__[_BASIC] = {BASIC_SCHEME: []} in security
        return wrapper

    return decorate


def _refuse_strange_query(*, takes_query: bool) -> None:
    found = [
        Fault(pointer("query", name), f"is given {len(values)} times; give it once")
        for name, values in request.args.lists()
        if len(values) > 1
    ]
    if not takes_query:
        found += [Fault(pointer("query", name), "is not known here; leave it out") for name in request.args]
    if found:
        raise ProblemError(INVALID, "The query of the address breaks a rule.", errors=found)


def use_keys(app: Flask, keys: AccessKeys) -> None:
    """Judge the keys of this application's callers by this directory."""
    app.extensions[_EXTENSION] = keys


def current_access() -> Access | None:
    """Who asks, None without a key. A key that is unknown, wrong, expired or revoked is 401, never `public`."""
    if "access" not in g:
        try:
            g.access = _authenticate()
        except ProblemError as problem:
            if problem.kind == UNAUTHENTICATED:  # as often as somebody may ask without a key he may try wrong ones
                _count(None)
            raise
        _count(g.access.key_id if g.access else None)
    access: Access | None = g.access
    return access


def holder() -> Access:
    """Who asks, in a view that nobody enters without a key."""
    access = current_access()
    assert access is not None
    return access


def _count(key_id: str | None) -> None:
    if limiter := limiter_of(current_app):
        limiter.count(key_id)


def count_attempt(what: str, quota: int) -> None:
    """Count this request among the few attempts a minute that its address has. Raises `ProblemError`."""
    if limiter := limiter_of(current_app):
        limiter.count_attempt(what, quota)


def use_limiter(app: Flask, limiter: Limiter) -> None:
    """Count the requests of this application's callers."""
    app.extensions[_LIMITER] = limiter


def limiter_of(app: Flask) -> Limiter | None:
    """By whom the callers of an application are counted."""
    limiter: Limiter | None = app.extensions.get(_LIMITER)
    return limiter


def is_public() -> bool:
    """Whether anybody may ask what is asked here."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, _DECLARED, None) == "public"


def reads_by_post() -> bool:
    """Whether a POST to what is asked here reads and changes nothing."""
    return bool(getattr(current_app.view_functions.get(request.endpoint or ""), _READS, False))


def _authenticate() -> Access | None:
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, key = header.partition(" ")
    if request.authorization and request.authorization.type == "basic" and _takes_basic():
        scheme, key = "bearer", request.authorization.password or ""
    if scheme.lower() != "bearer" or not key.strip():
        raise unauthenticated("The header Authorization must read `Bearer cx_<id>_<secret>`.", _scheme())
    keys: AccessKeys = current_app.extensions[_EXTENSION]
    g.claimed = known.key_id if (known := keys.find(id_of(key.strip()) or "")) else None
    try:
        return keys.authenticate(key.strip())
    except InvalidKey:
        detail = "This access key is not valid: it is unknown, wrong, expired or revoked."
        raise unauthenticated(detail, _scheme()) from None
    except KeysUnknown:
        raise unavailable("The access keys have not been read from the log yet.") from None


def unauthenticated(detail: str, scheme: str = "Bearer") -> ProblemError:
    """401: nobody, or a key that is not valid."""
    return ProblemError(UNAUTHENTICATED, detail, headers={"WWW-Authenticate": f'{scheme} realm="chengxin"'})


def _scheme() -> str:
    """What a program is asked for: a calendar shows its dialogue for a password only where `Basic` stands."""
    return "Basic" if _takes_basic() else "Bearer"


def _takes_basic() -> bool:
    return bool(getattr(current_app.view_functions.get(request.endpoint or ""), _BASIC, False))


def check_declared(app: Flask) -> None:
    """Stop the boot where a route declares neither a scope nor `public`."""
    silent = sorted(
        {str(rule) for rule in app.url_map.iter_rules() if not hasattr(app.view_functions[rule.endpoint], _DECLARED)}
    )
    if silent:
        raise UndeclaredRouteError(f"{', '.join(silent)}: put @requires(scope) or @public right below @blp.route")
