"""The lines of a text, folded, with the way back to the text as given; and what a headline looks like."""

from __future__ import annotations

import re

from waqai.text import folded, tokens
from waqai.types import ResidueKind, Token

__all__ = ["Line", "cut", "edges", "headline_like", "is_terminated", "loose_headlines"]

_FIRST = re.compile(r"[^\w]*([^\W_]+)")
_ARTICLE = 20_000
"""Characters of a text in which the words of a headline are looked for: bounds the work, longer than any article."""
_ENDS = ".!؟?…"
_QUOTES = "\"”»’')]} \t\r"


class Line:
    """One line: `start` in the original text, `raw` and `flat` (folded, hard spaces softened), `first` word.

    `marks` are (start, end, kind) in offsets of `flat`.
    """

    __slots__ = ("_toks", "first", "flat", "marks", "raw", "start")

    def __init__(self, start: int, raw: str, flat: str) -> None:
        self.start, self.raw, self.flat = start, raw, flat
        m = _FIRST.match(flat)
        self.first = m.group(1) if m else ""
        self.marks: list[tuple[int, int, ResidueKind]] = []
        self._toks: list[Token] | None = None

    @property
    def toks(self) -> list[Token]:
        """The tokens of the folded line, cut when first asked for."""
        if self._toks is None:
            self._toks = tokens(self.flat)
        return self._toks

    def sentence_starts(self) -> list[int]:
        """Return the token indices at which a sentence of the line begins; leading punctuation counts to the first."""
        toks = self.toks
        at = next((i for i, t in enumerate(toks) if t.kind != "p"), 0)
        out = [at]
        for i in range(at + 1, len(toks)):
            before = toks[i - 1]
            if toks[i].kind != "p" and before.kind == "p" and self._ended(i - 1):
                out.append(i)
        return out

    def _ended(self, i: int) -> bool:
        toks = self.toks
        while i > 0 and toks[i].norm in "\"”»’')]([«“|-–*•":
            i -= 1
        return toks[i].norm in _ENDS

    def first_sentence_end(self, after: int, tail: int) -> int:
        """Return the token behind the first full stop after `after` that `tail` or more words follow, else the end."""
        toks = self.toks
        left = sum(t.kind != "p" for t in toks[after:])
        for i in range(after, len(toks)):
            t = toks[i]
            if t.kind != "p":
                left -= 1
                continue
            doubled = (i + 1 < len(toks) and toks[i + 1].norm == ".") or (i > 0 and toks[i - 1].norm == ".")
            if t.norm in ".؟!" and not doubled and i > after and left >= tail:
                return i + 1
        return len(toks)

    def mark(self, a: int, b: int, kind: ResidueKind) -> None:
        """Mark tokens ``a:b`` with the punctuation in front of the first where nothing else stands there."""
        if a >= b:
            return
        start = self.toks[a].start
        if all(t.kind == "p" for t in self.toks[:a]):
            start = len(self.flat) - len(self.flat.lstrip())
        else:
            while a > 0 and self.toks[a - 1].norm in "|-–*•([«" and self.toks[a - 1].kind == "p":
                a -= 1
                start = self.toks[a].start
        end = self.toks[b - 1].end if b < len(self.toks) else len(self.flat.rstrip())
        self.marks.append((start, end, kind))

    def mark_all(self, kind: ResidueKind) -> None:
        """Mark the whole line, outer spaces left out."""
        self.marks.append((len(self.flat) - len(self.flat.lstrip()), len(self.flat.rstrip()), kind))

    def original(self, span: tuple[int, int, ResidueKind]) -> tuple[int, int, ResidueKind]:
        """Return `span` in offsets of the line as given."""
        a, b, kind = span
        back = folded(self.raw).map
        a, b = back[a], back[b]
        while b > a and self.raw[b - 1].isspace():
            b -= 1
        return a, b, kind


def cut(text: str, flat: str) -> list[Line]:
    """Return the lines of `text` that are not blank. Folding neither adds nor drops a line end."""
    out, at = [], 0
    for raw, folded_line in zip(text.split("\n"), flat.split("\n"), strict=True):
        if folded_line and not folded_line.isspace():
            out.append(Line(at, raw, folded_line))
        at += len(raw) + 1
    return out


