"""Every page as one entry: its path, the query function that answers it, its template and the rows of its CSV.

A page, its .json and its .csv are three writings of the one struct that `ask` returns.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from waqai import query
from waqai.errors import QueryError
from waqai.query.types import (
    ActorPage,
    ArticlePage,
    Deals,
    EventPage,
    Events,
    Facets,
    FacetValue,
    Hits,
    Home,
    Month,
    Network,
    OutletPage,
    Places,
    RelationPage,
    Status,
)  # fmt: skip
from waqai.store import Store
from waqai.web import tables
from waqai.web.ask import Question

__all__ = ["VIEWS", "About", "Found", "Line", "OutletList", "View", "Where"]

_CONTEXT = 240  # characters of the article shown on either side of a claim's sentence
_MOST_CONTEXTS = 40


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A page of search results with the counts that narrow it."""

    hits: Hits
    facets: Facets


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the timeline with the months of all of it."""

    events: Events
    months: list[Month]


class OutletList(msgspec.Struct, frozen=True, kw_only=True):
    """All outlets with their claims."""

    items: list[FacetValue]


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """The form that asks for two countries."""

    countries: list[FacetValue]


class About(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the record."""

    status: Status


class View(NamedTuple):
    """A page. `path` may end in {} for one name and hold two; `ask` takes the store, the question and the names."""

    name: str
    path: str
    ask: Callable[[Store, Question, Sequence[str]], Any]
    rows: Callable[[Any], tables.Table]
    extra: Callable[[Store, Any], dict[str, Any]] | None = None


def _order(ask: Question, known: Sequence[str]) -> Any:
    order = ask.order or known[0]
    if order not in known:
        raise QueryError(f"order: {order!r} is unknown: one of {', '.join(known)}")
    return order


def home(store: Store, ask: Question, _: Sequence[str]) -> Home:
    """Return the first page."""
    return query.home(store)


def search(store: Store, ask: Question, _: Sequence[str]) -> Found:
    """Return what a search finds and how it may be narrowed."""
    order = _order(ask, ("ranked", "newest", "oldest"))
    hits = query.search(store, ask.q, ask.filters, order=order, cursor=ask.cursor, limit=ask.limit or 20)
    return Found(hits=hits, facets=query.facets(store, ask.q, ask.filters))


def timeline(store: Store, ask: Question, _: Sequence[str]) -> Line:
    """Return merged events by day."""
    order = _order(ask, ("newest", "oldest"))
    events = query.timeline(store, ask.filters, q=ask.q, order=order, cursor=ask.cursor, limit=ask.limit or 50)
    return Line(events=events, months=query.months(store, ask.filters, q=ask.q))


def event(store: Store, ask: Question, names: Sequence[str]) -> EventPage:
    """Return one merged event."""
    return query.event(store, names[0])


def contexts(store: Store, page: EventPage) -> dict[str, Any]:
    """Return the records of an event's claims: their sentences are shown in context."""
    found: dict[str, Any] = {}
    for claim in page.claims[:_MOST_CONTEXTS]:
        if claim.document.id not in found:
            found[claim.document.id] = query.article(store, claim.document.id).record
    outlets = {c.id: c.document.outlet or c.document.id[:16] for c in page.claims}
    documents = {c.document.id: c.document.outlet or c.document.id[:16] for c in page.claims}
    return {"records": found, "context": _CONTEXT, "outlets": outlets, "documents": documents}


def relation(store: Store, ask: Question, names: Sequence[str]) -> RelationPage:
    """Return the relations of two countries."""
    return query.relation(store, names[0], names[1], at=ask.at)


def relations(store: Store, ask: Question, _: Sequence[str]) -> Where:
    """Return the countries that the form offers, the most active first."""
    found = query.home(store).countries
    return Where(countries=[FacetValue(value=c.country, n=c.claims) for c in found])


