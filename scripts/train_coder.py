"""Train the event scorer (what/model.py) on annotated articles, cross-validate it, or both.

    python scripts/train_coder.py --gold ../shared/gold/train --cv out.jsonl     cross-validated records, for tools/score.py
    python scripts/train_coder.py --gold ../shared/gold/train --fit              write models/coder.msgpack and models.toml

`--labels scripts/coder_labels.jsonl.gz --articles ../shared/articles/unlabelled.jsonl.gz` adds further annotated articles: the file
has offsets, types and codes alone, the texts are read from the second. They were marked by one reader after the same guide.

Cross-validation keeps articles of one story on one side (shared word six-grams). Every learnt input of a later stage is made
out of fold: shares, meanings, stems and first scores come from the articles of other folds (`held`).
Needs scikit-learn and scipy (extra `train`). Seeds are fixed: two runs on the same files give the same weights.
"""

from __future__ import annotations

import argparse
import collections
import glob
import gzip
import hashlib
import json
import pathlib
import re
import sys
import tomllib
from pathlib import Path

import msgspec
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from waqai import says, text, when, who, words
from waqai.types import Document, Residue
from waqai.what import dates as D
from waqai.what import features as F
from waqai.what import links as L
from waqai.what import roles as R
from waqai.what.candidates import REDUCTIONS, Candidate
from waqai.what.decide import MODES, Reader
from waqai.what.model import FOLDER, Model, Weights
from waqai.what.second import second_rows
from waqai.what.stems import stem
from waqai.what.trees import pack
from waqai.what.triggers import Triggers, build
from waqai.who.tagger import load as load_tagger

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from coder_linear import crossed
from coder_sources import fit_sources
from coder_status import fit_status

Counter, defaultdict = collections.Counter, collections.defaultdict
MODE_NAMES = [f"{t}/{m}" for t, ms in MODES.items() for m in ms]
BEFORE_VERB = frozenset(("لم", "لن", "لا", "ولم", "ولن", "ولا", "ليس", "سوف", "وسوف", "قد", "لقد"))
CALIBRATION = Path(__file__).parent / "coder_calibration.json"
ROLE_WORDS = re.compile(r"\w+")
HGB = {
    "detect1": dict(max_iter=220, learning_rate=0.06, max_leaf_nodes=24, min_samples_leaf=25, l2_regularization=1.0, max_depth=7),
    "detect2": dict(max_iter=200, learning_rate=0.05, max_leaf_nodes=16, min_samples_leaf=40, l2_regularization=3.0, max_depth=6),
    "role": dict(max_iter=80, learning_rate=0.1, max_leaf_nodes=20, min_samples_leaf=20, l2_regularization=1.0, max_depth=7),
    "party": dict(max_iter=90, learning_rate=0.07, max_leaf_nodes=12, min_samples_leaf=25, l2_regularization=2.0, max_depth=6),
    "date": dict(max_iter=100, learning_rate=0.07, max_leaf_nodes=15, min_samples_leaf=20, l2_regularization=1.0, max_depth=6),
    "date2": dict(max_iter=150, learning_rate=0.05, max_leaf_nodes=12, min_samples_leaf=25, l2_regularization=2.0, max_depth=6),
    "mode": dict(max_iter=80, learning_rate=0.07, max_leaf_nodes=12, min_samples_leaf=15, l2_regularization=2.0, max_depth=6),
}


class Item:
    """One annotated article, read by the stages before the coder."""

    def __init__(self, gold, lexicon, tagger, speech):
        self.gold = gold
        self.further = gold.get("further", False)
        t = gold["text"]
        residue = [Residue(start=a, end=b, kind="other") for a, b in gold["boilerplate"]]
        self.document = Document(
            id=str(gold["id"]), content_hash="", text=t, published=gold["published"], outlet=gold["outlet"], title=gold["title"],
            boilerplate=residue,
        )
        self.sentences = text.sentences(t, residue, gold["title"])
        found = who.find_actors(self.document, self.sentences, lexicon, tagger)
        self.entities = who.resolve(found, self.document, self.sentences, lexicon)
        self.country = who.document_country(self.document, self.sentences, lexicon, found).code
        self.mentions = [[] for _ in self.sentences]
        for m in found:
            self.mentions[m.sentence].append(m)
        self.times = when.find_times(t, gold["published"], residue=residue)
        self.dates = [when.event_date(x, self.times) for x in self.times]
        self.said = speech.find(self.sentences, self.mentions)
        self.at = defaultdict(list)
        for k, e in enumerate(gold["events"]):
            a, b = e["trigger"]
            for si, s in enumerate(self.sentences):
                if s.start <= a < s.end:
                    ti = next((i for i, x in enumerate(s.tokens) if x.start < b and a < x.end), None)
                    if ti is not None:
                        self.at[si].append((ti, e["type"], k))
                    break


