"""Loaded wording: an outlet's own name for a party or an act, kept beside the neutral code.

Two sources: actor phrases that the lexicon marks as loaded (`loaded` of an entry in ``actors/``), and the wordings of
``loaded.toml`` that are no name of one party. Where both cover a place, the longer counts.
"""

from __future__ import annotations

import functools

from waqai import words
from waqai.text import Phrases, unfold_offset
from waqai.types import Mention, Sentence, Wording
from waqai.words import Loaded

__all__ = ["Table", "default"]


class Table:
    """The compiled wordings of loaded.toml."""

    def __init__(self, entries: list[Loaded]) -> None:
        self._phrases: Phrases[Loaded] = Phrases()
        for entry in entries:
            for word in entry.words:
                self._phrases.add(word, entry)

    def find(self, text: str, sentences: list[Sentence], mentions: list[Mention]) -> list[Wording]:
        """Return the loaded wording of an article in text order, none overlapping; `mentions` are its actor phrases."""
        found = {(m.start, m.end): Wording(start=m.start, end=m.end, text=m.text, refers_to=m.country) for m in mentions if m.loaded}
        for s in sentences:
            for hit in self._phrases.scan(s.tokens):
                first = s.tokens[hit.first]
                # Conjunction and preposition are no part of it, the article is: «والعصابات» is «العصابات».
                strip = len(hit.clitic.removesuffix("ال").removesuffix("لل"))
                start = first.start + unfold_offset(text[first.start : first.end], strip) if strip else first.start
                end = s.tokens[hit.last - 1].end
                found.setdefault((start, end), Wording(start=start, end=end, text=text[start:end], refers_to=hit.value.refers_to))
        out: list[Wording] = []
        for w in sorted(found.values(), key=lambda w: (w.start, -w.end)):
            if not out or w.start >= out[-1].end:
                out.append(w)
            elif w.end - w.start > out[-1].end - out[-1].start:
                out[-1] = w
        return out


@functools.lru_cache(maxsize=1)
def default() -> Table:
    """Return the package's own table."""
    return Table(words.default().loaded)
