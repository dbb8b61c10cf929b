"""The quality gate: measures Waqai on annotated material and fails where a figure is below its floor.

    python evals/gate.py [--shared DIR] [--only NAME,...] [--raise | --lower]

Floors stand in `floors.toml`: those of [floor] may only rise, those of [ceiling] (counts of what is wrong) only fall. `--raise`
writes the measured figures where they are better; `--lower` also where they are worse, and is for a change of the corpus.
DIR (default ../shared beside the repository) holds seed/, gold/, time/, articles/, corpora/ and tools/. Where it is missing the gate
is left out, and with CI=true it fails.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FLOORS = Path(__file__).with_name("floors.toml")
ARTICLES = 1000
SLACK = 0.005
"""How far below a measured share its floor is set: editing a list of names moves a figure by a few thousandths either way."""
MEASURED_ON = ("seed/*", "gold/dev/*.json", "gold/merge/*.json", "time/*.jsonl", "articles/*.gz", "corpora/ANERcorp/test.conll")

Figures = dict[str, float]


def digest(shared: Path) -> str:
    """Return the sha256 of all that the floors were measured on."""
    total = hashlib.sha256()
    for path in sorted(p for pattern in MEASURED_ON for p in shared.glob(pattern)):
        total.update(path.relative_to(shared).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


# --- what is measured -----------------------------------------------------------------------------------------------------


def scored(shared: Path, gold: Path) -> dict[str, Any]:
    """Read the articles of `gold` (a folder or file) and return what the scorer of the material says."""
    with tempfile.TemporaryDirectory() as folder:
        given, out, told = (Path(folder) / n for n in ("in.jsonl", "out.jsonl", "told.json"))
        given.write_bytes(_run(shared / "tools/gold_to_jsonl.py", gold))
        out.write_bytes(_run("-m", "waqai", "read", given, "--format", "jsonl", "--quiet"))
        _run(shared / "tools/score.py", out, gold, "--json", told)
        result: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
        return result


def _run(*command: object) -> bytes:
    return subprocess.run([sys.executable, *map(str, command)], check=True, stdout=subprocess.PIPE).stdout


def seed(shared: Path) -> Figures:
    """The first article: a page of agreements, visits and changes of relations."""
    told = scored(shared, shared / "gold/dev/seed.json")
    names = {"events": "detection", "times": "times_value", "agreements": "agreements", "relations": "relations"}
    return {f"{k} F1": told[v]["f1"] for k, v in names.items()}


def dev(shared: Path) -> Figures:
    """The annotated articles kept for measuring."""
    told = scored(shared, shared / "gold/dev")
    out = {f"{k} F1": told[k]["f1"] for k in ("detection", "who", "who_sector", "dyads", "times_value")}
    return out | {k: told[k]["acc"] for k in ("when", "status", "status_marked", "sources", "mode", "record")}


def times(shared: Path) -> Figures:
    """Phrases of the tests of other time taggers, those that news may hold: share with the exact value."""
    sys.path.insert(0, str(ROOT / "evals"))
    from time_peers import waqai
    from times import exact, lines

    find = waqai()
    cases = [c for c in lines(shared / "time/peer_cases.jsonl") if c.get("news", True)]
    right = [exact(e, find(c["text"], c["reference_datetime"][:10])) for c in cases for e in c["expected"] if e["type"] != "TIME"]
    return {"exact": sum(right) / len(right)}


def names(shared: Path) -> Figures:
    """The name tagger on the published test split."""
    sys.path.insert(0, str(ROOT / "evals"))
    from names import score

    return {"F1": score(shared / "corpora/ANERcorp/test.conll")["all"]}


def articles(shared: Path) -> Figures:
    """Unlabelled articles: how many fail, and how many spans do not slice back to their text."""
    from waqai import Failure, read

    failed = astray = 0
    with gzip.open(shared / "articles/unlabelled.jsonl.gz", "rt", encoding="utf-8") as stream:
        given = "".join(line for _, line in zip(range(ARTICLES), stream, strict=False))
    for found in read(given.encode(), kind="jsonl"):
        if isinstance(found, Failure):
            failed += 1
            continue
        import msgspec

        record = msgspec.to_builtins(found)
        text = record["document"]["text"]
        astray += sum(text[s["start"] : s["end"]] != s["text"] for s in _spans(record))
    return {"failures": failed, "spans astray": astray}


def _spans(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if {"start", "end", "text"} <= value.keys():
            yield value
        for v in value.values():
            yield from _spans(v)
    elif isinstance(value, list):
        for v in value:
            yield from _spans(v)


def merge(shared: Path) -> Figures:
    """Stories of several outlets: are the reports of one event one?"""
    told = _run(ROOT / "evals/merge.py", shared / "gold/merge", shared / "gold/dev").decode()
    last = told.strip().splitlines()[-1]
    bcubed, pairs = re.search(r"B3 F ([\d.]+)", last), re.search(r"F1 ([\d.]+)$", last)
    assert bcubed is not None
    assert pairs is not None
    return {"B-cubed F1": float(bcubed.group(1)), "pairs F1": float(pairs.group(1))}


def residue(_: Path) -> Figures:
    """Our own labelled pages: lines of the site that are not marked, lines of the article that are."""
    told = _run(ROOT / "evals/residue.py").decode()
    count = {k: sum(map(int, re.findall(rf"(\d+) {k}", told))) for k in ("marked,", "missed", "wrongly marked", "lost")}
    return {
        "missed lines": count["missed"], "article lines marked": count["wrongly marked"], "article lines lost": count["lost"],
        "marked lines": count["marked,"],
    }  # fmt: skip


def examples(_: Path) -> Figures:
    """The word files' own examples: how many do not hold, and how many traps the words alone do not tell."""
    from waqai.checks import run

    report = run()
    return {"misses": len(report.misses), "left to the scorer": len(report.left), "lint": len(report.lint)}


