"""Measure places against the gold: python evals/where.py GOLD [--errors] [--fit]. Country of the chosen place, gold triggers given.

--fit makes the weights of `where.choose` from GOLD and prints them as the table `place.weight` of phrases.toml, with the
measure of four folds by article before it: logistic regression over `where.features`, one row a place of the event's sentence,
1 where its country is the gold place's; trained by gradient descent with an L2 penalty.
"""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np
from who import articles

from waqai import where
from waqai.text import sentences
from waqai.types import Document
from waqai.where import around, choose, features, find_places
from waqai.who import build, find_actors, resolve
from waqai.who.tagger import load
from waqai.words import Words

MOVES = frozenset(("CONSULT", "MOBILIZE", "RETREAT"))


def parties(event, text, mentions, sentence) -> list[tuple[int, int]]:
    """The mentions of the sentence whose country is that of an actor or recipient: what the program takes for parties."""
    names = [p["text"] for p in event["actors"] + event["recipients"]]
    return [(m.first, m.last) for m in mentions if m.sentence == sentence.index and any(m.text in n or n in m.text for n in names)]


def cases(gold):
    """Yield (article number, event, sentence, trigger token, places, parties)."""
    lexicon, tagger = build(Words.load()), load()
    for k, g in enumerate(articles(gold)):
        doc = Document(id=g["id"], content_hash="", text=g["text"], outlet=g["outlet"], published=g["published"], title=g["title"])
        sents = sentences(doc.text)
        mentions = find_actors(doc, sents, lexicon, tagger)
        resolve(mentions, doc, sents, lexicon)
        places = find_places(doc, sents, lexicon, mentions)
        for e in g["events"]:
            sent = next((s for s in sents if s.start <= e["trigger"][0] < s.end), None)
            if sent is not None:
                at = next((i for i, t in enumerate(sent.tokens) if t.end > e["trigger"][0]), 0)
                yield k, g, e, sent, at, places, parties(e, g["text"], mentions, sent)


def rows(found):
    """One row a place: (article, features, whether its country is the gold place's)."""
    for k, _, e, sent, at, places, blocked in found:
        gold = (e["place"] or {}).get("country")
        beside = around(places, sent)
        for p in beside.pool:
            for kind in (e["type"], None):
                yield k, features(p, sent, at, kind, e["type"] in MOVES, blocked, beside), float(gold is not None and p.country == gold)


def fit(data, penalty=2.0, steps=600):
    names = sorted({f for _, fs, _ in data for f in fs})
    index = {f: i for i, f in enumerate(names)}
    x = np.zeros((len(data), len(names)))
    for r, (_, fs, _) in enumerate(data):
        for f in fs:
            x[r, index[f]] = 1.0
    y = np.array([v for _, _, v in data])
    w, m, v = np.zeros(len(names)), np.zeros(len(names)), np.zeros(len(names))
    for t in range(1, steps + 1):
        g = x.T @ (1 / (1 + np.exp(-(x @ w))) - y) / len(y) + penalty * w / len(y)
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
        w -= 0.05 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-9)
    return {f: round(float(w[i]), 2) for f, i in index.items() if abs(w[i]) >= 0.05}


def measure(found, typed, show=False) -> Counter[str]:
    n: Counter[str] = Counter()
    for _, g, e, sent, at, places, blocked in found:
        got = choose(places, sent, at, movement=e["type"] in MOVES, kind=e["type"] if typed else None, parties=blocked)
        gold = (e["place"] or {}).get("country")
        n["gold" if gold else "gold none"] += 1
        n["given"] += got is not None
        n["right"] += bool(gold) and got is not None and got.country == gold
        n["rightly none"] += not gold and got is None
        if show and (got.country if got else None) != gold:
            here = [(p.text, p.country, p.role) for p in places if p.sentence == sent.index]
            print(
                g["id"],
                e["type"],
                g["text"][slice(*e["trigger"])],
                "| gold",
                e["place"],
                "| got",
                got and (got.text, got.country),
                "|",
                here,
            )
    return n


def show_measure(label, n) -> None:
    right, given = n["right"], max(n["given"], 1)
    none = n["rightly none"] / n["gold none"]
    print(f"{label}: right where gold has a place {right / n['gold']:.3f}; precision {right / given:.3f}; rightly none {none:.3f}")


def folds(found) -> None:
    for typed in (True, False):
        total: Counter[str] = Counter()
        for k in range(4):
            weights = fit(list(rows([c for c in found if c[0] % 4 != k])))
            where._weights = lambda weights=weights: weights
            total += measure([c for c in found if c[0] % 4 == k], typed)
        show_measure(f"four folds, {'type given' if typed else 'no type'}", total)


def main() -> None:
    found = list(cases(sys.argv[1]))
    if "--fit" in sys.argv:
        folds(found)
        for f, w in fit(list(rows(found))).items():
            print(f'"{f}" = {w}')
        return
    for typed in (True, False):
        show_measure("type given" if typed else "no type", measure(found, typed, typed and "--errors" in sys.argv))


if __name__ == "__main__":
    main()
