"""Which articles carry one text, and how many outlets report on their own.

Shingles of four folded words, compared as sets (Broder 1997, "resemblance" and "containment"), without sampling: only articles
of one merged event are compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from waqai.shadow import folded_words

__all__ = ["Article", "independent", "reprints", "shingles"]

_WORDS = 4
CONTAINED = 0.6  # of the shorter text's shingles stand in the longer one: a cut or lengthened agency text


class Article:
    """A document for comparison. `shingles` are hashes."""

    __slots__ = ("_shingles", "content_hash", "outlet", "text", "uid")

    def __init__(self, uid: str, outlet: str, content_hash: str, text: str) -> None:
        self.uid = uid
        self.outlet = outlet or uid
        self.content_hash = content_hash
        self.text = text
        self._shingles: frozenset[int] | None = None

    @property
    def shingles(self) -> frozenset[int]:
        """Shingles of the text, made when first asked for: most articles share no event with another."""
        if self._shingles is None:
            self._shingles = shingles(self.text)
        return self._shingles


def shingles(text: str) -> frozenset[int]:
    """Return the hashes of each four words of `text` in a row."""
    words = folded_words(text)
    return frozenset(hash(tuple(words[i : i + _WORDS])) for i in range(max(1, len(words) - _WORDS + 1)))


def _one_text(a: Article, b: Article) -> bool:
    if a.content_hash == b.content_hash:
        return True
    return len(a.shingles & b.shingles) >= CONTAINED * min(len(a.shingles), len(b.shingles))


def reprints(articles: Sequence[Article]) -> list[list[str]]:
    """Return the ids of `articles` in groups of one text each, sorted."""
    left = sorted(articles, key=lambda a: a.uid)
    out: list[list[str]] = []
    while left:
        group, queue = [left[0]], [left.pop(0)]
        while queue:
            one = queue.pop()
            near = [a for a in left if _one_text(one, a)]
            left = [a for a in left if a not in near]
            group += near
            queue += near
        out.append(sorted(a.uid for a in group))
    return sorted(out)


def independent(groups: Sequence[Sequence[str]], outlets: Mapping[str, str]) -> int:
    """Return how many outlets can each be given a text that no other one is given.

    A largest matching of outlets and texts: an outlet with three articles counts once, nine outlets with one agency's text
    count once, and an outlet that prints the agency's text beside its own still counts for its own.
    """
    texts: dict[str, list[int]] = {}
    for n, group in enumerate(groups):
        for uid in group:
            texts.setdefault(outlets[uid], []).append(n)
    taken: dict[int, str] = {}

    def give(outlet: str, tried: set[int]) -> bool:
        for n in texts[outlet]:
            if n in tried:
                continue
            tried.add(n)
            if n not in taken or give(taken[n], tried):
                taken[n] = outlet
                return True
        return False

    return sum(give(outlet, set()) for outlet in sorted(texts))
