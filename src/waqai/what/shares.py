"""What was learnt of words: how often a key named an act, and of which type, as shares that shrink to a base.

`Shares` is the stored form and what training asks; `Lookup` answers the same at run time, and in arrays.
"""

from __future__ import annotations

import math
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

__all__ = ["FAMILIES", "TYPES", "TYPE_INDEX", "Learnt", "Lookup", "Shares"]

TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
TYPE_INDEX = {t: i for i, t in enumerate(TYPES)}
FAMILIES = ("lexeme", "stem", "norm", "next", "prev", "bigram", "before", "prep")
"""The kinds of key whose shares are learnt; see `keys`."""
_WEIGHTS = (4.0, 4.0, 4.0, 10.0, 10.0, 2.0, 2.0, 10.0)
"""How strongly each family's shares shrink to the base."""


class Shares(msgspec.Struct, array_like=True):
    """How often each key was seen, and as a trigger of each type: ``{key: [seen, type index, times, ...]}``."""

    table: dict[str, list[int]]
    base: float = 0.05
    """Share of triggers among all candidates, the value that unseen keys shrink to."""

    def share(self, key: str, kind: int, weight: float = 4.0, out: dict[str, list[int]] | None = None) -> float:
        """Return the smoothed share of the key's uses that named type `kind` (-1: any type)."""
        row = self.table.get(key)
        base = self.base if kind < 0 else self.base / 3
        if row is None:
            return base
        seen, hits = row[0], _hits(row, kind)
        mine = out.get(key) if out else None
        if mine is not None:
            seen -= mine[0]
            hits -= _hits(mine, kind)
        return (hits + weight * base) / (seen + weight)

    def seen(self, key: str, out: dict[str, list[int]] | None = None) -> int:
        """Return how often the key was seen."""
        row = self.table.get(key)
        if row is None:
            return 0
        mine = out.get(key) if out else None
        return row[0] - (mine[0] if mine else 0)

    def ratios(self, key: str, weight: float, out: dict[str, list[int]] | None = None) -> tuple[float, dict[int, float]]:
        """Return the logarithm of a kind's share over the base: for a kind that the key never had, and for each that it had."""
        row = self.table.get(key)
        mine = out.get(key) if out and row is not None else None
        return _ratios(self.base, weight, row if row is None or mine is None else _less(row, mine))


class Lookup:
    """Shares ready to be asked often: a key's counts are taken apart once. `out` are counts to leave out (training)."""

    def __init__(self, shares: Shares, out: dict[str, list[int]] | None = None) -> None:
        self.base = shares.base
        self.table = shares.table
        self._out = out or {}
        self._rows: dict[str, tuple[int, int, dict[int, int]]] = {}
        self._ratios: dict[tuple[str, float], tuple[float, dict[int, float]]] = {}
        self._lines: dict[str, int] = {}
        self._matrix = np.full((64, len(TYPES) + 2), self.base / 3, dtype=np.float32)
        self._matrix[0, -2:] = (self.base, 0.0)
        self._used = 1

    def _row(self, key: str) -> tuple[int, int, dict[int, int]] | None:
        r = self.table.get(key)
        if r is None:
            return None
        mine = self._out.get(key)
        if mine is not None:
            r = _less(r, mine)
        row = self._rows[key] = (r[0], sum(r[2::2]), dict(zip(r[1::2], r[2::2], strict=True)))
        return row

    def share(self, key: str, kind: int, weight: float = 4.0, out: dict[str, list[int]] | None = None) -> float:
        """As `Shares.share`; `out` must be None."""
        base = self.base if kind < 0 else self.base / 3
        row = self._rows.get(key)
        if row is None:
            if key not in self.table:
                return base
            row = self._row(key)
            assert row is not None
        hits = row[1] if kind < 0 else row[2].get(kind, 0)
        return (hits + weight * base) / (row[0] + weight)

    def seen(self, key: str, out: dict[str, list[int]] | None = None) -> int:
        """As `Shares.seen`."""
        row = self._rows.get(key) or self._row(key)
        return 0 if row is None else row[0]

    def ratios(self, key: str, weight: float, out: dict[str, list[int]] | None = None) -> tuple[float, dict[int, float]]:
        """As `Shares.ratios`; `out` must be None."""
        row = self.table.get(key)
        known = (key if row is not None else "", weight)
        got = self._ratios.get(known)
        if got is None:
            got = self._ratios[known] = _ratios(self.base, weight, row)
        return got

    def lines(self, found: list[str]) -> list[int]:
        """Return the numbers of the keys' lines in `matrix`; `found` are keys of FAMILIES, in that order."""
        have = self._lines
        return [have[k] if k in have else self._line(k, w) for k, w in zip(found, _WEIGHTS, strict=True)]

    def _line(self, key: str, weight: float) -> int:
        row = self._row(key)
        if row is None:
            return 0
        at = self._lines[key] = self._used
        if at == len(self._matrix):
            self._matrix = np.concatenate([self._matrix, np.empty_like(self._matrix)])
        self._used += 1
        seen, hits, by = row
        base = self.base / 3
        line = [weight * base / (seen + weight)] * (len(TYPES) + 2)
        for kind, n in by.items():
            line[kind] = (n + weight * base) / (seen + weight)
        line[-2:] = [(hits + weight * self.base) / (seen + weight), math.log1p(seen)]
        self._matrix[at] = line
        return at

    @property
    def matrix(self) -> NDArray[np.float32]:
        """The lines asked for so far, each the shares of every type, of any type, and the logarithm of 1 + the times seen.

        Line 0 is that of a key never seen.
        """
        return self._matrix


class Learnt(Protocol):
    """What the rows ask of learnt shares: `Shares` when training, `Lookup` afterwards."""

    @property
    def table(self) -> dict[str, list[int]]:
        """The counts by key (see `Shares`)."""
        ...

    @property
    def base(self) -> float:
        """The value that unseen keys shrink to."""
        ...

    def share(self, key: str, kind: int, weight: float = 4.0, out: dict[str, list[int]] | None = None) -> float:
        """Return the smoothed share of the key's uses that were `kind` (-1: any)."""
        ...

    def seen(self, key: str, out: dict[str, list[int]] | None = None) -> int:
        """Return how often the key was seen."""
        ...

    def ratios(self, key: str, weight: float, out: dict[str, list[int]] | None = None) -> tuple[float, dict[int, float]]:
        """Return the logarithm of a kind's share over the base: for a kind that the key never had, and for each that it had."""
        ...


def _ratios(base: float, weight: float, row: list[int] | None) -> tuple[float, dict[int, float]]:
    small = base / 3
    if row is None:
        return math.log(small / base), {}
    below = row[0] + weight
    return math.log(weight * small / below / base), {
        row[j]: math.log((row[j + 1] + weight * small) / below / base) for j in range(1, len(row), 2)
    }


def _hits(row: list[int], kind: int) -> int:
    if kind < 0:
        return sum(row[2::2])
    for j in range(1, len(row), 2):
        if row[j] == kind:
            return row[j + 1]
    return 0


def _less(row: list[int], mine: list[int]) -> list[int]:
    """A row of counts without those of one article."""
    out = [row[0] - mine[0]]
    for j in range(1, len(row), 2):
        out += [row[j], row[j + 1] - _hits(mine, row[j])]
    return out
