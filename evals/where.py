"""Measure places against the gold: python evals/where.py GOLD. Country of the chosen place, gold triggers given."""

from __future__ import annotations

import sys
import time
from collections import Counter

from who import articles

from waqai.text import sentences
from waqai.types import Document
from waqai.where import choose, find_places, gazetteer
from waqai.who import build, find_actors, resolve
from waqai.words import Words

PHYSICAL = frozenset(("ASSAULT", "PROTEST", "COERCE", "MOBILIZE", "CONSULT", "RETREAT", "AID", "COOPERATE"))


def main() -> None:
    lexicon = build(Words.load())
    gazetteer(lexicon)
    n: Counter[str] = Counter()
    spent = 0.0
    for g in articles(sys.argv[1]):
        doc = Document(id=g["id"], content_hash="", text=g["text"], outlet=g["outlet"], published=g["published"], title=g["title"])
        sents = sentences(doc.text)
        mentions = find_actors(doc, sents, lexicon)
        resolve(mentions, doc, sents, lexicon)
        t = time.perf_counter()
        places = find_places(doc, sents, lexicon, mentions)
        spent += time.perf_counter() - t
        n["docs"] += 1
        for e in g["events"]:
            sent = next((s for s in sents if s.start <= e["trigger"][0] < s.end), None)
            if sent is None:
                continue
            at = next((i for i, t in enumerate(sent.tokens) if t.end > e["trigger"][0]), 0)
            moving = (
                e["type"] == "MOBILIZE"
                or (e["type"] in ("CONSULT", "AGREE") and "visit" in (e["mode"] or ""))
                or "زيار" in g["text"][slice(*e["trigger"])]
            )
            got = choose(places, sent, at, movement=moving, physical=e["type"] in PHYSICAL)
            gold = (e["place"] or {}).get("country")
            n["gold" if gold else "gold none"] += 1
            if got:
                n["given"] += 1
                n["given where gold has one"] += bool(gold)
            n["right"] += bool(gold) and got is not None and got.country == gold
            n["rightly none"] += not gold and got is None
            if "--errors" in sys.argv and (got.country if got else None) != gold:
                print(g["id"], e["type"], g["text"][slice(*e["trigger"])], "| gold", e["place"], "| got", got and (got.text, got.country))
    print(dict(n), f"{1000 * spent / n['docs']:.2f} ms a document")
    print(f"country right where gold has a place {n['right'] / n['gold']:.3f}; precision {n['right'] / max(n['given'], 1):.3f}")


if __name__ == "__main__":
    main()
