"""The words of time: from the parsed TOML to a reader of tokens. Pure: the same dict gives the same lexicon."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from waqai.errors import WordsError
from waqai.text import fold
from waqai.when.grammar import UNKNOWN, Alphabet, Tok

__all__ = ["Lexicon"]

# Letters and digits are cut apart («الـ22», «15عاما»); a line end is a token of its own that no production crosses.
_TOKEN = re.compile(
    r"(?P<w>[^\W\d_]+)"
    r"|(?P<nd>\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2}(?![\d/])|\d{1,2}([/.\-])\d{1,2}\3(?:\d{4}|\d{2})(?![\d/]))"
    r"|(?P<hm>\d{1,2}[:.,،]\d{2}(?::\d{2})?(?![\d.,:/]\d|\d))"
    r"|(?P<dm>\d{1,2}/\d{1,4}(?![\d/]))"
    r"|(?P<n>\d+(?:[.,]\d+)*)"
    r"|(?P<p>[^\s\w]|\n)"
)
_PUNCT = {"/": "slash", "-": "dash", "–": "dash", "—": "dash", "(": "lpar", ")": "rpar", "،": "comma", ",": "comma",
          "\n": "line", "[": "lpar", "]": "rpar", "#": "hash", '"': "quote", "«": "quote", "»": "quote",
          ":": "colon"}  # fmt: skip
_CLITIC = {"و": "and", "ف": "fa", "ب": "bi", "ل": "li", "ك": "ka"}
_CACHE_LIMIT = 60_000
_KEYS = {"class", "value", "number", "article", "words", "prep", "weak", "rare"}
Piece = tuple[int, int, str, Mapping[str, Any], str]
_EMPTY: Mapping[str, Any] = {}
_MISSING: Any = object()
_JOINS = frozenset(("_", "card", "one11", "ord"))


def number_classes(value: int, kind: str, definite: bool, width: int = 0) -> dict[str, Any]:
    """Return the classes of a number. `kind`: "dig" (digits, `width` of them), "card" (cardinal word), "ord"."""
    out: dict[str, Any] = {kind: value}
    if kind != "ord":
        out["num"] = value
        if definite:
            out["num_d"] = value
    if kind == "ord" and definite:
        out["ord_d"] = value
    if 1 <= value <= 31 and (kind != "dig" or width <= 2):
        out["day"] = value
    if 1 <= value <= 12:
        out["mon"] = value
        out["hour"] = value
    if kind == "dig" and value <= 24:
        out["hour"] = value
    if kind == "dig" and width == 2:
        out["yy"] = value
    if kind != "ord" and 1000 <= value <= 2199 and (kind == "card" or width == 4):
        out["year"] = value
        if value <= 1500:
            out["hyear"] = value
    if kind != "ord" and value < 60:
        out["minute"] = value
    return out


class Lexicon:
    """Reads a folded text into tokens with classes."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.alphabet = Alphabet()
        self._plain: dict[str, dict[str, Any]] = {}
        self._article: dict[str, dict[str, Any]] = {}
        self._phrases: dict[str, dict[str, list[tuple[tuple[str, ...], dict[str, Any]]]]] = {}
        self._cache: dict[str, tuple[Piece, ...] | None] = {}
        self._numbers: dict[tuple[int, str, bool, int], tuple[str, dict[str, Any]]] = {}
        for entry in data["word"]:
            self._add(entry)
        self.near = {e["name"]: frozenset(fold(w) for w in e["words"]) for e in data["near"]}
        self.camps = frozenset((e["day"], fold(w)) for e in data.get("camp", ()) for w in e["month"])
        self.named = {(fold(w), e["day"], e["month"]): int(e["year"]) for e in data.get("named", ()) for w in e["after"]}
        self._reserve()

    # --- loading ----------------------------------------------------------------------------------------------------

    def _add(self, entry: Mapping[str, Any]) -> None:
        unknown = set(entry) - _KEYS
        if unknown or "class" not in entry:
            raise WordsError(f"words/time/words.toml: unknown or missing key in a [[word]]: {sorted(unknown)}")
        for level, key in enumerate(("words", "prep", "weak", "rare")):
            for spelling in entry.get(key, ()):
                self._spelling(entry, fold(spelling).split(), level)

    def _spelling(self, entry: Mapping[str, Any], parts: list[str], level: int) -> None:
        if not parts:
            raise WordsError(f"words/time/words.toml: an empty spelling in class {entry['class']!r}")
        article = entry.get("article", True)
        for definite in (False, True) if article else (False,):
            classes = self._classes(entry, definite if article else None, level)
            words = ["ال" + parts[0], *parts[1:]] if definite else parts
            if len(words) > 1:
                rows = self._phrases.setdefault(words[0], {}).setdefault(words[1], [])
                for rest, have in rows:
                    if rest == tuple(words[1:]):
                        have.update(classes)
                        break
                else:
                    rows.append((tuple(words[1:]), classes))
                self._plain.setdefault(words[0], {}).setdefault("_", 0)
            else:
                into = self._article if definite else self._plain
                into.setdefault(parts[0], {}).update(classes)

    @staticmethod
    def _classes(entry: Mapping[str, Any], definite: bool | None, level: int) -> dict[str, Any]:
        name, value = entry["class"], entry.get("value", 0)
        tail = "" if definite is None else "_d" if definite else "_i"
        if name == "unit":
            n = entry["number"]
            pair = (value, n)
            return {"unit": pair, f"u_{n}{tail}": pair, f"{value}_{n}{tail}": pair, f"u{tail}": pair}
        if name in ("num", "ord"):
            kind = "card" if name == "num" else "ord"
            return number_classes(value, kind, bool(definite))
        if name in ("mname", "hmonth"):
            return {name: (value, level), "monthname": (value, level)}
        return {name: value} if not tail else {name: value, name + tail: value}

    def _reserve(self) -> None:
        """Give every set of classes that a text can bring its letter now, so that patterns can be compiled."""
        letter = self.alphabet.letter
        for c in (*_CLITIC.values(), *_PUNCT.values(), "al", "ndate", "hm", "dm"):
            letter([c])
        letter(["hm", "hmcolon"])
        for table in (self._plain, self._article):
            for norm in list(table):
                self._read_whole(norm if table is self._plain else "ال" + norm)
        for phrases in self._phrases.values():
            for rows in phrases.values():
                for _, classes in rows:
                    letter(classes)
        for kind in ("dig", "card", "ord"):
            for value in (0, 5, 12, 13, 24, 25, 31, 32, 59, 60, 99, 100, 1000, 1200, 1499, 1501, 2000, 2500):
                for width in {0, 1, 2, 3, 4} if kind == "dig" else {0}:
                    for definite in (False, True):
                        letter(number_classes(value, kind, definite, width))

    # --- reading ----------------------------------------------------------------------------------------------------

    def _read_whole(self, norm: str) -> tuple[str, dict[str, Any]] | None:
        classes: dict[str, Any] = dict(self._plain.get(norm, _EMPTY))
        if norm.startswith("ال") and len(norm) > 3:
            classes.update(self._article.get(norm[2:], _EMPTY))
        if not classes:
            return None
        public = [c for c in classes if c != "_"]
        return (self.alphabet.letter(public) if public else UNKNOWN), classes

    def _read(self, norm: str, at: int = 0, depth: int = 0) -> tuple[Piece, ...] | None:
        whole = self._read_whole(norm)
        if whole is not None:
            return ((at, at + len(norm), *whole, norm),)
        if len(norm) == 1 and norm in _CLITIC:
            c = _CLITIC[norm]
            return ((at, at + 1, self.alphabet.letter([c]), {c: 0}, norm),)
        if len(norm) < 3:
            return None
        head = norm[0]
        if (depth == 0 and head in "وف") or (depth <= 1 and head in "بلك"):
            rest = self._read(norm[1:], at + 1, 1 if head in "وف" else 2)
            if rest is None and head == "ل" and norm[1] == "ل" and len(norm) > 4:
                whole = self._read_whole("ال" + norm[2:])
                if whole is not None:
                    # «للعام»: the article's alif is not written; the preposition stays inside the span
                    rest = ((at, at + len(norm), *whole, "ال" + norm[2:]),)
            if rest is not None:
                c = _CLITIC[head]
                return ((at, at + 1, self.alphabet.letter([c]), {c: 0}, head), *rest)
        return self._run_together(norm, at)

    def _run_together(self, norm: str, at: int) -> tuple[Piece, ...] | None:
        """Read a month and its modifier written without a space: «سبتمبرالمقبل»."""
        cut = norm.find("ال", 3)
        if cut < 0 or "mname" not in self._plain.get(norm[:cut], _EMPTY):
            return None
        left, right = self._read_whole(norm[:cut]), self._read_whole(norm[cut:])
        if left is None or right is None:
            return None
        return ((at, at + cut, *left, norm[:cut]), (at + cut, at + len(norm), *right, norm[cut:]))

    def read(self, text: str) -> tuple[list[Tok], str]:
        """Return the tokens of the folded `text` and their letters."""
        toks: list[Tok] = []
        add = toks.append
        cache = self._cache
        if len(cache) > _CACHE_LIMIT:
            cache.clear()
        known = cache.get
        starts: list[int] = []
        joins = _JOINS
        for m in _TOKEN.finditer(text):
            kind = m.lastgroup
            a, b = m.span()
            raw = m.group()
            if kind == "w":
                pieces = known(raw, _MISSING)
                if pieces is _MISSING:
                    pieces = cache[raw] = self._read(raw)
                if pieces is None:
                    if raw == "ال" and text[b : b + 2].strip()[:1].isdigit():
                        add(Tok(a, b, raw, self.alphabet.letter(["al"]), {"al": 0}))
                    else:
                        add(Tok(a, b, raw, UNKNOWN, _EMPTY))
                    continue
                for s, e, code, vals, norm in pieces:
                    if not joins.isdisjoint(vals):
                        starts.append(len(toks))
                    add(Tok(a + s, a + e, norm, code, vals))
            elif kind == "p":
                c = _PUNCT.get(raw)
                add(Tok(a, b, raw, self.alphabet.letter([c]), {c: 0}) if c else Tok(a, b, raw, UNKNOWN, _EMPTY))
            else:
                add(self._digits(a, b, raw, kind))
        if starts:
            toks = self._join(toks, starts)
        return toks, "".join([t.code for t in toks])

    def _digits(self, a: int, b: int, raw: str, kind: str | None) -> Tok:
        if kind == "n":
            if len(raw) > 9 or not raw.isdigit():
                return Tok(a, b, raw, UNKNOWN, _EMPTY)
            code, vals = self._number(int(raw), "dig", False, len(raw))
            return Tok(a, b, raw, code, vals)
        if kind == "nd":
            return Tok(a, b, raw, self.alphabet.letter(["ndate"]), {"ndate": raw})
        if kind == "dm":
            return Tok(a, b, raw, self.alphabet.letter(["dm"]), {"dm": raw})
        h, mi = int(re.split(r"[:.,،]", raw)[0]), int(re.split(r"[:.,،]", raw)[1])
        if h > 24 or mi > 59:
            return Tok(a, b, raw, UNKNOWN, _EMPTY)
        if ":" in raw:
            return Tok(a, b, raw, self.alphabet.letter(["hm", "hmcolon"]), {"hm": (h, mi), "hmcolon": 0})
        return Tok(a, b, raw, self.alphabet.letter(["hm"]), {"hm": (h, mi)})

    def _number(self, value: int, kind: str, definite: bool, width: int) -> tuple[str, dict[str, Any]]:
        key = (value, kind, definite, width)
        got = self._numbers.get(key)
        if got is None:
            if len(self._numbers) > _CACHE_LIMIT:
                self._numbers.clear()
            classes = number_classes(value, kind, definite, width)
            got = self._numbers[key] = (self.alphabet.letter(classes), classes)
        return got

    # --- joining: phrases of several words, numbers of several words ------------------------------------------------

    def _join(self, toks: list[Tok], starts: list[int]) -> list[Tok]:
        """Join phrases and numbers that begin at the tokens `starts`; everything else is taken over as it is."""
        out: list[Tok] = []
        at = 0
        for i in starts:
            if i < at:
                continue
            vals = toks[i].vals
            out += toks[at:i]
            end = self._phrase(toks, i, out) if "_" in vals else 0
            if not end and ("card" in vals or "one11" in vals or "ord" in vals):
                end = self._compose(toks, i, out)
            if not end:
                out.append(toks[i])
            at = end or i + 1
        out += toks[at:]
        return out

    def _phrase(self, toks: list[Tok], i: int, out: list[Tok]) -> int:
        if i + 1 >= len(toks):
            return 0
        table = self._phrases[toks[i].norm]
        second = toks[i + 1].norm
        rows = table.get(second, ())
        if i + 2 < len(toks) and toks[i + 1].end == toks[i + 2].start:
            rows = [*rows, *table.get(second + toks[i + 2].norm, ())]
        best: tuple[int, dict[str, Any]] | None = None
        for rest, classes in rows:
            end = _phrase_end(toks, i + 1, rest)
            if end and (best is None or end > best[0]):
                best = (end, classes)
        if best is None:
            return 0
        end, classes = best
        norm = " ".join(t.norm for t in toks[i:end])
        out.append(Tok(toks[i].start, toks[end - 1].end, norm, self.alphabet.letter(classes), classes))
        return end

    def _compose(self, toks: list[Tok], i: int, out: list[Tok]) -> int:
        got = _ordinal(toks, i) if "ord" in toks[i].vals else None
        kind = "ord"
        if got is None and ("card" in toks[i].vals or "one11" in toks[i].vals):
            got, kind = _cardinal(toks, i), "card"
        if got is None or got[1] == i + 1:
            return 0
        value, j = got
        definite = "num_d" in toks[i].vals or "ord_d" in toks[i].vals
        code, vals = self._number(value, kind, definite, 0)
        out.append(Tok(toks[i].start, toks[j - 1].end, " ".join(t.norm for t in toks[i:j]), code, vals))
        return j


