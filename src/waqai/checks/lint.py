"""What is wrong with a word file before any sentence is read: characters that match nothing, doubles, codes that do not exist."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from waqai.checks.base import Miss, as_list, place_of
from waqai.text import fold
from waqai.words import Agent, Anonymous, Attribution, Context, Cue, Example, Light, Loaded, Saying, Trigger, Words

__all__ = ["WORLD", "check_lint"]

WORLD = frozenset(("IGO", "UNO", "EUR", "NGO", "MNC", "IMG", "ISM"))
"""Codes of parties that belong to no country."""

_WithExamples = Trigger | Agent | Saying | Attribution | Anonymous | Cue | Light | Context | Loaded
_BAD = {
    "a presentation form (type the letters themselves)": "\ufb50-\ufdff\ufe70-\ufefc",
    "a bidirectional control (take it out)": "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    "a zero-width character (take it out)": "\u200b-\u200d\u2060\ufeff",
    "a Persian or Urdu letter for an Arabic one": "\u06a9\u06cc\u06be\u06c1\u06d2",
}
_BAD_RE = {why: re.compile(f"[{chars}]") for why, chars in _BAD.items()}
# «هـ» and «الـ22» are written so on purpose: only a tatweel inside a word stretches it.
_BAD_RE["tatweel inside a word (take it out)"] = re.compile("\u0640(?=[\u0621-\u064a\u0640])")
_STATUS = frozenset(("actual", "future", "hypothetical", "negated"))
_CUES = frozenset(("future", "plan", "attempt", "condition", "possibility", "call", "negated", "denial", "hypothetical"))
_FRAMES = frozenset(("subject", "object", "none"))
_PREPOSITIONS = frozenset(map(fold, ("ب", "ل", "من", "على", "إلى", "عن", "مع", "في", "ضد", "بين", "بحق", "لدى", "نحو", "باتجاه", "تجاه")))
_RECORDS = frozenset(("agreement", "visit", "meeting", "relation", "deal", "statement", "none"))


def check_lint(source: Words, folder: Path) -> list[Miss]:
    """Return what is wrong, with file and line."""
    return [*_characters(folder), *_codes(source, folder), *_doubles(source), *_without_example(source)]


def _miss(at: str, text: str, why: str) -> Miss:
    return Miss(at=at, kind="lint", text=text, why=why)


def _characters(folder: Path) -> Iterator[Miss]:
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".toml", ".tsv")):
        name = path.relative_to(folder).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            for why, pattern in _BAD_RE.items():
                if pattern.search(line):
                    yield _miss(f"{name}:{number}", line.strip(), f"holds {why}")
            first = line.lstrip()[:1]
            if first and not first.isascii() and path.suffix == ".toml":
                yield _miss(f"{name}:{number}", line.strip(), "begins with Arabic: a line begins with its key or a quotation mark")


def _codes(source: Words, folder: Path) -> Iterator[Miss]:
    known = {s.code for s in source.states} | WORLD
    yield from _party_codes(source, known)
    yield from _frames(source)
    types = {*source.ontology.types, "none"}
    for at, e in _examples(source, folder):
        for code in [*as_list(e.actor), *as_list(e.recipient), *as_list(e.country)]:
            if code not in known:
                yield _miss(at, code, "is no country code")
        if e.type is not None and e.type not in types:
            yield _miss(at, e.type, "is no PLOVER type")
        if e.status is not None and e.status not in _STATUS:
            yield _miss(at, e.status, f"is no status: {', '.join(sorted(_STATUS))}")
        if e.sector is not None and e.sector not in source.ontology.sectors:
            yield _miss(at, e.sector, "is no PLOVER sector")


def _party_codes(source: Words, known: set[str]) -> Iterator[Miss]:
    offices = [(p.at, o) for p in source.people for o in p.office]
    held = [*((o.at, o.country) for o in source.orgs), *((p.at, p.country) for p in source.people)]
    held += [(a.at, a.country) for a in source.agents]
    named = [(x.at, x.refers_to) for x in source.loaded]
    for at, country in [*held, *((at, o.country) for at, o in offices), *named]:
        if country is not None and country not in known:
            yield _miss(at, country, "is no country code")
    for at, o in offices:
        if o.sector is not None and o.sector not in source.ontology.sectors:
            yield _miss(at, o.sector, "is no PLOVER sector")


def _frames(source: Words) -> Iterator[Miss]:
    for c in source.cues:
        if c.class_ not in _CUES or c.scope not in ("after", "clause"):
            yield _miss(c.at, f"{c.class_}, {c.scope}", "is no class and scope of a cue")
    for light in source.lights:
        if light.voice not in ("active", "passive", "none"):
            yield _miss(light.at, light.voice, "is no voice: active, passive or none")
    for a in source.attributions:
        if a.side not in ("after", "before", "none"):
            yield _miss(a.at, a.side, "is no side: after, before or none")
    for t in source.triggers:
        if t.record is not None and t.record not in _RECORDS:
            yield _miss(t.at, t.record, f"is no record: {', '.join(sorted(_RECORDS))}")
        if not 0 < t.prior <= 1:
            yield _miss(t.at, str(t.prior), "is no share: 0 to 1")
        for frame in [*as_list(t.actor), *as_list(t.recipient)]:
            if frame not in _FRAMES and fold(frame) not in _PREPOSITIONS:
                yield _miss(t.at, frame, "is neither subject, object, none nor a preposition")


def _examples(source: Words, folder: Path) -> Iterator[tuple[str, Example]]:
    for entry in _with_examples(source):
        for k, example in enumerate(entry.example):
            yield place_of(folder, entry.at, k), example


def _with_examples(source: Words) -> Iterator[_WithExamples]:
    for entries in (
        source.triggers, source.agents, source.sayings, source.attributions, source.anonymous, source.cues, source.lights,
        source.contexts, source.loaded,
    ):  # fmt: skip
        yield from entries


def _without_example(source: Words) -> Iterator[Miss]:
    for entry in _with_examples(source):
        if not entry.example:
            yield _miss(entry.at, "", "has no example: write a sentence in which it counts")


def _doubles(source: Words) -> Iterator[Miss]:
    """Two entries with one folded form in a class, and a form twice in one entry."""
    groups: dict[str, list[tuple[str, str]]] = {}

    def put(group: str, at: str, forms: Iterable[str]) -> None:
        groups.setdefault(group, []).extend((at, f) for f in forms)

    for a in source.agents:
        put("agent", a.at, {fold(f): f for f in [a.noun, *a.forms]}.values())
    for s in source.sayings:
        put("saying", s.at, [f"{s.root} {s.pattern}"])
    for x in source.attributions:
        put("attribution", x.at, as_list(x.phrase))
    for y in source.anonymous:
        put("unnamed source", y.at, as_list(y.phrase))
    for c in source.cues:
        put(f"status {c.class_}", c.at, c.words)
    for context in source.contexts:
        put(f"context {context.name}", context.at, context.words)
    for st in source.states:
        put("state", st.at, {fold(n): n for n in [st.name, *st.also]}.values())
    for o in source.orgs:
        put("org", o.at, [o.name])
    for p in source.people:
        put("person", p.at, [p.name])
    for t in source.triggers:
        condition = (t.type, tuple(t.with_), tuple(t.not_with), tuple(t.subject), tuple(t.modes), t.record)
        put(f"trigger {condition}", t.at, {fold(f): f for f in [*t.noun, *t.phrase, *t.also]}.values())
        if t.root is not None:
            put(f"trigger {condition}", t.at, [f"{t.root} {t.pattern}"])
    for group, found in groups.items():
        count = Counter(fold(f) for _, f in found)
        first: dict[str, str] = {}
        for at, form in found:
            key = fold(form)
            if count[key] > 1 and key in first:
                yield _miss(at, form, f"stands in {first[key]} too ({group.split(' (')[0]})")
            first.setdefault(key, at)
