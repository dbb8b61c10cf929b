"""From rows to what people see: claims with their sentence and article, merged events with their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from waqai.merge.differ import Difference
from waqai.query.types import ClaimView, DocumentRef, EventView, FacetValue
from waqai.store import Store, claims, read
from waqai.store.db import Row
from waqai.store.rows import Aside, Told, sentence_of
from waqai.types import Event

__all__ = ["claim_views", "document_ref", "event_views", "facet_values"]


def document_ref(row: Row) -> DocumentRef:
    """Return the reference of a document row (see `store.claims.DOCUMENT`)."""
    return DocumentRef(
        id=row[1], outlet=row[2], title=row[3], url=row[4], published=row[5], content_hash=row[6], version=row[7],
        live=bool(row[8]), claims=row[9],
    )  # fmt: skip


def _event(record: Told, local: str) -> Event:
    return next(e for e in record.events if e.id == local)


def claim_views(store: Store, numbers: Sequence[int], known: Mapping[int, Aside] | None = None) -> list[ClaimView]:
    """Return claims as lists show them, in the order of `numbers`. Articles of those in `known` are not read."""
    rows = claims.claim_rows(store.db, numbers)
    docs = claims.document_rows(store.db, sorted({r.doc for r in rows.values()}))
    out: list[ClaimView] = []
    for number in numbers:
        row = rows[number]
        aside = known.get(number) if known else None
        if aside is None:
            record = store.told(row.doc)
            event = _event(record, row.local)
            aside = Aside(event=event, sentence=sentence_of(record.document.text, event))
        out.append(ClaimView(
            id=row.uid, document=document_ref(docs[row.doc]), event=aside.event, sentence=aside.sentence,
            merged=row.merged_uid, score=row.score,
        ))  # fmt: skip
    return out


def event_views(store: Store, events: Sequence[int]) -> list[EventView]:
    """Return merged events in the order of `events`: numbers of merged events, or of claims that are not merged yet."""
    rows = read.merged_rows(store.db, events)
    views = dict(zip(events, claim_views(store, events), strict=True))
    members = read.event_claims(store.db, list(rows))
    countries = _countries(store, members)
    return [_event_view(views[e], rows.get(e), countries.get(e, [])) for e in events]


def _countries(store: Store, members: dict[int, list[int]]) -> dict[int, list[str]]:
    found = read.countries_of_events(store.db, list(members))
    return {e: sorted(found.get(e, [])) for e in members}


def _event_view(claim: ClaimView, row: Row | None, countries: list[str]) -> EventView:
    event = claim.event
    if row is None:
        own = sorted({p.country for p in (*event.actors, *event.recipients) if p.country})
        row = (0, claim.id, event.type, event.status, event.record or "", event.date, 0, claim.score, 1, 1, 1, 1, "[]")
        countries = own
    differs = msgspec.json.decode(row[12], type=list[Difference])
    return EventView(
        id=row[1], type=row[2], mode=event.mode, status=row[3], record=row[4] or None, date=row[5], countries=countries,
        claims=row[8], documents=row[9], outlets=row[10], independent=row[11], score=row[7], differs=[d.what for d in differs],
        sentence=claim.sentence, trigger=event.trigger, document=claim.document,
    )  # fmt: skip


def facet_values(counts: Counter[str] | Iterable[tuple[str, int]]) -> list[FacetValue]:
    """Return counts as facet values, the largest first; the empty value is left out."""
    pairs = claims.top(counts) if isinstance(counts, Counter) else counts
    return [FacetValue(value=v, n=n) for v, n in pairs if v]
