"""Measure the finding of attacks and protests on labelled sentences: python evals/gsr.py GSR.jsonl [--errors TYPE]

A sentence counts as found where an event of the asked type is read in it; "yes" is right, both noes are wrong, "ambiguous" is
left out. Five ways are measured:

rules       a trigger entry of the type whose conditions do not fail, its prior above a threshold; no learned stems, no scorer
coder       `annotate` without the scorer of lone sentences; the coder has not seen these sentences
program     `annotate` with the scorer of lone sentences, fitted on other documents (ten folds, by document)
threshold   the same, the type's own threshold chosen on other documents (ten folds, by document)
logistic    regressions of the sentence fitted on other documents, same folds: on what the coder sees for the type (NAMES), on
            the sentence's words (stems, pairs of stems, character n-grams), on both

Needs scikit-learn (extra `train`).
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections import Counter
from pathlib import Path

import msgspec
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from waqai import text, when, who
from waqai.annotate import Tools, annotate
from waqai.types import Document
from waqai.what import features as F
from waqai.what import lone
from waqai.what.candidates import find_candidates
from waqai.what.second import second_rows

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
from train_lone import Table, read, train

TYPES = ("ASSAULT", "PROTEST")
FOLDS = 10
PRIOR = 0.5
"""The prior from which a rule alone speaks, set before measuring."""
LEARNT = (("coder",), ("words",), ("words", "coder"))
GRID = [k / 100 for k in range(2, 96)]
NAMES = ("score", "first", "prior", "above 0.1", "above 0.3", "candidates", "actual", "past verb", "place", "assured")


def prepare(document: Document, t: Tools):
    """Run the stages before the coder, as `annotate` does."""
    sentences = text.sentences(document.text, [], None)
    times = when.find_times(document.text, document.published, sentences=sentences)
    found = who.find_actors(document, sentences, t.lexicon, t.tagger)
    who.resolve(found, document, sentences, t.lexicon)
    country = who.document_country(document, sentences, t.lexicon, found).code
    mentions = [[m for m in found if m.sentence == k] for k in range(len(sentences))]
    said = t.speech.find(sentences, mentions)
    dates = [when.event_date(x, times) for x in times]
    return t.reader.prepare(sentences, mentions, times, dates, said, country, document.published)


def scores(reading, t: Tools):
    """Return both stages' scores of every candidate, before any threshold."""
    model = t.reader.model
    table, cands, where = F.rows(reading.scene, model.shares, model.meaning)
    if not cands:
        return np.zeros(0), np.zeros(0), [], []
    first = model.trees["detect1"].probability(table)
    second = model.trees["detect2"].probability(second_rows(table, first, cands, where, reading.sentences))
    return first, second, cands, where


def rule_prior(reading, kind: str, t: Tools) -> float:
    """Return the best prior of the entries that read the type in the text, 0 where none does."""
    found = [c for s in reading.sentences for c in find_candidates(s, t.reader.triggers, t.reader.conditions, {})]
    return max((c.prior for c in found if c.type == kind and c.met >= 0 and not c.reduced), default=0.0)


def threshold_score(reading, kind: str, t: Tools) -> float:
    """Return the lowest threshold of the type at which the coder would no longer read it: the others' stand as they are."""
    _, second, cands, where = scores(reading, t)
    settings = t.reader.model.settings
    best: dict[tuple[int, int], float] = {}
    for p, c, w in zip(second.tolist(), cands, where):
        if c.type != kind and p >= settings.get(f"detect/{c.type}", settings["detect"]):
            best[w, c.token] = max(best.get((w, c.token), 0.0), p)
    mine = [p for p, c, w in zip(second.tolist(), cands, where) if c.type == kind and p > best.get((w, c.token), 0.0)]
    return max(mine, default=0.0)


