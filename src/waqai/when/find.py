"""The pass over a document: tokens once, productions where a time can begin, values in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from waqai import words
from waqai.types import Residue, Sentence, Time
from waqai.when.anchor import Context, Focus
from waqai.when.grammar import UNKNOWN, Grammar
from waqai.when.lexicon import Lexicon
from waqai.when.offsets import Offsets
from waqai.when.resolve import Resolved, resolve
from waqai.when.rules import MACROS, rules
from waqai.when.spec import Spec

__all__ = ["Tagger", "build", "default_tagger"]

_END = re.compile(r"[.!؟?\n؛]+(?=\s|$|[^\d])")


class Tagger:
    """The words of time and the productions over them, ready to read documents."""

    def __init__(self, lexicon: Lexicon, grammar: Grammar) -> None:
        self.lexicon = lexicon
        self.grammar = grammar

    def find(self, text: str, published: date | None, residue: Iterable[Residue] = ()) -> list[Time]:
        """Return the times of `text` in order, none overlapping, none in residue."""
        offsets = Offsets(text)
        toks, codes = self.lexicon.read(offsets.folded)
        ctx = Context(published, toks, [m.start() for m in _END.finditer(offsets.folded)], self.lexicon.near)
        blocked = sorted((r.start, r.end) for r in residue)
        specs = self._parse(ctx, codes, offsets, blocked)
        _share_years(specs, ctx)
        _mark_alone(specs, ctx)
        out: list[Time] = []
        opener: Spec | None = None
        for spec, mark in specs:
            _follow(spec, mark, opener)
            try:
                got = resolve(spec, ctx)
            except (OverflowError, ValueError):
                got = None  # beyond the years 1 to 9999 that dates can have
            if got is None:
                continue
            if mark.endswith("start]"):
                opener = spec
                opener.fixed_year = got.span[0].year if got.span else None
            a, b = toks[spec.first].start, toks[spec.last - 1].end
            _speak(spec, got, ctx, a)
            start, end = offsets[a], offsets[b]
            out.append(_time(text, (start, end), (spec, mark), got, offsets))
        return out

    def _parse(self, ctx: Context, codes: str, offsets: Offsets, blocked: list[tuple[int, int]]) -> list[tuple[Spec, str]]:
        toks = ctx.toks
        out: list[tuple[Spec, str]] = []
        search, parse = self.grammar.start.search, self.grammar.parse
        i, n = 0, len(codes)
        while True:
            m = search(codes, i)
            if m is None:
                return out
            i = m.start()
            if blocked and (skip := _blocked(offsets[toks[i].start], blocked)):
                while i < n and offsets[toks[i].start] < skip:
                    i += 1
                continue
            spec = parse(toks, codes, i, n)
            if spec is None:
                i += 1
                continue
            group = [spec, *spec.also]
            marks = _marks(spec, len(group))
            out.extend(zip(group, marks, strict=True))
            i = max(spec.end, i + 1)


def _marks(spec: Spec, n: int) -> list[str]:
    if n == 1:
        return [""]
    if "range" in spec.why:
        return [" [range start]", *[""] * (n - 2), " [range end]"]
    return [" [pair start]", *[" [pair]"] * (n - 2), " [pair end]"]


def _blocked(at: int, blocked: list[tuple[int, int]]) -> int:
    """Return the end of the residue that holds offset `at`, 0 where none does."""
    return next((b for a, b in blocked if a <= at < b), 0)


def _share_years(specs: list[tuple[Spec, str]], ctx: Context) -> None:
    """In «من 28 يناير إلى 4 فبراير 2017» the first day has the year of the second."""
    for k in range(len(specs) - 1):
        (a, mark), (b, mark_b) = specs[k], specs[k + 1]
        joined = _joined(a, b, ctx)
        if not joined:
            continue
        if not mark and not mark_b and a.kind == b.kind and a.kind in ("day", "month", "year"):
            word = "range" if joined == "range" else "pair"
            specs[k], specs[k + 1] = (a, f" [{word} start]"), (b, f" [{word} end]")
        if a.month is None or b.month is None or a.year is not None or a.year_rel is not None or a.rel is not None:
            continue
        if b.year is not None:
            a.year = b.year - (1 if a.month > b.month and joined == "range" else 0)
        else:
            a.rel, a.hop, a.year_rel, a.year_hop = b.rel, b.hop, b.year_rel, b.year_hop


def _follow(spec: Spec, mark: str, opener: Spec | None) -> None:
    """Give the later parts of a pair or range the year that was found for the first, where none is told."""
    if not mark or mark.endswith("start]") or opener is None or opener.fixed_year is None:
        return
    if spec.month is None or opener.month is None or spec.year is not None or spec.rel or spec.year_rel:
        return
    spec.fixed_year = opener.fixed_year + (spec.month < opener.month)


def _mark_alone(specs: list[tuple[Spec, str]], ctx: Context) -> None:
    """Mark the expressions of a text that says nothing else: they are read of this year, not by a clause's tense."""
    covered = sum(s.last - s.first for s, _ in specs)
    if specs and len(ctx.toks) - covered <= 2 and all(t.code != UNKNOWN for t in ctx.toks):
        for s, _ in specs:
            s.alone = True


