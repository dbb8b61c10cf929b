"""Make the word vectors that scripts/train_coder.py projects: stems of unlabelled articles, by meaning.

    python scripts/make_vectors.py --articles ../shared/articles/unlabelled.jsonl.gz --out /tmp/vectors

Positive pointwise mutual information of stems within four tokens (weight 1/distance, context distribution smoothed by
0.75: Levy, Goldberg and Dagan 2015), 100 dimensions by truncated SVD, rows scaled to length one. Writes PREFIX.npy
(float32) and PREFIX.json (the vocabulary: stems seen four times or more). Only projections of these vectors ship.
Needs scipy (extra `train`).
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import svds

from waqai import text
from waqai.what.stems import stem

WINDOW, LEAST, DIMENSIONS, SMOOTHING = 4, 4, 100, 0.75


def sentences(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")
    with opened as f:
        for line in f:
            for s in text.sentences(json.loads(line)["text"]):
                yield [stem(t.norm) if t.kind == "w" else "<n>" if t.kind == "n" else t.norm for t in s.tokens]


def counts(lines, index):
    pairs = collections.Counter()
    for line in lines:
        at = [index.get(w) for w in line]
        for i, x in enumerate(at):
            for k in range(1, WINDOW + 1):
                if x is not None and i + k < len(at) and at[i + k] is not None:
                    pairs[x, at[i + k]] += 1 / k
                    pairs[at[i + k], x] += 1 / k
    return pairs


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--articles", required=True, action="append")
    ap.add_argument("--out", required=True)
    a = ap.parse_args()
    lines = [s for path in a.articles for s in sentences(path)]
    seen = collections.Counter(w for line in lines for w in line)
    vocabulary = [w for w, n in seen.most_common() if n >= LEAST]
    pairs = counts(lines, {w: i for i, w in enumerate(vocabulary)})
    rows, columns = (np.array([k[j] for k in pairs]) for j in (0, 1))
    values = np.array(list(pairs.values()))
    n = len(vocabulary)
    row_sum, column_sum = np.bincount(rows, values, n), np.bincount(columns, values, n) ** SMOOTHING
    pmi = np.log(values / row_sum[rows] / (column_sum / column_sum.sum())[columns])
    keep = pmi > 0
    matrix = sp.csr_matrix((pmi[keep], (rows[keep], columns[keep])), shape=(n, n))
    u, s, _ = svds(matrix, k=DIMENSIONS, random_state=0)
    vectors = u * np.sqrt(s)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    np.save(a.out + ".npy", vectors.astype(np.float32))
    with open(a.out + ".json", "w", encoding="utf-8") as f:
        json.dump(vocabulary, f, ensure_ascii=False)
    print(f"{len(lines)} sentences, {sum(seen.values())} tokens, {n} stems")


if __name__ == "__main__":
    main()
