"""Measure actor phrases against the gold: python evals/who.py GOLD [--errors MODE] [--classes] [--no-tagger]

python evals/who.py --labels LABELS --articles ARTICLES measures marked articles in the same way (ids and offsets in LABELS, the
texts in ARTICLES; both JSON lines, gzipped). `--classes` counts the wrong countries by what the program's own came from.

(a) "given": the gold phrases are given as spans; each is read where it stands (`mention_at`) unless a found mention covers it.
(b) "found": the program finds the phrases; a gold phrase that no mention overlaps counts as wrong.
(c) "parties": of the gold parties of events whose phrase stands in the trigger's sentence, the share that a mention of that sentence
gives by country, and the share whose own phrase is overlapped by one with the right country.
A phrase is looked for in the article at its occurrence nearest to the event's trigger.
"""

from __future__ import annotations

import argparse
import glob
import gzip
import json
import os
import time
from collections import Counter

from waqai.text import sentences
from waqai.types import Document
from waqai.who import build, find_actors, resolve
from waqai.who.find import mention_at
from waqai.who.home import NOT_STATES
from waqai.who.tagger import load
from waqai.words import Words


def articles(gold: str) -> list[dict]:
    paths = sorted(glob.glob(gold + "/*.json")) if os.path.isdir(gold) else [gold]
    return [json.load(open(p, encoding="utf-8")) for p in paths]


def labelled(labels: str, texts: str) -> list[dict]:
    """The marked articles in the form of the gold, with the place of every party."""
    with gzip.open(labels, "rt", encoding="utf-8") as f:
        marked = {x["id"]: x["events"] for x in map(json.loads, f)}
    out = []
    with gzip.open(texts, "rt", encoding="utf-8") as f:
        for g in map(json.loads, f):
            if g["id"] in marked:
                out.append({**g, "events": [place(e, g["text"]) for e in marked[g["id"]]]})
    return out


def place(event: dict, text: str) -> dict:
    sides = {
        side: [{"span": (a, b), "text": text[a:b], "country": c, "sector": s} for a, b, c, s in event[side]]
        for side in ("actors", "recipients")
    }
    return {**event, **sides}


def locate(text: str, phrase: str, trigger: list[int]) -> tuple[int, int] | None:
    best, at = None, text.find(phrase)
    while at >= 0:
        if best is None or abs(at - trigger[0]) < abs(best - trigger[0]):
            best = at
        at = text.find(phrase, at + 1)
    return None if best is None else (best, best + len(phrase))


def overlapping(mentions, span):
    scored = []
    for m in mentions:
        inter = min(m.end, span[1]) - max(m.start, span[0])
        if inter > 0:
            union = max(m.end, span[1]) - min(m.start, span[0])
            scored.append((inter / union, m))
    if not scored:
        return []
    top = max(s for s, _ in scored)
    first = next(m for s, m in scored if s == top)
    return [m for _, m in scored if (m.start, m.end) == (first.start, first.end)]


def same(m, span) -> bool:
    inter = min(m.end, span[1]) - max(m.start, span[0])
    return m.start == span[0] or inter > 0.6 * (max(m.end, span[1]) - min(m.start, span[0]))


def add_given(doc, sents, mentions, spans, lexicon, names) -> None:
    """Read the given spans that no found mention stands for, and put them among the mentions."""
    for span in sorted(spans):
        if any(same(m, span) for m in mentions):
            continue
        k = next((k for k, s in enumerate(sents) if s.start <= span[0] < s.end), None)
        if k is None:
            continue
        toks = sents[k].tokens
        inside = [i for i, t in enumerate(toks) if t.end > span[0] and t.start < span[1]]
        if inside:
            mentions += mention_at(doc, sents[k], inside[0], inside[-1] + 1, lexicon, names[k] if names else None)
    mentions.sort(key=lambda m: (m.start, -m.end))


def class_of(p, got) -> str:
    """What a wrong country came from, and of which kind the right one is."""
    if not got:
        return "not found"
    m = got[0]
    if m.form in ("pronoun", "anaphor"):
        basis = m.form
    elif "country" in (m.why or "") and "in the phrase" in m.why:
        basis = "the phrase's own words"
    elif "article" in (m.why or "") or "outlet's" in (m.why or ""):
        basis = "the article's country"
    elif m.form == "name":
        basis = "name"
    elif m.head is None:
        basis = "phrase without a known head"
    else:
        basis = "other phrase"
    kind = "none" if p["country"] is None else "of no state" if p["country"] in NOT_STATES else "state"
    ours = "none" if m.country is None else "of no state" if m.country in NOT_STATES else "state"
    return f"{basis}: {kind} read as {ours}"


