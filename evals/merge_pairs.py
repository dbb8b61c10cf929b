"""Pairs of claims to judge by hand, and the merge scored on the verdicts.

    python evals/merge_pairs.py sample STORE LABELS [--pairs 150] [--show FILE]
    python evals/merge_pairs.py score STORE LABELS
    python evals/merge_pairs.py largest STORE [--events 20]

`sample` draws pairs of live claims of one block from bands of the score, the same number from each, half of them of different
articles where there are enough, and writes one JSON line a pair: ids of the documents, offsets, the band and "verdict": null.
No text of an article goes into LABELS; --show writes the sentences to a file of your own to judge by. Verdicts: "same",
"different", or "unsure" (left out). `score` counts the pairs that the store holds in one event.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

from waqai import query
from waqai.merge import Fact, facts
from waqai.merge.cluster import block_keys, comparable
from waqai.merge.score import opposed, score
from waqai.query import show as _show
from waqai.store import Store, read
from waqai.store.claims import events_of
from waqai.store.rows import unpack

_BANDS = (-99.0, -3.0, -1.5, -0.5, 0.0, 0.5, 1.5, 3.0, 99.0)
_SHARES = (0.06, 0.1, 0.14, 0.15, 0.15, 0.15, 0.15, 0.1)


def _facts(store: Store) -> dict[str, Fact]:
    rows = store.db.rows("SELECT record FROM documents WHERE live = 1 ORDER BY id")
    return {f.uid: f for (blob,) in rows for f in facts(unpack(bytes(blob)))}


def pairs_by_band(known: dict[str, Fact]) -> list[list[tuple[str, str, float]]]:
    """Return the comparable pairs, each with its score, in bands."""
    blocks: dict[str, list[str]] = {}
    for uid, fact in sorted(known.items()):
        for key in block_keys(fact):
            blocks.setdefault(key, []).append(uid)
    seen: set[tuple[str, str]] = set()
    bands: list[list[tuple[str, str, float]]] = [[] for _ in _SHARES]
    for members in blocks.values():
        for i, a in enumerate(members):
            for b in members[i + 1 :]:
                x, y = known[a], known[b]
                if (a, b) in seen or not comparable(x, y) or opposed(x, y):
                    continue
                seen.add((a, b))
                value = score(x, y)
                bands[next(n for n in range(len(_SHARES)) if value < _BANDS[n + 1])].append((a, b, value))
    return bands


def sample(store: Store, labels: Path, n: int, show: Path | None) -> None:
    """Write `n` pairs to judge."""
    known, mix = _facts(store), random.Random(2018)
    bands = pairs_by_band(known)
    lines, shown = [], []
    for number, (band, share) in enumerate(zip(bands, _SHARES, strict=True)):
        across = [p for p in band if known[p[0]].doc != known[p[1]].doc]
        within = [p for p in band if known[p[0]].doc == known[p[1]].doc]
        wanted = round(n * share)
        picked = mix.sample(across, min(len(across), wanted - min(len(within), wanted // 3)))
        picked += mix.sample(within, min(len(within), wanted - len(picked)))
        for a, b, value in picked:
            sides = [_side(store, u) for u in (a, b)]
            lines.append({"a": sides[0][0], "b": sides[1][0], "band": number, "of": len(band), "score": round(value, 2), "verdict": None})
            shown.append(f"{len(lines)}. [{value:+.2f}]\n{sides[0][1]}\n{sides[1][1]}\n")
    labels.write_text("".join(json.dumps(x) + "\n" for x in lines), encoding="utf-8")
    if show is not None:
        show.write_text("\n".join(shown), encoding="utf-8")
    print(f"{len(lines)} pairs; band sizes {[len(b) for b in bands]}")


def _side(store: Store, uid: str) -> tuple[dict[str, object], str]:
    number = read.claim_number(store.db, uid)
    assert number is not None
    [view] = _show.claim_views(store, [number])
    e, d = view.event, view.document
    label = {"claim": uid, "document": d.id, "sentence": [e.sentence.start, e.sentence.end], "trigger": [e.trigger.start, e.trigger.end]}
    sides = ">".join(",".join(p.country or "?" for p in ps) for ps in (e.actors, e.recipients))
    told = f"  {e.type}/{' '.join(e.mode)} «{e.trigger.text}» {sides} {e.date} {e.status} | {d.outlet} {d.published} | {view.sentence.text}"
    return label, told


def rate(store: Store, labels: Path) -> None:
    """Print precision, recall and F1 on the judged pairs, plain and weighted by what each band stands for."""
    rows = [json.loads(x) for x in labels.read_text(encoding="utf-8").splitlines()]
    judged = [r for r in rows if r["verdict"] in ("same", "different")]
    drawn: dict[int, int] = {}
    for r in judged:
        drawn[r["band"]] = drawn.get(r["band"], 0) + 1
    plain, weighted = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
    for r in judged:
        numbers = [read.claim_number(store.db, r[s]["claim"]) for s in ("a", "b")]
        if None in numbers:
            print(f"not in this store: {r['a']['claim']} or {r['b']['claim']}")
            continue
        at = events_of(store.db, [n for n in numbers if n is not None])
        joined, same = len({at.get(n or 0, n) for n in numbers}) == 1, r["verdict"] == "same"
        for total, weight in ((plain, 1.0), (weighted, r["of"] / drawn[r["band"]])):
            total[0] += weight * (joined and same)
            total[1] += weight * joined
            total[2] += weight * same
    print(f"{len(judged)} pairs judged, {sum(r['verdict'] == 'same' for r in judged)} the same")
    for name, (hit, found, gold) in (("plain", plain), ("weighted by band", weighted)):
        p, r_ = hit / found if found else 0.0, hit / gold if gold else 0.0
        print(f"{name:18} P {p:.3f} R {r_:.3f} F1 {2 * p * r_ / (p + r_) if p + r_ else 0.0:.3f}")


def largest(store: Store, n: int) -> None:
    """Print the largest merged events with every claim, to read."""
    rows = store.db.rows("SELECT id FROM merged ORDER BY claims DESC, id LIMIT ?", (n,))
    for view in _show.event_views(store, [int(r[0]) for r in rows]):
        print(f"\n## {view.date} {view.type} {' '.join(view.countries)}: {view.claims} claims, {view.documents} articles, "
              f"{view.outlets} outlets, {view.independent} independent; differs in {' '.join(view.differs) or 'nothing'}")  # fmt: skip
        for claim in query.event(store, view.id).claims:
            print("  -", _side(store, claim.id)[1].strip()[:300])


def main() -> None:
    """Run one of the three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("sample", "score", "largest"))
    parser.add_argument("store")
    parser.add_argument("labels", nargs="?", type=Path)
    parser.add_argument("--pairs", type=int, default=150)
    parser.add_argument("--events", type=int, default=20)
    parser.add_argument("--show", type=Path)
    args = parser.parse_args()
    with Store.open(args.store) as store:
        if args.what == "largest":
            largest(store, args.events)
        elif args.labels is None:
            parser.error("name the file of labels")
        elif args.what == "sample":
            sample(store, args.labels, args.pairs, args.show)
        else:
            rate(store, args.labels)


if __name__ == "__main__":
    main()
