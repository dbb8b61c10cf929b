"""Scores the merge on stories: B-cubed and pairwise F1, per story and together.

    python evals/merge.py MERGE_GOLD ARTICLE_GOLD [--errors]

MERGE_GOLD holds STORY.json files, ARTICLE_GOLD the articles they name. The gold's events are fed to the merge.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from gold_records import record_of

from waqai.merge import Fact, explain, facts, merge_facts


def bcubed(found: Sequence[Sequence[str]], gold: Sequence[Sequence[str]]) -> tuple[float, float, float]:
    """Return precision, recall and F1 (Bagga and Baldwin 1998)."""
    in_found = {u: set(g) for g in found for u in g}
    in_gold = {u: set(g) for g in gold for u in g}
    p = sum(len(in_found[u] & in_gold[u]) / len(in_found[u]) for u in in_gold) / len(in_gold)
    r = sum(len(in_found[u] & in_gold[u]) / len(in_gold[u]) for u in in_gold) / len(in_gold)
    return p, r, 2 * p * r / (p + r)


def pairs(groups: Sequence[Sequence[str]]) -> set[tuple[str, ...]]:
    """Return the pairs of ids that stand in one group."""
    return {p for g in groups for p in combinations(sorted(g), 2)}


def f1(hit: int, found: int, gold: int) -> float:
    """Return F1 of counts."""
    return 2 * hit / (found + gold) if found + gold else 1.0


def story(path: Path, articles: Path) -> tuple[list[Fact], list[list[str]]]:
    """Return the facts of a story and its gold clusters, restricted to events that stand in a cluster."""
    data = json.loads(path.read_text(encoding="utf-8"))
    made: dict[str, list[Fact]] = {}
    for name in {a for c in data["clusters"] for a, _ in c}:
        made[name] = facts(record_of(json.loads((articles / f"{name}.json").read_text(encoding="utf-8"))))
    clusters = [[made[a][i].uid for a, i in c] for c in data["clusters"]]
    wanted = {u for c in clusters for u in c}
    return [f for fs in made.values() for f in fs if f.uid in wanted], clusters


def main(args: list[str]) -> None:
    """Print the scores; with --errors the pairs that are wrong and why."""
    folder, articles = Path(args[0]), Path(args[1])
    total = [0, 0, 0]
    averages = []
    for path in sorted(folder.glob("*.json")):
        all_facts, gold = story(path, articles)
        found = [m.claims for m in merge_facts(all_facts)]
        a, b = pairs(found), pairs(gold)
        counts = [len(a & b), len(a), len(b)]
        total = [x + y for x, y in zip(total, counts, strict=True)]
        p, r, f = bcubed(found, gold)
        averages.append(f)
        print(f"{path.stem:28} B3 P {p:.3f} R {r:.3f} F {f:.3f}   pairs P {counts[0] / max(1, counts[1]):.3f} "
              f"R {counts[0] / max(1, counts[2]):.3f} F1 {f1(*counts):.3f}")  # fmt: skip
        if "--errors" in args:
            _errors(all_facts, a, b)
    print(f"{'all':28} B3 F {sum(averages) / len(averages):.3f} (mean)   pairs P {total[0] / max(1, total[1]):.3f} "
          f"R {total[0] / max(1, total[2]):.3f} F1 {f1(*total):.3f}")  # fmt: skip


def _errors(all_facts: list[Fact], found: set[tuple[str, ...]], gold: set[tuple[str, ...]]) -> None:
    by = {f.uid: f for f in all_facts}
    for kind, wrong in (("joined", found - gold), ("missed", gold - found)):
        for x, y in sorted(wrong):
            why = explain(by[x], by[y])
            told = " ".join(f"{k}={v:+.1f}" for k, v in why.items())
            print(f"  {kind} {sum(why.values()):+.2f} {_told(by[x])}  |  {_told(by[y])}  : {told}")


def _told(f: Fact) -> str:
    sides = ">".join(",".join(sorted(s)) for s in (f.actors, f.recipients))
    return f"{f.uid[-12:]} {f.type}/{','.join(f.modes)} {f.trigger} {sides} {f.status}"


if __name__ == "__main__":
    main(sys.argv[1:])
