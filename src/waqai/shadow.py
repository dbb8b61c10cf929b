"""The two shadow columns of search: folded words, and the same with article, conjunction and preposition off.

Light stemming after Larkey, Ballesteros and Connell (2002), "Light10", its prefixes only: suffixes would join words that
a fact-checker keeps apart. It runs alike on text and on queries, so a wrong cut («وقع» from «ووقع») costs nothing.
"""

from __future__ import annotations

import functools
import re

from waqai.text import fold

__all__ = ["Term", "folded_words", "parse_query", "stem", "stemmed_words"]

_ARTICLES = ("وبال", "فبال", "وال", "فال", "بال", "كال", "ولل", "فلل", "ال", "لل")
_SHORTEST = 3
# Words and numbers of a folded text: letters and digits written together are two, as `text.tokens` cuts them.
_WORD = re.compile(r"\d+(?:[.,/:]\d+)*|[^\W\d_]+")
_CONJUNCTIONS = "وف"


@functools.lru_cache(maxsize=200_000)
def stem(norm: str) -> str:
    """Return the folded word `norm` without article and what is glued before it.

    A lone و or ف goes only from words of five letters and more («ومصري», not «وقعت»): shorter ones are too often the
    root's own; `parse_query` looks for both readings instead.
    """
    for article in _ARTICLES:
        if norm.startswith(article) and len(norm) - len(article) >= _SHORTEST - 1:
            return norm[len(article) :]
    if norm[:1] in _CONJUNCTIONS and len(norm) >= _SHORTEST + 2:
        return norm[1:]
    return norm


def _norms(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def folded_words(text: str) -> list[str]:
    """Return the folded words and numbers of `text`."""
    return _norms(text)


def stemmed_words(text: str) -> list[str]:
    """Return the light stems of the words of `text`, in the same number and order as `folded_words`."""
    return [stem(n) for n in _norms(text)]


class Term:
    """One part of a query: a word or a phrase, wanted or not.

    `folded` are its words as written; `stems` the readings of a single word, any of which will do.
    """

    __slots__ = ("folded", "stems", "wanted")

    def __init__(self, folded: list[str], wanted: bool) -> None:
        self.folded = folded
        self.wanted = wanted
        self.stems = _readings(folded[0]) if len(folded) == 1 else []


def _readings(norm: str) -> list[str]:
    base = stem(norm)
    readings = [base]
    if len(base) < _SHORTEST + 1:
        readings += [c + base for c in _CONJUNCTIONS]
    return readings


def parse_query(q: str) -> list[Term]:
    """Cut a query into terms: words, "phrases" (any quotation marks), and -word or -"phrase" for what must not occur."""
    for mark in "“”«»„":
        q = q.replace(mark, '"')
    out: list[Term] = []
    for n, part in enumerate(q.split('"')):
        if n % 2:
            words = folded_words(part)
            if words:
                out.append(Term(words, wanted=not q.split('"')[n - 1].endswith("-")))
            continue
        for word in part.split():
            wanted = not word.startswith("-")
            out += [Term([norm], wanted) for norm in folded_words(word.lstrip("-"))]
    return out