def features(reading, kind: str, t: Tools, drafts) -> list[float]:
    """Return NAMES of a sentence for a type."""
    first, second, cands, _ = scores(reading, t)
    own = [(p, q, c) for p, q, c in zip(second.tolist(), first.tolist(), cands) if c.type == kind]
    mine = [d for d in drafts if d.candidate.type == kind]
    assured = max((d.score for d in mine if d.status == "actual"), default=0.0)
    return [
        max((p for p, _, _ in own), default=0.0), max((q for _, q, _ in own), default=0.0),
        max((c.prior for _, _, c in own if c.met >= 0), default=0.0),
        float(sum(p > 0.1 for p, _, _ in own)), float(sum(p > 0.3 for p, _, _ in own)), float(len(own)),
        float(any(d.status == "actual" for d in mine)),
        max((p for p, _, c in own if c.reading is not None and c.reading.tense == "past"), default=0.0),
        float(sum(len(x) for x in reading.mentions)), assured,
    ]  # fmt: skip


def measured(found, gold) -> dict[str, float]:
    """Return precision, recall, F1 and counts."""
    found, gold = np.asarray(found, bool), np.asarray(gold, bool)
    tp, fp, fn = int((found & gold).sum()), int((found & ~gold).sum()), int((~found & gold).sum())
    p, r = tp / max(1, tp + fp), tp / max(1, tp + fn)
    return {"p": p, "r": r, "f1": 2 * p * r / max(1e-9, p + r), "tp": tp, "fp": fp, "fn": fn}


def best_threshold(values, gold) -> float:
    """Return the threshold of GRID with the best F1, the middle one of a tie."""
    f1 = [measured(values >= x, gold)["f1"] for x in GRID]
    top = [x for x, f in zip(GRID, f1) if f >= max(f1) - 1e-9]
    return top[len(top) // 2]


def by_threshold(values, gold, groups):
    """Cross-validate a threshold; return what is found and the thresholds chosen."""
    found, chosen = np.zeros(len(gold), bool), []
    for a, b in GroupKFold(FOLDS).split(values, groups=groups):
        chosen.append(best_threshold(values[a], gold[a]))
        found[b] = values[b] >= chosen[-1]
    return found, chosen


def text_scores(texts, gold, train, ask):
    """Logistic regressions on stems, their pairs and on character n-grams, their decision values summed for `ask`."""
    total = np.zeros((len(ask), 1))
    for vectorizer, at in (
        (TfidfVectorizer(analyzer=_pairs, sublinear_tf=True, min_df=2), 1),
        (TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3), 0),
    ):
        x = vectorizer.fit_transform([texts[i][at] for i in train])
        model = LogisticRegression(C=5, solver="liblinear", class_weight="balanced").fit(x, gold[train])
        total[:, 0] += model.decision_function(vectorizer.transform([texts[i][at] for i in ask]))
    return total


def _pairs(stems: list[str]) -> list[str]:
    return stems + [f"{a} {b}" for a, b in itertools.pairwise(stems)]


def inputs(which, table, texts, gold, train, ask):
    """Rows of `train` (the text's scores out of fold) and of `ask`; `which` names what they hold."""
    made, asked = [], []
    if "words" in which:
        inner = np.zeros((len(train), 1))
        for x, y in KFold(4, shuffle=True, random_state=0).split(train):
            inner[y] = text_scores(texts, gold, train[x], train[y])
        made.append(inner)
        asked.append(text_scores(texts, gold, train, ask))
    if "coder" in which:
        made.append(table[train])
        asked.append(table[ask])
    return np.hstack(made), np.hstack(asked)


def by_logistic(which, table, texts, gold, groups):
    """Cross-validate a logistic regression; its threshold is chosen by an inner cross-validation on the training folds."""
    found = np.zeros(len(gold), bool)
    for a, b in GroupKFold(FOLDS).split(table, groups=groups):
        known, asked = inputs(which, table, texts, gold, a, b)
        inner = np.zeros(len(a))
        for x, y in GroupKFold(4).split(a, groups=groups[a]):
            inner[y] = fitted(known[x], gold[a[x]]).predict_proba(known[y])[:, 1]
        found[b] = fitted(known, gold[a]).predict_proba(asked)[:, 1] >= best_threshold(inner, gold[a])
    return found


