"""Train the choice of an event's source (what/sources.py): one part of scripts/train_coder.py."""

from __future__ import annotations

import collections
import re

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from waqai import text
from waqai.what import sources as S

WORDS = re.compile(r"\w+")
FIRST = dict(max_iter=100, learning_rate=0.07, max_leaf_nodes=15, min_samples_leaf=20, l2_regularization=1.0, max_depth=6)
SECOND = dict(max_iter=60, learning_rate=0.06, max_leaf_nodes=8, min_samples_leaf=25, l2_regularization=3.0, max_depth=4)


def overlap(x, y):
    """F1 of the words of two phrases."""
    x, y = (set(WORDS.findall(text.fold(s))) for s in (x, y))
    return 2 * len(x & y) / (len(x) + len(y)) if x and y else 0.0


def fit(params, X, y):
    model = HistGradientBoostingClassifier(early_stopping=False, random_state=0, **params)
    return model.fit(np.array(X, dtype=np.float32), np.array(y))


def count(table, key, hit):
    row = table.setdefault(key, [0, 1, 0])
    row[0] += 1
    row[2] += hit


def rows_of(events, readings, shares, own):
    return [
        S.options(c, si, readings[n].sentences, readings[n].said, shares, own[n] if own else None) for n, si, _, _, c in events
    ]


def learn_shares(w, readings, items, events):
    """Fill `w.source_shares`; returns the counts by article (to leave out) and which options are right."""
    own = [{} for _ in items]
    right = []
    for (n, _, _, e, _), opts in zip(events, rows_of(events, readings, w.source_shares, None)):
        there = [items[n].gold["text"][o.attribution.start : o.attribution.end] for o in opts]
        right.append([int(any(overlap(x, y) >= 0.5 for x in e["sources"])) for y in there])
        for o, hit in zip(opts, right[-1]):
            for key in o.keys:
                count(own[n], key, hit)
        if opts and not items[n].further:
            count(own[n], opts[0].given, int(bool(e["sources"])))
    table = {}
    for mine in own:
        for key, (seen, _, hits) in mine.items():
            row = table.setdefault(key, [0, 1, 0])
            row[0] += seen
            row[2] += hits
    w.source_shares.table = table
    return own, right


def fit_sources(w, readings, items, events, groups, held):
    """The three ensembles by name; the second pass sees first-pass scores of models that did not see the article."""
    own, right = learn_shares(w, readings, items, events)
    found = rows_of(events, readings, w.source_shares, held(own))
    rows = [[o.row for o in opts] for opts in found]
    first = [np.zeros(0) for _ in events]
    which = np.array([groups[n] for n, *_ in events])
    for a, b in GroupKFold(4).split(rows, groups=which):
        m = fit(FIRST, sum((rows[i] for i in a), []), sum((right[i] for i in a), []))
        for i in b:
            if rows[i]:
                first[i] = m.predict_proba(np.array(rows[i], np.float32))[:, 1]
    by_article = collections.defaultdict(list)
    for i, (n, *_) in enumerate(events):
        by_article[n].append(i)
    # Whether an act needs a source at all was judged otherwise in the further articles: they teach only which one it is.
    second, best, given = [], [], []
    kept = []
    for n, mine in by_article.items():
        places = [S.Place(events[i][1], events[i][4]) for i in mine]
        second += S.second_rows(places, [found[i] for i in mine], [first[i] for i in mine], readings[n].sentences)
        best += [int(bool(right[i]) and right[i][int(first[i].argmax())]) for i in mine]
        kept += [not items[n].further for _ in mine]
        given += [int(bool(events[i][3]["sources"])) for i in mine]
    return {
        "source": fit(FIRST, sum(rows, []), sum(right, [])),
        "source2": fit(SECOND, second, best),
        "sourced": fit(SECOND, [r for r, k in zip(second, kept) if k], [g for g, k in zip(given, kept) if k]),
    }
