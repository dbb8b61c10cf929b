"""Gold annotation as records: what the merge and the store are fed with before (and beside) the reader's own events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from waqai import text as texts
from waqai.intake.build import document_ids
from waqai.types import (
    Agreement,
    Document,
    Entity,
    Event,
    Extent,
    Party,
    Place,
    Record,
    Relation,
    Residue,
    Source,
    Span,
    Visit,
)  # fmt: skip


def record_of(gold: dict[str, Any]) -> Record:
    """Return the gold of one article as a record. Event n has the id "v<n>"."""
    body = gold["text"]
    key, same = document_ids(body, gold.get("outlet"), gold.get("url"))
    document = Document(
        id=key, content_hash=same, text=body, url=gold.get("url"),
        outlet=gold.get("outlet"), title=gold.get("title"), published=gold.get("published"), published_basis="given",
        boilerplate=[Residue(start=a, end=b, kind="other") for a, b in gold.get("boilerplate", [])],
    )  # fmt: skip
    entities: dict[tuple[str, str | None], Entity] = {}
    cuts = [(s.start, s.end) for s in texts.sentences(body)]
    events = [_event(n, e, body, cuts, entities) for n, e in enumerate(gold["events"])]
    return Record(
        document=document, events=events, entities=list(entities.values()),
        agreements=[
            Agreement(id=f"a{n}", event=f"v{a['event']}", kind=a["kind"], parties=a["parties"], date=a["date"], status=a["status"])
            for n, a in enumerate(gold.get("agreements", []))
        ],
        relations=[
            Relation(id=f"r{n}", event=f"v{r['event']}", pair=sorted(r["pair"]), change=r["change"], level=r["level"], date=r["date"])
            for n, r in enumerate(gold.get("relations", []))
        ],
        visits=[
            Visit(id=f"w{n}", event=e.id, visitors=[p.entity for p in e.actors if p.entity],
                  hosts=[p.country for p in e.recipients if p.country], date=e.date, date_end=e.date_end, status=e.status)
            for n, e in enumerate(events) if e.record == "visit"
        ],
    )  # fmt: skip


def _event(
    n: int, e: dict[str, Any], body: str, cuts: list[tuple[int, int]], entities: dict[tuple[str, str | None], Entity]
) -> Event:
    start, end = e["trigger"]
    a, b = next(((x, y) for x, y in cuts if x <= start < y), (start, end))

    def span(words: str) -> tuple[int, int]:
        at = body.find(words, a, b)
        at = at if at >= 0 else body.find(words)
        return (at, at + len(words)) if at >= 0 else (start, start)

    def party(p: dict[str, Any]) -> Party:
        x, y = span(p["text"])
        key = (texts.fold(p["text"]), p.get("country"))
        made = entities.get(key) or Entity(
            id=f"e{len(entities)}",
            name=p["text"],
            kind="organization",
            country=p.get("country"),
            sector=p.get("sector"),
        )
        if x < y:
            spans = [*made.mentions, Span(start=x, end=y, text=body[x:y])]
            made = Entity(
                id=made.id, name=made.name, kind=made.kind, country=made.country, sector=made.sector, mentions=spans
            )
        entities[key] = made
        return Party(start=x, end=y, text=body[x:y], entity=made.id, country=p.get("country"), sector=p.get("sector"))

    def place(p: dict[str, Any] | None) -> Place | None:
        if p is None:
            return None
        x, y = span(p["text"])
        return Place(start=x, end=y, text=body[x:y], name=p["text"], country=p.get("country"))

    def source(words: str) -> Source:
        x, y = span(words)
        return Source(start=x, end=y, text=body[x:y], kind="person")

    mode = e["mode"]
    return Event(
        id=f"v{n}", type=e["type"], trigger=Span(start=start, end=end, text=body[start:end]), sentence=Extent(start=a, end=b),
        mode=[] if mode is None else [mode] if isinstance(mode, str) else mode,
        actors=[party(p) for p in e["actors"]], recipients=[party(p) for p in e["recipients"]],
        date=e["date"], date_end=e.get("date_end"), date_basis="expression" if e["date"] else "none", place=place(e.get("place")),
        status=e["status"], sources=[source(s) for s in e["sources"]], record=e.get("record"), confidence=0.9,
    )  # fmt: skip


def load(folder: Path) -> list[Record]:
    """Return the records of every gold file of a folder, in order of name."""
    return [record_of(json.loads(p.read_text(encoding="utf-8"))) for p in sorted(folder.glob("*.json"))]
