"""Folding for matching, sentences, tokens and clitics. Every function is linear in the length of the text.

Note [Offsets]
--------------
Everything Waqai says points at ``document.text`` in code points of the text *as given*. Matching however runs on folded
words. So the text is cut first, on the original, and each token keeps its original offsets; only then is the token's own
string folded (`fold`). Folding drops characters (harakat, tatweel, bidi marks) and, for presentation forms, adds some;
a position inside a folded token is led back by `unfold_offset`. Where a whole text must be searched (the time grammar),
`folded` returns the string with a map of one original offset for each folded character.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from waqai.types import Residue, Sentence, Token

__all__ = ["Folded", "Hit", "Known", "Phrases", "fold", "folded", "proclitics", "sentences", "tokens", "unfold_offset"]

_DROP = (
    list(range(0x0610, 0x061B))
    + list(range(0x064B, 0x0660))
    + [0x0670, 0x0640, 0x061C, 0x00AD, 0xFEFF]
    + list(range(0x06D6, 0x06DD))
    + list(range(0x06DF, 0x06E5))
    + [0x06E7, 0x06E8]
    + list(range(0x06EA, 0x06EE))
    + list(range(0x200B, 0x2010))
    + list(range(0x202A, 0x202F))
    + list(range(0x2060, 0x2065))
    + list(range(0x2066, 0x206A))
)
_TO = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ٲ": "ا", "ٳ": "ا",
    "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي",
    "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۃ": "ه",
    "ؤ": "ء", "ئ": "ء", "ک": "ك", "ڪ": "ك", "گ": "ك", "ڭ": "ك",
    "پ": "ب", "چ": "ج", "ڤ": "ف", "ڥ": "ف", "ژ": "ز",
    "٪": "%", "٫": ".", "٬": ",",
}  # fmt: skip


V = TypeVar("V")
_MISSING: Any = object()


class Known(dict[str, V]):
    """What was made of each word, kept in two generations: `self[word]` makes what is not there.

    When the younger is full it becomes the older, and what of that is asked for again comes back: so the words of every article
    stay, the many that are met once go, and there are never more than twice `limit`.
    """

    def __init__(self, make: Callable[[str], V], limit: int = 24_000) -> None:
        super().__init__()
        self._make, self._limit = make, limit
        self._old: dict[str, V] = {}

    def __missing__(self, word: str) -> V:
        value: V = self._old.pop(word, _MISSING)
        if value is _MISSING:
            value = self._make(word)
        if len(self) >= self._limit:
            self._old = dict(self)
            self.clear()
        self[word] = value
        return value

    def forget(self) -> None:
        """Drop everything."""
        self.clear()
        self._old = {}


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {ord(k): v for k, v in _TO.items()}
    for d in re.findall(r"\d", "".join(map(chr, range(0x80, 0x10000)))):  # \d is the category Nd; 65,000 questions one by one take 10 ms
        table[ord(d)] = str(unicodedata.digit(d))
    for c in [*range(0xFB50, 0xFE00), *range(0xFE70, 0xFF00)]:
        plain = unicodedata.normalize("NFKC", chr(c))
        if plain != chr(c):
            table[c] = "".join(_TO.get(x, x) for x in plain if ord(x) not in _DROP and not x.isspace())
    for c in _DROP:
        table[c] = None
    for c in range(ord("A"), ord("Z") + 1):
        table[c] = chr(c + 32)
    return table


_FOLD = _table()


def fold(text: str) -> str:
    """Return `text` folded for matching.

    Hamza seats: أ إ آ ٱ become ا; ؤ ئ become ء. ى becomes ي, ة becomes ه. Harakat, tatweel, bidi and zero-width
    characters go. Persian and Maghrebi letter forms become their Arabic neighbours; digits of all scripts become ASCII;
    presentation forms are decomposed; Latin letters are lowered.
    """
    return text.translate(_FOLD)


class Folded(NamedTuple):
    """A folded text and, for each folded character, the offset of the character it came from.

    `map` has ``len(text) + 1`` entries; the last is the length of the original. ``original[map[i]:map[j]]`` is the
    stretch that folded to ``text[i:j]`` together with any dropped characters that follow it.
    """

    text: str
    map: array[int] | range


def folded(text: str) -> Folded:
    """Fold `text` and keep the way back (see Note [Offsets])."""
    out = text.translate(_FOLD)
    if len(out) == len(text) and not _has_length_change(text):
        return Folded(out, range(len(text) + 1))
    offsets = array("i")
    get = _FOLD.get
    for i, ch in enumerate(text):
        to = get(ord(ch), ch)
        if to:
            if len(to) == 1:
                offsets.append(i)
            else:
                offsets.extend([i] * len(to))
    offsets.append(len(text))
    return Folded(out, offsets)


_CHANGES = re.compile(
    "[" + "".join(re.escape(chr(c)) for c, v in _FOLD.items() if v is None or len(v) != 1) + "]"
)


def _has_length_change(text: str) -> bool:
    return _CHANGES.search(text) is not None


def unfold_offset(original: str, i: int) -> int:
    """Return the offset in `original` (one token's text) of character `i` of its folded form."""
    n = 0
    get = _FOLD.get
    for k, ch in enumerate(original):
        if n >= i and get(ord(ch), ch):
            return k
        to = get(ord(ch), ch)
        n += len(to) if to else 0
    return len(original)


# --- tokens ---------------------------------------------------------------------------------------------------------

_INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
_TOKEN = re.compile(
    rf"(?P<n>\d+(?:[.,٫٬/:]\d+)*)|(?P<w>[^\W\d_][\w{_MARKS}{_INVISIBLE}]*)|(?P<p>[^\s\w{_INVISIBLE}]|_)"
)
# Proclitics glued to a number, as in «الـ22» or «و15»: the letters are a word token, the digits a number token.
_GLUED = re.compile(rf"([^\W\d_][^\W\d]*?[{_MARKS}{_INVISIBLE}]*)(\d+(?:[.,٫٬/:]\d+)*)(.*)", re.DOTALL)

_FOLDED: Known[str] = Known(fold)


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Cut ``text[start:end]`` into words, numbers and punctuation, with offsets into `text`."""
    out: list[Token] = []
    known = _FOLDED
    for m in _TOKEN.finditer(text, start, len(text) if end is None else end):
        kind = m.lastgroup or "p"
        raw = m.group()
        norm = known[raw]
        if kind == "w" and not norm.isalpha() and _split_glued(m.start(), raw, out):
            continue
        if norm:
            out.append(Token(m.start(), m.end(), norm, kind, raw[-1] == "ة"))
    return out


def _split_glued(at: int, raw: str, out: list[Token]) -> bool:
    """Split letters and digits that are written together; False where there is nothing to split."""
    m = _GLUED.match(raw)
    if m is None:
        return False
    head, number, rest = m.groups()
    out.append(Token(at, at + len(head), fold(head), "w"))
    out.append(Token(at + len(head), at + len(head) + len(number), fold(number), "n"))
    if rest and fold(rest):
        out.append(Token(at + len(head) + len(number), at + len(raw), fold(rest), "w"))
    return True


# --- sentences ------------------------------------------------------------------------------------------------------

# A full stop ends a sentence unless it stands in a number, after an initial or a title («د.»، «أ.ف.ب»), or before
# closing quotation marks that belong to it. A line end always ends one: news text has no wrapped lines.
_STOP = re.compile(r"\n+|[.!؟?…۔]+[\"”»’')\]]*(?=\s|$|[^\s\w.,،:؛])|[.!؟?…۔]{1,3}(?=[\u0621-\u064a])")
LONGEST = 200
"""Most tokens of a sentence: of 29,527 sentences of news the longest but one has 171."""
_COMMAS = frozenset("،,؛;:")
_ABBREVIATION = re.compile(r"(?:^|[\s(«\"“\[])(?:[\u0621-\u064a]{1,2}|[A-Za-z]|(?:[\u0621-\u064a]\.)+[\u0621-\u064a])$")


def sentences(text: str, residue: Iterable[Residue] = (), title: str | None = None) -> list[Sentence]:
    """Split `text` into sentences with tokens, leaving residue out.

    Survives quotations, decimals, initials, «د.», headlines and list lines: one line is never joined to the next. What has
    no full stop for `LONGEST` tokens is cut at its last comma before that, or right there: the later stages compare the
    words of a sentence with each other, so a text without any end would cost the square of its length.
    """
    out: list[Sentence] = []
    blocked = sorted((r.start, r.end) for r in residue)
    for start, end in _stretches(len(text), blocked):
        for a, b in _cut(text, start, end):
            toks = tokens(text, a, b)
            if len(toks) > LONGEST:
                for part in _pieces(toks):
                    out.append(Sentence(len(out), part[0].start, part[-1].end, part))
            elif toks:
                out.append(Sentence(len(out), a, b, toks))
    if out and title and fold(text[out[0].start : out[0].end]).strip() == fold(title).strip():
        out[0].headline = True
    return out


def _pieces(toks: list[Token]) -> Iterator[list[Token]]:
    """Cut the tokens of an endless sentence into parts of at most `LONGEST`."""
    at, n = 0, len(toks)
    while at < n:
        stop = min(n, at + LONGEST)
        if stop < n:
            stop = next((j for j in range(stop, at + LONGEST // 2, -1) if toks[j - 1].norm in _COMMAS), stop)
        yield toks[at:stop]
        at = stop


def _stretches(length: int, blocked: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    at = 0
    for a, b in blocked:
        if a > at:
            yield at, a
        at = max(at, b)
    if at < length:
        yield at, length


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for m in _STOP.finditer(text, start, end):
        stop = m.group()
        if stop == "." and _is_abbreviation(text, at, m.start()):
            continue
        a, b = _trim(text, at, m.start() if stop[0] == "\n" else m.end())
        if a < b:
            yield a, b
        at = m.end()
    a, b = _trim(text, at, end)
    if a < b:
        yield a, b


def _is_abbreviation(text: str, start: int, dot: int) -> bool:
    return _ABBREVIATION.search(text[max(start, dot - 12) : dot]) is not None


def _trim(text: str, a: int, b: int) -> tuple[int, int]:
    while a < b and text[a].isspace():
        a += 1
    while b > a and text[b - 1].isspace():
        b -= 1
    return a, b


# --- clitics --------------------------------------------------------------------------------------------------------

def proclitics(norm: str) -> tuple[tuple[str, str], ...]:
    """Return every way to read the folded word `norm` as proclitics + rest, the whole word first.

    Each reading is (proclitics, rest); «وللمغرب» gives ("", "وللمغرب"), ("و", "للمغرب"), ("ول", "المغرب"),
    ("ولل", "مغرب"), … Which one is right is for a lexicon to say: a reading counts only when the rest is known.
    """
    return _PROCLITICS[norm]


def _read(norm: str) -> Iterator[tuple[str, str]]:
    yield "", norm
    heads = [("", norm)]
    if len(norm) > 2 and norm[0] in "وف":
        heads.append((norm[0], norm[1:]))
        yield norm[0], norm[1:]
    for conj, rest in heads:
        if len(rest) > 3 and rest.startswith("ال"):
            yield conj + "ال", rest[2:]
        if len(rest) > 3 and rest.startswith("لل"):
            yield conj + "ل", "ال" + rest[2:]
            yield conj + "لل", rest[2:]
        if len(rest) > 2 and rest[0] in "بكل":
            yield conj + rest[0], rest[1:]
            if len(rest) > 4 and rest.startswith("ال", 1):
                yield conj + rest[0] + "ال", rest[3:]
        if len(rest) > 3 and rest[0] == "س":
            yield conj + "س", rest[1:]


_PROCLITICS: Known[tuple[tuple[str, str], ...]] = Known(lambda norm: tuple(_read(norm)))


# --- phrases --------------------------------------------------------------------------------------------------------

T = TypeVar("T")


class Hit(NamedTuple, Generic[T]):
    """A phrase found: tokens ``first:last``, the proclitics read off its first word, and the entry's payload."""

    first: int
    last: int
    clitic: str
    value: T


class _Node(Generic[T]):
    __slots__ = ("next", "values")

    def __init__(self) -> None:
        self.next: dict[str, _Node[T]] = {}
        self.values: list[T] = []

    def put(self, words: list[str], value: T) -> None:
        """Add a phrase whose first word leads here."""
        node = self
        for norm in words[1:]:
            following = node.next.get(norm)
            if following is None:
                following = node.next[norm] = _Node()
            node = following
        node.values.append(value)


class Phrases(Generic[T]):
    """A set of phrases, found in token lists in one pass; proclitics on the first word are read off.

    One lookup a token where nothing starts; the readings of a word are kept, so the cost is that of the distinct words.
    """

    def __init__(self) -> None:
        # By first word: the phrases as added, and from their first use on a tree. Of some 50,000 phrases few are ever met.
        self._first: dict[str, list[tuple[list[str], T]] | _Node[T]] = {}
        self._starts: Known[tuple[tuple[str, _Node[T]], ...]] = Known(self._readings)

    def __contains__(self, norm: object) -> bool:
        """Whether a phrase starts with exactly this folded word."""
        return norm in self._first

    def add(self, phrase: str, value: T) -> None:
        """Add `phrase` (any spelling; it is folded and cut like text)."""
        # Letters and spaces alone need no cutting; the word lists are some 50,000 phrases at every start.
        plain = phrase.replace(" ", "").isalpha()
        words = [w for word in phrase.split() if (w := _FOLDED[word])] if plain else [t.norm for t in tokens(phrase)]
        if not words:
            raise ValueError(f"empty phrase for {value!r}")
        held = self._first.get(words[0])
        if held is None:
            self._first[words[0]] = [(words, value)]
        elif isinstance(held, list):
            held.append((words, value))
        else:
            held.put(words, value)
        if self._starts:
            self._starts.forget()

    def _node(self, first: str) -> _Node[T]:
        held = self._first[first]
        if isinstance(held, list):
            node: _Node[T] = _Node()
            for words, value in held:
                node.put(words, value)
            held = self._first[first] = node
        return held

    def _readings(self, norm: str) -> tuple[tuple[str, _Node[T]], ...]:
        return tuple([(c, self._node(rest)) for c, rest in proclitics(norm) if rest in self._first])

    def at(self, toks: list[Token], i: int) -> list[Hit[T]]:
        """Return every phrase that starts at token `i`, longest first, fewest proclitics first among equals."""
        starts = self._starts[toks[i].norm]
        return self._from(starts, toks, i) if starts else []

    def _from(self, starts: tuple[tuple[str, _Node[T]], ...], toks: list[Token], i: int) -> list[Hit[T]]:
        out: list[Hit[T]] = []
        n = len(toks)
        for clitic, first in starts:
            node, j = first, i + 1
            while True:
                for v in node.values:
                    out.append(Hit(i, j, clitic, v))
                if j >= n or not node.next:
                    break
                following = node.next.get(toks[j].norm)
                if following is None:
                    break
                node, j = following, j + 1
        if len(out) > 1:
            out.sort(key=_by_length)
        return out

    def beginning(self, norms: list[str]) -> list[tuple[tuple[str, _Node[T]], ...]]:
        """Return for each of a sentence's folded words what may begin there; empty for almost all. For `at` only where it is not."""
        return list(map(self._starts.__getitem__, norms))

    def scan(self, toks: list[Token], norms: list[str] | None = None) -> list[Hit[T]]:
        """Return the phrases of `toks` from left to right, the longest at each place, none overlapping.

        All values of the longest phrase at a place are returned (several readings of one span). `norms` are the folded words of
        the tokens, where the caller has them.
        """
        starts = self._starts
        begins = list(map(starts.__getitem__, [t.norm for t in toks] if norms is None else norms))
        out: list[Hit[T]] = []
        if not any(begins):
            return out
        free = 0
        for i, here in enumerate(begins):
            if here and i >= free:
                hits = self._from(here, toks, i)
                if hits:
                    free = hits[0].last
                    clitic = hits[0].clitic
                    out.extend([h for h in hits if h.last == free and h.clitic == clitic])
        return out


def _by_length(h: Hit[Any]) -> tuple[int, int]:
    return -h.last, len(h.clitic)