def labelled(labels, articles):
    """Annotated articles of `labels` (offsets alone, a JSON line an article) with their texts from `articles`, as gold."""
    marks = {}
    with gzip.open(labels, "rt", encoding="utf-8") as f:
        for line in f:
            one = json.loads(line)
            marks[one["id"]] = one["events"]
    out = []
    with gzip.open(articles, "rt", encoding="utf-8") as f:
        for line in f:
            a = json.loads(line)
            if a["id"] in marks:
                t = a["text"]
                events = [
                    {
                        **e,
                        "place": None,
                        "actors": [{"text": t[x:y], "country": c, "sector": s} for x, y, c, s in e["actors"]],
                        "recipients": [{"text": t[x:y], "country": c, "sector": s} for x, y, c, s in e["recipients"]],
                        "sources": [t[x:y] for x, y in e["sources"]],
                    }
                    for e in marks[a["id"]]
                ]
                out.append({**a, "published": (a["published"] or "")[:10] or None, "boilerplate": [], "events": events, "further": True})
    return out


def load(paths, more=()):
    golds = [json.load(open(f, encoding="utf-8")) for p in paths.split(",") for f in sorted(glob.glob(p + "/*.json"))]
    golds += more
    w = words.Words.load()
    lexicon = who.build(w)
    tagger = load_tagger()
    speech = says.Speech(says.build(w))
    triggers = Triggers(build(words.Words.load()))
    return [Item(g, lexicon, tagger, speech) for g in golds], triggers


def stories(items):
    """Number the stories: articles that share five or more rare six-word stretches are one."""
    parent = list(range(len(items)))

    def find(i):
        while parent[i] != i:
            i = parent[i]
        return i

    where = defaultdict(set)
    for i, it in enumerate(items):
        ws = ROLE_WORDS.findall(text.fold(it.gold["text"]))
        for j in range(len(ws) - 5):
            where[" ".join(ws[j : j + 6])].add(i)
    shared = Counter()
    for group in where.values():
        if 1 < len(group) < 6:
            shared.update((a, b) for a in group for b in group if a < b)
    for (a, b), n in shared.items():
        if n >= 5:
            parent[find(a)] = find(b)
    for i, it in enumerate(items):
        story = it.gold.get("story")
        if story:
            first = next(j for j, x in enumerate(items) if x.gold.get("story") == story)
            parent[find(i)] = find(first)
    return np.array([find(i) for i in range(len(items))])


# --- learnt tables ------------------------------------------------------------------------------------------------------


def add(table, key, kind):
    row = table.setdefault(key, [0])
    row[0] += 1
    if kind is None:
        return
    for j in range(1, len(row), 2):
        if row[j] == kind:
            row[j + 1] += 1
            return
    row += [kind, 1]


def total(tables):
    out = {}
    for t in tables:
        for key, row in t.items():
            have = out.setdefault(key, [0])
            have[0] += row[0]
            for j in range(1, len(row), 2):
                for q in range(1, len(have), 2):
                    if have[q] == row[j]:
                        have[q + 1] += row[j + 1]
                        break
                else:
                    have += [row[j], row[j + 1]]
    return out


def held(own, folds):
    """The counts to leave out of each article's rows: those of its fold of articles.

    Leaving out its own counts alone would tell the article's labels by what is missing from the shares of frequent words, and
    the trees would learn to read that (target leakage of leave-one-out encoding).
    """
    out = [{} for _ in own]
    for _, mine in folds:
        table = total([own[i] for i in mine])
        for i in mine:
            out[i] = table
    return out


