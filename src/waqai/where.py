"""Where: the places that a document names, and the place of one event.

A name counts as a place by its words («مدينة X»، «في X»), not by being in the gazetteer: half of the Arab villages are named
like people or things. A name shared by several places is the one in a country that the document is about, then the largest.
A noun for a place («المدينة»، «أمام السجن») is one too; its country is that of its demonym, else of the passage: the last
place named before it, else what the article is about.

An event's place is chosen among those of its sentence, and of the one before where it names none, by a linear score over
what ties a place to the trigger (the table `place.weight` of ``phrases.toml``; `evals/where.py --fit` makes it). A place merely
mentioned is not one, and no place is None.
"""

from __future__ import annotations

import functools
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import NamedTuple

import msgspec

from waqai import words as wordfiles
from waqai.text import fold, proclitics, unfold_offset
from waqai.types import Document, Mention, Place, Sentence, Token
from waqai.who.gazetteer import FOLDER, Gazetteer, Spot, gazetteer
from waqai.who.lexicon import Lexicon

__all__ = ["FOLDER", "Around", "Gazetteer", "PlaceMention", "around", "choose", "features", "find_places", "gazetteer", "pool", "to_place"]


class PlaceMention(msgspec.Struct):
    """A place phrase: tokens first:last of a sentence.

    `role`: at (في، ب، قرب), to, from, party (inside an actor's phrase: «أهالي حلب»), none. `level`: the gazetteer's, or
    "common" for a noun that a place of the passage is meant by. `home`: in the country that the document is about.
    """

    sentence: int
    first: int
    last: int
    start: int
    end: int
    text: str
    role: str
    country: str | None
    name: str | None
    level: str
    latitude: float | None = None
    longitude: float | None = None
    geonames_id: int | None = None
    dateline: bool = False
    home: bool = False


def find_places(
    document: Document, sentences: list[Sentence], lexicon: Lexicon, mentions: list[Mention] | None = None
) -> list[PlaceMention]:
    """Return the place phrases of the document in order of text.

    `mentions` (resolved actors) tell which countries the document is about; names of people in them are no places.
    """
    table = gazetteer(lexicon)
    finder = _Finder(document.text, table, lexicon, mentions or [])
    for s in sentences:
        finder.sentence(s)
    return finder.out


