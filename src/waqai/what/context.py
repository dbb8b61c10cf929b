"""PLOVER's contexts of a passage, from the word lists of contexts.toml."""

from __future__ import annotations

import functools

from waqai import words
from waqai.text import Phrases, fold
from waqai.types import Sentence
from waqai.words import Context

__all__ = ["Contexts", "default"]

LIMIT = 3


class Contexts:
    """The compiled lists: which contexts a sentence's words speak of."""

    def __init__(self, entries: list[Context]) -> None:
        self._phrases: Phrases[str] = Phrases()
        for e in entries:
            for w in e.words:
                self._phrases.add(w, e.name)
                # A list holds bare forms; news uses the definite as often («العقوبات الاقتصادية»).
                if not w.startswith("ال"):
                    self._phrases.add(" ".join("ال" + x if len(x) > 2 else x for x in fold(w).split()), e.name)

    def of(self, sentence: Sentence, neighbours: list[Sentence] | None = None) -> list[str]:
        """Return at most three contexts of a sentence, strongest first; `neighbours` decide ties at half weight."""
        weight: dict[str, float] = {}
        for s, unit in [(sentence, 1.0), *((n, 0.4) for n in neighbours or ())]:
            for h in self._phrases.scan(s.tokens):
                weight[h.value] = weight.get(h.value, 0.0) + unit * (h.last - h.first)
        ranked = sorted((w for w in weight if weight[w] >= 1.0), key=lambda w: (-weight[w], w))
        return ranked[:LIMIT]


@functools.lru_cache(maxsize=1)
def default() -> Contexts:
    """Return the package's contexts."""
    return Contexts(words.default().contexts)