def stem_types(items):
    seen, hit = Counter(), defaultdict(Counter)
    for it in items:
        for si, s in enumerate(it.sentences):
            seen.update(stem(t.norm) for t in s.tokens if t.kind == "w")
            for ti, kind, _ in it.at.get(si, ()):
                hit[stem(s.tokens[ti].norm)][kind] += 1
    return {s: sorted(h) for s, h in hit.items() if sum(h.values()) / max(1, seen[s]) >= 0.1}


def detect_counts(reading, it):
    mine = {}
    for si, s in enumerate(reading.sentences):
        gold = {}
        for ti, kind, _ in it.at.get(si, ()):
            gold.setdefault(ti, F.TYPE_INDEX[kind])
        names = defaultdict(set)
        for c in reading.scene.candidates[si]:
            names[c.token].add(F.lexeme(c))
        for ti, lexemes in names.items():
            for key in {*F.keys(s, reading.scene.stems[si], ti, "?")[1:], *("l" + x for x in lexemes)}:
                add(mine, key, gold.get(ti))
    return mine


def labels(reading, it):
    out = []
    for si, cands in enumerate(reading.scene.candidates):
        gold, used, mark = it.at.get(si, []), set(), [0] * len(cands)
        for q, (ti, kind, _) in enumerate(gold):
            for j, c in enumerate(cands):
                if c.type == kind and c.token <= ti < c.last and not mark[j]:
                    mark[j] = 1
                    used.add(q)
                    break
        for q, (ti, kind, _) in enumerate(gold):
            if q not in used:
                near = [(abs(c.token - ti), j) for j, c in enumerate(cands) if c.type == kind and not mark[j]]
                if near:
                    mark[min(near)[1]] = 1
        out += mark
    return out


def meaning(items, triggers, vectors, vocabulary):
    index = {w: i + 1 for i, w in enumerate(vocabulary)}
    weight = Counter()
    bags, kinds = [], []
    for it in items:
        for si, s in enumerate(it.sentences):
            gold = {ti: F.TYPE_INDEX[kind] + 1 for ti, kind, _ in it.at.get(si, ())}
            bag = []
            for ti, t in enumerate(s.tokens):
                v = index.get(stem(t.norm), 0) if t.kind == "w" else 0
                if v:
                    weight[v, gold.get(ti, 0)] += 1.0
                    bag.append(v)
            if bag:
                bags.append(vectors[bag].mean(axis=0))
                kinds.append({kind for _, kind, _ in it.at.get(si, ())})
    for e in triggers.entries:
        for w in {*e.noun, *e.also, *([e.verb] if e.verb else [])}:
            v = index.get(stem(text.fold(w)), 0)
            if v and " " not in w:
                weight[v, F.TYPE_INDEX[e.type] + 1] += 3 * e.prior
    pairs = sorted(weight)
    model = LogisticRegression(C=5, max_iter=100)
    model.fit(vectors[[v for v, _ in pairs]], [y for _, y in pairs], sample_weight=[weight[p] for p in pairs])
    scores = np.zeros((len(vectors), len(F.TYPES) + 1), np.float32)
    scores[:, model.classes_] = model.decision_function(vectors)
    word = scores[:, 1:] - scores[:, :1]
    word[0] = -5
    bags = np.array(bags)
    context = np.zeros((len(vectors), len(F.TYPES)), np.float32)
    for t in F.TYPES:
        y = np.array([t in k for k in kinds])
        if y.sum() >= 5:
            context[:, F.TYPE_INDEX[t]] = vectors @ LogisticRegression(C=3, max_iter=100).fit(bags, y).coef_[0]
    return word.astype("<f2"), context.astype("<f2")


# --- candidates for gold events -----------------------------------------------------------------------------------------


