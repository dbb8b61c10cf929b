"""What a passage is about where it is not about politics: the share of its words that speak of sport, disasters and so on.

In such passages event words have another sense («هجوم الفريق», «ضربة للاقتصاد»). The shares are inputs of a score, not a
verdict: a bomb in a stadium is an attack. The lists are ``words/topics.toml``; their form is explained at its top.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

import msgspec

from waqai import words
from waqai.errors import WordsError
from waqai.text import Known, Phrases, fold
from waqai.types import Token
from waqai.what.inflections import Inflections

__all__ = ["NAMES", "Topic", "Topics", "default", "load"]

NAMES = ("sport", "entertainment", "disaster", "health", "economy", "technology", "daily")
"""The topics, in the order of the file: a stable order for inputs of a score."""
_STRONG = 2.0


class Sample(msgspec.Struct, forbid_unknown_fields=True):
    """A sentence that speaks of the topic."""

    text: str


class Topic(msgspec.Struct, forbid_unknown_fields=True):
    """One entry of ``topics.toml``."""

    name: str
    against: list[str]
    strong: list[str]
    words: list[str]
    example: list[Sample] = []


class Topics:
    """The compiled lists."""

    def __init__(self, entries: Sequence[Topic]) -> None:
        self.names = tuple(e.name for e in entries)
        self._against = {e.name: frozenset(e.against) for e in entries}
        self._phrases: Phrases[tuple[int, float]] = Phrases()
        single: dict[str, dict[int, float]] = {}
        for n, e in enumerate(entries):
            for listed, weight in ((e.words, 1.0), (e.strong, _STRONG)):
                for w in listed:
                    cut = w.split()
                    if len(cut) == 1:
                        single.setdefault(fold(w), {})[n] = weight
                        continue
                    self._phrases.add(w, (n, weight))
                    definite = " ".join(x if x.startswith("ال") or len(x) < 3 else "ال" + x for x in cut)
                    if definite != w:
                        self._phrases.add(definite, (n, weight))
        self._single = single
        self._forms = Inflections(w for e in entries for w in (*e.words, *e.strong) if " " not in w)
        self._known: Known[tuple[tuple[int, float], ...]] = Known(self._look)

    def of(self, tokens: Sequence[Token]) -> dict[str, float]:
        """Return each topic's share of the passage, 0 (nothing of it) to 1: weighted words of the topic over all words.

        Linear in the number of tokens; the topics are those of `names`, all of them. Sentences' shares are not added up
        for an article: give all its tokens.
        """
        total, count = self._sums([tokens])
        return {name: min(1.0, x / count) if count else 0.0 for name, x in zip(self.names, total, strict=True)}

    def both(self, sentences: Sequence[Sequence[Token]]) -> tuple[dict[str, float], list[dict[str, float]]]:
        """Return the article's shares and each sentence's, in one pass over the tokens."""
        each = [self._sums([s]) for s in sentences]
        count = sum(n for _, n in each)
        article = {
            name: min(1.0, sum(t[k] for t, _ in each) / count) if count else 0.0 for k, name in enumerate(self.names)
        }
        return article, [
            {name: min(1.0, t[k] / n) if n else 0.0 for k, name in enumerate(self.names)} for t, n in each
        ]

    def against(self, kind: str, shares: dict[str, float]) -> float:
        """Return the largest share among the topics in which words of event type `kind` have another sense."""
        return max((x for name, x in shares.items() if kind in self._against[name]), default=0.0)

    def _sums(self, passages: Iterable[Sequence[Token]]) -> tuple[list[float], int]:
        total = [0.0] * len(self.names)
        count = 0
        for toks in passages:
            norms = [tok.norm for tok in toks if tok.kind == "w"]
            count += len(norms)
            # Almost no word speaks of a topic.
            for known in filter(None, map(self._known.__getitem__, norms)):
                for n, weight in known:
                    total[n] += weight
            for hit in self._phrases.scan(list(toks)):
                n, weight = hit.value
                total[n] += weight
        return total, count

    def _look(self, norm: str) -> tuple[tuple[int, float], ...]:
        best: dict[int, float] = {}
        for w in self._forms.of(norm):
            for n, weight in self._single[w].items():
                best[n] = max(best.get(n, 0.0), weight)
        return tuple(sorted(best.items()))


def load() -> list[Topic]:
    """Read ``words/topics.toml``. Raises `WordsError` where an entry has not the form that the file explains."""
    try:
        found = msgspec.convert(words.raw("topics.toml").get("topic", []), list[Topic])
    except msgspec.ValidationError as error:
        raise WordsError(f"topics.toml: [[topic]] {error}") from error
    if tuple(t.name for t in found) != NAMES:
        raise WordsError(f"topics.toml: the topics must be {', '.join(NAMES)}, in this order")
    return found


@functools.lru_cache(maxsize=1)
def default() -> Topics:
    """Return the package's topics."""
    return Topics(load())