class _Finder:
    """The places of one document, sentence by sentence."""

    def __init__(self, text: str, table: Gazetteer, lexicon: Lexicon, mentions: list[Mention]) -> None:
        self.text, self.table, self.lexicon = text, table, lexicon
        self.out: list[PlaceMention] = []
        self.about: Counter[str] = Counter(m.country for m in mentions if m.country)
        states = [c for c, _ in self.about.most_common() if c in lexicon.states]
        self.home = states[0] if states else None
        self.persons: set[tuple[int, int]] = set()
        self.parties: set[tuple[int, int]] = set()
        self.states: dict[tuple[int, int], str | None] = {}
        for m in mentions:
            tokens = [(m.sentence, i) for i in range(m.first, m.last)]
            if m.kind == "person" and m.form == "name":
                self.persons.update(tokens)
            elif m.form in ("phrase", "name"):
                self.parties.update(tokens)
            elif m.kind == "state":
                self.states[m.sentence, m.first] = m.country

    def sentence(self, s: Sentence) -> None:
        """Add the places of a sentence."""
        hits: dict[tuple[int, int, str], list[Spot]] = {}
        for h in self.table.names.scan(s.tokens):
            if not h.clitic.endswith(("ال", "لل")):
                hits.setdefault((h.first, h.last, h.clitic), []).append(h.value)
        found = [p for (first, last, clitic), spots in hits.items() if (p := self._named(s, first, last, clitic, spots)) is not None]
        taken = {i for p in found for i in range(p.first, p.last)}
        found += [p for p in self._common(s) if p.first not in taken and p.last - 1 not in taken]
        found.sort(key=lambda p: p.first)
        for k, p in enumerate(found):
            if p.country is None and p.level == "common":
                holds = next((q for q in found[k + 1 : k + 3] if q.country and q.role in ("at", "from") and q.first - p.last < 5), None)
                p.country = holds.country if holds is not None else self._passage(p)
            p.home = p.country is not None and p.country == self.home
            self.out.append(p)

    def _named(self, s: Sentence, first: int, last: int, clitic: str, spots: list[Spot]) -> PlaceMention | None:
        inside = all((s.index, i) in self.parties for i in range(first, last))
        if any((s.index, i) in self.persons for i in range(first, last)):
            return None
        spot = self._pick(spots, self.states.get((s.index, first)))
        role, begin = _role(s.tokens, first, clitic, self.table)
        if not self._is_place(spot, role, begin < first, s.tokens, first, last):
            return None
        if inside and role == "none":
            role = "party"
        tok = s.tokens[begin]
        strip = len(clitic) if begin == first else _strip(tok.norm, self.table)
        start = tok.start + (strip if tok.end - tok.start == len(tok.norm) else unfold_offset(self.text[tok.start : tok.end], strip))
        end = s.tokens[last - 1].end
        dateline = s.index == 0 and first == 0 and last < len(s.tokens) and s.tokens[last].norm in ("-", "–", "—", "(", "/", ":", "،")
        return PlaceMention(
            s.index, begin, last, start, end, self.text[start:end], role, spot.country, spot.name, spot.level, spot.latitude,
            spot.longitude, spot.geonames_id, dateline,
        )  # fmt: skip

    def _common(self, s: Sentence) -> Iterator[PlaceMention]:
        """Nouns for places that something happens at: «في المدينة»، «أمام السفارة»، «في الأراضي السورية»."""
        toks, table = s.tokens, self.table
        for i, tok in enumerate(toks):
            got = table.common.get(tok.norm)
            if got is None or (s.index, i) in self.persons:
                continue
            clitic, noun, definite = got
            role, _ = _role(toks, i, clitic, table)
            if role == "none" and (not definite or noun in table.building):
                continue
            last, country = i + 1, None
            for j in range(i + 1, min(i + 3, len(toks))):
                h = next((h for h in self.lexicon.names.at(toks, j) if h.value.cls == "demonym" and not h.clitic), None)
                if toks[j].norm.removeprefix("ال") in _MISSIONS:
                    break  # «مبنى القنصلية التركية»: not where Turkey is
                if h is not None and "ambiguous_demonym" not in self.lexicon.word(toks[j].norm).closed:
                    last, country = h.last, h.value.country
                    break
            if noun in _MISSIONS:
                country = None
            strip = len(clitic) if not tok.norm.startswith(("لل", "ولل")) else len(clitic) - 1
            start = tok.start + unfold_offset(self.text[tok.start : tok.end], strip)
            end = toks[last - 1].end
            yield PlaceMention(s.index, i, last, start, end, self.text[start:end], role, country, None, "common")

    def _passage(self, p: PlaceMention) -> str | None:
        """The country of the last place before, at most three sentences back, else the article's."""
        for q in reversed(self.out[-8:]):
            if q.sentence < p.sentence - 3:
                break
            if q.country and q.role in ("at", "to") and q.level != "common" and self._about(q.country):
                return q.country
        return self.home

    def _about(self, country: str) -> bool:
        """Whether the document is about a country at all: another's town is rather misread."""
        return not self.about or self.about[country] > 0

    def _pick(self, spots: list[Spot], state: str | None) -> Spot:
        """The place meant by a shared name: what the actors' reading says, else by the document's countries and by size."""
        about = self.about
        most = max((p.population for p in spots if p.level != "country"), default=0)
        spots = [p for p in spots if p.population * _NAMESAKE >= most]
        several = any(p.level == "country" for p in spots)
        return max(
            spots,
            key=lambda p: (
                p.level == "country" and state in (None, p.country),
                several and p.country == state,
                p.level == "country",
                about.get(p.country or "", 0) > 0,
                about.get(p.country or "", 0),
                p.population,
            ),
        )

    def _is_place(self, spot: Spot, role: str, kinded: bool, toks: list[Token], first: int, last: int) -> bool:
        if spot.sure or kinded:
            return True
        if role not in ("at", "to", "from") or (last - first == 1 and fold(spot.name) in self.table.homograph):
            return False
        w = self.lexicon.word(toks[first].norm)
        if w.nouns or w.adjective is not None or w.closed:
            return False
        return not self.about or self.about.get(spot.country or "", 0) > 0 or spot.population > 100_000


_NAMESAKE = 50
"""How many times larger a place is than a namesake that then is never meant: Moscow in Idaho."""
_MISSIONS = frozenset(("سفاره", "قنصليه"))


def _strip(norm: str, table: Gazetteer) -> int:
    for clitic, rest in proclitics(norm):
        if rest in table.kind:
            return len(clitic)
    return 0


def _role(toks: list[Token], first: int, clitic: str, table: Gazetteer) -> tuple[str, int]:
    """The part the place plays by the word before it, and the token where the phrase begins («مدينة X»)."""
    begin = first
    bare = clitic.lstrip("وف")
    if bare == "ب":
        return "at", begin
    if bare == "ل":
        return "to", begin
    for _ in range(4):
        if begin == 0:
            return "none", begin
        w = toks[begin - 1].norm
        rest = next((r for c, r in proclitics(w) if r in table.kind or (c.endswith("ال") and "ال" + r in table.kind)), None)
        if w in table.at and w not in table.kind:
            return "at", begin
        if w in table.to:
            return "to", begin
        if w in table.away:
            return "from", begin
        if rest is None and not (begin < first and w.endswith(("يه", "ي")) and w.startswith("ال")):
            return "none", begin
        begin -= 1
        if rest is not None and w != rest and w[0] in "بول":
            pre = w[: len(w) - len(rest)].lstrip("وف")
            if pre.startswith("ب"):
                return "at", begin
            if pre.startswith("ل"):
                return "to", begin
    return "none", begin