def fitted(table, gold):
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500)).fit(table, gold)


def by_program(rows, kind, groups, t: Tools):
    """Read each sentence through the program, its scorer of lone sentences fitted on other documents."""
    table = Table(rows, kind)
    found = np.zeros(len(rows), bool)
    for a, b in GroupKFold(FOLDS).split(groups, groups=groups):
        part = train(table, np.flatnonzero(np.isin(table.at, a)))
        tools = msgspec.structs.replace(t, lone=lone.Judge(lone.Weights({kind: part})))
        for k in b:
            r = rows[k]
            document = Document(id=r["id"], content_hash="", text=r["text"], published=r.get("doc_date"))
            found[k] = any(e.type == kind for e in annotate(document, tools).events)
    return found


def measure(rows: list[dict], kind: str, t: Tools, show: bool) -> None:
    gold, table, priors, cut, whole, texts = [], [], [], [], [], []
    for r in rows:
        document = Document(id=r["id"], content_hash="", text=r["text"], published=r.get("doc_date"))
        reading = prepare(document, t)
        gold.append(r["label"] == "yes")
        whole.append(any(e.type == kind for e in annotate(document, t).events))
        priors.append(rule_prior(reading, kind, t))
        cut.append(threshold_score(reading, kind, t))
        texts.append((r["text"], [x for stems in reading.scene.stems for x in stems]))
        table.append(features(reading, kind, t, t.reader.code(reading)))
    gold, priors, cut, table = np.array(gold), np.array(priors), np.array(cut), np.array(table)
    groups = np.unique([r["document"] for r in rows], return_inverse=True)[1]
    print(f"\n{kind}: {len(gold)} sentences of {groups.max() + 1} documents, {gold.sum()} yes")
    by_rule, rule_cuts = by_threshold(priors, gold, groups)
    by_cut, cuts = by_threshold(cut, gold, groups)
    for name, found in (
        (f"rules, prior >= {PRIOR}", priors >= PRIOR), ("rules, prior by folds", by_rule), ("coder as it is", whole),
        ("program, by folds", by_program(rows, kind, groups, t)),
        ("coder, threshold by folds", by_cut),
        *((f"logistic by folds: {' and '.join(w)}", by_logistic(w, table, texts, gold, groups)) for w in LEARNT),
    ):  # fmt: skip
        m = measured(found, gold)
        print(f"  {name:34s} P {m['p']:.3f}  R {m['r']:.3f}  F1 {m['f1']:.3f}   tp {m['tp']} fp {m['fp']} fn {m['fn']}")
    print(f"  thresholds by folds: prior {Counter(rule_cuts).most_common(3)}, score {Counter(cuts).most_common(4)}")
    print("  best on all, threshold", best_threshold(cut, gold), "F1 by threshold:", end=" ")
    print(" ".join(f"{x:.2f}:{measured(cut >= x, gold)['f1']:.3f}" for x in (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7)))
    if show:
        for r, f, g, p in zip(rows, whole, gold, cut):
            if f != g:
                print("FP" if f else "FN", r["label"], f"{p:.2f}", r["id"], r["text"].replace("\n", " "))


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("sentences", help="JSON lines with id, event_type, label, text, doc_date")
    ap.add_argument("--errors", choices=TYPES, help="print the sentences the coder gets wrong")
    a = ap.parse_args()
    try:
        rows = read(a.sentences)
    except OSError as error:
        sys.exit(f"{a.sentences} cannot be read ({error.strerror})")
    t = msgspec.structs.replace(Tools.default(), lone=None)
    for kind in TYPES:
        measure([r for r in rows if r["event_type"] == kind], kind, t, a.errors == kind)


if __name__ == "__main__":
    main()