def gold_candidate(reading, si, ti, kind, e, triggers):
    toks = reading.sentences[si].tokens
    while toks[ti].norm in BEFORE_VERB and ti + 1 < len(toks) and toks[ti + 1].start < e["trigger"][1]:
        ti += 1  # a marked «لم يتحدث» is read at its verb, as it is at run time
    for c in reading.scene.candidates[si]:
        if c.type == kind and c.token <= ti < c.last:
            return c
    last = ti + 1
    while last < len(toks) and toks[last].start < e["trigger"][1]:
        last += 1
    for r in triggers.at(toks, ti):
        entry = triggers.entries[r.entry]
        if REDUCTIONS.get(entry.type) == kind or entry.type == kind:
            return Candidate(ti, last, kind, 0.0, r, entry, 0, 0, entry.type if entry.type != kind else None)
    return Candidate(ti, last, kind)


def role_labels(opts, e, it, si):
    t, s = it.gold["text"], it.sentences[si]
    y = [0] * len(opts)
    for role, value in (("actors", 1), ("recipients", 2)):
        for a in e[role]:
            q = t.find(a["text"], s.start, s.end)
            best = None
            for j, o in enumerate(opts):
                m = o.mention
                if m.country != a["country"]:
                    continue
                score = 1.5 * (o.back == 0) + 2 * (m.sector == a["sector"]) + (m.text == a["text"])
                score += 4 * (q >= 0 and o.back == 0 and m.start < q + len(a["text"]) and q < m.end)
                if score >= 2 and (best is None or score > best[0]):
                    best = (score, j)
            if best and not y[best[1]]:
                y[best[1]] = value
    # Another phrase of a chosen country may be the same party under another name: it teaches neither way.
    chosen = {opts[j].mention.country for j, v in enumerate(y) if v}
    return [-1 if not v and o.mention.country in chosen else v for v, o in zip(y, opts)]


def sure(rows, ys, which):
    """The rows of some events whose label is known, with their labels."""
    pairs = [(r, y) for i in which for r, y in zip(rows[i], ys[i]) if y >= 0]
    return [r for r, _ in pairs], [y for _, y in pairs]


class Bag:
    """Several ensembles of different seeds as one: their raw scores are averaged."""

    def __init__(self, models):
        self.models = models

    def predict_proba(self, X):
        raw = sum(np.asarray(m._raw_predict(X)) for m in self.models) / len(self.models)
        if raw.shape[1] == 1:
            p = 1 / (1 + np.exp(-raw))
            return np.hstack([1 - p, p])
        e = np.exp(raw - raw.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)


LEAST = 0.03
"""Candidates of a smaller first score do not teach the second stage, which does not see them (`decide._HOPELESS`)."""
BAGS = {"detect1": 2, "detect2": 4, "role": 2, "party": 3, "date": 2, "date2": 3}


def hgb(name, X, y):
    X, y = np.array(X, dtype=np.float32), np.array(y)
    return Bag([
        HistGradientBoostingClassifier(early_stopping=False, random_state=seed, max_features=0.5, **HGB[name]).fit(X, y)
        for seed in range(BAGS.get(name, 1))
    ])  # fmt: skip


