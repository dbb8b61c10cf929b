"""Quotes: words reported as somebody's, direct in quotation marks or indirect after «إن», with their speaker."""

from __future__ import annotations

import re

from waqai.says import Attribution, Said
from waqai.types import Quote, Sentence, Source

__all__ = ["find", "source_of"]

_DIRECT = re.compile(r"[\"“”«]([^\"“”«»\n]{12,1500})[\"“”»]")
_THAT = frozenset(("ان", "بان", "انه", "انها", "انهم", "بانه", "بانها", "بانهم", "انهما"))
MIN_WORDS = 4


def source_of(a: Attribution, text: str, entity: str | None) -> Source:
    """Return the published form of an attribution."""
    assert a.start is not None
    assert a.end is not None
    return Source(start=a.start, end=a.end, text=text[a.start : a.end], kind=a.source_kind, entity=entity)


def find(text: str, sentences: list[Sentence], said: list[Said]) -> list[Quote]:
    """Return the quotes of an article in text order. A direct quote of fewer than four words is a phrase, not speech."""
    out: list[Quote] = []
    for s, here in zip(sentences, said, strict=True):
        direct = [m.span(1) for m in _DIRECT.finditer(text, s.start, s.end) if len(m.group(1).split()) >= MIN_WORDS]
        for a, b in direct:
            speaker = _speaker(here.attributions, s, a)
            if speaker is not None:
                out.append(_quote(text, a, b, speaker, True))
        for x in here.attributions:
            if x.by != "verb":
                continue
            start = _after_that(s, x)
            if start is not None and not any(a < s.end and start < b for a, b in direct) and s.end - start > 20:
                end = s.end - 1 if text[s.end - 1] in ".؟!" else s.end
                out.append(_quote(text, start, end, x, False))
                break
    out.sort(key=lambda q: (q.start, -q.end))
    return out


def _quote(text: str, a: int, b: int, x: Attribution, direct: bool) -> Quote:
    entity = x.mention.entity if x.mention else None
    return Quote(start=a, end=b, text=text[a:b], speaker=entity, source=source_of(x, text, entity), direct=direct)


def _speaker(found: list[Attribution], s: Sentence, at: int) -> Attribution | None:
    """The nearest attribution before the quote, else the first of the sentence."""
    before = [a for a in found if s.tokens[a.cue].start < at]
    return before[-1] if before else found[0] if found else None


def _after_that(s: Sentence, a: Attribution) -> int | None:
    for j in range(a.cue + 1, min(len(s.tokens), max(a.governs, a.cue + 1) + 12)):
        if s.tokens[j].norm in _THAT:
            k = j + 1 if s.tokens[j].norm in ("ان", "بان") else j
            return s.tokens[k].start if k < len(s.tokens) else None
    return None
