"""Measure actor phrases against the gold: python evals/who.py GOLD [--errors] [--tagger]

(a) gold phrases given: country and sector of the mention that overlaps the phrase most; a phrase without one counts as wrong.
(b) share of gold phrases that a mention overlaps, and with the right country.
A phrase is looked for in the article at its occurrence nearest to the event's trigger.
"""

from __future__ import annotations

import argparse
import glob
import json
import os
import time
from collections import Counter

from waqai.text import sentences
from waqai.types import Document
from waqai.who import build, find_actors, resolve
from waqai.words import Words


def articles(gold: str) -> list[dict]:
    paths = sorted(glob.glob(gold + "/*.json")) if os.path.isdir(gold) else [gold]
    return [json.load(open(p, encoding="utf-8")) for p in paths]


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


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("gold")
    ap.add_argument("--errors", action="store_true")
    ap.add_argument("--tagger", action="store_true")
    a = ap.parse_args()
    lexicon = build(Words.load())
    tagger = None
    if a.tagger:
        from waqai.who.tagger import load

        tagger = load()
    n: Counter[str] = Counter()
    conf: Counter[tuple] = Counter()
    spent = 0.0
    for g in articles(a.gold):
        doc = Document(id=g["id"], content_hash="", text=g["text"], outlet=g["outlet"], published=g["published"], title=g["title"])
        sents = sentences(doc.text)
        t = time.perf_counter()
        mentions = find_actors(doc, sents, lexicon, tagger)
        resolve(mentions, doc, sents, lexicon)
        spent += time.perf_counter() - t
        n["documents"] += 1
        seen = set()
        for e in g["events"]:
            for role in ("actors", "recipients"):
                for p in e[role]:
                    span = locate(g["text"], p["text"], e["trigger"])
                    if span is None:
                        n["not located"] += 1
                        continue
                    key = (span, p["country"], p["sector"])
                    if key in seen:
                        continue
                    seen.add(key)
                    n["phrases"] += 1
                    got = overlapping(mentions, span)
                    if got:
                        n["found"] += 1
                    country = any(m.country == p["country"] for m in got)
                    sector = any(m.sector == p["sector"] for m in got if m.country == p["country"] or not country)
                    n["country"] += country
                    n["sector"] += sector
                    n["both"] += country and sector
                    if not country or not sector:
                        if not sector:
                            conf[p["sector"], got[0].sector if got else "-"] += 1
                        if a.errors:
                            what = ("C" if not country else " ") + ("S" if not sector else " ")
                            found = " | ".join(f"{m.text} [{m.country} {m.sector} {m.form} {m.head}]" for m in got[:2]) or "NOT FOUND"
                            print(f"{what} {g['id']} {p['text']} ({p['country']} {p['sector']}) <- {found}".replace("\n", " "))
    total = n["phrases"]
    print(f"documents {n['documents']}  phrases {total}  not located {n['not located']}  {1000 * spent / n['documents']:.2f} ms a document")
    for k in ("found", "country", "sector", "both"):
        print(f"{k:8s} {n[k]} {n[k] / total:.3f}")
    if a.errors:
        print(conf.most_common(40))


if __name__ == "__main__":
    main()
