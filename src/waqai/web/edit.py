"""Judging: open only with --edit, from the same site, and with the token where there is one."""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody
from litestar.response import Redirect

from waqai.errors import NotFound, QueryError, StoreError
from waqai.store import read as rows
from waqai.web.ask import address, question
from waqai.web.problems import Forbidden, Problem
from waqai.web.render import render
from waqai.web.site import Site

__all__ = ["handlers"]

_COOKIE = "waqai_editor"
_LOCAL = ("localhost", "127.0.0.1", "::1")
_VERDICTS = ("same", "different", "undo")
_ERRORS = {
    status: ResponseSpec(Problem, description=said, generate_examples=False)
    for status, said in (
        (400, "Not a judgement"), (403, "Read-only, or the token is missing"), (404, "No such claim"), (503, "No store"),
    )
}  # fmt: skip
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class Judgement(msgspec.Struct, kw_only=True):
    """A person's word on two claims or events: "same", "different" or "undo"."""

    verdict: Text
    a: Text
    b: Text
    who: Text
    note: Annotated[str, msgspec.Meta(max_length=500)] | None = None


class Judged(msgspec.Struct, kw_only=True):
    """The number of the judgement and the merged event that came of it."""

    id: int
    event: str


def _mark(token: str) -> str:
    """What the cookie holds: it proves the token without being it."""
    return hmac.new(token.encode(), b"waqai editor", hashlib.sha256).hexdigest()


def allow(site: Site, request: Request[Any, Any, Any]) -> None:
    """Let the writing pass. Raises Forbidden."""
    settings = site.settings
    if not settings.edit:
        raise Forbidden
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    if origin and origin != "null" and urlsplit(origin).netloc != host and not (settings.url and _same(origin, settings.url)):
        raise Forbidden  # a form on another site
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none") or origin == "null":
        raise Forbidden
    if settings.token is None:
        # Without a token only this machine may write, by its own name: no name that another site points at it.
        if (urlsplit("//" + host).hostname or "") not in _LOCAL:
            raise Forbidden
        return
    sent = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    cookie = request.cookies.get(_COOKIE, "")
    token = settings.token
    if not (_equal(sent, token) or _equal(cookie, _mark(token))):
        raise Forbidden


def _equal(a: str, b: str) -> bool:
    return hmac.compare_digest(a.encode(errors="replace"), b.encode(errors="replace"))


def _same(origin: str, url: str) -> bool:
    a, b = urlsplit(origin), urlsplit(url)
    return (a.scheme, a.netloc) == (b.scheme, b.netloc)


def _judge(site: Site, sent: Judgement) -> Judged:
    if sent.verdict not in _VERDICTS:
        raise QueryError(f"verdict: {sent.verdict!r} is unknown: one of {', '.join(_VERDICTS)}")
    with site.pool.writing() as store:
        numbers = {x: rows.claim_number(store.db, x) for x in (sent.a, sent.b)}
        for name, number in numbers.items():
            if number is None:
                raise NotFound(f"no event or claim {name!r} in this store: copy the id from a list or page")
        if numbers[sent.a] == numbers[sent.b]:
            raise QueryError("judgement: both are the same claim: name two")
        try:
            made = store.judge(sent.verdict, sent.a, sent.b, who=sent.who, note=sent.note)
        except StoreError as error:
            if "no " in str(error) and sent.a in str(error) + sent.b:
                raise QueryError(f"judgement: {error}") from error
            raise
        store.remerge()
    return Judged(id=made, event=sent.a)


def handlers(site: Site) -> list[HTTPRouteHandler]:
    """Return the handlers of judging."""

    @post("/api/judgements", status_code=201, summary="Judge two claims or events: same, different or undo", tags=["edit"],
          responses=_ERRORS)  # fmt: skip
    async def judge(request: Request[Any, Any, Any], data: JSONBody[Judgement]) -> Judged:
        allow(site, request)
        found: Judged = await site.in_thread(lambda: _judge(site, data))
        return found

    return [judge, *_forms(site)]


def _forms(site: Site) -> list[HTTPRouteHandler]:
    @post("/judge", include_in_schema=False)
    async def judge(request: Request[Any, Any, Any]) -> Response[Any]:
        ask = question(request.query_params.multi_items())
        try:
            allow(site, request)
        except Forbidden:
            if site.settings.edit and site.settings.token:
                return Redirect(address("/token", ask.lang, prefix=site.settings.prefix), status_code=303)
            raise
        form = await request.form()
        given = {k: v.strip() for k, v in form.items() if isinstance(v, str) and v.strip()}
        try:
            sent = msgspec.convert(given, Judgement)
        except msgspec.ValidationError as error:
            raise QueryError(f"judgement: {error}") from error
        made: Judged = await site.in_thread(lambda: _judge(site, sent))
        return Redirect(address(f"/event/{made.event}", ask.lang, prefix=site.settings.prefix), status_code=303)

    @get("/token", include_in_schema=False)
    async def token(request: Request[Any, Any, Any]) -> Response[bytes]:
        if not (site.settings.edit and site.settings.token):
            raise Forbidden
        body = render("token.html", site.settings, question(request.query_params.multi_items()), "/token")
        return Response(body, media_type="text/html", headers={"Cache-Control": "no-store"})

    @post("/token", include_in_schema=False)
    async def enter(request: Request[Any, Any, Any]) -> Response[Any]:
        ask, form = question(request.query_params.multi_items()), await request.form()
        secret, sent = site.settings.token, form.get("token")
        if not (site.settings.edit and secret and isinstance(sent, str)) or not _equal(sent, secret):
            raise Forbidden
        cookie = Cookie(key=_COOKIE, value=_mark(secret), httponly=True, samesite="strict", path=site.settings.prefix or "/",
                        secure=(site.settings.url or "").startswith("https"), max_age=12 * 3600)  # fmt: skip
        return Redirect(address("/", ask.lang, prefix=site.settings.prefix), status_code=303, cookies=[cookie])

    return [judge, token, enter]
