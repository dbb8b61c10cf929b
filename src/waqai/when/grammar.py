"""The engine: words become classes, a production is a pattern of classes, the longest that builds wins.

Note [Classes as letters]
-------------------------
Each token has a set of word classes it can stand for («الثاني»: ordinal, definite, day number). Every such set has one
private letter, so a text becomes a string of letters, one a token, and a production compiles to an ordinary regular
expression over that string. A production names classes only; which words belong to a class is data
(``words/time/words.toml``). Nothing in the pattern language repeats without bound, so matching at one place costs a
constant, and the whole text is linear. (Running patterns over an alphabet of word classes is the idea of finite-state
chunkers, e.g. Abney 1996, "Partial parsing via finite-state cascades".)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Alphabet", "Grammar", "Match", "Rule", "Tok"]

_FIRST_LETTER = 0xE000
UNKNOWN = "\x01"


class Tok:
    """One token: offsets into the folded text, its folded form, its letter, and a value for each class it has."""

    __slots__ = ("code", "end", "norm", "start", "vals")

    def __init__(self, start: int, end: int, norm: str, code: str, vals: Mapping[str, Any]) -> None:
        self.start = start
        self.end = end
        self.norm = norm
        self.code = code
        self.vals = vals


class Alphabet:
    """Letters for sets of classes; grows while words are loaded, then answers which letters can be a class."""

    def __init__(self) -> None:
        self._letters: dict[frozenset[str], str] = {}
        self._of: dict[str, list[str]] = {}
        self._charsets: dict[str, str] = {}

    def letter(self, classes: Iterable[str]) -> str:
        """Return the letter of a set of classes, a new one where it was not seen before."""
        key = frozenset(classes)
        got = self._letters.get(key)
        if got is None:
            got = self._letters[key] = chr(_FIRST_LETTER + len(self._letters))
            for c in key:
                self._of.setdefault(c, []).append(got)
        return got

    def having(self, name: str) -> str:
        """Return every letter whose set has the class `name`; KeyError where no word has it."""
        return "".join(self._of[name])

    def charset(self, name: str) -> str:
        """Return the letters of class `name` as a character class of a regular expression, neighbours as ranges."""
        got = self._charsets.get(name)
        if got is None:
            runs: list[list[int]] = []
            for c in sorted(map(ord, self._of[name])):
                if runs and c == runs[-1][1] + 1:
                    runs[-1][1] = c
                else:
                    runs.append([c, c])
            inside = "".join(chr(a) if a == b else f"{chr(a)}-{chr(b)}" for a, b in runs)
            got = self._charsets[name] = inside if len(inside) == 1 else f"[{inside}]"
        return got


# --- the pattern language: `class`, `a|b`, `name:class`, `( … )`, `?`, `@macro` ---------------------------------------

_LEX = re.compile(r"\s*(@\w+|\w+:|[\w-]+|[()|?])")


class _Pattern:
    """Compiles one pattern to a regular expression over letters and the set of letters it can begin with."""

    def __init__(self, text: str, macros: Mapping[str, str], alphabet: Alphabet) -> None:
        self.words = _LEX.findall(text)
        if "".join(self.words) != re.sub(r"\s+", "", text):
            raise ValueError(f"time grammar: cannot read the pattern {text!r}")
        self.macros = macros
        self.alphabet = alphabet
        self.at = 0
        self.seen: dict[str, int] = {}

    def parse(self) -> tuple[str, set[str], bool]:
        """Return the regular expression, the letters it can begin with, and whether it can match nothing."""
        out, first, empty = "", set[str](), False
        while True:
            part, heads, skips = self._sequence()
            out = f"{out}|{part}" if out else part
            first |= heads
            empty = empty or skips
            if self._peek() != "|":
                return out, first, empty
            self.at += 1

    def _peek(self) -> str | None:
        return self.words[self.at] if self.at < len(self.words) else None

    def _sequence(self) -> tuple[str, set[str], bool]:
        out, first, empty = "", set[str](), True
        while (w := self._peek()) is not None and w not in ("|", ")"):
            part, heads, skips = self._atom()
            out += part
            if empty:
                first |= heads
            empty = empty and skips
        return out, first, empty

    def _atom(self) -> tuple[str, set[str], bool]:
        label = None
        w = self.words[self.at]
        self.at += 1
        if w.endswith(":"):
            label = w[:-1]
            w = self.words[self.at]
            self.at += 1
        if w == "(":
            part, heads, skips = self.parse()
            self.at += 1
        elif w.startswith("@"):
            inner = _Pattern(self.macros[w[1:]], self.macros, self.alphabet)
            inner.seen = self.seen
            part, heads, skips = inner.parse()
        else:
            letters = self.alphabet.having(w)
            part, heads, skips = self.alphabet.charset(w), set(letters), False
        if label is not None:
            n = self.seen[label] = self.seen.get(label, 0) + 1
            part = f"(?P<{label}__{n}>{part})"
        else:
            part = f"(?:{part})" if w == "(" or w.startswith("@") else part
        if self._peek() == "?":
            self.at += 1
            part, skips = f"(?:{part})?", True
        return part, heads, skips


@dataclass(slots=True)
class Rule:
    """A named production: a pattern of classes and what to make of a match (None: not this one after all)."""

    name: str
    pattern: str
    build: Callable[[Match], Any]
    source: str = ""
    regex: re.Pattern[str] | None = None
    labels: tuple[tuple[str, str], ...] = ()

    def compiled(self) -> re.Pattern[str]:
        """Return the regular expression, compiled on first use: most texts need few of them."""
        if self.regex is None:
            self.regex = re.compile(self.source)
            self.labels = tuple((g, g.partition("__")[0]) for g in self.regex.groupindex)
        return self.regex


@dataclass(slots=True)
class Match:
    """One production matched at one place: tokens ``first:last`` of `toks`, and the token of each label in `found`."""

    rule: Rule
    toks: list[Tok]
    first: int
    last: int
    found: dict[str, int]
    grammar: Grammar
    codes: str
    stop: int

    def __contains__(self, label: str) -> bool:
        return label in self.found

    def tok(self, label: str) -> Tok | None:
        """Return the token that the label stands for, or None."""
        i = self.found.get(label)
        return None if i is None else self.toks[i]

    def val(self, label: str, cls: str) -> Any:
        """Return the value that class `cls` has for the token of `label`, or None."""
        i = self.found.get(label)
        return None if i is None else self.toks[i].vals.get(cls)

    def before(self, n: int = 1) -> str:
        """Return the folded token `n` places before the match, or an empty string."""
        i = self.first - n
        return self.toks[i].norm if i >= 0 else ""

    def after(self, n: int = 0) -> str:
        """Return the folded token `n` places after the match, or an empty string."""
        i = self.last + n
        return self.toks[i].norm if i < len(self.toks) else ""

    def near(self, name: str, norm: str) -> bool:
        """Tell whether the folded word `norm` is in the list `name` (words.toml, [[near]])."""
        return norm in self.grammar.near[name]

    def go_on(self, i: int) -> Any:
        """Parse what begins at token `i`: for a production that takes another expression as its end."""
        return self.grammar.parse(self.toks, self.codes, i, self.stop) if i < self.stop else None

    def has_before(self, cls: str, n: int = 1) -> bool:
        """Tell whether the token `n` places before the match can be of class `cls`."""
        i = self.first - n
        return i >= 0 and cls in self.toks[i].vals

    def has_after(self, cls: str, n: int = 0) -> bool:
        """Tell whether the token `n` places after the match can be of class `cls`."""
        i = self.last + n
        return i < len(self.toks) and cls in self.toks[i].vals


class Grammar:
    """All productions of one alphabet, indexed by the letter they can begin with."""

    def __init__(
        self,
        rules: Iterable[Rule],
        macros: Mapping[str, str],
        alphabet: Alphabet,
        near: Mapping[str, frozenset[str]],
        named: Mapping[tuple[str, int | None, int | None], int],
        camps: frozenset[tuple[int | None, str]],
    ) -> None:
        self.camps = camps
        self.near = near
        self.named = named
        self._at: dict[str, list[Rule]] = {}
        for rule in rules:
            regex, first, empty = _Pattern(rule.pattern, macros, alphabet).parse()
            if empty:
                raise ValueError(f"time grammar: {rule.name} can match nothing at all")
            rule.source = regex
            for letter in first:
                self._at.setdefault(letter, []).append(rule)
        self.start = re.compile("[" + "".join(sorted(self._at)) + "]")

    def parse(self, toks: list[Tok], codes: str, i: int, stop: int) -> Any:
        """Return what the longest production at token `i` builds, or None. The built value tells where it ends."""
        rules = self._at.get(codes[i])
        if rules is None:
            return None
        hits: list[tuple[int, int, Rule, re.Match[str]]] = []
        for k, rule in enumerate(rules):
            m = (rule.regex or rule.compiled()).match(codes, i, stop)
            if m is not None:
                hits.append((-m.end(), k, rule, m))
        if len(hits) > 1:
            hits.sort(key=lambda h: (h[0], h[1]))
        best = None
        for minus_end, _, rule, m in hits:
            if best is not None and best.end >= -minus_end:
                break
            found = {label: m.start(g) for g, label in rule.labels if m.start(g) >= 0}
            got = rule.build(Match(rule, toks, i, -minus_end, found, self, codes, stop))
            if got is not None and (best is None or got.end > best.end):
                best = got
        return best
