"""The examples of triggers/*.toml, judged by the rules alone: trigger forms and the conditions of the entries.

Note [When an example holds]
----------------------------
The tokens looked at are those of `word`, or where it is left out those that any form of the entry reads.

An example of the entry's own type holds when at one of them the rules propose that type, and the conditions of the entry that
proposes it (`with`, `not_with`, `subject`) are met or it has none. The countries
of `actor` and `recipient` must be named in the text; for a `status` a cue of one, or a word of asking or threatening, must
stand in it. Which phrase is which party, and whether an act is told as done, is learned, so it is measured on annotated
articles and not here.

A trap (another `type`, or "none") holds when at none of them the entry itself is proposed with its conditions met, or when
the trap's type is proposed there and beats it. Traps that are left after that, and modes that no entry gives, are what the
scorer is for: the words alone do not tell. They are counted, and evals/floors.toml lets the count only fall.
"""

from __future__ import annotations

from collections.abc import Iterator

from waqai.checks.base import Miss, Read, Report, Stage, as_list, at_word, countries, place_of
from waqai.what import triggers
from waqai.what.candidates import ConditionTable
from waqai.what.triggers import Reading, Triggers
from waqai.words import FOLDER, Example, Trigger, Words

__all__ = ["check_triggers"]


class _Proposal:
    """An entry proposed at a token. `strength` orders entries as candidates do."""

    def __init__(self, number: int, entry: Trigger, reading: Reading, met: int) -> None:
        self.number, self.entry, self.reading = number, entry, reading
        self.strength = (entry.prior if met == 0 else min(0.97, entry.prior + 0.1)) + 0.02 * reading.last


class _Rules:
    def __init__(self, table: Triggers) -> None:
        self.table = table
        self.conditions = ConditionTable(table.entries)

    def forms(self, read: Read) -> Iterator[tuple[int, int, Reading]]:
        for s in read.sentences:
            for i, tok in enumerate(s.tokens):
                if tok.kind == "w" and len(tok.norm) > 1:
                    for reading in self.table.at(s.tokens, i):
                        yield s.index, i, reading

    def proposed(self, read: Read, places: set[tuple[int, int]]) -> list[_Proposal]:
        out = []
        for s, i, reading in self.forms(read):
            if (s, i) in places:
                met = self.conditions.check(reading.entry, read.sentences[s].tokens, i, i + 1 + reading.last)
                if met is not None and met >= 0:
                    out.append(_Proposal(reading.entry, self.table.entries[reading.entry], reading, met))
        return out


def check_triggers(source: Words, stage: Stage) -> Report:
    """Run the examples of every trigger (see Note [When an example holds])."""
    own = stage.folder == FOLDER
    rules = _Rules(triggers.default() if own else Triggers(triggers.build(Words.load(stage.folder))))
    report = Report()
    for number, entry in enumerate(source.triggers):
        for k, example in enumerate(entry.example):
            trap = example.type not in (None, entry.type)
            kind = "trigger trap" if trap else "trigger"
            report.run[kind] += 1
            read = stage.read(example.text, people=bool(example.actor or example.recipient or example.status))
            places, why = _places(number, example, read, rules)
            left = ""
            if not why and trap:
                left = _trap(number, entry, example, read, places, rules)
            elif not why:
                why = _example(entry, example, read, places, rules)
                left = "" if why else _modes(entry, example, read, places, rules)
            for found, told in ((report.misses, why), (report.left, left)):
                if told:
                    found.append(Miss(at=place_of(stage.folder, entry.at, k), kind=kind, text=example.text, why=told))
    return report


def _places(number: int, example: Example, read: Read, rules: _Rules) -> tuple[set[tuple[int, int]], str]:
    if example.word is not None:
        given = {(s.index, i) for s in read.sentences for i in at_word(example.text, s, example.word)}
        return given, "" if given else f"does not hold the word «{example.word}»"
    return {(s, i) for s, i, r in rules.forms(read) if r.entry == number}, ""


def _example(entry: Trigger, example: Example, read: Read, places: set[tuple[int, int]], rules: _Rules) -> str:
    if not places:
        return "holds no form of its entry: no rule could ever see it"
    found = [p for p in rules.proposed(read, places) if p.entry.type == entry.type]
    if not found:
        return f"is not proposed as {entry.type}: the conditions of the entry are not met"
    named = countries(m for here in read.mentions for m in here)
    for role in ("actor", "recipient"):
        missing = [c for c in as_list(getattr(example, role)) if c not in named]
        if missing:
            return f"names no party of {role} {missing[0]}; it names {', '.join(sorted(named)) or 'none'}"
    if example.status not in (None, "actual", entry.status) and not _marked(found, read, rules):
        return f"has no cue of status {example.status}"
    return ""


_ASKING = frozenset(("REQUEST", "THREATEN", "ACCUSE", "REJECT", "AGREE", "SUPPORT"))


def _marked(found: list[_Proposal], read: Read, rules: _Rules) -> bool:
    """Whether the text has a cue of status, the future prefix, or a word of asking, threatening, warning or promising."""
    if any(said.cues for said in read.said) or any(p.reading.clitic.endswith("س") for p in found):
        return True
    numbers = {p.number for p in found}
    if any(rules.table.entries[r.entry].type in _ASKING and r.entry not in numbers for _, _, r in rules.forms(read)):
        return True
    return any(t.norm.lstrip("وف")[:2] in ("سي", "ست", "سن") for s in read.sentences for t in s.tokens)


def _modes(entry: Trigger, example: Example, read: Read, places: set[tuple[int, int]], rules: _Rules) -> str:
    modes = set(as_list(example.mode))
    if any(modes <= set(p.entry.modes) for p in rules.proposed(read, places) if p.entry.type == entry.type):
        return ""
    return f"is mode {', '.join(sorted(modes))}, which no entry gives: only the scorer can tell"


def _trap(number: int, entry: Trigger, example: Example, read: Read, places: set[tuple[int, int]], rules: _Rules) -> str:
    found = rules.proposed(read, places)
    own = [p.strength for p in found if p.number == number]
    if not own:
        return ""
    other = [p.strength for p in found if p.entry.type == example.type]
    if other and max(other) >= max(own):
        return ""
    return f"is proposed as {entry.type}, not {example.type}: only the scorer can tell"
