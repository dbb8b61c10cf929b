"""What the actor grammar works on: a phrase under construction, and the look-ups in one sentence."""

from __future__ import annotations

from typing import NamedTuple

from waqai.text import Hit
from waqai.types import EntityKind, Token
from waqai.who.lexicon import Item, Lexicon, Reading, Word

__all__ = ["NameSpan", "Phrase", "Reader"]


class NameSpan(NamedTuple):
    """A name the tagger saw: tokens first:last, label PER, LOC or ORG; `strip` letters of the first word are proclitics."""

    first: int
    last: int
    label: str
    strip: int


class Phrase:
    """A phrase under construction, then found. `first`/`last` token indices, `strip` letters to leave out at the start."""

    __slots__ = (
        "absolute", "agent", "closed", "cls", "complement", "definite", "direct", "fallback", "first", "foreign", "form",
        "gender", "head", "kind", "last", "loaded", "name", "near", "number", "office_end", "office_start", "past", "ref",
        "sector", "strip", "suffix", "tagged", "transparent", "via_org", "why",
    )  # fmt: skip

    def __init__(self, first: int, last: int, strip: int, form: str, kind: EntityKind) -> None:
        self.first, self.last, self.strip, self.form, self.kind = first, last, strip, form, kind
        self.cls = form
        self.head: str | None = None
        self.sector: str | None = None
        self.direct: list[str] = []
        self.near: list[str] = []
        self.number: str | None = None
        self.gender: str | None = None
        self.definite = True
        self.absolute = False
        self.closed = False
        self.name: str | None = None
        self.ref: str | None = None
        self.agent: Reading | None = None
        self.complement: str | None = None
        self.fallback: str | None = None
        self.past = False
        self.suffix = ""
        self.loaded = False
        self.foreign = False
        self.tagged = False
        self.transparent = False
        self.via_org = False
        self.office_start, self.office_end = first, last
        self.why: str | None = None


class Reader:
    """The look-ups of one sentence: its words, the lexicon's names in it, the tagger's."""

    def __init__(self, toks: list[Token], lexicon: Lexicon, names: list[NameSpan]) -> None:
        self.toks = toks
        self.lexicon = lexicon
        known = lexicon.known
        self.words: list[Word] = [known.get(t.norm) or lexicon.word(t.norm) for t in toks]
        self.tagged = {s.first: s for s in names}
        self._hits: dict[int, list[Hit[Item]]] = {}
        self._depth = 0

    # --- look-ups -----------------------------------------------------------------------------------------------

    def hits(self, i: int) -> list[Hit[Item]]:
        """Names that start at token `i`, longest first; readings that take off ال are left out."""
        got = self._hits.get(i)
        if got is None:
            got = [h for h in self.lexicon.names.at(self.toks, i) if not h.clitic.endswith(("ال", "لل"))] if self.words[i].starts else []
            self._hits[i] = got
        return got

    def item(self, i: int, classes: tuple[str, ...], bare: bool = True) -> Hit[Item] | None:
        """The longest name of one of `classes` at `i`; `bare`: without proclitics."""
        if i >= len(self.toks):
            return None
        for h in self.hits(i):
            if h.value.cls in classes and not (bare and h.clitic):
                return h
        return None

    def strip_of(self, h: Hit[Item]) -> int:
        """How many letters to leave out before a name; «للسعودية» stays whole."""
        n = len(h.clitic)
        return n - 1 if h.clitic.endswith("ل") and self.norm(h.first)[n - 1 : n + 1] == "لل" else n

    def norm(self, i: int) -> str:
        return self.toks[i].norm if i < len(self.toks) else ""

    def has(self, i: int, closed: str) -> bool:
        return i < len(self.words) and closed in self.words[i].closed

    def surface(self, first: int, last: int) -> str:
        """The folded words of a stretch."""
        return " ".join(t.norm for t in self.toks[first:last])
