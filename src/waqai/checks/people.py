"""The examples of agents.toml and loaded.toml, and the traps of actors/*.toml, judged without the name tagger."""

from __future__ import annotations

from collections.abc import Iterator

from waqai.checks.base import Miss, Read, Report, Stage, as_list, at_word, place_of
from waqai.types import Mention
from waqai.wording import Table
from waqai.words import Example, Loaded, Org, Person, State, Words

__all__ = ["check_people"]


def check_people(source: Words, stage: Stage) -> Report:
    """Run the examples of agent nouns and the traps of names.

    An agent's example holds when a phrase over `word` is read with the example's country and sector. A trap of a name holds
    when no phrase of its text is read as that state, body or person.
    """
    report = Report()
    for agent in source.agents:
        for k, example in enumerate(agent.example):
            report.run["agent"] += 1
            why = _agent(example, stage.read(example.text))
            if why:
                report.misses.append(Miss(at=place_of(stage.folder, agent.at, k), kind="agent", text=example.text, why=why))
    table = Table(source.loaded)
    for loaded in source.loaded:
        for k, example in enumerate(loaded.example):
            report.run["loaded wording"] += 1
            why = _loaded(table, loaded, example, stage.read(example.text))
            if why:
                report.misses.append(Miss(at=place_of(stage.folder, loaded.at, k), kind="loaded wording", text=example.text, why=why))
    for entry, ref in _named(source):
        for k, trap in enumerate(entry.trap):
            report.run["name trap"] += 1
            found = [m for here in stage.read(trap.text).mentions for m in here if _stands_for(m, ref)]
            if found:
                why = f"is read as {entry.name}: «{found[0].text}»"
                at = place_of(stage.folder, entry.at, k, "trap")
                report.misses.append(Miss(at=at, kind="name trap", text=trap.text, why=why))
    return report


def _agent(example: Example, read: Read) -> str:
    word = example.word or ""
    places = {(s.index, i) for s in read.sentences for i in at_word(example.text, s, word)}
    if not places:
        return f"does not hold the word «{word}»"
    over = [m for here in read.mentions for m in here if any((m.sentence, i) in places for i in range(m.first, m.last))]
    if not over:
        return f"has no phrase of a party at «{word}»"
    for m in over:
        country = example.country is None or m.country in as_list(example.country)
        if country and (example.sector is None or m.sector == example.sector):
            return ""
    got = ", ".join(f"«{m.text}» {m.country} {m.sector}" for m in over)
    return f"is read as {got}; not {'/'.join(as_list(example.country)) or '-'} {example.sector or '-'}"


def _loaded(table: Table, loaded: Loaded, example: Example, read: Read) -> str:
    word = example.word or ""
    places = {(s.index, i) for s in read.sentences for i in at_word(example.text, s, word)}
    if not places:
        return f"does not hold the word «{word}»"
    mentions = [m for here in read.mentions for m in here]
    for w in table.find(example.text, read.sentences, mentions):
        over = {(s.index, i) for s in read.sentences for i, t in enumerate(s.tokens) if t.start < w.end and w.start < t.end}
        if over & places and loaded.refers_to in (None, w.refers_to):
            return ""
    return f"has no loaded wording of {loaded.refers_to or 'a party'} at «{word}»"


def _named(source: Words) -> Iterator[tuple[State | Org | Person, str]]:
    yield from ((s, s.code) for s in source.states)
    yield from ((o, "org:" + o.name) for o in source.orgs)
    yield from ((p, "person:" + p.name) for p in source.people)


def _stands_for(m: Mention, ref: str) -> bool:
    return m.ref == ref or (":" not in ref and m.country == ref)
