"""Benchmark of the time tagger: share of exact values, characters a second, memory; peers beside it where they install.

    python evals/times.py --cases CASES.jsonl [--articles ARTICLES.jsonl[.gz]] [--peer mahad=/path/to/python] …

CASES: one JSON object a line with text, reference_datetime, expected [{start, end, type, value, alt_values}] and
optionally news (rows marked false are left out). Exact: the share of expected dates, durations and sets of which a time
on an overlapping span has the value. A peer that gives a day only is taken at the granularity that is expected, in its
favour. ARTICLES: text and published; speed is measured on the first --limit of them, on one core, one text a call.
A peer without an interpreter of its own runs with this one; one that is not installed is told and left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

PEERS = ("waqai", "dateparser", "mahad", "duckling")
WORKER = Path(__file__).with_name("time_peers.py")
Row = dict[str, Any]


def lines(path: Path) -> list[Row]:
    """Read JSON lines, gzipped or not."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in raw.decode("utf-8").splitlines() if line.strip()]


class Peer:
    """A tagger in a process of its own; a text on which the process dies counts as one without answer."""

    def __init__(self, name: str, python: str) -> None:
        self.name = name
        self.python = python
        self.died = 0
        self.last: Row = {}

    def run(self, rows: list[Row]) -> list[list[Row]] | str:
        """Return what the peer finds in each row, or why it cannot run."""
        out: list[list[Row]] = []
        while len(out) < len(rows):
            answers, skip = self._batch(rows[len(out) :])
            if skip:
                return skip
            out += answers
            if len(out) < len(rows):
                self.died += 1
                out.append([])
        return out

    def _batch(self, rows: list[Row]) -> tuple[list[list[Row]], str]:
        given = "".join(json.dumps({"text": r["text"], "published": r["published"]}) + "\n" for r in rows)
        done = subprocess.run(
            [self.python, str(WORKER), self.name], input=given, capture_output=True, text=True, check=False
        )
        told = [json.loads(line) for line in done.stdout.splitlines()]
        if not told or "ready" not in told[0]:
            return [], told[0]["skip"] if told else f"{self.name} does not start: {done.stderr.strip()[-200:]}"
        if isinstance(told[-1], dict) and "peak_mb" in told[-1]:
            self.last = told.pop()
        return told[1:], ""


def cut(day: str, wanted: str) -> str:
    """Return a day at the granularity of the wanted value."""
    if "-W" in wanted:
        y, w, _ = date.fromisoformat(day).isocalendar()
        return f"{y}-W{w:02d}"
    return day[: len(wanted)] if wanted[:4].isdigit() and "/" not in wanted else day


def exact(expected: Row, found: list[Row]) -> bool:
    """Tell whether a time on an overlapping span has (one of) the expected values."""
    near = [f for f in found if f["start"] < expected["end"] and expected["start"] < f["end"]]
    wanted = [expected["value"], *(expected.get("alt_values") or [])]
    values: set[str] = {f["days"] for f in near if "days" in f}
    for w in wanted:
        values |= {f["value"] if "value" in f else cut(f["date"], w) for f in near}
    if len(near) == 2 and all("value" in f for f in near):
        values.add("/".join(f["value"] for f in near))
    return any(w in values for w in wanted)


def measure(peer: Peer, cases: list[Row], articles: list[Row]) -> str:
    """Return one line of the table for a peer."""
    got = peer.run([{"text": c["text"], "published": c["reference_datetime"][:10]} for c in cases])
    if isinstance(got, str):
        return f"{peer.name:<12} left out: {got}"
    right: dict[str, list[bool]] = {}
    for c, f in zip(cases, got, strict=True):
        right.setdefault(c.get("suite", "all"), []).extend(exact(e, f) for e in c["expected"] if e["type"] != "TIME")
    shares = ", ".join(f"{suite} {sum(r) / max(len(r), 1):.3f} of {len(r)}" for suite, r in right.items())
    line = f"{peer.name:<11} exact: {shares}; died on {peer.died}"
    if articles:
        peer.run(articles)
        size = sum(len(a["text"]) for a in articles)
        if peer.last.get("seconds"):
            line += f"; {size / peer.last['seconds']:>12,.0f} characters/s, peak {peer.last['peak_mb']} MB"
        else:
            line += "; no speed: the process died on an article"
    return line


def main() -> None:
    """Print the table."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--cases", type=Path, required=True)
    ap.add_argument("--articles", type=Path)
    ap.add_argument("--limit", type=int, default=100)
    ap.add_argument("--peer", action="append", default=[], metavar="NAME=PYTHON")
    args = ap.parse_args()
    pythons = dict(p.split("=", 1) for p in args.peer)
    cases = [c for c in lines(args.cases) if c.get("news", True)]
    articles: list[Row] = []
    if args.articles:
        dated = (a for a in lines(args.articles) if a.get("published"))
        articles = [{"text": a["text"], "published": a["published"][:10]} for a in dated][: args.limit]
    for name in PEERS:
        print(measure(Peer(name, pythons.get(name, sys.executable)), cases, articles), flush=True)


if __name__ == "__main__":
    main()
