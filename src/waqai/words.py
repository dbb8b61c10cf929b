"""Load and check ``words/**``: the only door between knowledge and code.

`Words.load()` reads every word file into typed entries, strictly: an unknown key, type, mode, sector or country stops the
run with file and line (`WordsError`). What other modules derive from them (verb forms, phrase tables) is built once for a
state of the files and kept (`cached`), keyed by their digest, so a start reads one binary file instead of a hundred.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from waqai.errors import WordsError

__all__ = [
    "Agent", "Anonymous", "Attribution", "Context", "Cue", "Example", "Light", "Loaded", "Office", "Ontology", "Org", "Person",
    "Saying", "State", "Trap", "Trigger", "Words", "cached", "default", "raw",
]  # fmt: skip

FOLDER = Path(__file__).parent / "words"

OneOrMany = str | list[str]


class _Entry(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    at: str = ""
    """File and line of the entry, "triggers/accuse.toml:12"."""


class Example(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A sentence and what must be found in it. `type` "none": no event here (a trap)."""

    text: str
    word: str | None = None
    type: str | None = None
    mode: OneOrMany | None = None
    actor: OneOrMany | None = None
    recipient: OneOrMany | None = None
    status: str | None = None
    record: str | None = None
    country: OneOrMany | None = None
    sector: str | None = None
    source: str | None = None


class Trigger(_Entry, kw_only=True):
    """A word or idiom that names an act (``triggers/*.toml``; keys are explained in words/README.md)."""

    type: str
    verb: str | None = None
    root: str | None = None
    pattern: str | None = None
    noun: list[str] = []
    also: list[str] = []
    phrase: list[str] = []
    mode: OneOrMany | None = None
    record: str | None = None
    actor: OneOrMany = "subject"
    recipient: OneOrMany = "object"
    reciprocal: bool = False
    with_: list[str] = msgspec.field(default_factory=list, name="with")
    not_with: list[str] = []
    subject: list[str] = []
    status: str | None = None
    prior: float = 0.8
    example: list[Example] = []

    @property
    def modes(self) -> list[str]:
        """The entry's modes, none for an entry without."""
        return [] if self.mode is None else [self.mode] if isinstance(self.mode, str) else self.mode


