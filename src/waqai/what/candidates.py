"""Candidates: every token that could name an act, with the types it could be, before anything is decided.

A token is a candidate of a type when a trigger entry reads it so, or when the learned table of stems has seen its stem as
a trigger of that type. Entries whose own conditions fail (`not_with`, an absent `with` or `subject`) stay out, unless no
other reading is there: then the failed condition is kept as a sign against it.
"""

from __future__ import annotations

import msgspec

from waqai.text import fold, proclitics
from waqai.types import Sentence, Token
from waqai.what.triggers import Reading, Triggers
from waqai.words import Trigger

__all__ = ["Candidate", "Conditions", "find_candidates"]

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
    """Conditions of the entry: 1 there and met, 0 none, -1 there and not met."""
    entries: int = 0
    reduced: str | None = None
    """The type whose word this is, where PLOVER reduces it: a meeting or an agreement to come is AGREE."""


REDUCTIONS = {"CONSULT": "AGREE", "SUPPORT": "AGREE", "COOPERATE": "AGREE", "AID": "AGREE", "RETREAT": "CONCEDE"}


class Conditions:
    """The words of an entry's with, not_with and subject, as folded stems to look for among tokens."""

    def __init__(self, entry: Trigger) -> None:
        self.with_ = [fold(w).split() for w in entry.with_]
        self.not_with = [fold(w).split() for w in entry.not_with]
        self.subject = [fold(w).split() for w in entry.subject]

    def met(self, toks: list[Token], at: int, last: int) -> int | None:
        """Return 1 met, 0 none set, -1 not met, None where `not_with` forbids the reading."""
        if not (self.with_ or self.not_with or self.subject):
            return 0
        stop = _clause_end(toks, last)
        if any(_there(toks, at, stop, w) for w in self.not_with):
            return None
        if self.with_ and not any(_there(toks, at, stop, w) for w in self.with_):
            return -1
        if self.subject:
            start = max(0, at - BEFORE)
            if not any(_there(toks, start, stop, w) for w in self.subject):
                return -1
        return 1 if self.with_ or self.subject else 0


def _clause_end(toks: list[Token], last: int) -> int:
    stop = min(len(toks), last + REACH)
    for j in range(last, stop):
        if toks[j].norm in _BREAKS:
            return j
    return stop


def _there(toks: list[Token], start: int, stop: int, phrase: list[str]) -> bool:
    n = len(phrase)
    for j in range(start, stop - n + 1):
        if _same(toks[j].norm, phrase[0]) and all(_same(toks[j + k].norm, phrase[k]) for k in range(1, n)):
            return True
    return False


def _same(norm: str, word: str) -> bool:
    """A condition's word matches with any proclitic and a short ending (tanween, pronoun, plural)."""
    if word not in norm:
        if not (word.endswith("ه") and word[:-1] + "ت" in norm):
            return False
        word = word[:-1] + "ت"
    return any(rest.startswith(word) and len(rest) - len(word) <= (3 if len(word) > 2 else 0) for _, rest in proclitics(norm))


def find_candidates(
    sentence: Sentence, triggers: Triggers, conditions: list[Conditions], stems: dict[str, dict[str, float]]
) -> list[Candidate]:
    """Return the candidates of a sentence in token order, one for each (token, type)."""
    from waqai.what.stems import stem

    out: list[Candidate] = []
    toks = sentence.tokens
    for i, tok in enumerate(toks):
        if tok.kind != "w" or len(tok.norm) < 2:
            continue
        here: dict[str, Candidate] = {}
        for reading in triggers.at(toks, i):
            _consider(here, reading, triggers.entries[reading.entry], conditions[reading.entry], toks, i)
        for kind in stems.get(stem(tok.norm), ()):
            if kind not in here:
                here[kind] = Candidate(i, i + 1, kind)
        for kind, reduced in REDUCTIONS.items():
            if kind in here and reduced not in here:
                c = here[kind]
                here[reduced] = Candidate(i, c.last, reduced, 0.0, c.reading, c.entry, c.met, 0, kind)
        out.extend(here.values())
    return out


def _consider(
    here: dict[str, Candidate], reading: Reading, entry: Trigger, conditions: Conditions, toks: list[Token], i: int
) -> None:
    last = i + 1 + reading.last
    met = conditions.met(toks, i, last)
    if met is None:
        return
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