PARTS: dict[str, Callable[[Path], Figures]] = {
    "seed": seed, "dev": dev, "times": times, "names": names, "articles": articles, "merge": merge, "residue": residue,
    "examples": examples,
}  # fmt: skip


# --- floors ---------------------------------------------------------------------------------------------------------------


def judge(measured: Figures, floors: dict[str, dict[str, float]]) -> list[str]:
    """Return a line for each figure that is worse than its floor, or for which there is none."""
    bad = []
    for name, value in measured.items():
        floor, ceiling = floors["floor"].get(name), floors["ceiling"].get(name)
        if floor is None and ceiling is None:
            bad.append(f"{name}: {value:.4g} has no floor")
        elif floor is not None and value < floor:
            bad.append(f"{name}: {value:.4g} is below {floor}")
        elif ceiling is not None and value > ceiling:
            bad.append(f"{name}: {value:.4g} is above {ceiling}")
    return bad


def moved(measured: Figures, floors: dict[str, dict[str, float]], *, lower: bool) -> dict[str, dict[str, float]]:
    """Return the floors after this measurement: better figures are kept, worse ones only with `lower`."""
    out = {k: dict(v) for k, v in floors.items()}
    for name, value in measured.items():
        if name in out["ceiling"]:
            out["ceiling"][name] = value if lower else min(value, out["ceiling"][name])
        elif name in out["floor"]:
            down = value if value > 1 else math.floor((value - SLACK) * 1000) / 1000
            out["floor"][name] = down if lower else max(down, out["floor"][name])
    return out


def write(floors: dict[str, dict[str, float]], corpus: str) -> None:
    """Write floors.toml, its comments kept."""
    head = FLOORS.read_text(encoding="utf-8").split("[corpus]")[0]
    body = [f'[corpus]\nsha256 = "{corpus}"\n']
    for table, rows in floors.items():
        body.append(f"[{table}]\n" + "".join(f'"{k}" = {int(v) if table == "ceiling" else v}\n' for k, v in rows.items()))
    FLOORS.write_text(head + "\n".join(body), encoding="utf-8")


def main() -> int:
    """Measure, print and judge; 1 where a figure is worse than its floor."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    ap.add_argument("--only", default=",".join(PARTS))
    ap.add_argument("--raise", dest="up", action="store_true")
    ap.add_argument("--lower", action="store_true")
    options = ap.parse_args()
    if not options.shared.is_dir():
        print(f"{options.shared} is not here: the floors of quality are not checked")
        return 1 if os.environ.get("CI") == "true" else 0
    kept = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    floors = {"floor": kept["floor"], "ceiling": kept["ceiling"]}
    corpus = digest(options.shared)
    if corpus != kept["corpus"]["sha256"] and not (options.up or options.lower):
        print("the material is not the one that the floors were measured on: look at the figures, then --raise or --lower")
    measured: Figures = {}
    for part in options.only.split(","):
        start = time.perf_counter()
        found = {f"{part} {k}": v for k, v in PARTS[part](options.shared.resolve()).items()}
        measured |= found
        print(f"{part} ({time.perf_counter() - start:.0f} s): " + ", ".join(f"{k} {v:.4g}" for k, v in found.items()), flush=True)
    if options.up or options.lower:
        floors = moved(measured, floors, lower=options.lower)
        write(floors, corpus)
    bad = judge(measured, floors)
    print(*bad, sep="\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
