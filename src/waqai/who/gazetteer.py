"""The table of places, and the words that place something: what `waqai.where` looks up.

A gazetteer's own names that are a noun for places («المدينة») are left out: in news they are that noun.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from waqai import words as wordfiles
from waqai.text import Phrases, fold
from waqai.who.lexicon import Lexicon

__all__ = ["FOLDER", "Gazetteer", "Spot", "gazetteer"]

FOLDER = Path(__file__).parent.parent / "words" / "gazetteer"
_CLITICS = ("", "و", "ب", "ل", "ف", "وب", "ول")


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


class Gazetteer:
    """The table of places and its phrase index. Make it with `gazetteer`."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.names: Phrases[Spot] = Phrases()
        table = wordfiles.raw("phrases.toml")["place"]
        words = {name: frozenset(fold(w) for w in values) for name, values in table.items() if name != "weight"}
        self.at, self.to, self.away, self.kind = words["at"], words["to"], words["from"], words["kind"]
        self.building, self.homograph = words["building"], words["homograph"]
        self.common = dict(_common_forms(words["area"] | words["building"]))
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
                if key in self.common or key in self.kind:
                    continue
                seen.add((key, country))
                sure = own or level == "capital" or (int(people) > 300_000 and len(key) > 3) or (" " in key and int(people) > 20_000)
                self.names.add(n, Spot(country, level, int(people), float(lat), float(lon), int(gid), spots[0], sure))
        for (key, country), cls in listed.items():
            if (key, country) not in seen:
                self.names.add(key, Spot(country, cls, 10**5, None, None, None, key, True))


def _common_forms(nouns: frozenset[str]) -> Iterable[tuple[str, tuple[str, str, bool]]]:
    """Every written form of a common noun for a place: its (proclitics, noun, definite)."""
    for noun in nouns:
        for clitic in _CLITICS:
            yield clitic + noun, (clitic, noun, False)
            yield ("لل" if clitic == "ل" else "ولل" if clitic == "ول" else clitic + "ال") + noun, (clitic, noun, True)


@functools.lru_cache(maxsize=2)
def _gazetteer(key: int) -> Gazetteer:
    return Gazetteer(_LEXICONS[key])


_LEXICONS: dict[int, Lexicon] = {}


def gazetteer(lexicon: Lexicon) -> Gazetteer:
    """Return the gazetteer over this lexicon's states, loaded once."""
    _LEXICONS.setdefault(id(lexicon), lexicon)
    return _gazetteer(id(lexicon))
