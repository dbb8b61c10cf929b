"""Fit the scorer of lone sentences (src/waqai/what/lone.py) on labelled sentences, and measure it by document.

    python scripts/train_lone.py --sentences GSR/dev.jsonl                       # writes models/lone.bin, names it in models.toml
    python scripts/train_lone.py --sentences GSR/dev.jsonl --measure --seeds 3   # cross-validated, writes nothing

JSON lines with id, event_type (ASSAULT or PROTEST), label (yes, "easy no", "difficult no", ambiguous), text, doc_date. The
ambiguous are left out. The rows depend on the coder's weights: run it again after scripts/train_coder.py.
Needs scikit-learn (extra `train`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import time
from pathlib import Path

import msgspec
import numpy as np
import scipy.sparse as sp
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.preprocessing import StandardScaler

from waqai.annotate import Tools, annotate
from waqai.types import Document
from waqai.what import lone
from waqai.what.trees import Forest, pack

MODELS = Path(lone.__file__).parent.parent / "models"
NAMES = ("words", "letters", "linear", "forest", "boosted")
INNER, TREES = 5, 150
WEIGHT = np.array([2.0, 1.0, 1.0, 1.0, 1.0])
"""Of the standardized scores in the sum."""


def read(path):
    """Return the labelled sentences but the ambiguous; `document` is what folds keep together."""
    with open(path, encoding="utf-8") as f:
        rows = [json.loads(line) for line in f if line.strip()]
    return [{**r, "document": re.sub(r"[-_]\d+$", "", r["id"])} for r in rows if r["label"] != "ambiguous"]


class Watch(lone.Judge):
    """Keeps what it is asked about and judges nothing: so that training sees what the program sees."""

    def judge(self, reader, reading, text, drafts):
        self.seen = lone.view(reader, reading, text)
        return drafts, {}


def views(rows):
    """Return the view of each sentence as the program makes it, None where the program takes it for more than one."""
    watch = Watch()
    tools = msgspec.structs.replace(Tools.default(), lone=watch)
    out = []
    for r in rows:
        watch.seen = None
        annotate(document(r), tools)
        out.append(watch.seen)
    return out


def document(r):
    return Document(id=r["id"], content_hash="", text=r["text"], published=r.get("doc_date"))


class Table:
    """The rows of one type: sparse counts by bucket, dense numbers, labels, documents."""

    def __init__(self, rows, kind):
        found = views(rows)
        self.at = np.array([k for k, v in enumerate(found) if v is not None])
        """Which of `rows` are here: those that the program takes for lone sentences."""
        seen = [(rows[k], found[k]) for k in self.at]
        self.rows = [r for r, _ in seen]
        self.y = np.array([r["label"] == "yes" for r in self.rows], dtype=int)
        self.groups = np.unique([r["document"] for r in self.rows], return_inverse=True)[1]
        self.words = sparse([lone.buckets(v, False) for _, v in seen])
        self.letters = sparse([lone.buckets(v, True) for _, v in seen])
        dense = np.array([lone.dense(v, kind) for _, v in seen], dtype=np.float32)
        self.width = dense.shape[1]
        self.dense = np.hstack([dense, np.array([lone.meanings(v, kind) for _, v in seen], dtype=np.float32)])


def sparse(rows):
    at = np.cumsum([0, *(len(r) for r in rows)])
    return sp.csr_matrix(
        (np.array([x for r in rows for x in r.values()]), np.array([b for r in rows for b in r]), at), (len(rows), lone.BUCKETS)
    )


def tfidf(m, idf):
    m = m @ sp.diags(idf)
    return sp.diags(1 / np.maximum(1e-9, np.sqrt(np.asarray(m.multiply(m).sum(1)).ravel()))) @ m


def bag(m, y, least, c=5.0):
    """Fit a logistic regression on the buckets seen in `least` sentences or more."""
    seen = np.bincount(m.indices, minlength=m.shape[1])
    idf = np.where(seen >= least, np.log((1 + m.shape[0]) / (1 + seen)) + 1, 0)
    model = LogisticRegression(C=c, solver="liblinear", class_weight="balanced", random_state=0).fit(tfidf(m, idf), y)
    return idf, model.coef_[0], float(model.intercept_[0])


def fit(t, a):
    """Fit the five models on rows `a`."""
    x, y = t.dense[a], t.y[a]
    scaler = StandardScaler().fit(x)
    linear = LogisticRegression(C=0.01, class_weight="balanced", max_iter=500).fit(scaler.transform(x), y)
    weight = linear.coef_[0] / scaler.scale_
    return {
        "words": bag(t.words[a], y, 2),
        "letters": bag(t.letters[a], y, 3),
        "linear": (weight, float(linear.intercept_[0] - weight @ scaler.mean_)),
        "forest": ExtraTreesClassifier(TREES, min_samples_leaf=3, class_weight="balanced", random_state=0).fit(x, y),
        "boosted": HistGradientBoostingClassifier(
            max_iter=100, learning_rate=0.06, max_leaf_nodes=8, min_samples_leaf=10, l2_regularization=5, random_state=0
        ).fit(x[:, : t.width], y),
    }


def ask(m, t, b):
    """Return the five scores of rows `b`, (rows, 5)."""
    share = m["forest"].predict_proba(t.dense[b])[:, 1]
    return np.stack([
        *(tfidf(x[b], m[k][0]) @ m[k][1] + m[k][2] for k, x in (("words", t.words), ("letters", t.letters))),
        t.dense[b] @ m["linear"][0] + m["linear"][1],
        np.log((share + 0.01) / (1.01 - share)),
        m["boosted"].decision_function(t.dense[b][:, : t.width]),
    ], axis=1)  # fmt: skip


def unseen(t, a, folds, seed=0):
    """Return the scores of rows `a`, each by models fitted on the other documents among them."""
    out = np.zeros((len(a), len(NAMES)))
    for x, y in StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(a, t.y[a], t.groups[a]):
        out[y] = ask(fit(t, a[x]), t, a[y])
    return out


def best_threshold(p, y):
    """Return the probability of the best F1: the mean of what was counted (smoothed) and what the probabilities promise.

    The promise, sum of p above the threshold for the right ones, varies less from fold to fold than few counts do.
    """
    grid = np.arange(0.03, 0.9, 0.005)
    f1 = np.array([2 * (y[p >= x].sum()) / max(1, (p >= x).sum() + y.sum()) for x in grid])
    smooth = np.convolve(np.pad(f1, 4, mode="edge"), np.ones(9) / 9, mode="valid")
    q = np.sort(p)[::-1]
    promised = q[(2 * np.cumsum(q) / (np.arange(1, len(q) + 1) + q.sum())).argmax()]
    return float(grid[smooth.argmax()] + promised) / 2


def join(scores, y):
    """Return scale, Platt's logistic and threshold from scores of sentences that were not fitted."""
    mean, spread = scores.mean(0), np.maximum(scores.std(0), 1e-6) / WEIGHT
    scale = list(zip(mean.tolist(), spread.tolist()))
    total = ((scores - mean) / spread).sum(1)
    platt = LogisticRegression(C=1e3).fit(total[:, None], y)
    a, b = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    return scale, (a, b), best_threshold(1 / (1 + np.exp(-(a * total + b))), y)


