"""Where: the places that a document names, and the place of one event.

A name counts as a place by its words («مدينة X»، «في X»), not by being in the gazetteer: half of the Arab villages are named
like people or things. A name shared by several places is the one in a country that the document is about, then the largest.
An event's place is the place phrase of its own clause: «في/ب/قرب/وسط + place» near the trigger, or «إلى + place» for a
movement; a place merely mentioned is not one, and no place is None.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from waqai import words as wordfiles
from waqai.text import Phrases, fold, proclitics, unfold_offset
from waqai.types import Document, Mention, Place, Sentence, Token
from waqai.who.lexicon import Lexicon

__all__ = ["Gazetteer", "PlaceMention", "choose", "find_places", "gazetteer", "to_place"]

FOLDER = Path(__file__).parent / "words" / "gazetteer"


class Spot(NamedTuple):
    """A gazetteer entry. Coordinates in degrees (WGS 84); `level`: country, capital, city, town, place, region."""

    country: str | None
    level: str
    population: int
    latitude: float | None
    longitude: float | None
    geonames_id: int | None
    name: str
    sure: bool


class PlaceMention(msgspec.Struct):
    """A place phrase: tokens first:last of a sentence. `role`: at (في، ب، قرب), to, from, by (no preposition), none."""

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


_LEVELS = {"country": 5, "capital": 4, "city": 3, "region": 3, "town": 2, "place": 1}


class Gazetteer:
    """The table of places and its phrase index. Make it with `gazetteer`."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.names: Phrases[Spot] = Phrases()
        words = {name: frozenset(fold(w) for w in values) for name, values in wordfiles.raw("phrases.toml")["place"].items()}
        self.at, self.to, self.away, self.kind = words["at"], words["to"], words["from"], words["kind"]
        self._countries(lexicon)
        self._regions()
        self._cities(lexicon)

    def _rows(self, name: str) -> Iterable[list[str]]:
        for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                yield line.split("\t")

    def _countries(self, lexicon: Lexicon) -> None:
        at = {r[1]: r for r in self._rows("countries.tsv")}
        for code, state in lexicon.states.items():
            row = at.get(code)
            spot = Spot(
                code,
                "country",
                10**9,
                float(row[2]) if row else None,
                float(row[3]) if row else None,
                int(row[0]) if row else None,
                state.name,
                True,
            )
            for n in dict.fromkeys([state.name, *state.also]):
                self.names.add(n, spot)

    def _regions(self) -> None:
        for country, level, lat, lon, _, names in self._rows("regions.tsv"):
            spots = names.split("|")
            for n in spots:
                self.names.add(n, Spot(country, level, 10**6, float(lat), float(lon), None, spots[0], True))

    def _cities(self, lexicon: Lexicon) -> None:
        listed = {
            (fold(n), s.code): cls
            for s in lexicon.states.values()
            for cls, values in (("capital", s.capital), ("city", s.city))
            for n in values
        }
        seen: set[tuple[str, str]] = set()
        for gid, country, level, people, lat, lon, _, names in self._rows("cities.tsv"):
            spots = names.split("|")
            own = any((fold(n), country) in listed for n in spots)
            for n in spots:
                key = fold(n)
                seen.add((key, country))
                sure = own or level == "capital" or (int(people) > 300_000 and len(key) > 3) or (" " in key and int(people) > 20_000)
                self.names.add(n, Spot(country, level, int(people), float(lat), float(lon), int(gid), spots[0], sure))
        for (key, country), cls in listed.items():
            if (key, country) not in seen:
                self.names.add(key, Spot(country, cls, 10**5, None, None, None, key, True))


@functools.lru_cache(maxsize=2)
def _gazetteer(key: int) -> Gazetteer:
    return Gazetteer(_LEXICONS[key])


_LEXICONS: dict[int, Lexicon] = {}


def gazetteer(lexicon: Lexicon) -> Gazetteer:
    """Return the gazetteer over this lexicon's states, loaded once."""
    _LEXICONS.setdefault(id(lexicon), lexicon)
    return _gazetteer(id(lexicon))


def find_places(
    document: Document, sentences: list[Sentence], lexicon: Lexicon, mentions: list[Mention] | None = None
) -> list[PlaceMention]:
    """Return the place phrases of the document in order of text.

    `mentions` (resolved actors) tell which countries the document is about; names of people in them are no places.
    """
    table = gazetteer(lexicon)
    about: Counter[str] = Counter(m.country for m in mentions or () if m.country)
    taken: dict[int, set[int]] = {}
    for m in mentions or ():
        if m.kind == "person" or m.form == "phrase":
            taken.setdefault(m.sentence, set()).update(range(m.first, m.last))
    out: list[PlaceMention] = []
    for s in sentences:
        _sentence(document.text, s, table, lexicon, about, taken.get(s.index, set()), out)
    return out


