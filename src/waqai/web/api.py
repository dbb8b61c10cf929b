"""The REST API: the query functions and their structs, typed, at /api. The pages' .json twins hold the same values."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Annotated, Any, TypeVar, cast

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from waqai import query
from waqai.errors import QueryError
from waqai.query.types import (
    ActorPage,
    ActorRef,
    Agreements,
    ArticlePage,
    Deals,
    EventPage,
    Events,
    Facets,
    FacetValue,
    Filters,
    Hits,
    Home,
    Month,
    Names,
    Network,
    OutletPage,
    Places,
    RelationPage,
    Status,
    Visits,
)  # fmt: skip
from waqai.store import Store
from waqai.types import Record
from waqai.web.ask import Question, filters_of
from waqai.web.problems import Problem, Refused
from waqai.web.site import Site
from waqai.web.views import public

__all__ = ["handlers"]

T = TypeVar("T")
_Many = list[str] | None
_One = str | None
_ERRORS = {
    400: ResponseSpec(Problem, description="The question cannot be asked so", generate_examples=False),
    404: ResponseSpec(Problem, description="No such thing in the record", generate_examples=False),
    503: ResponseSpec(Problem, description="The record is not available, or the answer took too long", generate_examples=False),
}
_READ_ERRORS = {
    400: _ERRORS[400],
    413: ResponseSpec(Problem, description="Larger than the limit", generate_examples=False),
    422: ResponseSpec(Problem, description="Not Arabic, or not readable", generate_examples=False),
    503: _ERRORS[503],
}
Req = Request[Any, Any, Any]
Asked = NamedDependency[Filters]
Limit = Annotated[int, QueryParameter(description="Rows, 1 to 500")]
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before")]
At = Annotated[_One, QueryParameter(description="State at the end of this date")]
Words = Annotated[str, QueryParameter(description='Words (all must occur), "a phrase", -word')]


async def _filters(
    type_: Annotated[_Many, QueryParameter(name="type", description="PLOVER type, such as SUPPORT")] = None,
    mode: Annotated[_Many, QueryParameter(description="PLOVER mode, such as visit")] = None,
    country: Annotated[_Many, QueryParameter(description="Code or name of a country")] = None,
    pair: Annotated[_One, QueryParameter(description="Two countries, both parties: MAR,DZA")] = None,
    actor: Annotated[_One, QueryParameter(description="Name or id of a party")] = None,
    sector: Annotated[_Many, QueryParameter(description="Sector of a party, such as GOV")] = None,
    outlet: Annotated[_Many, QueryParameter(description="Name of the outlet")] = None,
    date_from: Annotated[_One, QueryParameter(name="from", description="First date: YYYY, YYYY-MM or YYYY-MM-DD")] = None,
    date_to: Annotated[_One, QueryParameter(name="to", description="Last date")] = None,
    status: Annotated[_Many, QueryParameter(description="actual, future, hypothetical or negated")] = None,
    record: Annotated[_Many, QueryParameter(description="agreement, visit, meeting, relation, deal or statement")] = None,
    place: Annotated[_One, QueryParameter(description="Name of the place")] = None,
    source: Annotated[_One, QueryParameter(description="Name of who says so inside the article")] = None,
) -> Filters:
    many = {"type": type_, "mode": mode, "country": country, "sector": sector, "outlet": outlet, "status": status, "record": record}
    return filters_of(
        {k: v or [] for k, v in many.items()}, pair=pair, actor=actor, date_from=date_from, date_to=date_to, place=place, source=source
    )


def handlers(site: Site) -> list[HTTPRouteHandler]:
    """Return the handlers of the API."""
    return [*_lists(site), *_single(site), *_whole(site), _read(site)]


async def _answer(site: Site, request: Req, ask: Callable[[Store], T]) -> Response[T]:
    """Ask in a thread; the answer is encoded there and kept with its ETag."""

    def make(store: Store, question: Question) -> bytes:
        return msgspec.json.encode(ask(store))

    return cast("Response[T]", await site.answer(request, request.url.path, make, "json"))


def _get(path: str, summary: str, **more: Any) -> get:
    return get("/api" + path, summary=summary, responses=_ERRORS, tags=["record"], **more)


def _filtered(path: str, summary: str) -> get:
    return _get(path, summary, dependencies={"filters": Provide(_filters)})


def _lists(site: Site) -> list[HTTPRouteHandler]:
    @_filtered("/search", "Claims that have all the words and fit the filters")
    async def search(request: Req, filters: Asked, q: Words = "", order: FromQuery[str] = "ranked", cursor: Cursor = None,
                     limit: Limit = 20) -> Response[Hits]:  # fmt: skip
        ask = functools.partial(query.search, q=q, filters=filters, order=cast(Any, order), cursor=cursor, limit=limit)
        return await _answer(site, request, ask)

    @_filtered("/facets", "Counts of the claims that a search finds, by field")
    async def facets(request: Req, filters: Asked, q: Words = "") -> Response[Facets]:
        return await _answer(site, request, functools.partial(query.facets, q=q, filters=filters))

    @_filtered("/timeline", "Merged events by day")
    async def timeline(request: Req, filters: Asked, q: Words = "", order: FromQuery[str] = "newest", cursor: Cursor = None,
                       limit: Limit = 50) -> Response[Events]:  # fmt: skip
        if order not in ("newest", "oldest"):
            raise QueryError(f"order: {order!r} is unknown: one of newest, oldest")
        ask = functools.partial(query.timeline, filters=filters, q=q, order=cast(Any, order), cursor=cursor, limit=limit)
        return await _answer(site, request, ask)

    @_filtered("/months", "Merged events by month: cooperation, conflict, mean intensity")
    async def months(request: Req, filters: Asked, q: Words = "") -> Response[list[Month]]:
        return await _answer(site, request, functools.partial(query.months, filters=filters, q=q))

    @_filtered("/network", "Actors that are parties to the same claims, at most 300")
    async def network(request: Req, filters: Asked, q: Words = "", limit: Limit = 150) -> Response[Network]:
        return await _answer(site, request, functools.partial(query.network, filters=filters, q=q, limit=limit))

    @_filtered("/places", "Places of events with latitude and longitude")
    async def places(request: Req, filters: Asked, q: Words = "") -> Response[Places]:
        return await _answer(site, request, functools.partial(query.places, filters=filters, q=q))

    return [search, facets, timeline, months, network, places, *_registers(site)]


def _registers(site: Site) -> list[HTTPRouteHandler]:
    @_filtered("/agreements", "The agreements register, newest first")
    async def agreements(
        request: Req, filters: Asked, cursor: Cursor = None, limit: Limit = 50
    ) -> Response[Agreements]:
        ask = functools.partial(query.agreements, filters=filters, cursor=cursor, limit=limit)
        return await _answer(site, request, ask)

    @_filtered("/visits", "The visits register, newest first")
    async def visits(request: Req, filters: Asked, cursor: Cursor = None, limit: Limit = 50) -> Response[Visits]:
        return await _answer(site, request, functools.partial(query.visits, filters=filters, cursor=cursor, limit=limit))

    @_filtered("/deals", "The deals register, newest first")
    async def deals(request: Req, filters: Asked, cursor: Cursor = None, limit: Limit = 50) -> Response[Deals]:
        return await _answer(site, request, functools.partial(query.deals, filters=filters, cursor=cursor, limit=limit))

    return [agreements, visits, deals]


def _single(site: Site) -> list[HTTPRouteHandler]:
    @_get("/events/{id:str}", "The merged event of a claim, by the id of any of its claims")
    async def event(request: Req, id: FromPath[str]) -> Response[EventPage]:
        return await _answer(site, request, lambda s: query.event(s, _named(id)))

    @_get("/relations/{a:str}/{b:str}", "Diplomatic relations of two countries, with what else there is between them")
    async def relation(
        request: Req, a: FromPath[str], b: FromPath[str], at: At = None
    ) -> Response[RelationPage]:
        return await _answer(site, request, lambda s: query.relation(s, a, b, at=at))

    @_get("/actors/{id:str}", "An actor by id (a12) or name")
    async def actor(request: Req, id: FromPath[str]) -> Response[ActorPage]:
        return await _answer(site, request, lambda s: query.actor(s, _named(id)))

    @_get("/outlets/{name:str}", "An outlet: its latest articles and what it reports")
    async def outlet(request: Req, name: FromPath[str]) -> Response[OutletPage]:
        return await _answer(site, request, lambda s: query.outlet(s, _named(name)))

    @_get("/articles/{id:str}", "An article as read, by its id or the first sixteen letters of it")
    async def article(request: Req, id: FromPath[str]) -> Response[ArticlePage]:
        return await _answer(site, request, lambda s: query.article(s, _named(id)))

    @_get("/names/{country:str}", "What each outlet calls the actors of a country")
    async def names(request: Req, country: FromPath[str], limit: Limit = 200) -> Response[Names]:
        return await _answer(site, request, lambda s: query.names(s, country, limit))

    return [event, relation, actor, outlet, article, names]


def _named(text: str) -> str:
    if "\0" in text:
        raise QueryError("param: a NUL character: leave it out")
    return text


def _whole(site: Site) -> list[HTTPRouteHandler]:
    @_get("/home", "What came in, the most reported events of the latest days, countries by activity")
    async def home(request: Req) -> Response[Home]:
        return await _answer(site, request, query.home)

    @_get("/outlets", "All outlets with their claims")
    async def outlets(request: Req) -> Response[list[FacetValue]]:
        return await _answer(site, request, query.outlets)

    @_get("/actors", "Actors whose name begins so")
    async def actors(request: Req, prefix: Annotated[str, QueryParameter(description="Beginning of the name")] = "",
                     limit: Limit = 20) -> Response[list[ActorRef]]:  # fmt: skip
        return await _answer(site, request, lambda s: query.actors(s, _named(prefix), limit))

    @_get("/status", "How much is stored, by what builds, and the latest failures")
    async def status(request: Req) -> Response[Status]:
        return await _answer(site, request, lambda s: public(query.status(s)))

    return [home, outlets, actors, status]


class Article(msgspec.Struct, kw_only=True):
    """An article to read: text or the source of a page. Nothing is stored and no address is opened."""

    text: str
    published: str | None = None
    outlet: str | None = None
    url: str | None = None
    title: str | None = None
    kind: str | None = None


def _read(site: Site) -> HTTPRouteHandler:
    @post("/read", status_code=200, summary="Read one article and return its record, without storing it",
          responses=_READ_ERRORS, tags=["read"])  # fmt: skip
    async def read(data: JSONBody[Article]) -> Response[Record]:
        if not data.text.strip():
            raise Refused(422, "nothing_sent", "text: empty: send the text or the source of one article")
        if data.kind not in (None, "text", "html"):
            raise QueryError(f"kind: {data.kind!r} is unknown: one of text, html")
        source = data.text.encode("utf-8", errors="replace")
        record = await site.read(
            source, published=data.published, outlet=data.outlet, url=data.url, title=data.title, kind=data.kind
        )
        return Response(cast(Any, msgspec.json.encode(record)), media_type="application/json", headers={"Cache-Control": "no-store"})

    return read
