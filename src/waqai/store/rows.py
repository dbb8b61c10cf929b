"""From a record to the rows that keep it. No SQL here: tables by name, values in the order of schema.sql."""

from __future__ import annotations

import functools
import itertools
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable

import msgspec

from waqai import words
from waqai.days import day_range, month_of
from waqai.merge.facts import claim_uid
from waqai.shadow import folded_words, stem
from waqai.text import fold
from waqai.types import Document, Entity, Event, Party, Record, Span

__all__ = [
    "Aside", "Batch", "actor_key", "countries_of", "pack", "pack_told", "score_of", "sentence_of", "shadow_row", "unpack", "unpack_told",
    "unpack_told_event",
]  # fmt: skip

MOST_COUNTRIES = 12  # a statement by thirty states gives 435 pairs and says little of any of them


def pack(record: Record) -> bytes:
    """Return `record` as compressed JSON."""
    return zlib.compress(msgspec.json.encode(record), 6)


def unpack(blob: bytes) -> Record:
    """Return the record of `pack`. Raises zlib.error or msgspec.MsgspecError where the bytes are broken."""
    return msgspec.json.decode(zlib.decompress(blob), type=Record)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What lists show of a record: the rest of it is passed over in decoding, which takes half as long."""

    document: Document
    events: list[Event]


def unpack_told(blob: bytes) -> Told:
    """Return text and events of a packed record. Raises as `unpack` does."""
    return msgspec.json.decode(zlib.decompress(blob), type=Told)


class Aside(msgspec.Struct, frozen=True, kw_only=True):
    """One event with its sentence: what a page shows of a claim, without its article."""

    event: Event
    sentence: Span


def sentence_of(text: str, event: Event) -> Span:
    """Return the sentence of `text` that an event stands in."""
    a, b = event.sentence.start, event.sentence.end
    return Span(start=a, end=b, text=text[a:b])


def pack_told(record: Record, event: Event) -> bytes:
    """Return an event and its sentence, as JSON."""
    return msgspec.json.encode(Aside(event=event, sentence=sentence_of(record.document.text, event)))


def unpack_told_event(blob: bytes) -> Aside:
    """Return what `pack_told` packed. Raises msgspec.MsgspecError where the bytes are broken."""
    return msgspec.json.decode(blob, type=Aside)


@functools.lru_cache(maxsize=4096)
def _score(kind: str, modes: tuple[str, ...]) -> float:
    known = words.default().ontology.types.get(kind)
    if known is None:
        return 0.0
    scores = [known.modes[m] for m in modes if m in known.modes]
    return max(scores, key=abs) if scores else known.score


def score_of(event: Event) -> float:
    """Return PLOVER's intensity of `event`: its strongest mode's, else its type's."""
    return _score(event.type, tuple(event.mode))


def actor_key(entity: Entity) -> str:
    """Return what tells two entities of different articles apart."""
    if entity.wikidata:
        return f"wd:{entity.wikidata}"
    if entity.kind == "state" and entity.country:
        return f"state:{entity.country}"
    return f"{entity.kind}:{fold(entity.name)}:{entity.country or ''}"


def countries_of(event: Event) -> list[str]:
    """Return the countries of the parties, sorted."""
    return sorted({p.country for p in (*event.actors, *event.recipients) if p.country})


def shadow_row(claim: int, record: Record, event: Event) -> tuple[int, str, str, str]:
    """Return what search looks in: the sentence and the names of those whom a pronoun or a title stands for in it; tags."""
    sentence = record.document.text[event.sentence.start : event.sentence.end]
    wanted = {p.entity for p in (*event.actors, *event.recipients)}
    names = [e.name for e in record.entities if e.id in wanted and e.name not in sentence]
    words = [folded_words(part) for part in (sentence, *names)]
    folded = " · ".join(" ".join(w) for w in words)
    tags = " ".join((event.type, *countries_of(event)[:MOST_COUNTRIES]))
    return claim, folded, " · ".join(" ".join(map(stem, w)) for w in words), tags


