"""Precision by reading: sample events of unlabelled articles, judge them by hand, score the judgements.

    python evals/reading.py ARTICLES --sheet sheet.txt        the sample as a worksheet, to be read beside the guide of annotation
    python evals/reading.py ARTICLES --score                  evals/reading_labels.jsonl as a table

The sample is drawn by a seed from the articles that taught nothing: in random order within each outlet, outlets in turn, at
most two events an article, chosen by a hash of their place. A
line of the labels holds the article's id, the trigger's offsets, the type and confidence read, how many events the article had,
and a verdict for each question: "right", "wrong" or "na" (where the type is wrong nothing else is judged, and `error` says why;
an actor or recipient is "na" where none is read and none is there). No text.
Judged are type (is there such an act), actor, recipient, date, status, source.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from waqai.annotate import Tools, annotate
from waqai.types import Document, Event, Record

LABELS = Path(__file__).parent / "reading_labels.jsonl"
TAUGHT = Path(__file__).parent.parent / "scripts/coder_labels.jsonl.gz"
"""Articles that the weights were trained on: left out of the draw."""
QUESTIONS = ("type", "actor", "recipient", "date", "status", "source")
PER_ARTICLE = 2


def articles(path: Path) -> list[dict]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as f:
            return [json.loads(line) for line in f]
    except OSError as error:
        sys.exit(f"{path} cannot be read ({error}): name the gzipped JSON lines of articles")


def drawn(found: list[dict], seed: int) -> Iterator[dict]:
    """Articles in random order, one of each outlet in turn."""
    rng = random.Random(seed)
    with gzip.open(TAUGHT, "rt", encoding="utf-8") as f:
        taught = {json.loads(line)["id"] for line in f}
    by_outlet: dict[str, list[dict]] = defaultdict(list)
    for a in found:
        if a["id"] not in taught:
            by_outlet[a["outlet"]].append(a)
    piles = [rng.sample(by_outlet[k], len(by_outlet[k])) for k in sorted(by_outlet)]
    while any(piles):
        for pile in piles:
            if pile:
                yield pile.pop()


def sample(found: list[dict], seed: int, size: int) -> Iterator[tuple[dict, Record, Event]]:
    """Yield `size` (article, record, event)."""
    tools = Tools.default()
    left = size
    for a in drawn(found, seed):
        doc = Document(id=a["id"], content_hash="", text=a["text"], published=a["published"], outlet=a["outlet"], title=a["title"])
        record = annotate(doc, tools)
        # By a hash of their place, so that an event that other weights read as well is drawn with them as well.
        order = sorted(record.events, key=lambda e: hashlib.sha256(f"{seed} {a['id']} {e.trigger.start}".encode()).digest())
        for e in sorted(order[: min(PER_ARTICLE, left)], key=lambda e: e.trigger.start):
            yield a, record, e
            left -= 1
        if not left:
            return


def party(p) -> str:
    return f"{p.text} ({p.country}/{p.sector})".replace("\n", " ")


def sheet(found: list[dict], seed: int, size: int, out: Path) -> None:
    """Write the worksheet: what was read, the sentence with the trigger marked, and what stands around it."""
    with open(out, "w", encoding="utf-8") as f:
        for n, (a, r, e) in enumerate(sample(found, seed, size)):
            t, s = r.document.text, e.sentence
            mode = f"/{'+'.join(e.mode)}" if e.mode else ""
            f.write(
                f"#{n} {a['id']} [{e.trigger.start}:{e.trigger.end}] {a['outlet']} {a['published']} :: {a['title']}\n"
                f"   {e.type}{mode} | A: {'; '.join(map(party, e.actors)) or '-'} | R: {'; '.join(map(party, e.recipients)) or '-'} | "
                f"{e.date} ({e.date_basis}) | {e.status} | S: {'; '.join(x.text for x in e.sources) or '-'} | {e.confidence}\n"
                f"   < {t[max(0, s.start - 250) : s.start]}\n"
                f"   = {t[s.start : e.trigger.start]}[[{e.trigger.text}]]{t[e.trigger.end : s.end]}\n"
                f"   > {t[s.end : s.end + 80]}\n".replace("\n\n", "\n")
            )


def interval(right: int, n: int) -> tuple[float, float]:
    """Wilson's interval, 95 %."""
    if not n:
        return 0.0, 0.0
    p, z = right / n, 1.96
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return middle - half, middle + half


def score(found: list[dict]) -> None:
    """Print the table of the labels, by question, by type and by outlet."""
    outlet = {a["id"]: a["outlet"] for a in found}
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines() if line]
    print(f"{len(rows)} events of {len({r['article'] for r in rows})} articles\n")
    print("| Question | Judged | Right | Share | 95 % |\n|---|---|---|---|---|")
    for q in QUESTIONS:
        n = Counter(r[q] for r in rows)
        judged = n["right"] + n["wrong"]
        low, high = interval(n["right"], judged)
        print(f"| {q} | {judged} | {n['right']} | {n['right'] / max(1, judged):.3f} | {low:.2f}–{high:.2f} |")
    whole = sum(all(r[q] != "wrong" for q in QUESTIONS) for r in rows)
    low, high = interval(whole, len(rows))
    print(f"| everything | {len(rows)} | {whole} | {whole / max(1, len(rows)):.3f} | {low:.2f}–{high:.2f} |")
    for name, key in (("Type", lambda r: r["read"]), ("Outlet", lambda r: outlet.get(r["article"], "?"))):
        groups = defaultdict(Counter)
        for r in rows:
            groups[key(r)][r["type"]] += 1
        cells = [f"{k} {n['right']}/{n['right'] + n['wrong']}" for k, n in sorted(groups.items())]
        print(f"\n{name}, events whose type is right: {', '.join(cells)}.")
    bins = ((0.0, 0.45), (0.45, 0.65), (0.65, 0.8), (0.8, 1.01))
    cells = []
    for low, high in bins:
        here = [r for r in rows if low <= r["confidence"] < high]
        cells.append(f"{low:.2f}–{min(1.0, high):.2f} {sum(r['type'] == 'right' for r in here)}/{len(here)}")
    print(f"\nConfidence, events whose type is right: {', '.join(cells)}.")
    weight = sum(r["of"] for r in rows)
    share = sum(r["of"] * (r["type"] == "right") for r in rows) / max(1, weight)
    print(f"\nType right, each event weighted by the number of its article's events: {share:.3f}.")
    classes = Counter(r["error"] for r in rows if "error" in r)
    print("\nWhy no such act: " + ", ".join(f"{k} {n}" for k, n in classes.most_common()))


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("articles", type=Path, help="gzipped JSON lines with id, outlet, title, published, text")
    ap.add_argument("--sheet", type=Path, help="write the worksheet here")
    ap.add_argument("--score", action="store_true", help="score evals/reading_labels.jsonl")
    ap.add_argument("--seed", type=int, default=73)
    ap.add_argument("--size", type=int, default=200, help="events, default 200")
    a = ap.parse_args()
    if a.sheet:
        sheet(articles(a.articles), a.seed, a.size, a.sheet)
    if a.score:
        score(articles(a.articles))


if __name__ == "__main__":
    main()
