"""Trigger words in a sentence: every reading of a token as an act, with the entry and the form that gave it.

The word files hold verbs by root and pattern, nouns and idioms. `build` expands them once into one table of folded forms
(kept by `words.cached`); `Triggers.at` looks a token up through its proclitics and enclitics and remembers the answer for
the word, so that a text costs one dictionary lookup a token.
"""

from __future__ import annotations

import functools

import msgspec

from waqai import verbs, words
from waqai.text import Known, Phrases, fold, proclitics, tokens
from waqai.types import Token
from waqai.words import Trigger, Words

__all__ = ["Reading", "Triggers", "default", "noun_forms"]

_PERSONS = frozenset(("3ms", "3fs", "3md", "3fd", "3mp", "1p"))
# Words of the closed classes and other frequent words that look like a conjunction or preposition with a verb.
_NEVER = frozenset(
    fold(w)
    for w in (
        "وزير", "وزيرة", "وزراء", "وسائل", "وسط", "ووفقا", "وفقا", "وفق", "وفي", "لندن", "فيلم", "وكالة", "وكالات", "ولاية", "ولايات", "والي",
        "ولي", "وطن", "وطني", "وحدة", "وحدات", "وفد", "وفود", "وقت", "وضع", "وثيقة", "وثائق", "لماذا", "لدى", "لدي", "ليس", "لكن", "لقد",
        "فقط", "فريق", "فرق", "فترة", "فيما", "فإن", "وإن", "وأن", "ولكن", "واحد", "واحدة", "والد", "والدة", "وجه", "وصف", "ورق", "ورقة",
        "بين", "بيان", "بيت", "بلد", "بلاد", "كانت", "كان", "كما", "كذلك", "سنة", "سيد", "سيدة", "سوريا", "سوق", "سيارة", "سياسة", "ستين",
    )
)
# Pronouns that hang on verbs (object) and nouns (possessor), folded, longest first.
ENCLITICS = ("هما", "كما", "كم", "هم", "هن", "ها", "نا", "ني", "ه", "ك", "ي")


class Form(msgspec.Struct, frozen=True, array_like=True):
    """One use of a folded form: entry number, part ("v" verb, "n" noun, "a" participle), slot of a verb."""

    entry: int
    part: str
    tense: str = ""
    person: str = ""
    passive: bool = False


class Table(msgspec.Struct, array_like=True):
    """The compiled triggers: forms of single words, idioms, and the entries without their examples."""

    forms: dict[str, list[Form]]
    phrases: list[tuple[str, int]]
    entries: list[Trigger]


class Reading(msgspec.Struct, frozen=True):
    """A token read as a form of an entry. `clitic` and `enclitic` are what was read off before and after it."""

    entry: int
    part: str
    tense: str
    person: str
    passive: bool
    clitic: str
    enclitic: str
    last: int = 0
    """Number of tokens the trigger spans beyond the first (idioms)."""


def noun_forms(noun: str) -> set[str]:
    """Return the folded inflected forms of a noun without ال and pronouns: tanween, dual, sound plural, construct."""
    n = fold(noun)
    out = {n}
    if n.endswith("ه"):
        base = n[:-1]
        out |= {base + "ات", base + "تان", base + "تين", base + "تا", base + "تي"}
    elif n.endswith("ي") and len(n) > 3:
        out |= {n + "ا", n + "ات", n + "ين", n + "ان"}
    else:
        out |= {n + "ا", n + "ات", n + "ان", n + "ين"}
        if n.endswith("اء"):
            # Hamza takes a seat before a pronoun («اعتداءاته», «اعتداؤه»); folding made every seat one letter.
            out |= {n + "ات"}
    return out


def build(source: Words) -> Table:
    """Expand the trigger entries into forms (see `Table`)."""
    forms: dict[str, list[Form]] = {}
    phrases: list[tuple[str, int]] = []
    entries: list[Trigger] = []
    for number, entry in enumerate(source.triggers):
        _expand(number, entry, forms, phrases)
        entry.example = []
        entries.append(entry)
    return Table(forms=forms, phrases=phrases, entries=entries)