def to_place(p: PlaceMention) -> Place:
    """The published form of a place mention."""
    return Place(
        start=p.start,
        end=p.end,
        text=p.text,
        country=p.country,
        name=p.name,
        latitude=p.latitude,
        longitude=p.longitude,
        geonames_id=p.geonames_id,
    )


_BREAKS = frozenset(("،", ",", "؛", ":", '"', "«", "»", "ان", "انه", "انها", "التي", "الذي"))
_SENTENCE = attrgetter("sentence")
_LEAST, _LEAST_UNTYPED = -0.7, -0.5
"""The least score of an event's place, a chance of a third: below it a place more is wrong about as often as right."""
_BACK = 5
"""How many sentences back the last place named may stand for the passage to go on there."""
_HELD = frozenset(("ASSAULT", "PROTEST", "COERCE", "MOBILIZE", "CONSULT", "RETREAT", "AID", "COOPERATE"))


@functools.lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    return dict(wordfiles.raw("phrases.toml")["place"]["weight"])


def pool(places: list[PlaceMention], sentence: Sentence) -> list[PlaceMention]:
    """The places that an event of the sentence may have taken place at: its own, else those of the one before."""
    before, here, after = (bisect_left(places, sentence.index + k, key=_SENTENCE) for k in (-1, 0, 1))
    return places[here:after] or places[before:here]


class Around(NamedTuple):
    """The places that a sentence's events are chosen among, and the country of the last place before them."""

    pool: list[PlaceMention]
    countries: Counter[str | None]
    at: int
    last: str | None


def around(places: list[PlaceMention], sentence: Sentence) -> Around:
    """What `features` tells of a place from the others; `places` are the document's, in order of text."""
    here = pool(places, sentence)
    begin, end = (bisect_left(places, k, key=_SENTENCE) for k in (sentence.index - _BACK, sentence.index))
    before = (q.country for q in reversed(places[begin:end]) if q.country and q.role in ("at", "to"))
    return Around(here, Counter(q.country for q in here), sum(q.role == "at" for q in here), next(before, None))


def features(
    p: PlaceMention,
    sentence: Sentence,
    trigger: int,
    kind: str | None,
    movement: bool,
    parties: list[tuple[int, int]],
    beside: Around,
) -> list[str]:
    """The names of what ties a place to the trigger at token `trigger`: the rows of `place.weight` that are summed for it."""
    group = "moves" if movement else "held" if kind in _HELD or kind is None else "said"
    out = [f"type {kind or ('moving' if movement else 'any')}", f"alone {len(beside.countries) == 1}"]
    out += [f"same {min(beside.countries[p.country], 3)}", f"{group} home {p.home}", f"opening {sentence.index < 2}"]
    out.append(f"goes on {p.country == beside.last if beside.last else None}")
    out.append(f"other at {beside.at > (p.role == 'at')} {p.role == 'at'}")
    return out + _tied(p, sentence, trigger, group, parties)


def _tied(p: PlaceMention, sentence: Sentence, trigger: int, group: str, parties: list[tuple[int, int]]) -> list[str]:
    """What the place itself and the words between it and the trigger tell."""
    out: list[str] = []
    level = p.level if p.level in ("country", "common") else "fine"
    if p.sentence != sentence.index:
        return [f"back {group}", f"earlier {p.role} {level}", f"earlier home {p.home}"]
    after = p.first > trigger
    a, b = (trigger + 1, p.first) if after else (p.last, trigger)
    words = sentence.tokens[a:b]
    side = "after" if after else "before"
    out += [f"{group} {p.role}", f"{level} {p.role}", f"{group} {level}"]
    out.append(f"{side} {min(int(math.log2(max(b - a, 0) + 1)), 5)}")
    out.append(f"breaks {min(sum(t.norm in _BREAKS for t in words), 3)}")
    if p.role in ("none", "party"):
        out.append(f"{side} {p.role} {min(max(b - a, 0), 2)}")
    if any(x <= p.first and p.last <= y for x, y in parties):
        out.append(f"party {level} {p.role}")
    out.append(f"home {p.home}")
    if p.dateline:
        out.append("dateline")
    return out


def choose(
    places: list[PlaceMention],
    sentence: Sentence,
    trigger: int,
    *,
    movement: bool = False,
    kind: str | None = None,
    parties: Iterable[tuple[int, int]] = (),
) -> Place | None:
    """Return where the event with the trigger at token `trigger` of `sentence` took place, or None.

    `movement`: the act has a goal (a visit, a deployment). `kind`: the event's PLOVER type, which tells how often acts of its
    type are placed at all; None where unknown. `parties`: token spans of the event's actors, whose states are no places.
    """
    blocked, weight, beside = list(parties), _weights(), around(places, sentence)
    best: tuple[float, PlaceMention] | None = None
    for p in beside.pool:
        score = sum(weight.get(f, 0.0) for f in features(p, sentence, trigger, kind, movement, blocked, beside))
        if score > (best[0] if best is not None else _LEAST if kind else _LEAST_UNTYPED):
            best = score, p
    return to_place(best[1]) if best is not None else None
