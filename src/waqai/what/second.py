"""Stage 2: a candidate's row again, with what stage 1 gave to its neighbours in the sentence and the article."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from waqai.what.candidates import Candidate
from waqai.what.features import TYPE_INDEX, TYPES

__all__ = ["second_rows"]


def second_rows(
    table: NDArray[np.float32], first: NDArray[np.float64], cands: list[Candidate], where: list[int], sentences: int
) -> NDArray[np.float32]:
    """Return the stage-2 rows: the stage-1 row, its score, and what the scores of its neighbours are.

    One act is often named by several words of a sentence («شن هجوما»، «الضربة التي استهدفت»); this is where one of them wins.
    """
    by_sentence: dict[int, list[int]] = {}
    by_type = [0.0] * len(TYPES)
    p = first.tolist()
    for j, (c, w) in enumerate(zip(cands, where, strict=True)):
        by_sentence.setdefault(w, []).append(j)
        by_type[TYPE_INDEX[c.type]] += p[j]
    total = sum(by_type) + 0.5
    best: dict[tuple[int, str], float] = {}
    for j, c in enumerate(cands):
        key = (where[j], c.type)
        best[key] = max(best.get(key, 0.0), p[j])
    extra = [
        [
            p[j], *_peers(j, cands, p, by_sentence[where[j]]),
            by_type[TYPE_INDEX[c.type]] / max(1, sentences), by_type[TYPE_INDEX[c.type]] / total,
            best.get((where[j] - 1, c.type), 0.0), best.get((where[j] + 1, c.type), 0.0),
        ]
        for j, c in enumerate(cands)
    ]  # fmt: skip
    return np.hstack([table, np.array(extra, dtype=np.float32)])


def _peers(j: int, cands: list[Candidate], p: list[float], peers: list[int]) -> list[float]:
    me, mine = cands[j], p[j]
    rival = strongest = summed = before = after = near = others = next_ = previous = everything = 0.0
    higher, gap = 0, 40
    for q in peers:
        if q == j:
            continue
        c, v = cands[q], p[q]
        step = c.token - me.token
        if step == 0:
            rival = max(rival, v)
        else:
            others = max(others, v)
            everything += v
            if 0 < step <= 2:
                next_ = max(next_, v)
            elif -2 <= step < 0:
                previous = max(previous, v)
        if c.type == me.type:
            strongest = max(strongest, v)
            summed += v
            if v > mine:
                higher += 1
                gap = min(gap, abs(step))
            if abs(step) <= 4:
                near = max(near, v)
            if step < 0:
                before = max(before, v)
            else:
                after = max(after, v)
    return [rival, strongest, float(higher), summed, float(gap), near, before, after, others, everything, next_, previous]
