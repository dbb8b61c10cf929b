"""The pages and their twins: one handler a view, made from the table of views."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from waqai import query as questions
from waqai.errors import QueryError
from waqai.query.check import pair_of
from waqai.query.types import ArticlePage, DocumentRef
from waqai.store import Store
from waqai.types import Record
from waqai.web import feeds
from waqai.web.ask import Question, address, question
from waqai.web.problems import Problem, Refused, problem_of, said
from waqai.web.render import render
from waqai.web.site import Site
from waqai.web.views import VIEWS, View

__all__ = ["handlers"]

_SAMPLES = Path(__file__).parent.parent / "samples"
_NAMED = ("gulf_visit", "maghreb_agreement", "levant_protest", "mashreq_cabinet", "nile_clashes")


def handlers(site: Site) -> list[HTTPRouteHandler]:
    """Return the handlers of all pages."""
    return [*(h for v in VIEWS for h in _of_view(site, v)), _relation_form(site), *_paste(site), *_feeds(site), _shapes(site)]


def _of_view(site: Site, view: View) -> list[HTTPRouteHandler]:
    places = view.path.count("{}")
    if not places:
        own = "/home" if view.path == "/" else view.path
        plain = [view.path] if view.name != "relations" else []
        return [_plain(site, view, p, f) for p, f in [*((p, "html") for p in plain), (own + ".json", "json"), (own + ".csv", "csv")]]
    return [_with_names(site, view, places)]


def _plain(site: Site, view: View, path: str, form: str) -> HTTPRouteHandler:
    @get(path, include_in_schema=False, name=f"{view.name}.{form}")
    async def page(request: Request[Any, Any, Any]) -> Response[Any]:
        make = functools.partial(site.write, view, (), view.path, form)
        return await site.answer(request, path, make, form)

    return page


def _with_names(site: Site, view: View, places: int) -> HTTPRouteHandler:
    start = view.path.split("{}")[0]

    @get(start + "{rest:path}", include_in_schema=False, name=view.name)
    async def page(request: Request[Any, Any, Any], rest: FromPath[str]) -> Response[Any]:
        name, form = _twin(rest.removeprefix("/"))
        names: Sequence[str] = [name] if places == 1 else name.split("/")
        if len(names) != places or not all(names) or "\0" in name:
            raise QueryError("pair: name two countries, such as MAR,DZA" if places == 2 else "param: there is no name in the address")
        make = functools.partial(site.write, view, names, start + name, form)
        return await site.answer(request, start + name, make, form)

    return page


def _twin(name: str) -> tuple[str, str]:
    for form in ("json", "csv"):
        if name.endswith("." + form):
            return name[: -len(form) - 1], form
    return name, "html"


def _relation_form(site: Site) -> HTTPRouteHandler:
    view = next(v for v in VIEWS if v.name == "relations")

    @get("/relation", include_in_schema=False, name="relations.html")
    async def page(request: Request[Any, Any, Any]) -> Response[Any]:
        ask = question(request.query_params.multi_items())
        a, b = ask.one("a"), ask.one("b")
        if a and b:
            # Countries are named as people write them; the lasting address has their codes.
            pair = pair_of([a, b])
            return Redirect(address(f"/relation/{pair[0]}/{pair[1]}", ask.lang, [("at", ask.at)], prefix=site.settings.prefix))
        return await site.answer(request, "/relation", functools.partial(site.write, view, (), "/relation", "html"), "html")

    return page


# --- paste ------------------------------------------------------------------------------------------------------------


def _paste(site: Site) -> list[HTTPRouteHandler]:
    @get("/paste", include_in_schema=False)
    async def form(request: Request[Any, Any, Any]) -> Response[Any]:
        ask = question(request.query_params.multi_items())
        sample = ask.one("sample")
        if sample is None:
            return _paste_page(site, ask, {})
        if sample not in _NAMED:
            raise QueryError(f"sample: {sample!r} is unknown: one of {', '.join(_NAMED)}")
        file = next(_SAMPLES.glob(sample + ".*"))
        record = await site.read(file.read_bytes())
        return _paste_page(site, ask, {}, _as_page(record))

    @post("/paste", include_in_schema=False, status_code=200)
    async def read(request: Request[Any, Any, Any]) -> Response[Any]:
        ask = question(request.query_params.multi_items())
        sent = await request.form()
        given = {k: v for k, v in sent.items() if isinstance(v, str) and k in ("text", "published", "outlet")}
        try:
            data = await _sent(sent)
            record = await site.read(data, published=given.get("published", "").strip(), outlet=given.get("outlet", "").strip())
        except Exception as error:
            # Whatever it is, the page with the form says so and keeps what was written.
            return _paste_page(site, ask, given, problem=problem_of(error))
        return _paste_page(site, ask, given, _as_page(record))

    return [form, read]


async def _sent(sent: FormMultiDict) -> bytes:
    file, text = sent.get("file"), sent.get("text")
    if isinstance(text, str) and text.strip():
        return text.encode("utf-8", errors="replace")
    data = await file.read() if isinstance(file, UploadFile) else b""
    if not data.strip():
        raise Refused(422, "nothing_sent", "nothing was sent")
    return data


def _as_page(record: Record) -> ArticlePage:
    d = record.document
    ref = DocumentRef(id=d.id, outlet=d.outlet, title=d.title, url=d.url, published=d.published, content_hash=d.content_hash)
    return ArticlePage(document=ref, record=record, claims={}, merged={}, versions=[], reprints=[])


def _paste_page(site: Site, ask: Question, given: dict[str, str], data: ArticlePage | None = None,
                problem: Problem | None = None) -> Response[Any]:  # fmt: skip
    text = said(problem, ask.lang) if problem else None
    body = render("paste.html", site.settings, ask, "/paste", data=data, given=given, problem=text, samples=_NAMED)
    return Response(body, status_code=problem.status if problem else 200, media_type="text/html",
                    headers={"Cache-Control": "no-store"})  # fmt: skip


# --- feeds and shapes ---------------------------------------------------------------------------------------------------


def _feeds(site: Site) -> list[HTTPRouteHandler]:
    def one(path: str, kind: str, write: Callable[..., bytes]) -> HTTPRouteHandler:
        @get(path, include_in_schema=False, name=path)
        async def feed(request: Request[Any, Any, Any]) -> Response[Any]:
            base = site.settings.url or str(request.base_url)
            query = quote(request.scope["query_string"].decode("latin-1"), safe="=&%+,-._~")

            def make(store: Store, ask: Question) -> bytes:
                found = questions.timeline(store, ask.filters, q=ask.q, limit=ask.limit or 50)
                return write(found, ask, base.rstrip("/"), query)

            answer = await site.answer(request, path + base, make, "html")
            answer.media_type = kind
            return answer

        return feed

    return [
        one("/feed.atom", "application/atom+xml", feeds.atom),
        one("/feed.ics", "text/calendar", feeds.ical),
    ]


def _shapes(site: Site) -> HTTPRouteHandler:
    @get("/shapes.json", include_in_schema=False)
    async def shapes() -> Response[bytes]:
        own = site.settings.topojson
        path = Path(own) if own else Path(__file__).parent / "static" / "countries-110m.json"
        data = await site.in_thread(path.read_bytes)
        return Response(data, media_type="application/json", headers={"Cache-Control": "max-age=3600"})

    return shapes