class Trainer:
    """Fits every part on some articles."""

    def __init__(self, items, triggers, vectors, vocabulary, groups):
        self.items, self.triggers, self.groups = items, triggers, groups
        self.vectors, self.vocabulary = vectors, vocabulary

    def prepare(self, reader, it, stems=None):
        return reader.prepare(it.sentences, it.mentions, it.times, it.dates, it.said, it.country, it.gold["published"], stems)

    def fit(self, idx, settings):
        items = [self.items[i] for i in idx]
        groups = self.groups[idx]
        stems = stem_types(items)
        w = Weights(
            vocabulary=self.vocabulary, word=b"", context=b"", stems=stems, shares=F.Shares({}),
            status_shares=F.Shares({}, 0.1), mode_shares=F.Shares({}, 0.05), date_shares=F.Shares({}, 0.35), role_shares=F.Shares({}, 0.15), modes=MODE_NAMES, records={}, forests={},
            settings=dict(settings), calibration=[],
        )  # fmt: skip
        # What the trees see of an article was learnt from the articles of other folds: stems, meanings, shares, first scores.
        self.folds = list(GroupKFold(5).split(items, groups=groups))
        readings, senses = [None] * len(items), [None] * len(items)
        for rest, mine in self.folds:
            others = [items[i] for i in rest]
            self.learn_meaning(w, others)
            reader = Reader(self.triggers, Model(w, training=True))
            known = {s: dict.fromkeys(types, 1.0) for s, types in stem_types(others).items()}
            for i in mine:
                readings[i], senses[i] = self.prepare(reader, items[i], known), reader.model.meaning
        self.learn_meaning(w, items)
        reader = Reader(self.triggers, Model(w, training=True))
        own = [detect_counts(r, it) for r, it in zip(readings, items)]
        w.shares.table = total(own)
        self.detection(w, senses, readings, items, own, groups)
        events = [
            (n, si, ti, it.gold["events"][k], gold_candidate(r, si, ti, kind, it.gold["events"][k], self.triggers))
            for n, (r, it) in enumerate(zip(readings, items))
            for si, found in it.at.items()
            for ti, kind, k in found
        ]
        events.sort(key=lambda x: (x[0], x[1], x[2]))
        self.links(w, reader, readings, items, events, groups)
        self.roles(w, reader, readings, items, events, groups)
        w.forests = {k: pack(m.models if isinstance(m, Bag) else [m]) for k, m in self.models.items()}
        return Model(w)

    def learn_meaning(self, w, items):
        word, context = meaning(items, self.triggers, self.vectors, self.vocabulary)
        w.word, w.context = word.tobytes(), context.tobytes()

    def detection(self, w, senses, readings, items, own, groups):
        rows, cands, where, ys = [], [], [], []
        for r, it, out, sense in zip(readings, items, held(own, self.folds), senses):
            a, c, s = F.rows(r.scene, w.shares, sense, out)
            rows.append(np.array(a, np.float32).reshape(len(a), len(F.NAMES)))
            cands.append(c)
            where.append(s)
            ys.append(labels(r, it))
        first = [np.zeros(len(y)) for y in ys]
        for a, b in self.folds:
            m = hgb("detect1", np.vstack([rows[i] for i in a]), sum((ys[i] for i in a), []))
            for i in b:
                if len(rows[i]):
                    first[i] = m.predict_proba(rows[i])[:, 1]
        y = np.array(sum(ys, []))
        self.models = {"detect1": hgb("detect1", np.vstack(rows), y)}
        second = np.vstack([
            second_rows(a, p, c, s, r.sentences) for a, p, c, s, r in zip(rows, first, cands, where, readings) if len(a)
        ])  # fmt: skip
        kept = np.concatenate(first) >= LEAST
        self.models["detect2"] = hgb("detect2", second[kept], y[kept])

    def links(self, w, reader, readings, items, events, groups):
        status_own, mode_own, date_own = ([{} for _ in items] for _ in range(3))
        records = defaultdict(Counter)
        index = {m: i for i, m in enumerate(MODE_NAMES)}
        for n, si, ti, e, c in events:
            k = L.STATUSES.index(e["status"])
            for key in reader.status_keys(readings[n], si, c):
                add(status_own[n], key, k or None)
                add(date_own[n], key, 0 if e["date"] is None else 1 if e["date"] == readings[n].published else 2)
            gold_modes = [e["mode"]] if isinstance(e["mode"], str) else e["mode"] or []
            keys, bag = reader.mode_keys(readings[n], si, c)
            for key in {*keys, *bag}:
                add(mode_own[n], key, index.get(f"{c.type}/{gold_modes[0]}") if gold_modes else None)
            records[f"{c.type} {F.lexeme(c)}"][e["record"] or "-"] += 1
            records[c.type][e["record"] or "-"] += 1
        w.status_shares.table, w.mode_shares.table, w.date_shares.table = total(status_own), total(mode_own), total(date_own)
        status_own, mode_own, date_own = (held(x, self.folds) for x in (status_own, mode_own, date_own))
        w.records = {k: dict(v) for k, v in records.items() if sum(v.values()) >= 3}
        data = {k: ([], []) for k in ("status", "mode")}
        dates = self.dates(w, reader, readings, events, date_own)
        for (n, si, ti, e, c), date in zip(events, dates):
            r = readings[n]
            data["status"][0].append(reader.status_row(r, si, c, date, status_own[n]))
            data["status"][1].append(L.STATUSES.index(e["status"]))
            gold_modes = [e["mode"]] if isinstance(e["mode"], str) else e["mode"] or []
            modes = MODES.get(c.type, [])
            if gold_modes:
                keys, bag = reader.mode_keys(r, si, c)
                data["mode"][0].extend(L.mode_rows(c, modes, w.mode_shares, keys, bag, index, mode_own[n]))
                data["mode"][1].extend(int(m in gold_modes) for m in modes)
        for name, (X, y) in data.items():
            self.models[name] = fit_status(reader, X, y) if name == "status" else hgb(name, X, y)
        self.models.update(fit_sources(w, readings, items, events, groups, lambda own: held(own, self.folds)))

    def spread(self, places):
        """The folds of articles as folds of rows; `places`: each row's article."""
        fold = np.zeros(max(places, default=0) + 1, int)
        for k, (_, mine) in enumerate(self.folds):
            fold[[i for i in mine if i < len(fold)]] = k
        at = fold[np.array(places, int)]
        return [(np.flatnonzero(at != k), np.flatnonzero(at == k)) for k in range(len(self.folds))]

    def dates(self, w, reader, readings, events, own):
        found = [reader.date_options(readings[n], si, c, own[n]) for n, si, ti, e, c in events]
        bags, pairs = [], []
        for (n, si, ti, e, c), opts in zip(events, found):
            a, b = reader.date_bags(readings[n], [(si, c)], [opts])
            bags += a
            pairs += b
        ys = [[int(o.date == e["date"]) for o in opts] for opts, (n, si, ti, e, c) in zip(found, events)]
        kinds = [0 if e["date"] is None else 1 if e["date"] == (readings[n].published or "")[:10] else 2 for n, si, ti, e, c in events]
        folds = self.spread([n for n, *_ in events])
        w.linear["date"], told_of = crossed("date", bags, kinds, folds)
        of_row = self.spread([n for (n, *_), opts in zip(events, found) for _ in opts])
        w.linear["dated"], of_option = crossed("dated", sum(pairs, []), sum(ys, []), of_row)
        ends = np.cumsum([len(o) for o in found])[:-1]
        for (n, *_), opts, x, y in zip(events, found, told_of, np.split(of_option[:, 0], ends)):
            D.with_words(opts, x, y, readings[n].published)
        rows = [[o.row for o in opts] for opts in found]
        first = [None] * len(events)
        for a, b in folds:
            m = hgb("date", sum((rows[i] for i in a), []), sum((ys[i] for i in a), []))
            for i in b:
                first[i] = m.predict_proba(np.array(rows[i], np.float32))[:, 1]
        self.models["date"] = hgb("date", sum(rows, []), sum(ys, []))
        told, mine = defaultdict(list), []
        for (n, si, ti, e, c), opts, p in zip(events, found, first):
            mine.append(D.first_pass(c, si, F.lexeme(c), opts, p))
            told[n].append(mine[-1])
        second = [
            row
            for (n, si, ti, e, c), opts, p, x in zip(events, found, first, mine)
            for row in reader.date_rows(opts, p, (si, c), x, told[n])
        ]
        self.models["date2"] = hgb("date2", second, sum(ys, []))
        return [D.best(opts, p).date for opts, p in zip(found, first)]

    def roles(self, w, reader, readings, items, events, groups):
        opts = [R.options(readings[n].roles, si, c, w.role_shares, F.lexeme(c)) for n, si, ti, e, c in events]
        ys = [role_labels(o, e, items[n], si) for o, (n, si, ti, e, c) in zip(opts, events)]
        own = [{} for _ in items]
        for o, y, (n, *_) in zip(opts, ys, events):
            for x, k in zip(o, y):
                for key in x.keys if k >= 0 else ():
                    add(own[n], key, k or None)
        w.role_shares.table = total(own)
        own = held(own, self.folds)
        opts = [R.options(readings[n].roles, si, c, w.role_shares, F.lexeme(c), own[n]) for n, si, ti, e, c in events]
        bags = [x for o, (n, si, ti, e, c) in zip(opts, events) for x in reader.role_bags(readings[n], si, c, o)]
        flat, at = sum(ys, []), [n for o, (n, *_) in zip(opts, events) for _ in o]
        w.linear["role"], linear = crossed("role", bags, flat, self.spread(at), [y >= 0 for y in flat])
        out = [np.zeros((len(o), 3)) for o in opts]
        parts = np.split(linear, np.cumsum([len(o) for o in opts])[:-1])
        rows = [[[*x.row, *more] for x, more in zip(o, part.tolist())] for o, part in zip(opts, parts)]
        for a, b in self.spread([n for n, *_ in events]):
            m = hgb("role", *sure(rows, ys, a))
            for i in b:
                if rows[i]:
                    out[i] = m.predict_proba(np.array(rows[i], np.float32))
        self.models["role"] = hgb("role", *sure(rows, ys, range(len(rows))))
        X, y = [], []
        found = [R.groups(o, p, c) for o, p, (n, si, ti, e, c) in zip(opts, out, events)]
        extra = []
        for n in range(len(readings)):
            mine = [k for k, x in enumerate(events) if x[0] == n]
            seats = [R.Seat(events[k][1], events[k][4].token, events[k][4].type, F.lexeme(events[k][4])) for k in mine]
            extra += R.echoes(seats, [found[k] for k in mine])
        for gs, more, (n, si, ti, e, c) in zip(found, extra, events):
            for g, row in zip(gs, more):
                X.append(g.row + row)
                both = {x["country"] for x in e["actors"] + e["recipients"]}
                gold = both if c.type in R.RECIPROCAL else {x["country"] for x in e["recipients" if g.role else "actors"]}
                y.append(int(g.country in gold))
        self.models["party"] = hgb("party", X, y)


