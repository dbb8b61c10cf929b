"""Stage 2: a candidate's row again, with what stage 1 gave to its neighbours in the sentence and the article, and the topics."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from waqai.types import Sentence
from waqai.what import topics
from waqai.what.candidates import Candidate
from waqai.what.features import TYPE_INDEX, TYPES

__all__ = ["second_rows"]


_BLOCK = 128  # candidates compared with each other at once, unless a sentence has more


def second_rows(
    table: NDArray[np.float32],
    first: NDArray[np.float64],
    cands: list[Candidate],
    where: list[int],
    sentences: list[Sentence],
    keep: NDArray[np.intp] | None = None,
) -> NDArray[np.float32]:
    """Return the stage-2 rows: the stage-1 row, its score, and what the scores of its neighbours are.

    One act is often named by several words of a sentence («شن هجوما»، «الضربة التي استهدفت»); this is where one of them wins.
    `keep`: the rows wanted, ascending; all where None.
    """
    kinds = np.array([TYPE_INDEX[c.type] for c in cands], dtype=np.intp)
    tokens = np.array([c.token for c in cands], dtype=np.int64)
    at = np.array(where, dtype=np.int64)
    rows = np.arange(len(cands)) if keep is None else keep
    by_type = np.bincount(kinds, weights=first, minlength=len(TYPES))
    best = np.zeros((len(sentences) + 2, len(TYPES)))
    np.maximum.at(best, (at + 1, kinds), first)
    extra = np.empty((len(rows), 17 + _TOPICS))
    extra[:, 0] = first[rows]
    for a, b in _blocks(at):
        mine = rows[(low := int(np.searchsorted(rows, a))) : (high := int(np.searchsorted(rows, b)))]
        if len(mine):
            extra[low:high, 1:13] = _peers(tokens, kinds, at, first, a, b, mine)
    mass = by_type[kinds[rows]]
    extra[:, 13] = mass / max(1, len(sentences))
    extra[:, 14] = mass / (sum(by_type.tolist()) + 0.5)
    extra[:, 15] = best[at[rows], kinds[rows]]
    extra[:, 16] = best[at[rows] + 2, kinds[rows]]
    extra[:, 17:] = _about(sentences, kinds[rows], at[rows])
    return np.hstack([table[rows], extra.astype(np.float32)])


_TOPICS = 6


@functools.lru_cache(maxsize=1)
def _senses() -> NDArray[np.float64]:
    """(types, topics): 1 where the topic gives words of the type another sense."""
    lists = topics.default()
    return np.array([[float(lists.against(t, {name: 1.0})) for name in topics.NAMES] for t in TYPES])


def _about(sentences: list[Sentence], kinds: NDArray[np.intp], at: NDArray[np.int64]) -> NDArray[np.float64]:
    """What the article and the sentence speak of where it is not politics: topics that give the type's words another sense, and any."""
    article, each = topics.default().both([s.tokens for s in sentences])
    whole = np.array([article[name] for name in topics.NAMES])
    here = np.array([[shares[name] for name in topics.NAMES] for shares in each])[at]
    senses = _senses()[kinds]
    out = np.empty((len(kinds), _TOPICS))
    out[:, 0], out[:, 1] = (senses * whole).max(axis=1), (senses * here).max(axis=1)
    out[:, 2], out[:, 3] = whole.max(), here.max(axis=1)
    out[:, 4], out[:, 5] = article["sport"], article["disaster"]
    return out


def _blocks(at: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Cut the candidates into runs of whole sentences, of about `_BLOCK`."""
    a, n = 0, len(at)
    while a < n:
        b = min(n, a + _BLOCK)
        if b < n:
            b = int(np.searchsorted(at, at[b]))
            b = b if b > a else int(np.searchsorted(at, at[a], side="right"))
        yield a, b
        a = b


def _peers(
    tokens: NDArray[np.int64],
    kinds: NDArray[np.intp],
    at: NDArray[np.int64],
    p: NDArray[np.float64],
    a: int,
    b: int,
    mine: NDArray[np.intp],
) -> NDArray[np.float64]:
    """For the rows `mine` among ``a:b``, what the other candidates of their sentence have (peers down, rows across)."""
    step = tokens[a:b, None] - tokens[mine]
    here = at[a:b, None] == at[mine]
    away = here & (step != 0)
    same = away & (kinds[a:b, None] == kinds[mine])  # a token has one candidate of a type, so this leaves the row itself out
    rival = here & (step == 0)
    rival[mine - a, np.arange(len(mine))] = False
    value = p[a:b, None]
    higher = same & (value > p[mine])
    far = np.abs(step)
    out = np.empty((len(mine), 12))

    def top(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.asarray(np.maximum.reduce(mask * value), dtype=np.float64)

    out[:, 0], out[:, 1], out[:, 2] = top(rival), top(same), higher.sum(axis=0)
    out[:, 3] = np.add.reduce(same * value)
    out[:, 4] = np.where(higher, far, 40).min(axis=0)
    out[:, 5], out[:, 6], out[:, 7], out[:, 8] = top(same & (far <= 4)), top(same & (step < 0)), top(same & (step > 0)), top(away)
    out[:, 9] = np.add.reduce(away * value)
    out[:, 10], out[:, 11] = top(away & (step > 0) & (step <= 2)), top(away & (step < 0) & (step >= -2))
    return out
