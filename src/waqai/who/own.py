"""A user's own actors: `waqai actors import FILE.csv` checks a table and makes a word file of it.

Columns (a header line; the order is free): name, aliases, country, sector, office, from, to, wikidata, kind. Aliases are
separated by "|". One row an office: rows of one name are one actor. A name with an office, or of kind person, is a person;
else an organisation.
"""

from __future__ import annotations

import copy
import csv
import io
import re
import unicodedata
from collections.abc import Iterable

from waqai.errors import WordsError
from waqai.text import fold
from waqai.words import Office, Ontology, Org, Person, Words

__all__ = ["COLUMNS", "extended", "read_actors", "to_toml"]

COLUMNS = ("name", "aliases", "country", "sector", "office", "from", "to", "wikidata", "kind")
_KINDS = ("person", "organization", "group", "company")
_NOT_STATES = frozenset(("IGO", "UNO", "EUR", "NGO", "MNC", "IMG", "ISM"))
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_WIKIDATA = re.compile(r"(?:https?://www\.wikidata\.org/(?:entity|wiki)/)?(Q\d+)")
_FORBIDDEN = re.compile("[\u0640\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb50-\ufdff\ufe70-\ufeff]")


def read_actors(text: str, ontology: Ontology, codes: Iterable[str], where: str = "FILE.csv") -> tuple[list[Person], list[Org]]:
    """Read the table `text` (CSV or tab-separated).

    `ontology` gives the sectors, `codes` the country codes that are known. Raises `WordsError` naming `where`, the line and
    what to do, at the first wrong row; nothing is taken in then.
    """
    text = text.lstrip("\ufeff")
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter="\t" if "\t" in first else ";" if ";" in first and "," not in first else ",")
    names = [(n or "").strip() for n in reader.fieldnames or []]
    if "name" not in names:
        raise WordsError(f"{where}:1: no column 'name'; the columns are {', '.join(COLUMNS)}")
    unknown = [n for n in names if n not in COLUMNS]
    if unknown:
        raise WordsError(f"{where}:1: unknown column {unknown[0]!r}; the columns are {', '.join(COLUMNS)}")
    known = set(codes) | _NOT_STATES
    people: dict[str, Person] = {}
    orgs: dict[str, Org] = {}
    for row in reader:
        at = f"{where}:{reader.line_num}"
        cells = {(k or "").strip(): (v or "").strip() for k, v in row.items() if isinstance(v, str)}
        if any(cells.values()):
            _row(cells, at, ontology, known, people, orgs)
    return list(people.values()), list(orgs.values())


def _row(cells: dict[str, str], at: str, ontology: Ontology, known: set[str], people: dict[str, Person], orgs: dict[str, Org]) -> None:
    name = _name(cells.get("name", ""), at)
    aliases = [_name(a, at) for a in cells.get("aliases", "").split("|") if a.strip()]
    country, sector = cells.get("country") or None, cells.get("sector") or None
    if country is not None and country not in known:
        raise WordsError(f"{at}: {country!r} is no country code; give ISO 3166 alpha-3 or one of {', '.join(sorted(_NOT_STATES))}")
    if sector is not None and sector not in ontology.sectors:
        raise WordsError(f"{at}: {sector!r} is no sector; the sectors are {', '.join(ontology.sectors)}")
    kind = cells.get("kind") or ("person" if cells.get("office") else "organization")
    if kind not in _KINDS:
        raise WordsError(f"{at}: {kind!r} is no kind; the kinds are {', '.join(_KINDS)}")
    wikidata = _id(cells.get("wikidata", ""), at)
    begin, end = _date(cells.get("from", ""), at), _date(cells.get("to", ""), at)
    if begin and end and end < begin[: len(end)]:
        raise WordsError(f"{at}: the office ends ({end}) before it begins ({begin})")
    if kind == "person":
        p = people.setdefault(fold(name), Person(at=at, name=name, country=country, sector=sector, wikidata=wikidata))
        p.also = list(dict.fromkeys([*p.also, *aliases]))
        if cells.get("office"):
            p.office = [*p.office, Office(title=cells["office"], sector=sector, from_=begin, to=end)]
        return
    if fold(name) in orgs:
        raise WordsError(f"{at}: {name} stands at {orgs[fold(name)].at} already; put its other names in 'aliases'")
    orgs[fold(name)] = Org(at=at, name=name, also=aliases, kind=kind, country=country, sector=sector, wikidata=wikidata)


def _name(value: str, at: str) -> str:
    value = unicodedata.normalize("NFC", value.strip())
    bad = _FORBIDDEN.search(value)
    if bad:
        raise WordsError(
            f"{at}: {value!r} holds U+{ord(bad.group()):04X} (a presentation form, tatweel or bidi control); type the name in plain letters"
        )
    if not fold(value).strip():
        raise WordsError(f"{at}: a name is empty")
    return value


def _date(value: str, at: str) -> str | None:
    value = re.sub(r"T.*", "", value)
    if value and not _DATE.fullmatch(value):
        raise WordsError(f"{at}: {value!r} is no date; write 2021, 2021-08 or 2021-08-24, or leave it empty")
    return value or None


def _id(value: str, at: str) -> str | None:
    m = _WIKIDATA.fullmatch(value)
    if value and m is None:
        raise WordsError(f"{at}: {value!r} is no Wikidata identifier; write it like Q1028")
    return m.group(1) if m else None


def extended(words: Words, people: list[Person], orgs: list[Org]) -> Words:
    """Return the words with a user's own actors before the package's: of two entries of one name the user's counts."""
    out = copy.copy(words)
    out.people = [*people, *words.people]
    out.orgs = [*orgs, *words.orgs]
    return out


def _string(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def to_toml(people: list[Person], orgs: list[Org]) -> str:
    """Return the actors as a word file in the form of words/README.md."""
    out: list[str] = []
    for o in orgs:
        out += ["[[org]]", f"name = {_string(o.name)}", *_list("also", o.also), f"kind = {_string(o.kind)}", *_keys(o), ""]
    for p in people:
        out += ["[[person]]", f"name = {_string(p.name)}", *_list("also", p.also), *_keys(p), ""]
        for office in p.office:
            out += ["[[person.office]]", f"title = {_string(office.title)}"]
            out += [f"{k} = {_string(v)}" for k, v in (("sector", office.sector), ("from", office.from_), ("to", office.to)) if v]
            out.append("")
    return "\n".join(out)


def _list(key: str, values: list[str]) -> list[str]:
    return [f"{key} = [", *(f"  {_string(v)}," for v in values), "]"] if values else []


def _keys(entry: Person | Org) -> list[str]:
    pairs = (("country", entry.country), ("sector", entry.sector), ("wikidata", entry.wikidata))
    return [f"{k} = {_string(v)}" for k, v in pairs if v]
