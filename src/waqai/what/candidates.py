"""Candidates: every token that could name an act, with the types it could be, before anything is decided.

A token is a candidate of a type when a trigger entry reads it so, or when the learned table of stems has seen its stem as
a trigger of that type. Entries whose own conditions fail (`not_with`, an absent `with` or `subject`) stay out, unless no
other reading is there: then the failed condition is kept as a sign against it.
"""

from __future__ import annotations

import msgspec

from waqai.text import fold
from waqai.types import Sentence, Token
from waqai.what import fixed
from waqai.what.fixed import blocks
from waqai.what.inflections import Inflections
from waqai.what.stems import stem
from waqai.what.triggers import Reading, Triggers
from waqai.words import Trigger

__all__ = ["Candidate", "ConditionTable", "Conditions", "find_candidates"]

REACH = 9
"""How many tokens after the trigger a condition may look, the clause permitting."""
BEFORE = 5
_BREAKS = frozenset({".", "؟", "!", "؛", ";"})


class Candidate(msgspec.Struct):
    """One (token, type) pair. `prior` is the best entry's, 0 where only the stem table speaks."""

    token: int
    last: int
    type: str
    prior: float = 0.0
    reading: Reading | None = None
    entry: Trigger | None = None
    met: int = 0
    """Conditions of the entry: 1 there and met, 0 none, -1 there and not met, -2 an entry is forbidden here and only the stem speaks."""
    entries: int = 0
    reduced: str | None = None
    """The type whose word this is, where PLOVER reduces it: a meeting or an agreement to come is AGREE."""


REDUCTIONS = {"CONSULT": "AGREE", "SUPPORT": "AGREE", "COOPERATE": "AGREE", "AID": "AGREE", "RETREAT": "CONCEDE"}


class Conditions:
    """The words of an entry's with, not_with and subject: single folded words as sets, longer ones as lists of words."""

    def __init__(self, entry: Trigger) -> None:
        self.with_ = _Group(entry.with_)
        self.not_with = _Group(entry.not_with)
        self.subject = _Group(entry.subject)
        self.free = not (entry.with_ or entry.not_with or entry.subject)


class _Group:
    def __init__(self, given: list[str]) -> None:
        cut = [fold(w).split() for w in given]
        self.single = frozenset(w[0] for w in cut if len(w) == 1)
        self.longer = [w for w in cut if len(w) > 1]
        self.some = bool(cut)


class ConditionTable:
    """Which condition words each token matches (see `waqai.what.inflections`), and whether an entry's conditions hold."""

    def __init__(self, entries: list[Trigger]) -> None:
        self._entries = entries
        self._conditions: dict[int, Conditions] = {}
        words = (w for e in entries for phrase in (*e.with_, *e.not_with, *e.subject) for w in phrase.split())
        self.of = Inflections(words).of
        self.kinds = [e.type for e in entries]
        self.fixed = fixed.default()

    def _of(self, number: int) -> Conditions:
        c = self._conditions.get(number)
        if c is None:
            c = self._conditions[number] = Conditions(self._entries[number])
        return c

    def free(self, number: int) -> bool:
        """Tell whether entry `number` has no conditions, so that `met` is 0 for it."""
        c = self._conditions.get(number)
        return (c or self._of(number)).free

    def check(self, number: int, toks: list[Token], at: int, last: int) -> int | None:
        """Return what `met` says of a trigger at tokens ``at:last`` of a sentence, for single questions."""
        if blocks(self.fixed.scan(toks), at, self.kinds[number]):
            return None
        return self.met(number, [self.of(t.norm) for t in toks], at, last, _clause_end(toks, last))

    def met(self, number: int, sets: list[frozenset[str]], at: int, last: int, stop: int) -> int | None:
        """Tell whether entry `number`'s conditions hold: 1 met, 0 none set, -1 not met, None where `not_with` forbids."""
        c = self._of(number)
        if c.free:
            return 0
        if c.not_with.some and _there(sets, at, stop, c.not_with):
            return None
        if c.with_.some and not _there(sets, at, stop, c.with_):
            return -1
        if c.subject.some and not _there(sets, max(0, at - BEFORE), stop, c.subject):
            return -1
        return 1 if c.with_.some or c.subject.some else 0


def _clause_end(toks: list[Token], last: int) -> int:
    stop = min(len(toks), last + REACH)
    for j in range(last, stop):
        if toks[j].norm in _BREAKS:
            return j
    return stop


def _there(sets: list[frozenset[str]], start: int, stop: int, group: _Group) -> bool:
    single = group.single
    for here in sets[start:stop]:
        if here and not single.isdisjoint(here):
            return True
    for phrase in group.longer:
        n = len(phrase)
        for j in range(start, stop - n + 1):
            if phrase[0] in sets[j] and all(phrase[k] in sets[j + k] for k in range(1, n)):
                return True
    return False


def find_candidates(
    sentence: Sentence, triggers: Triggers, conditions: ConditionTable, stems: dict[str, dict[str, float]]
) -> list[Candidate]:
    """Return the candidates of a sentence in token order, one for each (token, type)."""
    out: list[Candidate] = []
    toks = sentence.tokens
    norms = [t.norm for t in toks]
    sets: list[frozenset[str]] = []
    names_none = conditions.fixed.scan(toks, norms)
    entries = triggers.entries
    for i, (tok, readings) in enumerate(zip(toks, triggers.all(toks, norms), strict=True)):
        if tok.kind != "w" or len(tok.norm) < 2:
            continue
        kinds = stems.get(stem(tok.norm), ())
        blocked = names_none.get(i)
        # No type where an expression blocks all (see `fixed.blocks`), and none where no table knows the word: almost every token.
        if not (readings or kinds) or (blocked is not None and not blocked):
            continue
        here: dict[str, Candidate] = {}
        barred: set[str] = set()
        ends: dict[int, int] = {}
        for reading in readings:
            entry = entries[reading.entry]
            if blocked is not None and entry.type in blocked:
                continue
            last = i + 1 + reading.last
            met: int | None = 0
            if not conditions.free(reading.entry):
                sets = sets or [conditions.of(w) for w in norms]
                if last not in ends:
                    ends[last] = _clause_end(toks, last)
                met = conditions.met(reading.entry, sets, i, last, ends[last])
            if met is not None:
                _consider(here, reading, entry, met, i)
            else:
                barred.add(entry.type)
        for kind in kinds:
            if kind not in here and (blocked is None or kind not in blocked):
                here[kind] = Candidate(i, i + 1, kind, met=-2 if kind in barred else 0)
        if not here:
            continue
        for kind, reduced in REDUCTIONS.items():
            if kind in here and reduced not in here:
                c = here[kind]
                here[reduced] = Candidate(i, c.last, reduced, 0.0, c.reading, c.entry, c.met, 0, kind)
        out.extend(here.values())
    return out


def _consider(here: dict[str, Candidate], reading: Reading, entry: Trigger, met: int, i: int) -> None:
    last = i + 1 + reading.last
    # A met condition makes an entry more specific than a bare one; an unmet one nearly rules it out.
    prior = entry.prior if met == 0 else min(0.97, entry.prior + 0.1) if met > 0 else entry.prior * 0.25
    prior += 0.02 * reading.last
    old = here.get(entry.type)
    if old is None:
        here[entry.type] = Candidate(i, last, entry.type, prior, reading, entry, met, 1)
        return
    old.entries += 1
    if prior > old.prior:
        old.prior, old.reading, old.entry, old.met, old.last = prior, reading, entry, met, last
