"""What the merge compares: one `Fact` a claim, drawn from its record alone. No state, no corpus statistics.

So a pair's score never changes when other articles come in, and merging bit by bit gives what merging at once gives.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from waqai import words
from waqai.days import day_range
from waqai.shadow import stem, stemmed_words
from waqai.text import fold
from waqai.types import Event, Party, Place, Record

__all__ = ["Fact", "claim_uid", "facts", "skeleton"]

# Words that say nothing of which event is meant: prepositions, pronouns, verbs of saying, days.
_LISTS = words.raw("empty.toml")
_EMPTY = frozenset(stem(fold(w)) for w in _LISTS["words"])
_HEDGES = frozenset(stem(fold(w)) for w in _LISTS["hedges"])
_CONDITIONS = frozenset(stem(fold(w)) for w in _LISTS["conditions"])
_REPEATED = frozenset(stem(fold(w)) for w in _LISTS["repeated"])
_ANYWHERE = frozenset(stem(fold(w)) for w in _LISTS["anywhere"])
_EVENING = frozenset(stem(fold(w)) for w in _LISTS["evening"])
_DAWN = frozenset(stem(fold(w)) for w in _LISTS["dawn"])
_BEFORE, _AFTER = 8, 10  # words around the trigger that say what it is about
_HEDGING, _REPEATING = 4, 5  # how far before the trigger a hedge stands, how far after it «repeatedly»
_TAILS = ("وها", "تها", "ات", "ون", "ين", "ان", "وا", "ها", "ته", "هم", "تا", "ت", "ا", "ه")
_HEADS = ("است", "يست", "تست", "مست", "ان", "ي", "ت", "م", "ا")
_TITLE = 120  # characters of the text that stand for a title where there is none
_PERSONS = frozenset("يتنا")
_WEAK = re.compile("[اويءه]")


class Fact(NamedTuple):
    """One claim as the merge sees it. Sets of words are light stems; days as in `store.days`."""

    uid: str
    doc: str
    outlet: str
    text: str
    published: int
    type: str
    modes: frozenset[str]
    status: str
    record: str
    actors: frozenset[str]
    recipients: frozenset[str]
    countries: frozenset[str]
    sides: frozenset[tuple[str, str]]
    names: frozenset[str]
    people: frozenset[str]
    trigger: str
    act: frozenset[str]
    date: str
    day: int
    last: int
    told: bool
    night: bool
    place: frozenset[str]
    place_country: str
    place_name: str
    spot: tuple[float, float] | None
    counts: tuple[tuple[str, int, int], ...]
    words: frozenset[str]
    near: frozenset[str]
    title: frozenset[str]
    kinds: frozenset[int]
    hedged: bool
    repeated: bool
    agreement: tuple[str, frozenset[str]]
    sentence: int


def claim_uid(document: str, event: str) -> str:
    """Return the stable id of a claim."""
    return f"{document[:16]}.{event}"


def skeleton(word: str) -> str:
    """Return the consonants that a verb and its noun share: «ستقطع», «قطع» and «القطع» all give «قطع».

    Affixes of the imperfect and the article go, then weak letters; what is too short then stays as it was.
    """
    norm = stem(fold(word))
    norm = next((norm[: -len(t)] for t in _TAILS if norm.endswith(t) and len(norm) - len(t) >= 3), norm)
    if norm[:1] == "س" and norm[1:2] in _PERSONS and len(norm) >= 4:
        norm = norm[2:]
    else:
        norm = next((norm[len(h) :] for h in _HEADS if norm.startswith(h) and len(norm) - len(h) >= 3), norm)
    bare = _WEAK.sub("", norm)
    return bare if len(bare) >= 2 else norm


def _kinds() -> dict[str, frozenset[int]]:
    """Return the kinds of act that each skeleton of a word may name."""
    out: dict[str, set[int]] = {}
    for number, line in enumerate(_LISTS["acts"]):
        for word in line.split():
            out.setdefault(skeleton(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in out.items()}


_KINDS = _kinds()


def facts(record: Record) -> list[Fact]:
    """Return the facts of one record, in the order of its events."""
    names = {e.id: e.name for e in record.entities if e.kind != "state"}
    people = {e.id: e.name for e in record.entities if e.kind == "person"}
    agreements = {a.event: (a.kind, frozenset(a.parties)) for a in record.agreements}
    published = day_range(record.document.published)[0]
    d = record.document
    title = _content(d.title or d.text[:_TITLE])
    return [_fact(record, e, names, people, agreements.get(e.id, ("", frozenset())), published, title) for e in record.events]


def _fact(
    record: Record, event: Event, names: dict[str, str], people: dict[str, str], agreement: tuple[str, frozenset[str]],
    published: int, title: frozenset[str],
) -> Fact:  # fmt: skip
    d = record.document
    parties = [*event.actors, *event.recipients]
    day, last, night = _days(event, d.text)
    if event.status == "future" and last and last <= published:
        day = last = 0  # the day of the saying, not of what is to come
    sentence = d.text[event.sentence.start : event.sentence.end]
    before = stemmed_words(d.text[event.sentence.start : event.trigger.start])
    after = stemmed_words(d.text[event.trigger.end : event.sentence.end])
    place = event.place
    trigger = " ".join(skeleton(w) for w in fold(event.trigger.text).split())
    return Fact(
        uid=claim_uid(d.id, event.id),
        doc=d.id,
        outlet=d.outlet or "",
        text=d.content_hash,
        published=published,
        type=event.type,
        modes=frozenset(event.mode),
        status=event.status,
        record=event.record or "",
        actors=_countries(event.actors),
        recipients=_countries(event.recipients),
        countries=_countries(parties),
        sides=frozenset((p.country or "", p.sector or "") for p in parties),
        names=_content(" ".join(f"{names.get(p.entity or '', '')} {p.text}" for p in parties)),
        people=_content(" ".join(people.get(p.entity or "", "") for p in parties)),
        trigger=trigger,
        act=frozenset(trigger.split()),
        date=event.date or "",
        day=day,
        last=last,
        told=event.date_basis == "expression",
        night=night,
        place=_where(place),
        place_country=(place.country or "") if place else "",
        spot=(place.latitude, place.longitude) if place and place.latitude and place.longitude and _where(place) else None,
        place_name=(place.name or place.text) if place else "",
        counts=tuple((c.what, c.low or 0, c.high or c.low or 0) for c in event.counts if c.low or c.high),
        words=_content(sentence),
        near=frozenset(skeleton(w) for w in [*before[-_BEFORE:], *after[:_AFTER]] if len(w) > 2 and w not in _EMPTY),
        title=title,
        kinds=frozenset(k for w in trigger.split() for k in _KINDS.get(w, ())),
        hedged=not (_HEDGES.isdisjoint(before[-_HEDGING:]) and _CONDITIONS.isdisjoint(before[-_AFTER:])),
        repeated=not _REPEATED.isdisjoint([*before[-_HEDGING:], *after[:_REPEATING]]),
        agreement=agreement,
        sentence=event.sentence.start,
    )


def _days(event: Event, text: str) -> tuple[int, int, bool]:
    """Return first and last day, and whether the night between the two is told.

    «ليل الأربعاء» and «فجر الخميس» are one night: the evening reaches into the next day, dawn back into the day before.
    """
    day, last = day_range(event.date, event.date_end)
    if not day or day != last or event.date_basis != "expression":
        return day, last, False
    said = {*stemmed_words(text[event.sentence.start : event.sentence.end])}
    evening, dawn = not _EVENING.isdisjoint(said), not _DAWN.isdisjoint(said)
    return (day, last, False) if evening == dawn else (day, day + 1, True) if evening else (day - 1, day, True)


@functools.lru_cache(maxsize=1)
def _states() -> frozenset[str]:
    return frozenset(stem(fold(n)) for s in words.default().states for n in (s.name, *s.also) if n)


def _where(place: Place | None) -> frozenset[str]:
    """Return the words of a place that tells one from others: no country as a whole, no «المنطقة» without its name."""
    if place is None:
        return frozenset()
    name = place.name or place.text
    if stem(fold(name)) in _states():
        return frozenset()
    return frozenset(w for w in _content(f"{place.name or ''} {place.text}") if w not in _ANYWHERE)


def _countries(parties: list[Party]) -> frozenset[str]:
    return frozenset(p.country for p in parties if p.country)


def _content(text: str) -> frozenset[str]:
    return frozenset(w for w in stemmed_words(text) if len(w) > 2 and w not in _EMPTY)
