"""How far two readers agree: python evals/second_reading.py --gold GOLD/train [--scorer tools/score.py]

`second_reading.jsonl` holds the events of twenty annotated articles (drawn by seed) as marked once more by the reader of
`scripts/coder_labels.jsonl.gz`, who saw the program's guesses but not the annotation: article ids, offsets and codes, no text.
Printed: detection and who as the scorer counts them, and the shares of agreement over events that both marked.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from coder import golds, scorer

HERE = Path(__file__).parent


def parties(event: dict, reciprocal: set[str]) -> set[tuple[str, str | None]]:
    """(role, country) pairs as the scorer compares them; a label's party is [start, end, country, sector]."""

    def country(p: dict | list) -> str | None:
        return p["country"] if isinstance(p, dict) else p[2]

    joint = event["type"] in reciprocal
    return {("party" if joint else role, country(p)) for role in ("actors", "recipients") for p in event[role]}


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--gold", type=Path, required=True)
    ap.add_argument("--scorer", type=Path, default=HERE.parent.parent / "shared/tools/score.py")
    a = ap.parse_args()
    score = scorer(a.scorer)
    gold = {str(g["id"]): g for g in golds(a.gold)}
    found: Counter[str] = Counter()
    with open(HERE / "second_reading.jsonl", encoding="utf-8") as f:
        second = [json.loads(line) for line in f]
    for one in second:
        g = gold[one["id"]]
        mine = [{"type": e["type"], "span": tuple(e["trigger"])} for e in one["events"]]
        theirs = [{"type": e["type"], "span": tuple(e["trigger"])} for e in g["events"]]
        pairs, extra, missed = score.match(g["text"], mine, theirs)
        found.update(tp=len(pairs), fp=len(extra), fn=len(missed), both=len(pairs))
        by = {k: p for p, k in pairs}
        for k, e in enumerate(g["events"]):
            want = parties(e, score.RECIPROCAL)
            have = parties(one["events"][by[k]], score.RECIPROCAL) if k in by else set()
            found.update(wtp=len(want & have), wfp=len(have - want), wfn=len(want - have))
            if k in by:
                other = one["events"][by[k]]
                found.update(date=other["date"] == e["date"], status=other["status"] == e["status"])
        for p in extra:
            found["wfp"] += len(parties(one["events"][p], score.RECIPROCAL))
    print(f"{len(second)} articles")
    print("detection", score.prf(found["tp"], found["fp"], found["fn"]))
    print("who", score.prf(found["wtp"], found["wfp"], found["wfn"]))
    print({k: round(found[k] / found["both"], 3) for k in ("date", "status")}, f"of {found['both']} marked by both")


if __name__ == "__main__":
    main()