def is_terminated(flat: str, *, quotes: bool = True) -> bool:
    """Does the line end like a sentence? `quotes`: closing quotation marks alone count as an end too."""
    bare = flat.rstrip()
    if quotes and bare.endswith(("»", '"', "”", ":", "،", "؛")):
        return True
    bare = bare.rstrip(_QUOTES)
    return bare.endswith(tuple(_ENDS))


def headline_like(line: Line, limit: int, *, loose: bool = False) -> bool:
    """Is it short and without a full stop? `loose`: questions, dots and quotation marks at its end are no matter."""
    words = line.flat.count(" ") + 1
    if words > limit:
        return False
    return not line.flat.rstrip().endswith((".", ":")) if loose else not is_terminated(line.flat, quotes=False)


def edges(lines: list[Line], title: str) -> None:
    """Mark scraps of up to three words before the first paragraph and behind the last: bylines, credits, initials.

    A paragraph is a line of eight words or more that ends like a sentence. The very first line is taken for a title
    from three words on.
    """
    paragraphs = [i for i, line in enumerate(lines) if line.flat.count(" ") >= 7 and is_terminated(line.flat)]
    if not paragraphs:
        return
    for i in range(min(paragraphs[0], 8)):
        if not lines[i].marks and lines[i].flat.strip() != title and _scrap(lines[i], 2 if i == 0 else 3):
            lines[i].mark_all("other")
    for line in reversed(lines[paragraphs[-1] + 1 :]):
        if not line.marks:
            if not _scrap(line, 3):
                return  # a list or a poem: the short line above it is its heading
            line.mark_all("other")


def _scrap(line: Line, limit: int) -> bool:
    return sum(any(map(str.isalnum, w)) for w in line.flat.split()) <= limit and not is_terminated(line.flat, quotes=False)


def loose_headlines(lines: list[Line], text: str, not_first: set[str]) -> None:
    """Mark headlines of other articles that stand bare between two paragraphs.

    Sites put links to related articles between paragraphs and extraction keeps their words. In a text whose paragraphs
    all end with a full stop, lines of 5 to 16 words without one, between two that have it, are such headlines; shorter
    ones are subheads and stay. So does a line on its own whose words stand in the article: it sums up what follows. A
    line that begins with one of the folded words `not_first` is a sentence that lost its full stop.
    """
    ended = [is_terminated(line.flat) for line in lines]
    body = [e for e, line in zip(ended, lines, strict=True) if not line.marks]
    if len(body) < 5 or sum(body) < 0.6 * len(body) or all(body):
        return
    i = 1
    while i < len(lines):
        j = i
        while j < len(lines) and _bare(lines[j], ended[j], not_first, first=j == i):
            j += 1
        if j == i:
            i += 1
            continue
        before = ended[i - 1] or any(k == "related" for _, _, k in lines[i - 1].marks)
        after = j == len(lines) or ended[j] or bool(lines[j].marks)
        if before and after and (2 <= j - i <= 4 or (j == i + 1 and not _sums_up(lines[i], text))):
            for line in lines[i:j]:
                line.mark_all("related")
        i = j


def _bare(line: Line, ended: bool, not_first: set[str], *, first: bool) -> bool:
    if line.marks or line.first in not_first or not 5 <= line.flat.count(" ") + 1 <= 16 or line.flat.lstrip()[:1] in "-*•وف0123456789([":
        return False
    # A headline may end with quoted words; a quoted sentence of the article has its speaker and a colon in front.
    return not ended or (not first and line.flat.rstrip()[-1:] in '"»”' and ":" not in line.flat)


def _sums_up(line: Line, text: str) -> bool:
    words = [t.norm for t in line.toks if t.kind == "w" and len(t.norm) > 3]
    text = text[:_ARTICLE]
    known = sum(text.count(w.removeprefix("ال")) > 1 for w in words)
    return known > 0.6 * len(words)
