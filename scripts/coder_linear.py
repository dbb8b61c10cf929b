"""Fit the coder's linear scorers over hashed words (what/linear.py): one part of scripts/train_coder.py."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from waqai.what.linear import Linear, Stored

RARE = 3
"""A bucket seen in fewer rows has no weight."""
KINDS = {
    "date": dict(bits=17, C=2.0, outputs=3, together=True),
    "dated": dict(bits=16, C=3.0, outputs=1),
    "role": dict(bits=17, C=6.0, outputs=2),
}


def matrix(rows, bits):
    """The rows as a matrix (rows, buckets), each key at 1/sqrt(keys of the row)."""
    sizes = np.array([len(r) for r in rows])
    flat = np.fromiter((k for r in rows for k in r), dtype=np.int64, count=int(sizes.sum())) & (2**bits - 1)
    values = np.repeat(1.0 / np.sqrt(np.maximum(sizes, 1)), sizes)
    out = sp.csr_matrix((values, flat, np.concatenate([[0], np.cumsum(sizes)])), shape=(len(rows), 2**bits))
    out.sum_duplicates()
    return out


def fit(kind, rows, y):
    """A scorer of `kind`: three classes at once ("date"), or each class above 0 against the rest."""
    how = KINDS[kind]
    X = matrix(rows, how["bits"])
    y = np.array(y)
    often = np.bincount(X.indices, minlength=X.shape[1]) >= RARE
    X = X @ sp.diags(often.astype(float))
    if how.get("together"):
        m = LogisticRegression(C=how["C"], max_iter=200).fit(X, y)
        weights, intercept = m.coef_.T, m.intercept_
    else:
        ms = [LogisticRegression(C=how["C"], solver="liblinear", max_iter=60).fit(X, y == v) for v in range(1, how["outputs"] + 1)]
        weights, intercept = np.stack([m.coef_[0] for m in ms], axis=1), [float(m.intercept_[0]) for m in ms]
    weights = np.ascontiguousarray(weights, dtype="<f2")
    return Stored(2 ** how["bits"], how["outputs"], weights.tobytes(), [float(x) for x in intercept])


def crossed(kind, rows, y, folds, known=None):
    """The scorer of all rows, and each row's scores by one that did not see its fold; `known`: rows whose label teaches."""
    known = np.ones(len(rows), bool) if known is None else np.asarray(known)
    y = np.array(y)
    out = np.zeros((len(rows), KINDS[kind]["outputs"]), np.float32)
    for rest, mine in folds:
        use = [i for i in rest if known[i]]
        scorer = Linear(fit(kind, [rows[i] for i in use], y[use]))
        out[mine] = scorer.score([rows[i] for i in mine])
    return fit(kind, [r for r, k in zip(rows, known) if k], y[known]), out