def _sentence(
    text: str, s: Sentence, table: Gazetteer, lexicon: Lexicon, about: Counter[str], taken: set[int], out: list[PlaceMention]
) -> None:
    hits: dict[tuple[int, int, str], list[Spot]] = {}
    for h in table.names.scan(s.tokens):
        if not h.clitic.endswith(("ال", "لل")):
            hits.setdefault((h.first, h.last, h.clitic), []).append(h.value)
    for (first, last, clitic), spots in hits.items():
        inside = all(i in taken for i in range(first, last))
        spot = _pick(spots, about)
        role, begin = _role(s.tokens, first, clitic, table)
        if not _is_place(spot, role, begin < first, inside, about, lexicon, s.tokens, first, last):
            continue
        if inside and role == "none":
            continue
        tok = s.tokens[begin]
        strip = len(clitic) if begin == first else _strip(tok.norm, table)
        start = tok.start + (strip if tok.end - tok.start == len(tok.norm) else unfold_offset(text[tok.start : tok.end], strip))
        end = s.tokens[last - 1].end
        dateline = s.index == 0 and first == 0 and last < len(s.tokens) and s.tokens[last].norm in ("-", "–", "—", "(", "/", ":", "،")
        out.append(
            PlaceMention(
                s.index, begin, last, start, end, text[start:end], role, spot.country, spot.name, spot.level, spot.latitude, spot.longitude,
                spot.geonames_id, dateline,
            )
        )  # fmt: skip


def _pick(spots: list[Spot], about: Counter[str]) -> Spot:
    return max(spots, key=lambda p: (p.level == "country", about.get(p.country or "", 0) > 0, about.get(p.country or "", 0), p.population))


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


def _is_place(
    spot: Spot, role: str, kinded: bool, inside: bool, about: Counter[str], lexicon: Lexicon, toks: list[Token], first: int, last: int
) -> bool:
    if inside and not kinded and role != "at":
        return False
    if spot.sure or kinded:
        return True
    if role not in ("at", "to", "from"):
        return False
    w = lexicon.word(toks[first].norm)
    if w.nouns or w.adjective is not None or w.closed:
        return False
    return not about or about.get(spot.country or "", 0) > 0 or spot.population > 100_000


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


def choose(
    places: list[PlaceMention],
    sentence: Sentence,
    trigger: int,
    *,
    movement: bool = False,
    physical: bool = False,
    parties: Iterable[tuple[int, int]] = (),
) -> Place | None:
    """Return where the event with the trigger at token `trigger` of `sentence` took place, or None.

    `movement`: the act has a goal (a visit, a deployment), so «إلى X» and «زيارة X» count. `physical`: the act is done
    somewhere (an attack, a protest, an arrest, a meeting), so the place may stand farther off in its sentence; a verbal act
    has one only where its own clause says so. `parties`: token spans of the event's actors, whose states are no places. A
    place of finer level wins over a country that holds it. A dateline is never an event's place.
    """
    best: tuple[float, PlaceMention] | None = None
    blocked = list(parties)
    for p in places:
        if p.sentence != sentence.index or p.dateline:
            continue
        if p.level == "country" and p.role != "at" and any(a <= p.first and p.last <= b for a, b in blocked) and not movement:
            continue
        score = _score(p, sentence, trigger, movement, physical)
        if score is not None and (best is None or score > best[0]):
            best = (score, p)
    return to_place(best[1]) if best is not None else None


_BREAKS = frozenset(("،", ",", "؛", ":", '"', "«", "»", "ان", "انه", "انها", "التي", "الذي"))


def _score(p: PlaceMention, sentence: Sentence, trigger: int, movement: bool, physical: bool) -> float | None:
    weight = {"at": 3.0, "to": 2.5 if movement else None, "from": 1.2 if movement else None}.get(p.role)
    if weight is None:
        return None
    after = p.first > trigger
    distance = p.first - trigger if after else trigger - p.last + 1
    a, b = (trigger, p.first) if after else (p.last, trigger)
    breaks = sum(t.norm in _BREAKS for t in sentence.tokens[a:b])
    fine = 0.3 * (5 - _LEVELS.get(p.level, 3)) / 5
    score = weight + fine - 0.09 * distance - 0.45 * breaks - (0.0 if after else 0.5)
    floor = -1.0 if physical else 2.3 - 0.6 * movement
    return score if score > floor else None