def train(t, a):
    """Return the stored scorer fitted on rows `a`."""
    scale, platt, threshold = join(unseen(t, a, INNER), t.y[a])
    m = fit(t, a)
    half = lambda x: np.asarray(x, dtype="<f2").tobytes()  # noqa: E731
    return lone.Part(
        words=(half(m["words"][0]), half(m["words"][1]), m["words"][2]),
        letters=(half(m["letters"][0]), half(m["letters"][1]), m["letters"][2]),
        linear=(m["linear"][0].astype("<f4").tobytes(), m["linear"][1]),
        forest=shares(m["forest"]), boosted=pack([m["boosted"]]), scale=scale, platt=platt, threshold=threshold,
    )  # fmt: skip


def shares(model):
    """Store a fitted ExtraTreesClassifier: the trees' mean share of yes."""
    arrays = {k: [] for k in ("feature", "threshold", "left", "right", "value")}
    roots, at, depth = [], 0, 1
    for tree in (e.tree_ for e in model.estimators_):
        leaf = tree.children_left < 0
        low = tree.threshold.astype(np.float32)
        arrays["threshold"].append(np.where(low.astype(np.float64) > tree.threshold, np.nextafter(low, np.float32(-np.inf)), low))
        arrays["feature"].append(np.where(leaf, -1, tree.feature))
        arrays["left"].append(np.where(leaf, 0, tree.children_left + at))
        arrays["right"].append(np.where(leaf, 0, tree.children_right + at))
        share = tree.value[:, 0, 1] / tree.value[:, 0].sum(axis=1)
        # 16 bits are enough for a share, and fewer bytes to store.
        arrays["value"].append(np.where(leaf, share, 0.0).astype(np.float16).astype(np.float32) / len(model.estimators_))
        roots.append(at)
        at += tree.node_count
        depth = max(depth, tree.max_depth)
    kinds = {"feature": "<i2", "threshold": "<f4", "left": "<i4", "right": "<i4", "value": "<f4"}
    stored = {k: np.concatenate(v).astype(kinds[k]).tobytes() for k, v in arrays.items()}
    return Forest(classes=1, depth=depth, baseline=[0.0], roots=np.array(roots, dtype="<i4").tobytes(), **stored)


