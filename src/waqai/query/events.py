"""Search, timeline, months, facets, and one event."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from waqai import words
from waqai.errors import NotFound, QueryError
from waqai.merge import explain, facts
from waqai.merge.differ import Difference
from waqai.merge.reprints import Article, reprints
from waqai.query.check import after, choice_of, cursor, limited
from waqai.query.show import claim_views, event_views, facet_values
from waqai.query.types import (
    EventPage,
    Events,
    Facets,
    Filters,
    Hits,
    JudgementView,
    Link,
    Month,
    Order,
)  # fmt: skip
from waqai.store import Store, claims, read
from waqai.store.db import Row
from waqai.store.filters import Choice, choose

__all__ = ["event", "facets", "months", "search", "timeline"]

_ALL = Filters()
_MOST_LINKS = 40  # claims of which the reasons of merging are shown, each with each


def search(
    store: Store,
    q: str = "",
    filters: Filters = _ALL,
    *,
    order: Order = "ranked",
    cursor: str | None = None,
    limit: int = 20,
) -> Hits:
    """Return the claims that have all words of `q` and fit `filters`.

    "ranked" shows one claim an event; "newest" and "oldest" all claims by day. Raises QueryError.
    """
    limit = limited(limit)
    with store.db.snapshot():
        choice = choice_of(store, filters, q)
        if order == "ranked":
            return _ranked(store, choice, cursor, limit)
        if order not in ("newest", "oldest"):
            raise QueryError(f"order: {order!r} is unknown: one of ranked, newest, oldest")
        start = after(cursor, 2)
        where = choose(store.db, choice)
        rows = claims.page(store.db, where, order == "newest", (start[0], start[1]) if start else None, limit + 1)
        total, exact = claims.count(store.db, where)
        shown = rows[:limit]
        return Hits(
            items=claim_views(store, [c for _, c in shown]), next=_next(rows, limit), total=total, exact=exact
        )  # fmt: skip


def _next(rows: Sequence[tuple[int, ...]], limit: int) -> str | None:
    return cursor(*rows[limit - 1][:2]) if len(rows) > limit else None


def _ranked(store: Store, choice: Choice, at: str | None, limit: int) -> Hits:
    start = after(at, 1)
    skip = max(0, start[0]) if start else 0
    found, total, exact = claims.ranked(store.db, choice, skip, limit + 1)
    more = cursor(skip + limit) if len(found) > limit else None
    return Hits(items=claim_views(store, found[:limit]), next=more, total=total, exact=exact)


def facets(store: Store, q: str = "", filters: Filters = _ALL) -> Facets:
    """Return how many of the claims that `search` finds have each type, status, record, outlet, country and year."""
    with store.db.snapshot():
        choice = choice_of(store, filters, q)
        counts, countries, total, exact = claims.facet_counts(store.db, choice)
    kinds = {name: facet_values(counter) for name, counter in counts.items()}
    return Facets(
        total=total, exact=exact, type=kinds["type"], status=kinds["status"], record=kinds["record"], outlet=kinds["outlet"],
        year=sorted(kinds["year"], key=lambda v: v.value, reverse=True), country=facet_values(countries),
    )  # fmt: skip


def timeline(
    store: Store,
    filters: Filters = _ALL,
    *,
    q: str = "",
    order: Order = "newest",
    cursor: str | None = None,
    limit: int = 50,
) -> Events:
    """Return merged events by day, each once: at the place of the first of its claims that fit. Raises QueryError."""
    limit = limited(limit)
    if order == "ranked":
        raise QueryError("order: a timeline is newest or oldest first")
    with store.db.snapshot():
        choice = choice_of(store, filters, q)
        start = after(cursor, 2)
        keys, more = _once(store, choice, order == "newest", (start[0], start[1]) if start else None, limit)
        return Events(items=event_views(store, [e for e, _ in keys]), next=_cursor(keys[-1][1]) if more else None)


def _cursor(key: tuple[int, int]) -> str:
    return cursor(*key)


def _once(
    store: Store, choice: Choice, newest: bool, at: tuple[int, int] | None, limit: int
) -> tuple[list[tuple[int, tuple[int, int]]], bool]:
    """Return up to `limit` (event, place in the list) after `at`, and whether more follow."""
    where, out = choose(store.db, choice), dict[int, tuple[int, int]]()
    while True:
        rows = claims.page(store.db, where, newest, at, limit * 3)
        of = claims.events_of(store.db, [c for _, c in rows])
        fresh: dict[int, tuple[int, int]] = {}
        for key in rows:
            fresh.setdefault(of.get(key[1], key[1]), key)
        merged = [e for e in fresh if e in set(of.values())]
        first = read.first_seen(store.db, choice, merged, newest)
        for event_number, key in fresh.items():
            if first.get(event_number, key) == key:
                if len(out) == limit:
                    return list(out.items()), True
                out[event_number] = key
        if len(rows) < limit * 3:
            return list(out.items()), False
        at = rows[-1]


def months(store: Store, filters: Filters = _ALL, *, q: str = "") -> list[Month]:
    """Return merged events by month, oldest first: cooperation, conflict and PLOVER's mean intensity."""
    with store.db.snapshot():
        rows = claims.month_rows(store.db, choice_of(store, filters, q))
    return month_views(rows)