class Trap(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A sentence in which the name is a common word."""

    text: str
    word: str | None = None


class State(_Entry, kw_only=True):
    """A state or territory (``actors/*.toml``)."""

    code: str
    name: str
    en: str
    also: list[str] = []
    demonym: list[str] = []
    plural: list[str] = []
    capital: list[str] = []
    metonym: list[str] = []
    city: list[str] = []
    loaded: list[str] = []
    trap: list[Trap] = []


class Org(_Entry, kw_only=True):
    """A named organisation, body, group or company."""

    name: str
    also: list[str] = []
    en: str | None = None
    kind: str = "organization"
    country: str | None = None
    sector: str | None = None
    loaded: list[str] = []
    trap: list[Trap] = []
    wikidata: str | None = None


class Office(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An office held. Dates as precise as is sure; None where not sure."""

    title: str
    sector: str | None = None
    country: str | None = None
    from_: str | None = msgspec.field(default=None, name="from")
    to: str | None = None


class Person(_Entry, kw_only=True):
    """A named person with offices."""

    name: str
    also: list[str] = []
    en: str | None = None
    country: str | None = None
    sector: str | None = None
    office: list[Office] = []
    loaded: list[str] = []
    trap: list[Trap] = []
    wikidata: str | None = None


class Agent(_Entry, kw_only=True):
    """A common noun for people or a body (``agents.toml``)."""

    noun: str
    forms: list[str] = []
    sector: str | None = None
    kind: str = "person"
    en: str | None = None
    foreign: bool = False
    also_sector: list[str] = []
    country: str | None = None
    example: list[Example] = []


class Saying(_Entry, kw_only=True):
    """A verb of saying (``saying.toml``)."""

    verb: str
    root: str
    pattern: str
    kind: str = "say"
    frame: OneOrMany | None = None
    noun: list[str] = []
    example: list[Example] = []


class Attribution(_Entry, kw_only=True):
    """A phrase that names a source («بحسب»). `side`: where the source stands."""

    phrase: OneOrMany
    side: str = "after"
    kind: str | None = None
    example: list[Example] = []


class Anonymous(_Entry, kw_only=True):
    """A name for a source that is not named («مصادر مطلعة»)."""

    phrase: OneOrMany
    kind: str = "anonymous"
    example: list[Example] = []


class Cue(_Entry, kw_only=True):
    """Words that change the status of an event (``stance.toml``)."""

    class_: str = msgspec.field(name="class")
    words: list[str] = []
    scope: str = "after"
    verb: str | None = None
    root: str | None = None
    pattern: str | None = None
    example: list[Example] = []


class Light(_Entry, kw_only=True):
    """A verb whose object noun is the act (``light.toml``)."""

    verb: str
    root: str
    pattern: str
    prep: OneOrMany | None = None
    voice: str = "active"
    nouns: list[str] = []
    example: list[Example] = []


class Context(_Entry, kw_only=True):
    """Words of a PLOVER context (``contexts.toml``)."""

    name: str
    words: list[str] = []
    example: list[Example] = []


class Loaded(_Entry, kw_only=True):
    """A loaded wording that is no name (``loaded.toml``)."""

    words: list[str] = []
    refers_to: str | None = None
    kind: str = "loaded"
    example: list[Example] = []


class EventType(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A PLOVER type: quad 1-4, intensity -10..+10, modes with theirs."""

    name: str
    quad: int
    score: float
    en: str
    ar: str
    modes: dict[str, float] = {}


class Ontology(msgspec.Struct, kw_only=True):
    """PLOVER's closed lists."""

    types: dict[str, EventType] = {}
    contexts: list[str] = []
    sectors: list[str] = []


class Words(msgspec.Struct, kw_only=True):
    """Everything the program knows, as typed entries. `digest` identifies the state of the files (sha256, hex)."""

    digest: str = ""
    ontology: Ontology = msgspec.field(default_factory=Ontology)
    triggers: list[Trigger] = []
    states: list[State] = []
    orgs: list[Org] = []
    people: list[Person] = []
    agents: list[Agent] = []
    sayings: list[Saying] = []
    attributions: list[Attribution] = []
    anonymous: list[Anonymous] = []
    cues: list[Cue] = []
    lights: list[Light] = []
    contexts: list[Context] = []
    loaded: list[Loaded] = []

    @classmethod
    def load(cls, folder: Path | None = None) -> Words:
        """Read and check every word file under `folder` (the package's own by default). Raises `WordsError`."""
        folder = folder or FOLDER
        words = cls(digest=digest(folder))
        words.ontology = _ontology(folder)
        for pattern, tables in _TABLES.items():
            for path in sorted(folder.glob(pattern)):
                for name, entry in _entries(path, folder, tables):
                    getattr(words, _LISTS[name]).append(entry)
        _check_codes(words)
        return words


_LISTS = {
    "trigger": "triggers", "state": "states", "org": "orgs", "person": "people", "agent": "agents", "saying": "sayings",
    "attribution": "attributions", "anonymous": "anonymous", "cue": "cues", "light": "lights", "context": "contexts",
    "loaded": "loaded",
}  # fmt: skip
_ACTORS: dict[str, type[_Entry]] = {"state": State, "org": Org, "person": Person}
_TABLES: dict[str, dict[str, type[_Entry]]] = {
    "triggers/*.toml": {"trigger": Trigger},
    "actors/*.toml": _ACTORS,
    "agents.toml": {"agent": Agent},
    "saying.toml": {"saying": Saying, "attribution": Attribution, "anonymous": Anonymous},
    "stance.toml": {"cue": Cue},
    "light.toml": {"light": Light},
    "contexts.toml": {"context": Context},
    "loaded.toml": {"loaded": Loaded},
}


def digest(folder: Path = FOLDER) -> str:
    """Return the sha256 of all word files (names and bytes)."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".toml", ".tsv"):
            total.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def raw(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """Return one word file as plain TOML, for the modules whose files have a form of their own."""
    if folder != FOLDER:
        return _toml(folder / name, folder)
    return cached(f"raw-{name.replace('/', '-')}", dict[str, Any], lambda: _toml(folder / name, folder))


def _toml(path: Path, folder: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise WordsError(f"word file {path.name} is missing under {folder}: reinstall waqai") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WordsError(f"{path.relative_to(folder)}: {error}") from error


_HEADER = re.compile(r"^\s*\[\[\s*([a-z]+)\s*\]\]", re.MULTILINE)


def _entries(path: Path, folder: Path, tables: dict[str, type[_Entry]]) -> Iterator[tuple[str, _Entry]]:
    where = path.relative_to(folder).as_posix()
    data = _toml(path, folder)
    unknown = set(data) - set(tables)
    if unknown:
        raise WordsError(f"{where}: unknown table {sorted(unknown)[0]!r}; this file holds {', '.join(tables)}")
    text = path.read_text(encoding="utf-8")
    lines: dict[str, list[int]] = {}
    for m in _HEADER.finditer(text):
        lines.setdefault(m.group(1), []).append(text.count("\n", 0, m.start(1)) + 1)
    for name, kind in tables.items():
        for number, block in enumerate(data.get(name, [])):
            at = f"{where}:{lines.get(name, [0])[min(number, len(lines.get(name, [0])) - 1)]}"
            try:
                entry = msgspec.convert(block, kind)
            except msgspec.ValidationError as error:
                raise WordsError(f"{at}: [[{name}]] {error}") from error
            entry.at = at
            yield name, entry


def _ontology(folder: Path) -> Ontology:
    data = _toml(folder / "ontology.toml", folder)
    types = msgspec.convert(data["type"], list[EventType])
    return Ontology(
        types={t.name: t for t in types}, contexts=data["contexts"]["names"], sectors=data["sectors"]["names"]
    )


def _check_codes(words: Words) -> None:
    types, sectors = words.ontology.types, set(words.ontology.sectors)
    for t in words.triggers:
        if t.type not in types:
            raise WordsError(f"{t.at}: {t.type!r} is no PLOVER type")
        for mode in t.modes:
            if mode not in types[t.type].modes:
                raise WordsError(f"{t.at}: {mode!r} is no mode of {t.type}; it has {', '.join(types[t.type].modes) or 'none'}")
        if t.verb is None and not t.noun and not t.phrase and not t.also:
            raise WordsError(f"{t.at}: a trigger needs verb, noun or phrase")
        if t.verb is not None and (t.root is None or t.pattern is None):
            raise WordsError(f"{t.at}: verb {t.verb!r} needs root and pattern")
    for at, sector in [(e.at, e.sector) for kind in (words.orgs, words.people, words.agents) for e in kind]:
        if sector is not None and sector not in sectors:
            raise WordsError(f"{at}: {sector!r} is no PLOVER sector")
    for c in words.contexts:
        if c.name not in words.ontology.contexts:
            raise WordsError(f"{c.at}: {c.name!r} is no PLOVER context")


@functools.lru_cache(maxsize=1)
def default() -> Words:
    """Return the package's own words, loaded once a process and without their examples (those are for `waqai check`)."""
    return cached("words", Words, _without_examples)


def _without_examples() -> Words:
    words = Words.load()
    for name in _LISTS.values():
        for entry in getattr(words, name):
            if hasattr(entry, "example"):
                entry.example = []
    return words


# --- what is built once for a state of the files ----------------------------------------------------------------------

T = TypeVar("T")


@functools.lru_cache(maxsize=1)
def _key() -> str:
    from waqai.text import fold

    return hashlib.sha256((digest() + fold.__module__ + _code_digest()).encode()).hexdigest()[:20]


def _code_digest() -> str:
    """The code that builds the artefacts: a change to it makes them stale as well."""
    here = Path(__file__).parent
    files = [here / "words.py", here / "text.py", here / "verbs.py", *sorted(here.glob("w*/*.py")), *sorted(here.glob("says*.py"))]
    return hashlib.sha256(b"\0".join(f.read_bytes() for f in files if f.exists())).hexdigest()


def _folders() -> Iterator[Path]:
    """Where artefacts may lie: the wheel's own, then the user's cache, then the temporary folder."""
    yield Path(__file__).parent / "compiled"
    base = os.environ.get("XDG_CACHE_HOME")
    yield (Path(base) if base else Path.home() / ".cache") / "waqai"
    yield Path(tempfile.gettempdir()) / f"waqai-{os.getuid() if hasattr(os, 'getuid') else 'user'}"


def cached(name: str, kind: type[T], build: Callable[[], T]) -> T:
    """Return the artefact `name` for the present word files, building and keeping it (msgpack) when there is none."""
    file = f"{_key()}-{name}.msgpack"
    for folder in _folders():
        try:
            return msgspec.msgpack.decode((folder / file).read_bytes(), type=kind)
        except (OSError, msgspec.MsgspecError):
            continue
    value = build()
    _keep(file, msgspec.msgpack.encode(value))
    return value


_KEPT = 8
"""How many states of the word files and the code keep an artefact in the user's folder: more only fill the disk."""


def _keep(file: str, data: bytes) -> None:
    for folder in list(_folders())[1:]:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=folder)
            with os.fdopen(handle, "wb") as f:
                f.write(data)
            os.replace(temporary, folder / file)
            _forget(folder, file.partition("-")[2])
            return
        except OSError:
            continue


def _forget(folder: Path, name: str) -> None:
    """Remove the artefact `name` of all states but the latest; what another process has removed already is gone."""
    found = [p for p in folder.glob(f"*-{name}") if p.name.partition("-")[2] == name]
    for path in sorted(found, key=lambda p: p.stat().st_mtime)[:-_KEPT]:
        path.unlink(missing_ok=True)