def measure(t, kind, seeds):
    """Print F1 by folds: threshold chosen on the other folds, each score alone and all, for several ways to cut the folds."""
    every = np.arange(len(t.y))
    got = []
    for seed in range(seeds):
        s = unseen(t, every, 10, seed)
        found = np.zeros(len(t.y), bool)
        for a, b in StratifiedGroupKFold(10, shuffle=True, random_state=100 + seed).split(every, t.y, t.groups):
            scale, (p, q), cut = join(s[a], t.y[a])
            total = sum((s[b, k] - m) / d for k, (m, d) in enumerate(scale))
            found[b] = 1 / (1 + np.exp(-(p * total + q))) >= cut
        tp, n = (found & (t.y == 1)).sum(), found.sum()
        got.append((tp / max(1, n), tp / t.y.sum(), 2 * tp / (n + t.y.sum())))
        alone = {n: max(2 * t.y[np.argsort(-s[:, k])][:c].sum() / (c + t.y.sum()) for c in range(1, 500)) for k, n in enumerate(NAMES)}
        z = (s - s.mean(0)) / s.std(0) @ WEIGHT
        alone["all"] = max(2 * t.y[np.argsort(-z)][:c].sum() / (c + t.y.sum()) for c in range(1, 500))
        print(f"{kind} seed {seed}: P {got[-1][0]:.3f} R {got[-1][1]:.3f} F1 {got[-1][2]:.3f}; best threshold afterwards:",
              " ".join(f"{k} {v:.3f}" for k, v in alone.items()), flush=True)  # fmt: skip
    f = [g[2] for g in got]
    print(f"{kind}: F1 {np.mean(f):.3f} (from {min(f):.3f} to {max(f):.3f}, {seeds} cuts)", flush=True)


def name(entry):
    """Write the entry [lone] of models.toml."""
    path = MODELS / "models.toml"
    old = re.sub(r"\n*\[lone\]\n(?:[^\[\n][^\n]*\n?)*", "\n", path.read_text(encoding="utf-8")).rstrip("\n")
    path.write_text(f"{old}\n\n[lone]\n" + "".join(f'{k} = "{v}"\n' for k, v in entry.items()), encoding="utf-8")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--sentences", required=True)
    ap.add_argument("--measure", action="store_true")
    ap.add_argument("--seeds", type=int, default=3)
    a = ap.parse_args()
    begun = time.monotonic()
    parts = {}
    for kind in lone.KINDS:
        rows = [r for r in read(a.sentences) if r["event_type"] == kind]
        t = Table(rows, kind)
        print(f"{kind}: {len(t.y)} of {len(rows)} sentences, {t.y.sum()} yes, {t.groups.max() + 1} documents", flush=True)
        if a.measure:
            measure(t, kind, a.seeds)
        else:
            parts[kind] = train(t, np.arange(len(t.y)))
            print(f"  threshold {parts[kind].threshold:.3f}, {time.monotonic() - begun:.0f} s", flush=True)
    if parts:
        data = lone.encode(lone.Weights(parts))
        (MODELS / "lone.bin").write_bytes(data)
        name({
            "file": "lone.bin", "sha256": hashlib.sha256(data).hexdigest(),
            "recipe": "python scripts/train_lone.py --sentences GSR/dev.jsonl",
            "licence": "Apache-2.0; statistics of labelled sentences, no text",
        })  # fmt: skip
        print(f"{len(data)} bytes")


if __name__ == "__main__":
    main()