class Batch:
    """Rows of several records, to be written in one transaction.

    `actor_ids` gives the number of an actor, making one where it is new.
    """

    def __init__(self, claim: int, register: Callable[[str], int], actor_ids: Callable[[Entity], int]) -> None:
        self.rows: dict[str, list[tuple[object, ...]]] = defaultdict(list)
        self.tally: Counter[tuple[str | int, ...]] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        self._claim = claim
        self._pairs_of: dict[int, list[tuple[str, str]]] = {}
        self._register = register
        self._actor_ids = actor_ids

    def add(self, record: Record, doc: int, version: int, page: str | None, run: int) -> None:
        """Add the rows of one document."""
        d = record.document
        day = day_range(d.published)[0]
        self.rows["documents"].append((
            doc, d.id, d.content_hash, page, version, 1, d.url, d.outlet, d.outlet_country, d.title, d.author, d.published,
            d.published_basis, d.language, d.source, day, len(record.events), run, pack(record),
        ))  # fmt: skip
        for n, t in enumerate(record.times):
            self.rows["times"].append((doc, n, t.start, t.end, t.type, t.value, t.date_start, t.date_end))
        actors = self._entities(record, doc)
        numbers: dict[str, int] = {}
        changes = {r.event for r in record.relations if len(r.pair) == 2}
        for event in record.events:
            numbers[event.id] = self._claim
            self._event(record, doc, event, actors, day)
            if event.id in changes:
                self.rows["relation_told"].append((self._claim, pack_told(record, event)))
            self._claim += 1
        self._registers(record, numbers)
        self._pairs_of.clear()

    def _entities(self, record: Record, doc: int) -> dict[str, int]:
        loaded = {(w.start, w.end) for w in record.wording}
        actors: dict[str, int] = {}
        uses: dict[tuple[int, str], list[int]] = {}
        for e in record.entities:
            actor = actors[e.id] = self._actor_ids(e)
            self.rows["entities"].append((doc, e.id, actor, e.sector, e.office))
            for m in e.mentions:
                use = uses.setdefault((actor, m.text), [0, m.start, 0])
                use[0] += 1
                use[2] |= (m.start, m.end) in loaded
        for (actor, text), (n, start, is_loaded) in uses.items():
            self.rows["mentions"].append((doc, actor, text, fold(text), n, start, is_loaded))
        return actors

    def _event(self, record: Record, doc: int, event: Event, actors: dict[str, int], published: int) -> None:
        claim, d = self._claim, record.document
        day, last = day_range(event.date, event.date_end)
        sort_day, outlet, kind, place = day or published, d.outlet or "", event.record or "", event.place
        year = int(month_of(sort_day)[:4] or 0)
        self.rows["claims"].append((
            claim, claim_uid(d.id, event.id), doc, event.id, 1, event.type, " ".join(event.mode), " ".join(event.context),
            event.status, kind, event.date, event.date_end, event.date_basis, day, last, sort_day,
            year, outlet,
            (place.name or place.text) if place else None, place.country if place else None,
            place.latitude if place else None, place.longitude if place else None, score_of(event), event.confidence,
        ))  # fmt: skip
        self._parties(claim, event, actors)
        common = (event.type, event.status, kind, outlet)
        countries = countries_of(event)[:MOST_COUNTRIES]
        for c in countries:
            self.rows["claim_countries"].append((c, 1, sort_day, claim, year, *common))
            self.tally[(c, *common, year)] += 1
            self.pairs[c, c] += 1
        self._pairs_of[claim] = list(itertools.combinations(countries, 2))
        for a, b in self._pairs_of[claim]:
            self.pairs[a, b] += 1
            self.rows["claim_pairs"].append((a, b, 1, sort_day, claim, year, *common))
        self.tally[("", *common, year)] += 1
        self.rows["claim_words"].append(shadow_row(claim, record, event))

    def _parties(self, claim: int, event: Event, actors: dict[str, int]) -> None:
        sides: list[tuple[str, list[Party]]] = [("actor", event.actors), ("recipient", event.recipients)]
        for role, parties in sides:
            for n, p in enumerate(parties):
                self.rows["parties"].append((claim, role, n, actors.get(p.entity or ""), p.country, p.sector))
        for n, s in enumerate(event.sources):
            self.rows["voices"].append((claim, n, s.kind, actors.get(s.entity or "")))

    def _registers(self, record: Record, claims: dict[str, int]) -> None:
        names = {e.id: e.name for e in record.entities}
        for a in record.agreements:
            self._row("agreements", claims, a.event, a.kind, a.title.text if a.title else None, " ".join(sorted(set(a.parties))),
                      "; ".join(x.label or x.text for x in a.areas), a.date, day_range(a.date)[0], a.status,
                      a.value.amount if a.value else None, a.value.currency if a.value else None)  # fmt: skip
        for r in record.relations:
            if len(r.pair) == 2:
                first, second = sorted(r.pair)
                self._row("relations", claims, r.event, first, second, r.change, r.level, r.date, day_range(r.date)[0])
        for v in record.visits:
            self._row("visits", claims, v.event, _list(names.get(x, x) for x in v.visitors), " ".join(v.hosts), v.date, v.date_end,
                      day_range(v.date)[0], v.status)  # fmt: skip
        for x in record.deals:
            self._row("deals", claims, x.event, _list(names.get(p, p) for p in x.parties), x.object.text if x.object else None,
                      x.value.amount if x.value else None, x.value.currency if x.value else None, x.date,
                      day_range(x.date)[0], x.status)  # fmt: skip

    def _row(self, table: str, claims: dict[str, int], event: str, *values: object) -> None:
        claim = claims.get(event)
        if claim is None:
            return
        self.rows[table].append((self._register(table), claim, *values))
        for a, b in self._pairs_of[claim]:
            self.rows["register_pairs"].append((table, a, b, claim))


def _list(names: object) -> str:
    return msgspec.json.encode(list(names)).decode()  # type: ignore[call-overload]