def month_views(rows: Sequence[Row]) -> list[Month]:
    """Return months from (month, type, events, claims, sum of scores) rows."""
    types = words.default().ontology.types
    by_month: dict[str, list[tuple[int, int, int, float]]] = {}
    for month, kind, events, told, value in rows:
        if month:
            quad = types[kind].quad if kind in types else 1
            by_month.setdefault(str(month), []).append((quad, int(events), int(told), float(value)))
    return [_month(m, by_month[m]) for m in sorted(by_month)]


def _month(month: str, parts: list[tuple[int, int, int, float]]) -> Month:
    by_quad = [sum(e for q, e, _, _ in parts if q == quad) for quad in (1, 2, 3, 4)]
    total = sum(by_quad)
    return Month(
        month=month, events=total, claims=sum(c for _, _, c, _ in parts), cooperation=by_quad[0] + by_quad[1],
        conflict=by_quad[2] + by_quad[3], intensity=round(sum(s for *_, s in parts) / total, 2) if total else None, by_quad=by_quad,
    )  # fmt: skip


def event(store: Store, id: str) -> EventPage:
    """Return the merged event that the claim `id` belongs to. Raises NotFound."""
    with store.db.snapshot():
        claim = read.claim_number(store.db, id)
        if claim is None:
            raise NotFound(f"no event or claim {id!r} in this store: copy the id from a list or page")
        number = claims.events_of(store.db, [claim]).get(claim, claim)
        members = read.event_claims(store.db, [number]).get(number, [claim])
        row = read.merged_rows(store.db, [number]).get(number)
        views = claim_views(store, members)
        rows = claims.claim_rows(store.db, members)
        judged = read.judgements_on(store.db, [v.id for v in views])
        docs = {r.doc: store.record(r.doc) for r in rows.values()}
        head = event_views(store, [number])[0]
    articles = [
        Article(r.document.id, r.document.outlet or "", r.document.content_hash, r.document.text) for r in docs.values()
    ]
    own = {f.uid: f for r in docs.values() for f in facts(r)}
    uids = [v.id for v in views][:_MOST_LINKS]
    whys = [(a, b, explain(own[a], own[b])) for i, a in enumerate(uids) for b in uids[i + 1 :]]
    return EventPage(
        event=head, claims=views, differences=msgspec.json.decode(row[12], type=list[Difference]) if row else [],
        reprints=reprints(articles), links=[Link(a=a, b=b, score=round(sum(w.values()), 3), why=w) for a, b, w in whys],
        judgements=[JudgementView(id=j[0], at=j[1], who=j[2], verdict=j[3], a=j[4], b=j[5], note=j[6]) for j in judged],
    )  # fmt: skip
