"""Sparse linear scorers over hashed words: what the words around an act say that the trees' few numbers do not.

A row is a set of buckets, each of weight 1/sqrt(size of the set); the weights are float16 by bucket, 0 where a bucket was seen too
seldom in training. Keys are hashed by CRC-32 with a seed (feature hashing: Weinberger et al. 2009), so no word can be read back.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

__all__ = ["Linear", "Stored", "seed"]


def seed(name: str) -> int:
    """Return the start of a family of keys, for ``zlib.crc32(key, seed)``."""
    return zlib.crc32(name.encode())


class Stored(msgspec.Struct):
    """The stored form: float16 weights (buckets, outputs), little-endian, and the intercepts."""

    buckets: int
    outputs: int
    weights: bytes
    intercept: list[float]


class Linear:
    """The scorer at run time."""

    def __init__(self, stored: Stored) -> None:
        self.mask = stored.buckets - 1
        self.outputs = stored.outputs
        self._weights = np.frombuffer(stored.weights, dtype="<f2").reshape(stored.buckets, stored.outputs)
        self._intercept = np.array(stored.intercept, dtype=np.float32)

    def score(self, rows: Sequence[set[int]]) -> NDArray[np.float32]:
        """Return the decision values (rows, outputs) of sets of hashed keys, unmasked as `zlib.crc32` gives them."""
        out = np.tile(self._intercept, (len(rows), 1))
        sizes = np.fromiter(map(len, rows), dtype=np.intp, count=len(rows))
        filled = np.flatnonzero(sizes)
        if len(filled):
            flat = np.fromiter((k for row in rows for k in row), dtype=np.int64, count=int(sizes.sum())) & self.mask
            # Sums of some hundred float16 weights are exact in float64: the same answer whatever the order of the set.
            starts = np.concatenate(([0], np.cumsum(sizes[filled])[:-1]))
            weights = self._weights[flat].astype(np.float64)
            out[filled] += (np.add.reduceat(weights, starts, axis=0) / np.sqrt(sizes[filled])[:, None]).astype(np.float32)
        return out

