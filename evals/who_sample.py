"""Sample actor phrases of articles to be labelled by hand, and score the labels.

python evals/who_sample.py ARTICLES.jsonl.gz --draw 200 --seed 7     prints phrases in context with what was read
python evals/who_sample.py ARTICLES.jsonl.gz --score                 scores evals/who_labels.jsonl

A label holds article id, offsets, and the country and sector that a person told from the text ("?" where the text does not
tell); no text. Bare adjectives («الأمريكية»), pronouns and places are not drawn.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter
from pathlib import Path

from waqai.text import sentences
from waqai.types import Document
from waqai.who import build, find_actors, resolve
from waqai.who.tagger import load
from waqai.words import Words

LABELS = Path(__file__).parent / "who_labels.jsonl"


def read(article, lexicon, tagger):
    doc = Document(
        id=article["id"],
        content_hash="",
        text=article["text"],
        outlet=article["outlet"],
        published=article["published"],
        title=article["title"],
    )
    sents = sentences(doc.text)
    mentions = find_actors(doc, sents, lexicon, tagger)
    resolve(mentions, doc, sents, lexicon)
    return doc, sents, mentions


def drawn(m) -> bool:
    return m.form in ("phrase", "name", "state", "anaphor") and m.kind != "place"


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("articles")
    ap.add_argument("--draw", type=int)
    ap.add_argument("--seed", type=int, default=7)
    ap.add_argument("--blind", action="store_true", help="do not show what was read")
    ap.add_argument("--score", action="store_true")
    a = ap.parse_args()
    with gzip.open(a.articles, "rt", encoding="utf-8") as f:
        articles = {r["id"]: r for r in map(json.loads, f)}
    lexicon, tagger = build(Words.load()), load()
    if a.score:
        score(articles, lexicon, tagger)
        return
    rng = random.Random(a.seed)
    for n, key in enumerate(rng.sample(sorted(articles), a.draw)):
        doc, _, mentions = read(articles[key], lexicon, tagger)
        pool = [m for m in mentions if drawn(m)]
        if pool:
            m = rng.choice(pool)
            before, after = doc.text[max(0, m.start - 70) : m.start], doc.text[m.end : m.end + 50]
            context = f"{before}[[{m.text}]]{after}".replace("\n", " ")
            read_as = "" if a.blind else f"{m.country} {m.sector} "
            print(f"{n} {key} {m.start} {m.end} {read_as}| {doc.title} | {context}")


def score(articles, lexicon, tagger) -> None:
    """Print the share right, by draw (the labels of "blind" draws were written without sight of what was read)."""
    n: Counter[tuple[str, str]] = Counter()
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        draw = label.get("draw", "seen")
        _, _, mentions = read(articles[label["article"]], lexicon, tagger)
        got = [m for m in mentions if m.start < label["end"] and label["start"] < m.end]
        best = max(got, key=lambda m: min(m.end, label["end"]) - max(m.start, label["start"]), default=None)
        n[draw, "phrases"] += 1
        if best is None:
            n[draw, "not found"] += 1
            print(label["article"], label["start"], label["end"], "not found")
            continue
        ok_country = (best.country or "?") in label["country"].split("|")
        ok_sector = (best.sector or "?") in label["sector"].split("|")
        n[draw, "country"] += ok_country
        n[draw, "sector"] += ok_sector
        if not (ok_country and ok_sector):
            print(label["article"], label["start"], label["end"], label, best.country, best.sector)
    for draw in dict.fromkeys(d for d, _ in n):
        total, country, sector = (n[draw, k] for k in ("phrases", "country", "sector"))
        print(f"{draw}: {total} phrases: country {country / total:.3f}, sector {sector / total:.3f}, not found {n[draw, 'not found']}")


if __name__ == "__main__":
    main()
