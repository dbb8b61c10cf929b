"""What every check shares: a miss, a tally, the line of an example, the tokens of a word, the stages that run before."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from waqai import says, who, words
from waqai.says import Said, Speech
from waqai.text import fold, sentences
from waqai.types import Document, Mention, Sentence
from waqai.who.lexicon import Lexicon
from waqai.words import Words

__all__ = ["Miss", "Read", "Report", "Stage", "as_list", "at_word", "overlap", "place_of"]

_HEADER = re.compile(r"^\s*\[\[\s*([a-z]+(?:\.[a-z]+)?)\s*\]\]", re.MULTILINE)


class Miss(msgspec.Struct, frozen=True, kw_only=True):
    """An example that does not hold. `at` is the file and line of the example, "triggers/accuse.toml:63"."""

    at: str
    kind: str
    text: str
    why: str

    def __str__(self) -> str:
        return f"{self.at}: «{self.text}» {self.why}"


class Report(msgspec.Struct, kw_only=True):
    """What a run of the examples found. `run` counts examples by class, `left` traps that only the scorer decides."""

    run: Counter[str] = msgspec.field(default_factory=Counter)
    misses: list[Miss] = []
    left: list[Miss] = []
    lint: list[Miss] = []

    def merge(self, other: Report) -> None:
        """Add what another check found."""
        self.run.update(other.run)
        self.misses += other.misses
        self.left += other.left
        self.lint += other.lint


class Read(msgspec.Struct):
    """A text after the stages that examples are judged by."""

    sentences: list[Sentence]
    mentions: list[list[Mention]]
    said: list[Said]


class Stage:
    """The rules of the package without anything learned: no tagger, no scorer."""

    def __init__(self, source: Words, folder: Path) -> None:
        self.folder = folder
        own = folder == words.FOLDER
        self.lexicon: Lexicon = who.build(words.default() if own else source)
        self.speech: Speech = says.default() if own else Speech(says.build(source))

    def read(self, text: str, *, people: bool = True) -> Read:
        """Return the sentences of `text`; with `people` also the actor phrases of each and who speaks in it."""
        cut = sentences(text)
        by: list[list[Mention]] = [[] for _ in cut]
        if not people:
            return Read(cut, by, [])
        document = Document(id="", content_hash="", text=text)
        found = who.find_actors(document, cut, self.lexicon, None)
        who.resolve(found, document, cut, self.lexicon)
        for m in found:
            by[m.sentence].append(m)
        return Read(cut, by, self.speech.find(cut, by))


@functools.lru_cache(maxsize=256)
def _headers(path: Path) -> tuple[list[int], list[str]]:
    text = path.read_text(encoding="utf-8")
    starts = [0, *(m.end() for m in re.finditer("\n", text))]
    found = [(bisect_right(starts, m.start(1)), m.group(1)) for m in _HEADER.finditer(text)]
    return [line for line, _ in found], [name for _, name in found]


def place_of(folder: Path, at: str, number: int, table: str = "example") -> str:
    """Return file and line of the `number`-th example (from 0) of the entry at `at`."""
    name, _, line = at.rpartition(":")
    lines, names = _headers(folder / name)
    index = bisect_right(lines, int(line))
    seen = 0
    while index < len(lines) and "." in names[index]:
        if names[index].endswith("." + table):
            if seen == number:
                return f"{name}:{lines[index]}"
            seen += 1
        index += 1
    return at


def as_list(value: str | list[str] | None) -> list[str]:
    """Return one or many as a list, none as an empty one."""
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def at_word(text: str, sentence: Sentence, word: str) -> set[int]:
    """Return the tokens of `sentence` where `word` stands in `text`: whole tokens, but for proclitics at either end («وفقا ل»)."""
    out: set[int] = set()
    glued = word[-2:] in (" ل", " ب", " ك")
    at = text.find(word, sentence.start)
    while 0 <= at < sentence.end:
        end = at + len(word)
        inside = [i for i, t in enumerate(sentence.tokens) if t.start < end and at < t.end]
        if inside and (glued or sentence.tokens[inside[-1]].end == end):
            out.update(inside)
        at = text.find(word, at + 1)
    return out


def overlap(one: str, other: str) -> float:
    """Return the F1 of two strings' folded words, 0..1."""
    a, b = set(fold(one).split()), set(fold(other).split())
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def countries(mentions: Iterable[Mention]) -> set[str]:
    """Return the countries that actor phrases speak of, also those of where the party is."""
    out: set[str] = set()
    for m in mentions:
        near: Any = getattr(m, "near", ())
        out.update(c for c in (m.country, *near) if c)
    return out
