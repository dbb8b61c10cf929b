"""The rows of each page's CSV: one function a page, from the struct that the page shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from waqai.query.types import (
    ActorPage,
    Agreements,
    ArticlePage,
    ClaimView,
    Deals,
    EventPage,
    Events,
    EventView,
    Home,
    Network,
    OutletPage,
    Places,
    RelationPage,
    Visits,
)  # fmt: skip
from waqai.web.marks import clean

__all__ = ["Table", "write"]

Table = tuple[Sequence[str], list[list[Any]]]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CLAIM = ("id", "event", "outlet", "published", "title", "url", "type", "mode", "status", "record", "date", "date_end", "actors",
          "recipients", "place", "sources", "score", "confidence", "trigger", "sentence", "content_hash")  # fmt: skip
_EVENT = ("id", "date", "type", "mode", "status", "record", "countries", "claims", "articles", "outlets", "independent", "score",
          "differs", "trigger", "sentence", "outlet", "published", "url")  # fmt: skip


def write(table: Table) -> bytes:
    """Return a table as CSV in UTF-8 with a byte order mark. A cell that a spreadsheet would run is made plain text."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(table[0])
    writer.writerows([_cell(v) for v in row] for row in table[1])
    return out.getvalue().encode("utf-8", errors="replace")


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        value = "; ".join(map(str, value))
    if not isinstance(value, str):
        return value
    text = clean(value)
    return "'" + text if text.startswith(_FORMULA) else text


def _claim(c: ClaimView) -> list[Any]:
    e, d = c.event, c.document
    return [
        c.id, c.merged, d.outlet, d.published, d.title, d.url, e.type, e.mode, e.status, e.record, e.date, e.date_end,
        [f"{p.text} ({p.country or '?'})" for p in e.actors], [f"{p.text} ({p.country or '?'})" for p in e.recipients],
        e.place.name or e.place.text if e.place else None, [s.text for s in e.sources], c.score, e.confidence, e.trigger.text,
        c.sentence.text, d.content_hash,
    ]  # fmt: skip


def _event(e: EventView) -> list[Any]:
    return [
        e.id, e.date, e.type, e.mode, e.status, e.record, e.countries, e.claims, e.documents, e.outlets, e.independent, e.score,
        e.differs, e.trigger.text, e.sentence.text, e.document.outlet, e.document.published, e.document.url,
    ]  # fmt: skip


def home(page: Home) -> Table:
    """Rows of the most reported events."""
    return _EVENT, [_event(e) for e in page.biggest]


def found(page: Any) -> Table:
    """Rows of search results."""
    return _CLAIM, [_claim(c) for c in page.hits.items]


def line(page: Any) -> Table:
    """Rows of a timeline."""
    return events(page.events)


def events(page: Events) -> Table:
    """Rows of merged events."""
    return _EVENT, [_event(e) for e in page.items]


def event(page: EventPage) -> Table:
    """Rows of an event's claims."""
    return _CLAIM, [_claim(c) for c in page.claims]


def counts(page: Any) -> Table:
    """Rows of countries."""
    return ("country", "claims"), [[c.value, c.n] for c in page.countries]


def relation(page: RelationPage) -> Table:
    """Rows of the steps of two countries' relations."""
    head = ("date", "change", "level", "state", "actual", "status", "event", "outlets", "independent", "sentence", "outlet", "url")
    return head, [
        [s.date, s.change, s.level, s.state, s.actual, s.status, s.event, s.outlets, s.independent, *_evidence(s.evidence[:1])]
        for s in page.steps
    ]


def _evidence(claims: Iterable[ClaimView]) -> list[Any]:
    for c in claims:
        return [c.sentence.text, c.document.outlet, c.document.url]
    return ["", "", ""]


def agreements(page: Agreements) -> Table:
    """Rows of the agreements register."""
    head = ("id", "kind", "title", "parties", "areas", "status", "date", "amount", "currency", "stages", "outlets", "sentence",
            "outlet", "url")  # fmt: skip
    return head, [
        [a.id, a.kind, a.title, a.parties, a.areas, a.status, a.date, a.amount, a.currency,
         [f"{s.status} {s.date or '?'}" for s in a.life], a.outlets, *_evidence([a.evidence])] for a in page.items
    ]  # fmt: skip


def visits(page: Visits) -> Table:
    """Rows of the visits register."""
    head = ("id", "visitors", "countries", "hosts", "date", "date_end", "place", "status", "outlets", "sentence", "outlet", "url")
    return head, [
        [v.id, v.visitors, v.countries, v.hosts, v.date, v.date_end, v.place, v.status, v.outlets, *_evidence([v.evidence])]
        for v in page.items
    ]


def deals(page: Deals) -> Table:
    """Rows of the deals register."""
    head = ("id", "parties", "object", "amount", "currency", "date", "status", "outlets", "sentence", "outlet", "url")
    return head, [
        [d.id, d.parties, d.object, d.amount, d.currency, d.date, d.status, d.outlets, *_evidence([d.evidence])]
        for d in page.items
    ]


def actor(page: ActorPage) -> Table:
    """Rows of an actor's events."""
    return _EVENT, [_event(e) for e in page.events]


def outlets(page: Any) -> Table:
    """Rows of outlets."""
    return ("outlet", "claims"), [[o.value, o.n] for o in page.items]


def outlet(page: OutletPage) -> Table:
    """Rows of an outlet's latest articles."""
    head = ("id", "title", "published", "url", "version", "claims", "content_hash")
    return head, [[d.id, d.title, d.published, d.url, d.version, d.claims, d.content_hash] for d in page.latest]


def article(page: ArticlePage) -> Table:
    """Rows of an article's events."""
    head = ("id", "event", *_CLAIM[6:16], "confidence", "start", "end", "trigger")
    rows = []
    for e in page.record.events:
        rows.append([
            page.claims.get(e.id), page.merged.get(e.id), e.type, e.mode, e.status, e.record, e.date, e.date_end,
            [p.text for p in e.actors], [p.text for p in e.recipients], e.place.text if e.place else None,
            [s.text for s in e.sources], e.confidence, e.trigger.start, e.trigger.end, e.trigger.text,
        ])  # fmt: skip
    return head, rows


def places(page: Places) -> Table:
    """Rows of places."""
    return ("place", "country", "latitude", "longitude", "claims"), [
        [p.name, p.country, p.latitude, p.longitude, p.n] for p in page.items
    ]


def network(page: Network) -> Table:
    """Rows of ties between actors."""
    names = {n.id: n.name for n in page.nodes}
    head = ("a", "a_name", "b", "b_name", "events", "mean_score")
    return head, [[t.a, names.get(t.a), t.b, names.get(t.b), t.n, t.score] for t in page.ties]


def about(page: Any) -> Table:
    """Rows of the store's counts."""
    return ("what", "rows"), [[k, v] for k, v in page.status.rows.items()]
