"""Article text cut where any mark begins or ends, so that overlapping marks become flat pieces a page can colour."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from waqai.types import Event, Record

__all__ = ["KINDS", "Mark", "Piece", "article_lines", "clean", "event_marks", "pieces"]

# The first kind of a piece that covers it gives it its colour.
KINDS = ("trigger", "count", "time", "place", "source", "actor", "loaded", "name", "quote", "residue")
# Bidi embeddings, overrides and isolates would reorder the page around them; other controls have no place on one.
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Mark(NamedTuple):
    """A stretch of the text, its kind, and the event it belongs to."""

    start: int
    end: int
    kind: str
    event: str = ""


class Piece(NamedTuple):
    """A stretch with the kinds that cover it (the one that colours it first) and the ids of their events.

    `first` names the event whose trigger begins here."""

    text: str
    kinds: tuple[str, ...]
    events: tuple[str, ...]
    first: str = ""


def clean(text: object) -> str:
    """Return text for display: without control characters."""
    return _CONTROLS.sub("", str(text))


def event_marks(event: Event, record: Record | None = None) -> Iterator[Mark]:
    """Yield the marks of one event's evidence."""
    yield Mark(event.trigger.start, event.trigger.end, "trigger", event.id)
    for party in (*event.actors, *event.recipients):
        yield Mark(party.start, party.end, "actor", event.id)
    for source in event.sources:
        yield Mark(source.start, source.end, "source", event.id)
    for count in event.counts:
        yield Mark(count.start, count.end, "count", event.id)
    if event.place:
        yield Mark(event.place.start, event.place.end, "place", event.id)
    if record is not None and event.time is not None and 0 <= event.time < len(record.times):
        time = record.times[event.time]
        yield Mark(time.start, time.end, "time", event.id)


def _all_marks(record: Record) -> Iterator[Mark]:
    for event in record.events:
        yield from event_marks(event, record)
    for time in record.times:
        yield Mark(time.start, time.end, "time")
    for entity in record.entities:
        for mention in entity.mentions:
            yield Mark(mention.start, mention.end, "name")
    for word in record.wording:
        yield Mark(word.start, word.end, "loaded")
    for quote in record.quotes:
        yield Mark(quote.start, quote.end, "quote")
    for rest in record.document.boilerplate:
        yield Mark(rest.start, rest.end, "residue")


def pieces(text: str, start: int, end: int, marks: Iterable[Mark]) -> list[Piece]:
    """Return ``text[start:end]`` in pieces. Linear in the marks, apart from sorting them."""
    cut = (Mark(max(m.start, start), min(m.end, end), m.kind, m.event) for m in marks)
    inside = [m for m in cut if m.start < m.end]
    cuts = sorted({start, end, *(m.start for m in inside), *(m.end for m in inside)})
    begins: dict[int, list[Mark]] = {}
    ends: dict[int, list[Mark]] = {}
    for m in inside:
        begins.setdefault(m.start, []).append(m)
        ends.setdefault(m.end, []).append(m)
    live: list[Mark] = []
    out: list[Piece] = []
    for a, b in itertools.pairwise(cuts):
        for m in ends.get(a, ()):
            live.remove(m)
        live += begins.get(a, ())
        kinds = tuple(k for k in KINDS if any(m.kind == k for m in live))
        events = tuple(dict.fromkeys(m.event for m in live if m.event))
        first = next((m.event for m in begins.get(a, ()) if m.kind == "trigger"), "")
        out.append(Piece(clean(text[a:b]), kinds, events, first))
    return out


def article_lines(record: Record) -> list[list[Piece]]:
    """Return the lines of an article that are not empty, each in pieces."""
    marks = sorted(set(_all_marks(record)))
    out, at, k = [], 0, 0
    longest = max((m.end - m.start for m in marks), default=0)
    for line in record.document.text.splitlines(keepends=True):
        end = at + len(line)
        while k < len(marks) and marks[k].start + longest <= at:
            k += 1
        here = []
        for m in marks[k:]:
            if m.start >= end:
                break
            here.append(m)
        if line.strip():
            out.append(pieces(record.document.text, at, at + len(line.rstrip("\r\n")), here))
        at = end
    return out
