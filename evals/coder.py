"""Measure the coder: python evals/coder.py --train GOLD/train --cv CV.jsonl --dev GOLD/dev [--scorer tools/score.py]

CV.jsonl is what `scripts/train_coder.py --cv` wrote: each article read by weights that did not see its story. The dev articles
are read by the package's own weights. Printed, in Markdown: the table of figures with the gap between the two, agreements and
relations pooled with their counts, and the reliability of `confidence`: in ten bins, the share of events that were right.
An event is right where the scorer matches it. Cross-validated confidence is calibrated on the other half of the articles.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import msgspec
import numpy as np
from sklearn.isotonic import IsotonicRegression

from waqai import text, who
from waqai.annotate import Tools
from waqai.types import Document, Event, Extent, Party, Residue, Span

BARS = {
    "detection F1": 0.72, "detection P": 0.72, "who F1": 0.60, "when": 0.75, "status": 0.94, "status_marked": 0.6, "mode": 0.8,
    "sources": 0.75, "record": 0.85,
}  # fmt: skip
ROWS = ("detection F1", "detection P", "detection R", "who F1", "who P", "who R", "who_sector F1", "dyads F1")
SHARES = ("when", "when_given", "when_null", "status", "status_marked", "sources", "sources_given", "sources_none", "mode", "record", "place")


def scorer(path: Path) -> ModuleType:
    """Load the project's scorer from its file."""
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None or not path.exists():
        sys.exit(f"no scorer at {path}: name it with --scorer")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def golds(folder: Path) -> list[dict]:
    found = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.json"))]
    if not found:
        sys.exit(f"no gold articles in {folder}")
    return found


def run_scorer(score: ModuleType, records: Path, gold: str, out: Path) -> dict:
    """Score a file of records as the command line does; return its figures."""
    argv, stdout = sys.argv, sys.stdout
    sys.argv = ["score.py", str(records), gold, "--by-type", "--json", str(out)]
    try:
        with open("/dev/null", "w", encoding="utf-8") as sys.stdout:
            score.main()
    finally:
        sys.argv, sys.stdout = argv, stdout
    return json.loads(out.read_text(encoding="utf-8"))


def document(gold: dict, residue: bool) -> Document:
    lines = [Residue(start=a, end=b, kind="other") for a, b in gold["boilerplate"]] if residue else []
    return Document(
        id=str(gold["id"]), content_hash="", text=gold["text"], published=gold["published"], outlet=gold["outlet"], title=gold["title"],
        boilerplate=lines,
    )  # fmt: skip


def registers(record: dict, gold: dict, tools: Tools) -> dict:
    """Draw agreements and relations from cross-validated events, which are stored without them."""
    doc = document(gold, True)
    sentences = text.sentences(doc.text, doc.boilerplate, doc.title)
    found = who.find_actors(doc, sentences, tools.lexicon, tools.tagger)
    mentions = [[m for m in found if m.sentence == k] for k in range(len(sentences))]
    events = []
    for e in record["events"]:
        at = e["trigger"]
        s = next(s for s in sentences if s.start <= at["start"] < s.end)
        parties = {
            k: [Party(start=0, end=0, text=p["text"], country=p["country"], sector=p["sector"]) for p in e[k]]
            for k in ("actors", "recipients")
        }
        events.append(Event(
            id=e["id"], type=e["type"], mode=e["mode"], trigger=Span(**at, text=doc.text[at["start"] : at["end"]]),
            sentence=Extent(start=s.start, end=s.end), date=e["date"], status=e["status"], record=e["record"], confidence=e["score"], **parties,
        ))  # fmt: skip
    drawn = tools.registers.draw(doc.text, events, sentences, mentions)
    return {**record, "agreements": msgspec.to_builtins(drawn.agreements), "relations": msgspec.to_builtins(drawn.relations)}


def read_articles(folder: Path, out: Path) -> None:
    """Read articles as `waqai read` does, lines that are not the article found and not given; write their records."""
    from waqai import Failure, read

    given = "\n".join(json.dumps({k: g.get(k) for k in ("text", "published", "outlet", "url", "title")}) for g in golds(folder))
    with open(out, "w", encoding="utf-8") as f:
        for found in read(given.encode(), kind="jsonl"):
            if isinstance(found, Failure):
                sys.exit(f"an article of {folder} could not be read: {found.error}")
            f.write(msgspec.json.encode(found).decode() + "\n")


def value(told: dict, name: str) -> float:
    key, _, part = name.partition(" ")
    return told[key][part.lower()] if part else told[key]["acc"]


def table(train: dict, dev: dict) -> list[str]:
    """The figures side by side."""
    out = ["| What | Aim | Train, cross-validated | Dev | Gap |", "|---|---|---|---|---|"]
    for name in (*ROWS, *SHARES):
        a, b = value(train, name), value(dev, name)
        n = ("", "") if " " in name else (f" (of {train[name]['n']})", f" (of {dev[name]['n']})")
        aim = f"{BARS[name]:.2f}" if name in BARS else ""
        if name == "place":
            continue  # cross-validated records hold no places
        out.append(f"| {name} | {aim} | {a:.3f}{n[0]} | {b:.3f}{n[1]} | {a - b:+.3f} |")
    return out