def count(n, conf, mentions, gold, mode, show) -> None:
    for span, p, name in gold:
        got = overlapping(mentions, span)
        n[mode, "phrases"] += 1
        n[mode, "found"] += bool(got)
        country = any(m.country == p["country"] for m in got)
        sector = any(m.sector == p["sector"] for m in got if m.country == p["country"] or not country)
        n[mode, "country"] += country
        n[mode, "sector"] += sector
        n[mode, "both"] += country and sector
        if not country:
            n["class", mode, class_of(p, got)] += 1
        if not sector:
            conf[mode, p["sector"], got[0].sector if got else "-"] += 1
        if show == mode and not (country and sector):
            what = ("C" if not country else " ") + ("S" if not sector else " ")
            found = " | ".join(f"{m.text} [{m.country} {m.sector} {m.form} {m.head} {m.why}]" for m in got[:2]) or "NOT FOUND"
            print(f"{what} {name} {p['text']} ({p['country']} {p['sector']}) <- {found}".replace("\n", " "))


def gold_spans(g) -> list:
    out, seen = [], set()
    for e in g["events"]:
        for p in e["actors"] + e["recipients"]:
            span = p.get("span") or locate(g["text"], p["text"], e["trigger"])
            if span is not None and (span, p["country"], p["sector"]) not in seen:
                seen.add((span, p["country"], p["sector"]))
                out.append((span, p, g["id"]))
    return out


def count_parties(n, g, sents, mentions) -> None:
    for e in g["events"]:
        s = next((s for s in sents if s.start <= e["trigger"][0] < s.end), None)
        for p in e["actors"] + e["recipients"] if s is not None else ():
            span = p.get("span") or locate(g["text"], p["text"], e["trigger"])
            if span is None or not s.start <= span[0] < s.end:
                continue
            n["parties"] += 1
            n["parties", "sentence"] += any(m.country == p["country"] for m in mentions if m.sentence == s.index)
            n["parties", "phrase"] += any(m.country == p["country"] for m in overlapping(mentions, span))


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("gold", nargs="?")
    ap.add_argument("--labels")
    ap.add_argument("--articles")
    ap.add_argument("--classes", action="store_true")
    ap.add_argument("--errors", choices=("given", "found"))
    ap.add_argument("--no-tagger", action="store_true")
    a = ap.parse_args()
    if (a.gold is None) == (a.labels is None) or (a.labels is None) != (a.articles is None):
        ap.error("give GOLD, or --labels and --articles")
    lexicon = build(Words.load())
    tagger = None if a.no_tagger else load()
    n: Counter = Counter()
    conf: Counter = Counter()
    spent = 0.0
    for g in articles(a.gold) if a.gold else labelled(a.labels, a.articles):
        doc = Document(id=g["id"], content_hash="", text=g["text"], outlet=g["outlet"], published=g["published"], title=g["title"])
        sents = sentences(doc.text)
        gold = gold_spans(g)
        for mode in ("found", "given"):
            t = time.perf_counter()
            mentions = find_actors(doc, sents, lexicon, tagger)
            if mode == "given":
                names = tagger.spans(sents, lexicon) if tagger else None
                add_given(doc, sents, mentions, {s for s, _, _ in gold}, lexicon, names)
            resolve(mentions, doc, sents, lexicon)
            spent += (mode == "found") * (time.perf_counter() - t)
            count(n, conf, mentions, gold, mode, a.errors)
            if mode == "found":
                count_parties(n, g, sents, mentions)
        n["documents"] += 1
    print(f"documents {n['documents']}  {1000 * spent / n['documents']:.2f} ms a document, word types met for the first time")
    for mode in ("given", "found"):
        total = n[mode, "phrases"]
        print(mode, total, " ".join(f"{k} {n[mode, k] / total:.3f}" for k in ("found", "country", "sector", "both")))
    shares = " ".join(f"{k} {n['parties', k] / max(n['parties'], 1):.3f}" for k in ("sentence", "phrase"))
    print("parties in the trigger's sentence", n["parties"], shares)
    if a.classes:
        for k, c in sorted(n.items(), key=lambda x: (str(x[0][:2]), -x[1])):
            if k[0] == "class":
                print(f"{k[1]} {c:5} {k[2]}")
    if a.errors:
        print([(k[1:], c) for k, c in conf.most_common(60) if k[0] == a.errors])


if __name__ == "__main__":
    main()