def _joined(a: Spec, b: Spec, ctx: Context) -> str:
    """Tell how two neighbours are joined: "range", "pair" or ""."""
    toks = ctx.toks
    between = range(a.last, b.first)
    if not between or len(between) > 4:
        return ""
    to = any("to" in toks[k].vals or "dash" in toks[k].vals for k in between)
    and_ = any("and" in toks[k].vals for k in between)
    fine = all(any(c in toks[k].vals for c in ("to", "dash", "and", "day_s_i", "of", "fi")) for k in between)
    if not fine or not (to or and_):
        return ""
    opens = any("between" in toks[k].vals or "from" in toks[k].vals for k in range(max(a.first - 2, 0), a.first))
    return "range" if to or (opens and any("between" in toks[k].vals for k in range(max(a.first - 2, 0), a.first))) else "pair"


def _speak(spec: Spec, got: Resolved, ctx: Context, at: int) -> None:
    if got.type not in ("DATE", "TIME") or got.span is None:
        return
    start = got.span[0]
    value = got.value[:10] if got.type == "TIME" else got.value
    grain = len(value)
    if not value[:4].isdigit():
        return
    full = spec.year is not None or (got.anchor is not None and got.anchor >= 0)
    sentence = ctx.sentence(at)
    if got.span[0] == got.span[1]:
        ctx.speak(Focus(start.year, start.month, start, value, at, sentence, full))
    elif grain == 7 and value[5:].isdigit():
        ctx.speak(Focus(start.year, start.month, None, value, at, sentence, full))
    elif grain == 4:
        ctx.speak(Focus(start.year, None, None, value, at, sentence, full))


def _time(text: str, at: tuple[int, int], read: tuple[Spec, str], got: Resolved, offsets: Offsets) -> Time:
    (start, end), (spec, mark) = at, read
    days = got.span
    anchor = got.anchor
    return Time(
        start=start,
        end=end,
        text=text[start:end],
        type=got.type,
        value=got.value,
        date_start=days[0].isoformat() if days else None,
        date_end=days[1].isoformat() if days else None,
        anchor=offsets[anchor] if anchor is not None and anchor >= 0 else anchor,
        conflict=got.conflict,
        why=" < ".join([spec.rule, *(w for w in spec.why if w not in ("range", "pair"))]) + mark,
    )


def build(data: Mapping[str, Any]) -> Tagger:
    """Return a tagger made of the parsed ``words/time/words.toml``. Pure: the same dict gives the same tagger."""
    lexicon = Lexicon(data)
    return Tagger(lexicon, Grammar(rules(), MACROS, lexicon.alphabet, lexicon.near, lexicon.named, lexicon.camps))


@lru_cache(maxsize=1)
def default_tagger() -> Tagger:
    """Return the tagger of the words that ship, made on first use."""
    return build(words.raw("time/words.toml"))


def parse_date(published: str | None) -> date | None:
    """Read a date of publication: an ISO date, or one with a time after it; anything else is None."""
    if not published:
        return None
    try:
        return date.fromisoformat(published.strip()[:10])
    except ValueError:
        return None


def find_times(
    text: str, published: str | None = None, *, sentences: list[Sentence] | None = None, residue: Iterable[Residue] = ()
) -> list[Time]:
    """Return every date, time, duration and set expression of `text`, in order, not overlapping.

    `published` is the day that relative expressions count from (YYYY-MM-DD); without it they keep an unanchored TIMEX3
    value (XXXX-WXX-3) and null dates. `residue` is left out. `sentences` is accepted for callers that have them and is
    not needed. Offsets are code points into `text`. Never raises; linear in the length of the text.
    """
    return default_tagger().find(text, parse_date(published), residue)
