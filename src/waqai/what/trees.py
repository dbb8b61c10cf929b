"""Gradient-boosted trees at run time: trained elsewhere (scripts/train_coder.py), evaluated here with numpy alone.

A batch of rows walks down all trees of an ensemble at once, one level a step, so the cost is (depth) array operations whatever
the number of trees.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

__all__ = ["Forest", "Trees", "pack"]


_BLOCK = 1024  # rows walked at once
_PERFECT = 9  # up to this depth all trees are filled up to one depth, where a step needs no table of children


class Forest(msgspec.Struct, array_like=True):
    """The stored form. Arrays as little-endian bytes: feature int16, threshold float32, left/right int32, value float32.

    A leaf has feature -1. `classes` ensembles of `trees` trees each; `roots` gives each tree's first node.
    """

    classes: int
    depth: int
    baseline: list[float]
    roots: bytes
    feature: bytes
    threshold: bytes
    left: bytes
    right: bytes
    value: bytes


class Trees:
    """An ensemble ready to score rows of floats."""

    def __init__(self, forest: Forest) -> None:
        self.classes = forest.classes
        self.depth = forest.depth
        self.baseline = np.array(forest.baseline, dtype=np.float64)
        # 32-bit indices: the walk is bound by memory.
        self._roots = np.frombuffer(forest.roots, dtype="<i4").astype(np.int32)
        feature = np.frombuffer(forest.feature, dtype="<i2").astype(np.int32)
        leaf = feature < 0
        # A leaf points at itself, so that every row may walk the same number of steps.
        own = np.arange(len(feature), dtype=np.int32)
        left = np.where(leaf, own, np.frombuffer(forest.left, dtype="<i4")).astype(np.int32)
        right = np.where(leaf, own, np.frombuffer(forest.right, dtype="<i4")).astype(np.int32)
        feature = np.where(leaf, 0, feature)
        threshold = np.frombuffer(forest.threshold, dtype="<f4")
        value = np.frombuffer(forest.value, dtype="<f4")
        self._levels: list[tuple[NDArray[np.int32], NDArray[np.float32]]] = []
        if self.depth <= _PERFECT:
            node = self._roots[:, None]
            for _ in range(self.depth):
                self._levels.append((feature[node].ravel(), np.where(leaf[node], np.float32(np.inf), threshold[node]).ravel()))
                node = np.stack([left[node], right[node]], axis=2).reshape(len(node), -1)
            self._value = value[node].ravel()
        else:
            self._feature, self._threshold, self._value = feature, threshold, value
            self._children = np.stack([right, left], axis=1).ravel()

    def raw(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return raw scores (rows, classes) for rows (rows, features)."""
        if len(rows) > _BLOCK:  # a long article: keep the walk's arrays small
            return np.concatenate([self.raw(rows[i : i + _BLOCK]) for i in range(0, len(rows), _BLOCK)])
        n, t = len(rows), len(self._roots)
        if n == 0:
            return np.zeros((0, self.classes))
        rows = np.ascontiguousarray(rows, dtype=np.float32)
        found = self._value.take(self._leaves(rows) if self._levels else self._walk(rows))
        scores = found.reshape(t // self.classes, self.classes, n).sum(axis=0, dtype=np.float64).T
        return np.asarray(scores + self.baseline, dtype=np.float64)

    def _leaves(self, rows: NDArray[np.float32]) -> NDArray[np.int32]:
        """The leaf of each row in each tree (trees, rows) where all trees are filled up to one depth: a node's children are 2k, 2k + 1."""
        flat = rows.ravel()
        base = np.arange(0, flat.size, rows.shape[1], dtype=np.int32)
        feature, threshold = self._levels[0]
        node = (rows.T.take(feature, axis=0) > threshold[:, None]).astype(np.int32)
        node += np.arange(0, 2 * len(feature), 2, dtype=np.int32)[:, None]
        for feature, threshold in self._levels[1:]:
            at = feature.take(node)
            at += base
            right = flat.take(at) > threshold.take(node)
            node += node
            node += right
        return node

    def _walk(self, rows: NDArray[np.float32]) -> NDArray[np.int32]:
        """The same for trees too deep to be filled up."""
        flat = rows.ravel()
        base = np.arange(0, flat.size, rows.shape[1], dtype=np.int32)
        node = np.broadcast_to(self._roots[:, None], (len(self._roots), len(rows)))
        for _ in range(self.depth):
            goes_left = flat.take(self._feature.take(node) + base) <= self._threshold.take(node)
            node = self._children.take(2 * node + goes_left)
        return node

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return probabilities: (rows,) of the positive class for two classes, else (rows, classes)."""
        raw = self.raw(rows)
        if self.classes == 1:
            return np.asarray(1.0 / (1.0 + np.exp(-raw[:, 0])), dtype=np.float64)
        raw -= raw.max(axis=1, keepdims=True)
        e = np.exp(raw)
        return np.asarray(e / e.sum(axis=1, keepdims=True), dtype=np.float64)


def pack(models: list[Any]) -> Forest:
    """Store fitted scikit-learn HistGradientBoostingClassifiers, averaged (training only; no missing values, no categories)."""
    classes = len(models[0]._predictors[0])
    arrays: dict[str, list[NDArray[Any]]] = {k: [] for k in ("feature", "threshold", "left", "right", "value")}
    roots, at, depth = [], 0, 1
    for stage in (stage for model in models for stage in model._predictors):
        for tree in stage:
            nodes = tree.nodes
            leaf = nodes["is_leaf"].astype(bool)
            # scikit-learn compares float64 features; rows are float32 here, so thresholds are rounded up to the next float32.
            threshold = np.nextafter(nodes["num_threshold"].astype(np.float32), np.float32(np.inf))
            exact = nodes["num_threshold"].astype(np.float32).astype(np.float64) >= nodes["num_threshold"]
            arrays["feature"].append(np.where(leaf, -1, nodes["feature_idx"]))
            arrays["threshold"].append(np.where(exact, nodes["num_threshold"].astype(np.float32), threshold))
            arrays["left"].append(nodes["left"].astype(np.int64) + at)
            arrays["right"].append(nodes["right"].astype(np.int64) + at)
            arrays["value"].append(np.where(leaf, nodes["value"], 0.0) / len(models))
            roots.append(at)
            at += len(nodes)
            depth = max(depth, int(nodes["depth"].max()))
    return Forest(
        classes=classes,
        depth=depth,
        baseline=[float(x) for x in np.mean([np.ravel(m._baseline_prediction) for m in models], axis=0)],
        roots=np.array(roots, dtype="<i4").tobytes(),
        feature=np.concatenate(arrays["feature"]).astype("<i2").tobytes(),
        threshold=np.concatenate(arrays["threshold"]).astype("<f4").tobytes(),
        left=np.concatenate(arrays["left"]).astype("<i4").tobytes(),
        right=np.concatenate(arrays["right"]).astype("<i4").tobytes(),
        value=np.concatenate(arrays["value"]).astype("<f4").tobytes(),
    )