def agreements(store: Store, ask: Question, _: Sequence[str]) -> Any:
    """Return the agreements register."""
    return query.agreements(store, ask.filters, cursor=ask.cursor, limit=ask.limit or 50)


def visits(store: Store, ask: Question, _: Sequence[str]) -> Any:
    """Return the visits register."""
    return query.visits(store, ask.filters, cursor=ask.cursor, limit=ask.limit or 50)


def deals(store: Store, ask: Question, _: Sequence[str]) -> Deals:
    """Return the deals register."""
    return query.deals(store, ask.filters, cursor=ask.cursor, limit=ask.limit or 50)


def actor(store: Store, ask: Question, names: Sequence[str]) -> ActorPage:
    """Return one actor."""
    return query.actor(store, names[0])


def outlets(store: Store, ask: Question, _: Sequence[str]) -> OutletList:
    """Return all outlets."""
    return OutletList(items=query.outlets(store))


def outlet(store: Store, ask: Question, names: Sequence[str]) -> OutletPage:
    """Return one outlet."""
    return query.outlet(store, names[0])


def article(store: Store, ask: Question, names: Sequence[str]) -> ArticlePage:
    """Return one article."""
    return query.article(store, names[0])


def places(store: Store, ask: Question, _: Sequence[str]) -> Places:
    """Return the places of events."""
    return query.places(store, ask.filters, q=ask.q)


def network(store: Store, ask: Question, _: Sequence[str]) -> Network:
    """Return the network of actors."""
    limit = ask.limit or 150
    if not 1 <= limit <= 300:
        raise QueryError(f"limit: {limit} is not from 1 to 300")
    return query.network(store, ask.filters, q=ask.q, limit=limit)


def saved(store: Store, ask: Question, _: Sequence[str]) -> Events:
    """Return what a saved search holds now."""
    return query.timeline(store, ask.filters, q=ask.q, limit=ask.limit or 10)


def about(store: Store, ask: Question, _: Sequence[str]) -> About:
    """Return the state of the record."""
    return About(status=public(query.status(store)))


def accuracy(store: Store, page: About) -> dict[str, Any]:
    """Return the measured figures that come with the package, where it has any."""
    return {"accuracy": _measured()}


@functools.lru_cache(maxsize=1)
def _measured() -> dict[str, str]:
    """The file that a release leaves beside the models: a table of name = figure."""
    file = Path(__file__).parent.parent / "models" / "measured.toml"
    if not file.exists():
        return {}
    return {k: str(v) for k, v in tomllib.loads(file.read_text(encoding="utf-8")).items()}


def public(status: Status) -> Status:
    """Return the state without the paths of the server's disk."""
    runs = [msgspec.structs.replace(r, inputs=[_last(i) for i in r.inputs]) for r in status.runs]
    failures = [msgspec.structs.replace(f, source=_last(f.source)) for f in status.failures]
    return msgspec.structs.replace(status, where=_last(status.where.split("@")[-1]), runs=runs, failures=failures)


def _last(path: str) -> str:
    return path if path.startswith(("http://", "https://")) else path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


VIEWS: tuple[View, ...] = (
    View("home", "/", home, tables.home),
    View("search", "/search", search, tables.found),
    View("timeline", "/timeline", timeline, tables.line),
    View("event", "/event/{}", event, tables.event, contexts),
    View("relations", "/relation", relations, tables.counts),
    View("relation", "/relation/{}/{}", relation, tables.relation),
    View("agreements", "/agreements", agreements, tables.agreements),
    View("visits", "/visits", visits, tables.visits),
    View("deals", "/deals", deals, tables.deals),
    View("actor", "/actor/{}", actor, tables.actor),
    View("outlets", "/outlets", outlets, tables.outlets),
    View("outlet", "/outlet/{}", outlet, tables.outlet),
    View("article", "/article/{}", article, tables.article),
    View("map", "/map", places, tables.places),
    View("network", "/network", network, tables.network),
    View("saved", "/saved", saved, tables.events),
    View("about", "/about", about, tables.about, accuracy),
)

