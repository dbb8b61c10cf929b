"""Time actors, entities and places: python evals/who_speed.py ARTICLES.jsonl.gz. CPU ms an article, second pass over 900."""

from __future__ import annotations

import gzip
import json
import sys
import time

from waqai.text import sentences
from waqai.types import Document
from waqai.where import find_places, gazetteer
from waqai.who import build, find_actors, resolve
from waqai.who.tagger import load
from waqai.words import Words


def main() -> None:
    lexicon, tagger = build(Words.load()), load()
    gazetteer(lexicon)
    with gzip.open(sys.argv[1], "rt", encoding="utf-8") as f:
        rows = [json.loads(line) for n, line in enumerate(f) if n % 6 == 0][:900]
    docs = [Document(id=r["id"], content_hash="", text=r["text"], outlet=r["outlet"], title=r["title"]) for r in rows]
    cut = [sentences(d.text) for d in docs]
    words = sum(len(s.tokens) for sents in cut for s in sents)
    for turn in ("first", "second"):
        spent = {"tagger alone": 0.0, "find_actors": 0.0, "resolve": 0.0, "find_places": 0.0}
        for doc, sents in zip(docs, cut, strict=True):
            marks = [time.process_time()]
            tagger.spans(sents, lexicon)
            marks.append(time.process_time())
            mentions = find_actors(doc, sents, lexicon, tagger)
            marks.append(time.process_time())
            resolve(mentions, doc, sents, lexicon)
            marks.append(time.process_time())
            find_places(doc, sents, lexicon, mentions)
            marks.append(time.process_time())
            for name, a, b in zip(spent, marks, marks[1:], strict=False):
                spent[name] += b - a
        print(turn, f"{words / len(docs):.0f} tokens an article;", {k: round(1000 * v / len(docs), 2) for k, v in spent.items()})


if __name__ == "__main__":
    main()
