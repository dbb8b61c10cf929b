"""What the actor grammar works on: a phrase under construction, and the look-ups in one sentence."""

from __future__ import annotations

from typing import NamedTuple

from waqai.text import Hit
from waqai.types import EntityKind, Token
from waqai.who.lexicon import Item, Lexicon, Reading, Word

__all__ = ["NameSpan", "Phrase", "Reader", "is_doubtful"]


_PREPOSITIONS = frozenset(("في", "من", "الي", "علي", "عن", "ان"))


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


def is_doubtful(surface: str, lexicon: Lexicon) -> bool:
    """Whether a folded name, with an article joined to «ل» or not, is also another word (a trap of the lists)."""
    return surface in lexicon.doubtful or (surface.startswith("لل") and "ال" + surface[2:] in lexicon.doubtful)


class Reader:
    """The look-ups of one sentence: its words, the lexicon's names in it, the tagger's."""

    def __init__(self, toks: list[Token], lexicon: Lexicon, names: list[NameSpan], meant: dict[str, str] | None = None) -> None:
        self.toks = toks
        self.lexicon = lexicon
        self.meant = meant or {}
        known = lexicon.known
        self.words: list[Word] = [known.get(t.norm) or lexicon.word(t.norm) for t in toks]
        self.tagged = {s.first: self._trimmed(s) for s in names}
        self._hits: dict[int, list[Hit[Item]]] = {}
        self._depth = 0

    def _trimmed(self, s: NameSpan) -> NameSpan:
        """A tagged name without the preposition at its end: «المنظمة في»."""
        last = s.last
        while last > s.first + 1 and (self.toks[last - 1].norm in _PREPOSITIONS or "function" in self.words[last - 1].closed):
            last -= 1
        return s if last == s.last else s._replace(last=last)

    # --- look-ups -----------------------------------------------------------------------------------------------

    def hits(self, i: int) -> list[Hit[Item]]:
        """Names that start at token `i`, longest first; readings that take off ال are left out."""
        got = self._hits.get(i)
        if got is None:
            got = []
            if self.words[i].starts:
                at = self.lexicon.names.at(self.toks, i)
                got = [h for h in at if not h.clitic.endswith(("ال", "لل", "س")) and not self.astray(h)]
                if self.meant:
                    got = [self._meant(h) for h in got]
            self._hits[i] = got
        return got

    def item(self, i: int, classes: tuple[str, ...], bare: bool = True) -> Hit[Item] | None:
        """The longest name of one of `classes` at `i`; `bare`: without proclitics."""
        if i >= len(self.words) or not self.words[i].starts:
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

    def doubtful(self, first: int, last: int) -> bool:
        """Whether the stretch is a name that is also another word (a trap of the lists)."""
        return last > first and is_doubtful(self.surface(first, last), self.lexicon)

    def _meant(self, h: Hit[Item]) -> Hit[Item]:
        """A name of several states read as the one that the document means: «عمان»، «كوريا»."""
        code = self.meant.get(self.surface(h.first, h.last)[len(h.clitic) :])
        if code is None or h.value.country == code or h.value.country is None:
            return h
        state = self.lexicon.states[code]
        value = h.value._replace(country=code, name=state.name, ref=code if h.value.ref else None)
        return h._replace(value=value)

    def astray(self, h: Hit[Item]) -> bool:
        """Whether a name stands beside words among which it is another word: «قطر الدائرة»."""
        cls = h.value.cls
        if cls not in ("state", "capital", "city", "demonym"):
            return False
        before = self.norm(h.first - 1) if h.first and not h.clitic else ""
        waters = self.lexicon.waters
        if before and cls != "demonym" and (before in waters or (before[0] in "وبل" and before[1:].removeprefix("ب") in waters)):
            return True  # «نهر الأردن»، «خليج عمان»، «بحر الصين»
        if cls == "capital" and before.removeprefix("و").removeprefix("ال") in self.lexicon.pacts and self.norm(h.last)[:1] != "و":
            return True  # «اتفاق باريس»
        sides = self.lexicon.not_there.get(self.surface(h.first, h.last)[len(h.clitic) :])
        return sides is not None and (before in sides[0] or self.norm(h.last) in sides[1])

    def surface(self, first: int, last: int) -> str:
        """The folded words of a stretch."""
        return " ".join(t.norm for t in self.toks[first:last])
