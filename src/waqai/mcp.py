"""A small read-only MCP server: an assistant asks the record and gets evidence with every fact. Needs the extra `mcp`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from mcp.server.mcpserver import MCPServer

from waqai import query
from waqai.errors import WaqaiError
from waqai.query.types import ClaimView
from waqai.store import Store

__all__ = ["Tools", "server"]

T = TypeVar("T")
_INTRO = (
    "A record of events that Arabic news articles report. Every answer carries the article's own sentence as evidence: quote it, "
    "name the outlet and the date, and say that several outlets differ where they do. What is null is unknown: do not fill it in."
)
_MOST = 50


class Tools:
    """The questions an assistant may ask, each over the query function of the same name."""

    def __init__(self, db: str) -> None:
        self.db = db

    def _ask(self, ask: Callable[[Store], T]) -> T:
        # A store for each question: what was built since the last one is seen, and nothing stays locked.
        try:
            with Store.open(self.db) as store:
                return ask(store)
        except WaqaiError as error:
            raise ValueError(str(error)) from error

    def search_events(
        self, q: str = "", country: list[str] | None = None, pair: list[str] | None = None, type: list[str] | None = None,
        actor: str | None = None, date_from: str | None = None, date_to: str | None = None, outlet: list[str] | None = None,
        status: list[str] | None = None, limit: int = 10,
    ) -> dict[str, Any]:  # fmt: skip
        """Search what articles report. `q`: Arabic words, "a phrase", -word. Countries by ISO 3166 code or name. `pair`: two
        countries, both parties. `type`: a PLOVER type such as CONSULT, SUPPORT, SANCTION, ASSAULT. Dates: YYYY, YYYY-MM or
        YYYY-MM-DD. `status`: actual, future, hypothetical or negated. At most 50 results."""
        filters = query.Filters(
            country=country or [], pair=pair or [], type=type or [], actor=actor, date_from=date_from, date_to=date_to,
            outlet=outlet or [], status=status or [],
        )  # fmt: skip
        found = self._ask(lambda s: query.search(s, q, filters, limit=max(1, min(limit, _MOST))))
        return {"total": found.total, "exact": found.exact, "items": [_short(c) for c in found.items]}

    def get_event(self, id: str) -> dict[str, Any]:
        """Return a merged event with all its claims, each with its sentence and article, and where outlets differ."""
        page = self._ask(lambda s: query.event(s, id))
        built: dict[str, Any] = msgspec.to_builtins(page.event)
        return {
            "event": built, "claims": [_short(c) for c in page.claims[:_MOST]],
            "differences": msgspec.to_builtins(page.differences), "reprints": page.reprints,
        }  # fmt: skip

    def relation(self, a: str, b: str, at: str | None = None) -> dict[str, Any]:
        """Return the diplomatic relations of two countries: the state now (or `at` a date) and each dated step with evidence."""
        page = self._ask(lambda s: query.relation(s, a, b, at=at))
        steps = [
            {"date": s.date, "change": s.change, "level": s.level, "state": s.state, "actual": s.actual, "event": s.event,
             "evidence": [_short(c) for c in s.evidence]} for s in page.steps
        ]  # fmt: skip
        return {"pair": page.pair, "at": page.at, "state": page.state, "since": page.since, "events": page.events, "steps": steps}

    def agreements(
        self, country: list[str] | None = None, pair: list[str] | None = None, date_from: str | None = None,
        date_to: str | None = None, limit: int = 20,
    ) -> dict[str, Any]:  # fmt: skip
        """Return agreements, newest first: kind, parties, areas, stages of life, and the sentence that tells of it."""
        filters = query.Filters(country=country or [], pair=pair or [], date_from=date_from, date_to=date_to)
        found = self._ask(lambda s: query.agreements(s, filters, limit=max(1, min(limit, _MOST))))
        rows = []
        for row in found.items:
            rows.append({**msgspec.to_builtins(row), "evidence": _short(row.evidence)})
        return {"items": rows, "more": found.next is not None}


def _short(claim: ClaimView) -> dict[str, Any]:
    """A claim as an assistant needs it: the coded facts, the sentence and what to cite."""
    e, d = claim.event, claim.document
    return {
        "id": claim.id, "event": claim.merged, "type": e.type, "mode": e.mode, "status": e.status, "date": e.date,
        "actors": [{"text": p.text, "country": p.country, "sector": p.sector} for p in e.actors],
        "recipients": [{"text": p.text, "country": p.country, "sector": p.sector} for p in e.recipients],
        "place": (e.place.name or e.place.text) if e.place else None, "according_to": [s.text for s in e.sources],
        "sentence": claim.sentence.text, "outlet": d.outlet, "title": d.title, "published": d.published, "url": d.url,
        "content_hash": d.content_hash,
    }  # fmt: skip


def server(db: str) -> MCPServer[Any]:
    """Return the server of the store at `db`; `.run()` answers over standard input and output."""
    made: MCPServer[Any] = MCPServer("waqai", instructions=_INTRO)
    tools = Tools(db)
    for tool in (tools.search_events, tools.get_event, tools.relation, tools.agreements):
        made.tool()(tool)
    return made