def record(it, drafts):
    """A record in the published form, as far as the scorer reads it."""
    t = it.gold["text"]

    def party(m):
        return {"text": m.text, "country": m.country, "sector": m.sector}

    events = []
    for n, d in enumerate(drafts):
        toks = it.sentences[d.sentence].tokens
        a, b = toks[d.candidate.token].start, toks[d.candidate.last - 1].end
        events.append({
            "id": f"v{n}", "type": d.candidate.type, "mode": d.mode, "trigger": {"start": a, "end": b}, "actors": [party(m) for m in d.actors],
            "recipients": [party(m) for m in d.recipients], "date": d.date, "status": d.status, "record": d.record,
            "sources": [{"text": t[d.source.start : d.source.end]}] if d.source else [], "place": None, "score": d.score,
        })  # fmt: skip
    times = [{"start": x.start, "end": x.end, "value": x.value, "text": x.text} for x in it.times]
    return {"document": {"text": t, "published": it.gold["published"]}, "events": events, "times": times}


SETTINGS = {
    "detect": 0.3, "detect/AGREE": 0.25, "detect/CONSULT": 0.32, "detect/SUPPORT": 0.27, "detect/CONCEDE": 0.24, "detect/COOPERATE": 0.22,
    "detect/AID": 0.27, "detect/REQUEST": 0.33, "detect/ACCUSE": 0.28, "detect/REJECT": 0.22, "detect/THREATEN": 0.27, "detect/SANCTION": 0.26,
    "detect/COERCE": 0.24, "status": 0.42, "source": -0.1, "party": 0.2, "mode": 0.15,
}  # fmt: skip


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--gold", required=True)
    ap.add_argument("--vectors", required=True, help="prefix of the word vectors made by scripts/make_vectors.py")
    ap.add_argument("--labels", help="events of further articles, offsets alone (scripts/coder_labels.jsonl.gz)")
    ap.add_argument("--articles", help="the texts of --labels: articles/unlabelled.jsonl.gz")
    ap.add_argument("--cv")
    ap.add_argument("--fit", action="store_true")
    ap.add_argument("--folds", type=int, default=5)
    a = ap.parse_args()
    more = labelled(a.labels, a.articles) if a.labels else []
    items, triggers = load(a.gold, more)
    vocabulary = json.load(open(a.vectors + ".json", encoding="utf-8"))
    vectors = np.load(a.vectors + ".npy")
    vectors = np.vstack([np.zeros((1, vectors.shape[1]), np.float32), vectors])
    groups = stories(items)
    trainer = Trainer(items, triggers, vectors, vocabulary, groups)
    print(f"{len(items)} articles, {len(set(groups))} stories, {len(triggers.entries)} trigger entries", file=sys.stderr)
    if a.cv:
        judged = {False: [], True: []}
        with open(a.cv, "w", encoding="utf-8") as f:
            for trn, tst in GroupKFold(a.folds).split(items, groups=groups):
                reader = Reader(triggers, trainer.fit(trn, SETTINGS))
                for i in tst:
                    reading = trainer.prepare(reader, items[i])
                    drafts = reader.code(reading)
                    judged[items[i].further] += matched(items[i], drafts)
                    if not items[i].further:
                        f.write(json.dumps(record(items[i], drafts), ensure_ascii=False) + "\n")
        for further, name in ((False, "gold"), (True, "further")):
            marked = sum(len(it.gold["events"]) for it in items if it.further is further)
            report(name, judged[further], marked)
        CALIBRATION.write_text(json.dumps(calibrate(judged[False] + judged[True])) + "\n", encoding="utf-8")
    if a.fit:
        model = trainer.fit(np.arange(len(items)), SETTINGS)
        model.weights.calibration = [(x, y) for x, y in json.loads(CALIBRATION.read_text(encoding="utf-8"))]
        write(model.weights)


