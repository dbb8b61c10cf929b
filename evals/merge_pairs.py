"""Pairs of claims judged by hand, and the merge scored on the verdicts.

    waqai read two_weeks.jsonl --format jsonl -o RECORDS
    python evals/merge_pairs.py sample RECORDS OUT --from 2018-05-13 --to 2018-05-20 [--pairs 150] [--seed 1] [--show FILE]
    python evals/merge_pairs.py score RECORDS LABELS [--half tune|test|fresh|again] [--errors]
    python evals/merge_pairs.py largest RECORDS [--events 20]

`sample` draws pairs of claims of one block whose articles were both published in the given days. From each band of the score it
draws claims, and for each one partner: so a story of 200 claims weighs 200, not its 20,000 pairs. One JSON line a pair: each claim as
document, span of its trigger and type, the band and "verdict": null. No text of an article goes into the labels; --show writes the
sentences to a file of your own to judge by. Verdicts: "same", "different", or "unsure" (left out).
`score` merges RECORDS and counts the pairs that stand in one event. A label of an earlier coder is looked for among the claims of today
(`find`): the trigger's word whatever its type, else the nearest trigger of its type in its sentence. What is found nowhere, or where
both claims of a pair are found as one, is counted and left out; so is "lost": true, where a reader saw that the sentence's other claim
tells another act.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from waqai.merge import Fact, explain, facts, merge_facts
from waqai.merge.cluster import block_keys, comparable
from waqai.merge.score import opposed, score
from waqai.types import Event, Record

_BANDS = (-99.0, -3.0, -1.5, -0.5, 0.5, 1.5, 3.0, 99.0)
_SHARES = (0.05, 0.1, 0.15, 0.2, 0.2, 0.15, 0.15)

_WAYS = ("exact", "trigger", "sentence", "gone")


class Claim(NamedTuple):
    """A claim with what a person needs to judge it."""

    fact: Fact
    event: Event
    record: Record

    @property
    def label(self) -> dict[str, Any]:
        """What names the claim in a file of labels."""
        t = self.event.trigger
        return {"document": self.record.document.id, "trigger": t.start, "end": t.end, "type": self.event.type}

    def told(self, most: int = 420) -> str:
        """One line to judge by: type, parties, date, status, outlet and the words around the trigger."""
        e, d = self.event, self.record.document
        sides = ">".join(",".join(f"{p.country or '?'}:{p.text}" for p in ps) for ps in (e.actors, e.recipients))
        at = max(e.sentence.start, e.trigger.start - most // 2)
        end = min(e.sentence.end, e.trigger.end + most // 2)
        words = f"{d.text[at : e.trigger.start]}[[{e.trigger.text}]]{d.text[e.trigger.end : end]}".replace("\n", " ")
        place = e.place.text if e.place else ""
        return f"{e.type}/{' '.join(e.mode)} {e.status} {e.date}({e.date_basis}) {sides} @{place} | {d.outlet} {d.published} | {words}"


def load(path: Path) -> dict[str, Claim]:
    """Return the claims of a file of records, by id."""
    out: dict[str, Claim] = {}
    for line in path.read_bytes().splitlines():
        record = msgspec.json.decode(line, type=Record)
        out.update((f.uid, Claim(f, e, record)) for f, e in zip(facts(record), record.events, strict=True))
    return out


Docs = dict[str, list[Claim]]


def by_document(claims: Iterable[Claim]) -> Docs:
    """Return the claims of each document."""
    out: Docs = {}
    for c in claims:
        out.setdefault(c.record.document.id, []).append(c)
    return out


def find(docs: Docs, label: dict[str, Any]) -> tuple[Claim | None, str]:
    """Return the claim of today that a label means, and how it was found: exact | trigger | sentence | gone."""
    start, kind = label["trigger"], label["type"]
    inside = docs.get(label["document"], [])
    exact = [c for c in inside if c.event.trigger.start == start and c.event.type == kind]
    if exact:
        return exact[0], "exact"
    text = inside[0].record.document.text if inside else ""
    word = re.compile(r"\w*").match(text, start)
    end = label.get("end") or (word.end() if word else start)
    over = [c for c in inside if c.event.trigger.start < max(end, start + 1) and start < c.event.trigger.end]
    if over:
        return min(over, key=lambda c: (c.event.type != kind, abs(c.event.trigger.start - start))), "trigger"
    if label.get("lost"):
        return None, "gone"
    near = [c for c in inside if c.event.type == kind and c.event.sentence.start <= start < c.event.sentence.end]
    if near:
        return min(near, key=lambda c: abs(c.event.trigger.start - start)), "sentence"
    return None, "gone"


def bands_of(known: dict[str, Fact]) -> list[list[tuple[str, str, float]]]:
    """Return the pairs that share a block, each with its score, in bands. Pairs that a rule keeps apart stand in the first."""
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
                if (a, b) in seen or not comparable(x, y):
                    continue
                seen.add((a, b))
                value = -50.0 if opposed(x, y) else score(x, y)
                bands[next(n for n in range(len(_SHARES)) if value < _BANDS[n + 1])].append((a, b, value))
    return bands


def draw(band: list[tuple[str, str, float]], wanted: int, mix: random.Random) -> list[tuple[str, str, float]]:
    """Return `wanted` pairs of a band: claims at random, of each one pair; no claim twice while there are others."""
    of: dict[str, list[tuple[str, str, float]]] = {}
    for pair in band:
        for uid in pair[:2]:
            of.setdefault(uid, []).append(pair)
    out: list[tuple[str, str, float]] = []
    used: set[str] = set()
    for uid in mix.sample(sorted(of), len(of)):
        pair = mix.choice(of[uid])
        if len(out) < wanted and not used & set(pair[:2]):
            out.append(pair)
            used |= set(pair[:2])
    return out


def sample(claims: dict[str, Claim], args: argparse.Namespace) -> None:
    """Write pairs to judge."""
    inside = {u: c for u, c in claims.items() if args.start <= (c.record.document.published or "")[:10] <= args.end}
    bands, mix = bands_of({u: c.fact for u, c in inside.items()}), random.Random(args.seed)
    lines, shown = [], []
    for number, (band, share) in enumerate(zip(bands, _SHARES, strict=True)):
        for a, b, value in draw(band, round(args.pairs * share), mix):
            x, y = inside[a], inside[b]
            lines.append({"a": x.label, "b": y.label, "band": number, "score": round(value, 2), "verdict": None})
            shown.append(f"{len(lines)}.\nA {x.told()}\nB {y.told()}\n")
    args.labels.write_text("".join(json.dumps(x) + "\n" for x in lines), encoding="utf-8")
    if args.show is not None:
        args.show.write_text("\n".join(shown), encoding="utf-8")
    print(f"{len(lines)} pairs; band sizes {[len(b) for b in bands]}")


def judged(claims: dict[str, Claim], labels: Path, half: str | None) -> tuple[list[tuple[Claim, Claim, bool]], Counter[str]]:
    """Return the decided pairs, each with whether it is one event, and how many were found in which way."""
    docs, out, how = by_document(claims.values()), [], Counter[str]()
    for row in map(json.loads, labels.read_text(encoding="utf-8").splitlines()):
        if row["verdict"] == "unsure" or (half and row["half"] != half):
            continue
        (a, one), (b, other) = find(docs, row["a"]), find(docs, row["b"])
        worst = max(one, other, key=_WAYS.index)
        if a is None or b is None or a is b:
            how["gone"] += 1
            continue
        how[worst] += 1
        out.append((a, b, row["verdict"] == "same"))
    return out, how


def rate(claims: dict[str, Claim], args: argparse.Namespace) -> None:
    """Print precision, recall and F1 on the judged pairs."""
    pairs, how = judged(claims, args.labels, args.half)
    event = {u: m.id for m in merge_facts([c.fact for c in claims.values()]) for u in m.claims}
    count: Counter[tuple[bool, bool]] = Counter()
    for a, b, same in pairs:
        joined = event[a.fact.uid] == event[b.fact.uid]
        count[joined, same] += 1
        if args.errors and joined != same:
            print(
                f"{'joined' if joined else 'missed'} {score(a.fact, b.fact):+.2f} {explain(a.fact, b.fact)}\nA {a.told()}\nB {b.told()}\n"
            )
    hit, found, gold = count[True, True], count[True, True] + count[True, False], count[True, True] + count[False, True]
    p, r = hit / max(1, found), hit / max(1, gold)
    print(f"{len(pairs)} pairs judged, {gold} the same, {found} joined; claims found by {dict(how)}")
    print(f"P {p:.3f} R {r:.3f} F1 {2 * hit / max(1, found + gold):.3f}")


def largest(claims: dict[str, Claim], n: int) -> None:
    """Print the largest merged events with every claim, to read."""
    events = merge_facts([c.fact for c in claims.values()])
    for number, event in enumerate(sorted(events, key=lambda m: (-len(m.claims), m.id))[:n]):
        inside = [claims[u] for u in event.claims]
        docs = {c.fact.doc for c in inside}
        print(f"\n## {number + 1}. {len(inside)} claims, {len(docs)} articles")
        for c in sorted(inside, key=lambda c: (c.fact.published, c.fact.uid)):
            print("  -", c.told(220))


def main() -> None:
    """Run one of the three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("sample", "score", "largest"))
    parser.add_argument("records", type=Path)
    parser.add_argument("labels", nargs="?", type=Path)
    parser.add_argument("--from", dest="start", default="0000")
    parser.add_argument("--to", dest="end", default="9999")
    parser.add_argument("--pairs", type=int, default=150)
    parser.add_argument("--seed", type=int, default=2018)
    parser.add_argument("--events", type=int, default=20)
    parser.add_argument("--half", choices=("tune", "test", "fresh", "again"))
    parser.add_argument("--show", type=Path)
    parser.add_argument("--errors", action="store_true")
    args = parser.parse_args()
    claims = load(args.records)
    if args.what == "largest":
        largest(claims, args.events)
    elif args.labels is None:
        parser.error("name the file of labels")
    elif args.what == "sample":
        sample(claims, args)
    else:
        rate(claims, args)


if __name__ == "__main__":
    main()
