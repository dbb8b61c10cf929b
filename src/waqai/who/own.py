"""A user's own actors: `waqai actors import FILE.csv` checks a table and makes a word file of it.

Columns (a header line; the order is free): name, aliases, country, sector, office, from, to, wikidata, kind. Aliases are
separated by "|". One row an office: rows of one name are one actor. A name with an office, or of kind person, is a person;
else an organisation.
"""

from __future__ import annotations

import copy
import csv
import io
import os
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import msgspec

from waqai.errors import WordsError
from waqai.text import fold
from waqai.who.home import NOT_STATES
from waqai.words import Office, Ontology, Org, Person, Words

__all__ = ["COLUMNS", "extended", "import_actors", "read_actors", "to_toml", "user_file", "with_user"]

COLUMNS = ("name", "aliases", "country", "sector", "office", "from", "to", "wikidata", "kind")
_KINDS = ("person", "organization", "group", "company")
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
    known = set(codes) | NOT_STATES
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
        raise WordsError(f"{at}: {country!r} is no country code; give ISO 3166 alpha-3 or one of {', '.join(sorted(NOT_STATES))}")
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


# --- the user's file --------------------------------------------------------------------------------------------------


class _File(msgspec.Struct, forbid_unknown_fields=True):
    org: list[Org] = []
    person: list[Person] = []


def user_file() -> Path:
    """Where a user's own actors are kept: waqai/actors.toml under $XDG_CONFIG_HOME, else under ~/.config."""
    base = os.environ.get("XDG_CONFIG_HOME") or ""
    return (Path(base) if os.path.isabs(base) else Path.home() / ".config") / "waqai" / "actors.toml"


def import_actors(table: Path, words: Words, target: Path | None = None) -> tuple[int, Path]:
    """Check the table file and add its actors to the user's words; of two actors of one name the new one counts.

    Returns how many actors were read and the file they were written to (`target`, by default `user_file`). Raises
    `WordsError` where the table or the user's file is wrong or cannot be read or written; the file stays as it was then.
    """
    target = target or user_file()
    people, orgs = read_actors(_text(table), words.ontology, [s.code for s in words.states], str(table))
    old_people, old_orgs = _read(target, words)
    new = {fold(p.name) for p in people} | {fold(o.name) for o in orgs}
    kept_people = [p for p in old_people if fold(p.name) not in new]
    kept_orgs = [o for o in old_orgs if fold(o.name) not in new]
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(to_toml([*kept_people, *people], [*kept_orgs, *orgs]), encoding="utf-8")
        part.replace(target)
    except OSError as error:
        raise WordsError(f"cannot write {target}: {error.strerror}") from error
    return len(people) + len(orgs), target


def with_user(words: Words, path: Path | None = None) -> Words:
    """Return `words` with the user's own actors, where there are any. Raises `WordsError` where their file is wrong."""
    people, orgs = _read(path or user_file(), words)
    return extended(words, people, orgs) if people or orgs else words


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise WordsError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise WordsError(f"{path} is not UTF-8; save it as UTF-8") from error


def _read(path: Path, words: Words) -> tuple[list[Person], list[Org]]:
    """The actors of a user's file, checked as an import is; none where there is no file."""
    if not path.exists():
        return [], []
    try:
        found = msgspec.convert(tomllib.loads(_text(path)), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise WordsError(f"{path}: {error}; mend it, or take it away and import again") from error
    known = {s.code for s in words.states} | NOT_STATES
    entries: list[Person | Org] = [*found.person, *found.org]
    for entry in entries:
        entry.at = str(path)
        for name in (entry.name, *entry.also):
            _name(name, str(path))
        if entry.country is not None and entry.country not in known:
            raise WordsError(f"{path}: {entry.country!r} of {entry.name} is no country code")
        offices = entry.office if isinstance(entry, Person) else []
        for sector in (entry.sector, *(o.sector for o in offices)):
            if sector is not None and sector not in words.ontology.sectors:
                raise WordsError(f"{path}: {sector!r} of {entry.name} is no sector")
    return found.person, found.org
