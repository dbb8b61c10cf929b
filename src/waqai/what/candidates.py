"""Candidates: every token that could name an act, with the types it could be, before anything is decided.

A token is a candidate of a type when a trigger entry reads it so, or when the learned table of stems has seen its stem as
a trigger of that type. Entries whose own conditions fail (`not_with`, an absent `with` or `subject`) stay out, unless no
other reading is there: then the failed condition is kept as a sign against it.
"""

from __future__ import annotations

import msgspec

from waqai.text import fold, proclitics
from waqai.types import Sentence, Token
from waqai.what.stems import stem
from waqai.what.triggers import Reading, Triggers
from waqai.words import Trigger

__all__ = ["Candidate", "ConditionTable", "Conditions", "find_candidates"]

_CACHE_LIMIT = 200_000
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


# Note [Endings]
# A word of a condition counts in all its inflections and in no other word. What may follow it is therefore a closed list, not
# "any three letters": «آلام» must not find «الأمن», nor «أنه» «إنهاء». After the article no pronoun and no tanween can stand.
_DEFINITE = frozenset(("", "ه", "ات", "ان", "ين", "ون", "تان", "تين", "يه", "يين", "يون"))
_PRONOUNS = ("ه", "ها", "هما", "هم", "هن", "ك", "كم", "نا", "ي")
_ENDINGS = _DEFINITE | {
    "ا", "و", "ت", "تا", "وا", "ني", *(link + p for link in ("", "ت", "ا", "ات", "ي", "و") for p in _PRONOUNS),
}  # fmt: skip
_LONGEST = max(map(len, _ENDINGS))


def _stems(given: str, folded: str) -> tuple[str, ...]:
    """What a condition's word becomes before its endings: ة as ت and as ات, a final ا with ت («ميليشيات»), ه as هم and ها."""
    if len(folded) < 4:
        return ()
    if given.endswith("ة"):
        return folded[:-1] + "ت", folded[:-1] + "ات"
    if given.endswith("ه") and len(folded) > 4:
        return folded[:-1] + "ها", folded[:-1] + "هم", folded[:-1] + "هما"
    return (folded + "ت",) if folded.endswith("ا") else ()


def _stands(clitic: str, rest: str, cut: int) -> bool:
    """Tell whether a condition's word ``rest[:cut]`` can be what is left of a token once `clitic` is read off.

    Particles and words of two letters take no ending. ك and س before short words are nearly always letters of another
    word («كان» is no «أن»), and س stands only before the imperfect.
    """
    if cut < 3 and (cut < len(rest) or clitic[-1:] in ("ك", "س")):
        return False
    if clitic.endswith("س"):
        return rest[0] in "يتنا"
    return cut > 3 or not clitic.endswith("ك")


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
    """Which condition words each token matches: found once a word type, so that a condition is a test of sets.

    A condition's word matches with the proclitics that can stand on it and one inflectional ending (Note [Endings]).
    """

    def __init__(self, entries: list[Trigger]) -> None:
        self.conditions = [Conditions(e) for e in entries]
        self._bases: dict[str, list[str]] = {}
        for given in {w for e in entries for phrase in (*e.with_, *e.not_with, *e.subject) for w in phrase.split()}:
            w = fold(given)
            for base in (w, *_stems(given, w)):
                have = self._bases.setdefault(base, [])
                if w not in have:
                    have.append(w)
        self._known: dict[str, frozenset[str]] = {}

    def of(self, norm: str) -> frozenset[str]:
        """Return the condition words that the folded word matches."""
        got = self._known.get(norm)
        if got is None:
            if len(self._known) > _CACHE_LIMIT:
                self._known.clear()
            found: set[str] = set()
            for clitic, rest in proclitics(norm):
                endings = _ENDINGS if "ال" not in clitic and clitic[-2:] != "لل" else _DEFINITE
                for cut in range(max(1, len(rest) - _LONGEST), len(rest) + 1):
                    if rest[cut:] in endings and rest[:cut] in self._bases and _stands(clitic, rest, cut):
                        found.update(self._bases[rest[:cut]])
            got = self._known[norm] = frozenset(found)
        return got

    def check(self, number: int, toks: list[Token], at: int, last: int) -> int | None:
        """Return what `met` says of a trigger at tokens ``at:last`` of a sentence, for single questions."""
        return self.met(number, [self.of(t.norm) for t in toks], at, last, _clause_end(toks, last))

    def met(self, number: int, sets: list[frozenset[str]], at: int, last: int, stop: int) -> int | None:
        """Tell whether entry `number`'s conditions hold: 1 met, 0 none set, -1 not met, None where `not_with` forbids."""
        c = self.conditions[number]
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
    for j in range(start, stop):
        if not single.isdisjoint(sets[j]):
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
    sets: list[frozenset[str]] | None = None
    for i, tok in enumerate(toks):
        if tok.kind != "w" or len(tok.norm) < 2:
            continue
        here: dict[str, Candidate] = {}
        readings = triggers.at(toks, i)
        if readings and sets is None:
            sets = [conditions.of(t.norm) for t in toks]
        for reading in readings:
            last = i + 1 + reading.last
            met = conditions.met(reading.entry, sets or [], i, last, _clause_end(toks, last))
            if met is not None:
                _consider(here, reading, triggers.entries[reading.entry], met, i)
        for kind in stems.get(stem(tok.norm), ()):
            if kind not in here:
                here[kind] = Candidate(i, i + 1, kind)
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