def _expand(number: int, entry: Trigger, forms: dict[str, list[Form]], phrases: list[tuple[str, int]]) -> None:
    def put(form: str, value: Form) -> None:
        have = forms.setdefault(form, [])
        if value not in have:
            have.append(value)

    if entry.verb and entry.root and entry.pattern:
        for form, slots in verbs.table(entry.root, entry.pattern).items():
            # News knows third persons and «we»; the feminine plural only yields homographs («أدنى»).
            kept = [s for s in slots if s.tense != "imperative" and s.person in _PERSONS]
            for slot in kept[:4]:
                put(form, Form(number, "v", slot.tense, slot.person, slot.passive))
    for noun in entry.noun:
        if len(tokens(noun)) > 1:
            phrases.append((noun, number))
            continue
        for inflected in noun_forms(noun):
            put(inflected, Form(number, "n"))
    for word in entry.also:
        for inflected in noun_forms(word) | {fold(word) + s for s in ("ون", "ين", "ه", "ات")}:
            put(inflected, Form(number, "a"))
    for phrase in entry.phrase:
        phrases.append((phrase, number))


class Triggers:
    """The trigger table at run time."""

    def __init__(self, table: Table) -> None:
        self.entries = table.entries
        self._forms = table.forms
        self._phrases: Phrases[int] = Phrases()
        for phrase, number in table.phrases:
            self._phrases.add(phrase, number)
        self._known: Known[tuple[Reading, ...]] = Known(self._readings)

    def all(self, toks: list[Token], norms: list[str]) -> list[tuple[Reading, ...]]:
        """Return what `at` does for each token of a sentence; `norms` are the tokens' folded words."""
        keys = [norm + "ة" if t.ta else norm for t, norm in zip(toks, norms, strict=True)]
        out = list(map(self._known.__getitem__, keys))
        begins = self._phrases.beginning(norms)
        if any(begins):
            for i, here in enumerate(begins):
                if here:
                    out[i] = self.at(toks, i)
        return out

    def at(self, toks: list[Token], i: int) -> tuple[Reading, ...]:
        """Return the readings of the token `i` as a trigger; idioms first, then words. Empty for almost every token."""
        tok = toks[i]
        # Folding makes ة and ه one letter; a final ة is never a pronoun («رحلة»), so such words are known apart.
        known = self._known[tok.norm + "ة" if tok.ta else tok.norm]
        idioms = self._phrases.at(toks, i)
        if not idioms:
            return known
        return (
            tuple(Reading(h.value, "p", "", "", False, h.clitic, "", h.last - h.first - 1) for h in idioms) + known
        )

    def _readings(self, key: str) -> tuple[Reading, ...]:
        if key[-1:] != "ة":
            return tuple(self._read(key))
        return tuple(r for r in self._read(key[:-1]) if r.enclitic != "ه")

    def _read(self, norm: str) -> list[Reading]:
        out: list[Reading] = []
        seen: set[tuple[int, str, str, bool]] = set()
        for clitic, rest in proclitics(norm):
            if clitic and norm in _NEVER:
                break
            for form, enclitic in _bases(rest):
                for f in self._forms.get(form, ()):
                    if not _fits(f.part, f.tense, f.person, clitic, enclitic, form, rest):
                        continue
                    key = (f.entry, f.part, f.tense, f.passive)
                    if key not in seen:
                        seen.add(key)
                        out.append(Reading(f.entry, f.part, f.tense, f.person, f.passive, clitic, enclitic))
        return out


def _bases(word: str) -> list[tuple[str, str]]:
    """Return (form, enclitic) pairs that `word` may be: as it stands, then with each pronoun taken off."""
    out = [(word, "")]
    for enclitic in ENCLITICS:
        if not word.endswith(enclitic) or len(word) - len(enclitic) < 2:
            continue
        base = word[: -len(enclitic)]
        out.append((base, enclitic))
        if base.endswith("ت"):
            out.append((base[:-1] + "ه", enclitic))
        if base.endswith("و"):
            out.append((base + "ا", enclitic))
        if base.endswith("ا"):
            out.append((base[:-1] + "ي", enclitic))
    return out


def _fits(part: str, tense: str, person: str, clitic: str, enclitic: str, form: str, rest: str) -> bool:
    """Tell whether the clitics can stand on such a form."""
    if part == "v":
        if "ال" in clitic or "لل" in clitic or clitic[-1:] in ("ب", "ك"):
            return False
        if clitic.endswith("س") and tense != "present":
            return False
        if enclitic == "ي":
            return False
        return not (clitic.endswith("ل") and (tense == "past" or person == "1p"))
    if clitic.endswith("س"):
        return False
    if enclitic and ("ال" in clitic or "لل" in clitic):
        return False
    # A bare ه or ي at the end of a noun is far more often its own letter than a pronoun, unless ة became ت before it.
    return not (enclitic == "ي" and form == rest[:-1])


@functools.lru_cache(maxsize=1)
def default() -> Triggers:
    """Return the package's triggers, built once for a state of the word files."""
    return Triggers(words.cached("triggers", Table, lambda: build(Words.load())))