def _phrase_end(toks: list[Tok], end: int, rest: tuple[str, ...]) -> int:
    """Return the token after the words `rest` that begin at token `end`, 0 where they do not stand there."""
    n = len(toks)
    for word in rest:
        if end < n and toks[end].norm == word:
            end += 1
        elif end + 1 < n and toks[end].norm + toks[end + 1].norm == word:
            end += 2  # a clitic was read off that belongs to the phrase
        else:
            return 0
    return end


def _ordinal(toks: list[Tok], i: int) -> tuple[int, int] | None:
    """Read «الحادي عشر», «الثاني والعشرين»; None where it is a single word."""
    value = toks[i].vals["ord"]
    n = len(toks)
    if i + 1 < n and "teen" in toks[i + 1].vals:
        return (value + 10 if value < 10 else value), i + 2
    if i + 2 < n and "and" in toks[i + 1].vals:
        tens = toks[i + 2].vals.get("card", 0)
        if tens % 10 == 0 and 20 <= tens <= 90 and toks[i + 2].norm.startswith("ال"):
            return (1 if value == 11 else value) + tens, i + 3
    return None


def _cardinal(toks: list[Tok], i: int) -> tuple[int, int] | None:
    """Read a number in words; the value and the token after it."""
    n = len(toks)
    total, j = 0, i
    last = 10**9
    while j < n:
        part = _part(toks, j)
        if part is None:
            break
        value, k, scale = part
        tens = last < 10 and value in range(20, 100, 10)
        if j > i and not tens and not (last >= 100 and scale < last):
            break
        total += value
        last = scale if scale >= 100 else value
        end = k
        if end + 1 < n and "and" in toks[end].vals and toks[end].end == toks[end + 1].start:
            j = end + 1
            continue
        if end + 2 < n and "and" in toks[end].vals:
            j = end + 1
            continue
        return total, end
    return (total, j - 1) if j > i else None


def _part(toks: list[Tok], j: int) -> tuple[int, int, int] | None:
    """Read one part of a number, as «خمسة عشر», «ثلاث مئة», «خمسة آلاف»: value, next token, scale."""
    vals = toks[j].vals
    value = vals.get("card")
    if value is None:
        value = 1 if "one11" in vals else None
    if value is None:
        return None
    k = j + 1
    if value < 10 and k < len(toks) and "teen" in toks[k].vals:
        value, k = value + 10, k + 1
    elif "one11" in vals and "card" not in vals:
        return None
    scale = 1000 if value >= 1000 else 100 if value >= 100 else value
    while k < len(toks):
        times = toks[k].vals.get("card")
        if times in (100, 1000, 1000000) and value < times:
            value, scale, k = value * times, times, k + 1
            continue
        break
    return value, k, max(scale, 1)