def matched(it, drafts):
    """(score, whether a gold event of its type stands at its trigger or unmatched in its sentence) for each event."""
    gold = [(tuple(e["trigger"]), e["type"]) for e in it.gold["events"]]
    used, out = set(), []
    for d in sorted(drafts, key=lambda d: -d.score):
        s = it.sentences[d.sentence]
        a, b = s.tokens[d.candidate.token].start, s.tokens[d.candidate.last - 1].end
        same = [k for k, (_, t) in enumerate(gold) if t == d.candidate.type and k not in used]
        hit = next((k for k in same if gold[k][0][0] < b and a < gold[k][0][1]), None)
        if hit is None:
            hit = next((k for k in same if s.start <= gold[k][0][0] < s.end), None)
        if hit is not None:
            used.add(hit)
        out.append((float(d.score), int(hit is not None)))
    return out


def report(name, judged, marked):
    """Print detection of some articles: precision, recall, F1, and the share right by confidence of the second score."""
    right = sum(r for _, r in judged)
    if judged and marked:
        p, r = right / len(judged), right / marked
        print(f"{name}: P {p:.3f} R {r:.3f} F1 {2 * p * r / (p + r):.3f} ({right} right of {len(judged)}, {marked} marked)", file=sys.stderr)


def calibrate(judged):
    """Isotonic regression of being right on the score, as its corner points."""
    x, y = np.array([p for p, _ in judged]), np.array([r for _, r in judged])
    fitted = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(x, y)
    points = list(zip(fitted.X_thresholds_.round(4).tolist(), fitted.y_thresholds_.round(4).tolist()))
    return points


def write(weights):
    data = msgspec.msgpack.encode(weights)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "coder.msgpack").write_bytes(data)
    path = FOLDER / "models.toml"
    entry = (
        f'[coder]\nfile = "coder.msgpack"\nsha256 = "{hashlib.sha256(data).hexdigest()}"\nrecipe = "scripts/train_coder.py"\n'
        'licence = "Apache-2.0; statistics of annotated articles, no text (ANT corpus cited in NOTICE)"\n'
    )
    blocks = re.split(r"(?=^\[[a-z]+\])", path.read_text(encoding="utf-8"), flags=re.M) if path.exists() else []
    kept = [b.rstrip() + "\n" for b in blocks if b.strip() and not b.startswith("[coder]")]
    path.write_text("\n".join([*kept, entry]), encoding="utf-8")
    tomllib.loads(path.read_text(encoding="utf-8"))
    print(f"coder.msgpack {len(data) / 1e6:.2f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
