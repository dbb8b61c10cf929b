"""How well lines of the site inside an article are marked.

    python evals/residue.py [--gold FOLDER] [--list]

First on `residue_pages.txt`, invented pages whose lines are labelled, each laid out in three HTML styles and as plain
text: residue lines marked, missed or dropped by extraction, article lines marked or lost. Then, with --gold, agreement
with the `boilerplate` of annotated articles (a JSON file each: text, boilerplate, events).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from waqai.intake import documents, mark
from waqai.types import Document

PAGES = Path(__file__).with_name("residue_pages.txt")
STYLES = {
    "p": lambda lines: "".join(f"<p>{line}</p>\n" for line in lines),
    "br": lambda lines: "<div>" + "<br>\n".join(lines) + "</div>",
    "div": lambda lines: "".join(f"<div><span>{line}</span></div>\n" for line in lines),
}


def pages() -> Iterator[tuple[str, list[tuple[bool, str]]]]:
    """Yield (name, [(is it residue, line)])."""
    name, lines = "", list[tuple[bool, str]]()
    for row in PAGES.read_text(encoding="utf-8").splitlines():
        if row.startswith("==="):
            if lines:
                yield name, lines
            name, lines = row[4:], []
        elif row.startswith(("A ", "R ")):
            lines.append((row[0] == "R", row[2:]))
    yield name, lines


def layouts(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield (style, input) for each way in which the page may come."""
    yield "text", "\n".join(lines) + "\n"
    for style, lay in STYLES.items():
        body = f"<h1>عنوان الصفحة المنشورة في الموقع</h1>{lay(lines)}"
        yield style, f"<html><head><title>صفحة</title></head><body><article>{body}</article></body></html>"


def judge(document: Document, lines: list[tuple[bool, str]], shown: list[str]) -> Counter[str]:
    """Count each labelled line as marked, missed, lost (article) or dropped (residue)."""
    counts: Counter[str] = Counter()
    covered = [False] * len(document.text)
    for r in document.boilerplate:
        covered[r.start : r.end] = [True] * (r.end - r.start)
    at = 0
    for residue, line in lines:
        plain = " ".join(line.split())
        start = document.text.find(plain, at)
        if start < 0:
            counts["dropped" if residue else "lost"] += 1
            continue
        at = start + len(plain)
        share = sum(covered[start:at]) / len(plain)
        verdict = ("marked" if share > 0.9 else "missed") if residue else ("kept" if share == 0 else "wrong")
        counts[verdict] += 1
        if verdict in ("missed", "wrong"):
            shown.append(f"{verdict}: {plain}")
    return counts


def own_pages(*, listed: bool) -> None:
    """Print the counts over the labelled pages, by layout."""
    totals: dict[str, Counter[str]] = {}
    shown: list[str] = []
    for _, lines in pages():
        for style, source in layouts([line for _, line in lines]):
            for document in documents(source):
                if isinstance(document, Document):
                    totals.setdefault(style, Counter()).update(judge(document, lines, shown))
                else:
                    totals.setdefault(style, Counter())["failed"] += 1
    for style, c in totals.items():
        print(
            f"{style:5} residue: {c['marked']} marked, {c['missed']} missed, {c['dropped']} dropped by extraction;"
            f" article: {c['kept']} kept, {c['wrong']} wrongly marked, {c['lost']} lost; {c['failed']} failed"
        )
    if listed:
        print(*sorted(set(shown)), sep="\n")


def gold(folder: Path, *, listed: bool) -> None:
    """Print agreement with the annotated boilerplate."""
    found = extra = total = events = 0
    for path in sorted(folder.glob("*.json")):
        article = json.loads(path.read_text(encoding="utf-8"))
        residue = mark(article["text"])
        got = {i for r in residue for i in range(r.start, r.end)}
        want = {i for a, b in article["boilerplate"] for i in range(a, b)}
        for a, b in article["boilerplate"]:
            total += 1
            found += len(got.intersection(range(a, b))) >= 0.8 * (b - a)
        for r in residue:
            if not want.intersection(range(r.start, r.end)):
                extra += 1
                if listed:
                    print(f"not in gold: {path.name} {article['text'][r.start : r.end][:100]}")
        events += sum(e["trigger"][0] in got for e in article.get("events", []))
    print(f"gold {folder.name}: {found} of {total} stretches marked; {extra} marked that are not in gold; "
          f"{events} gold events inside marked text")  # fmt: skip


def main() -> None:
    """Run the evaluation."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--gold", type=Path, action="append", default=[])
    parser.add_argument("--list", action="store_true", help="print every line judged wrong")
    options = parser.parse_args()
    own_pages(listed=options.list)
    for folder in options.gold:
        gold(folder, listed=options.list)


if __name__ == "__main__":
    main()