def types(train: dict, dev: dict) -> list[str]:
    """Detection by type."""
    out = ["| Type | Train P | R | F1 | gold | Dev P | R | F1 | gold |", "|---|---|---|---|---|---|---|---|---|"]
    none = {"p": 0.0, "r": 0.0, "f1": 0.0, "tp": 0, "fn": 0}
    for t in sorted({*train["by_type"], *dev["by_type"]}):
        cells = []
        for told in (train, dev):
            c = told["by_type"].get(t, none)
            cells += [f"{c['p']:.2f}", f"{c['r']:.2f}", f"{c['f1']:.2f}", str(c["tp"] + c["fn"])]
        out.append(f"| {t} | {' | '.join(cells)} |")
    return out


def pooled(train: dict, dev: dict) -> list[str]:
    """Agreements and relations of both parts together."""
    out = ["| What | P | R | F1 | right | wrong | missed |", "|---|---|---|---|---|---|---|"]
    for name in ("agreements", "relations"):
        tp, fp, fn = (train[name][k] + dev[name][k] for k in ("tp", "fp", "fn"))
        p, r = tp / max(1, tp + fp), tp / max(1, tp + fn)
        out.append(f"| {name} | {p:.3f} | {r:.3f} | {2 * p * r / max(1e-9, p + r):.3f} | {tp} | {fp} | {fn} |")
    return out


def judged(score: ModuleType, records: list[dict], gold: dict[str, dict], key: str) -> list[tuple[int, float, int]]:
    """(article, score, whether matched) of each event."""
    out = []
    for n, r in enumerate(records):
        g = gold[r["document"]["text"].strip()]
        body, pred = score.norm_rec(r)
        pairs, _, _ = score.match(body, pred, score.norm_gold(g))
        right = {p for p, _ in pairs}
        out += [(n, float(e[key]), int(k in right)) for k, e in enumerate(r["events"])]
    return out


def calibrated(rows: list[tuple[int, float, int]]) -> list[tuple[float, int]]:
    """(confidence, right): an isotonic fit on the articles of even number tells the others', and the other way."""
    out: list[tuple[float, int]] = []
    for side in (0, 1):
        fit = [r for r in rows if r[0] % 2 == side]
        ask = [r for r in rows if r[0] % 2 != side]
        model = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit([r[1] for r in fit], [r[2] for r in fit])
        out += list(zip(model.predict([r[1] for r in ask]).tolist(), [r[2] for r in ask]))
    return out


def reliability(columns: dict[str, list[tuple[float, int]]]) -> list[str]:
    """Ten bins of confidence: events, mean confidence, share right."""
    names = list(columns)
    head = " | ".join(f"{n}: events | confidence | right" for n in names)
    out = [f"| Confidence | {head} |", "|---" * (1 + 3 * len(names)) + "|"]
    for k in range(10):
        cells = []
        for rows in columns.values():
            here = [(c, y) for c, y in rows if min(9, int(c * 10)) == k]
            cells += [str(len(here)), *([f"{np.mean([c for c, _ in here]):.2f}", f"{np.mean([y for _, y in here]):.2f}"] if here else ["", ""])]
        out.append(f"| {k / 10:.1f}–{(k + 1) / 10:.1f} | {' | '.join(cells)} |")
    gaps = []
    for name, rows in columns.items():
        bins: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for c, y in rows:
            bins[min(9, int(c * 10))].append((c, y))
        gap = sum(abs(sum(c for c, _ in b) - sum(y for _, y in b)) for b in bins.values()) / max(1, len(rows))
        gaps.append(f"{name} {gap:.3f}")
    return [*out, "", "Mean distance of confidence and share right, weighted by events: " + ", ".join(gaps) + "."]


def lines(path: Path) -> list[dict]:
    try:
        return [json.loads(x) for x in path.read_text(encoding="utf-8").splitlines() if x]
    except OSError as error:
        sys.exit(f"{path} cannot be read ({error.strerror}): make it with scripts/train_coder.py --cv")


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--train", type=Path, required=True)
    ap.add_argument("--cv", type=Path, required=True)
    ap.add_argument("--dev", type=Path, required=True)
    ap.add_argument("--scorer", type=Path, help="by default ../../tools/score.py beside the train folder")
    a = ap.parse_args()
    score = scorer(a.scorer or a.train.parent.parent / "tools/score.py")
    tools = Tools.default()
    gold = {g["text"].strip(): g for folder in (a.train, a.dev) for g in golds(folder)}
    cv = [registers(r, gold[r["document"]["text"].strip()], tools) for r in lines(a.cv)]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "cv.jsonl").write_text("".join(json.dumps(r) + "\n" for r in cv), encoding="utf-8")
        read_articles(a.dev, folder / "dev.jsonl")
        told_train = run_scorer(score, folder / "cv.jsonl", str(a.train), folder / "train.json")
        told_dev = run_scorer(score, folder / "dev.jsonl", ",".join(map(str, a.dev.glob("[!s]*.json"))), folder / "dev.json")
        dev = lines(folder / "dev.jsonl")
    print(f"{told_train['documents']} articles of train, {told_dev['documents']} of dev (without the seed)\n")
    columns = {"train": calibrated(judged(score, cv, gold, "score")), "dev": [(c, y) for _, c, y in judged(score, dev, gold, "confidence")]}
    for block in (table(told_train, told_dev), pooled(told_train, told_dev), types(told_train, told_dev), reliability(columns)):
        print("\n".join(block) + "\n")


if __name__ == "__main__":
    main()
