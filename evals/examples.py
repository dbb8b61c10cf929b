"""How the whole reader, with what is learned, reads the examples of triggers/*.toml: python evals/examples.py [--errors]

Examples are single sentences and are read as sentences of an article: without the scorer of lone sentences.
`waqai check` runs them by the rules alone; this tells what the scorer makes of them. An example counts as right where an event of its type
is coded, a trap where no event of the entry's type is, or one of the trap's type is too.
"""

from __future__ import annotations

import sys
from collections import Counter

import msgspec

from waqai import checks
from waqai.annotate import Tools, annotate
from waqai.checks.base import place_of
from waqai.types import Document
from waqai.words import FOLDER, Words

PUBLISHED = "2024-03-05"


def main(*, errors: bool) -> None:
    """Print the share of examples and traps that are read right, and of the traps that the rules leave to the scorer."""
    tools = msgspec.structs.replace(Tools.default(), lone=None)
    left = {m.text for m in checks.run().left}
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for entry in Words.load().triggers:
        for k, example in enumerate(entry.example):
            found = {e.type for e in annotate(Document(id="", content_hash="", text=example.text, published=PUBLISHED), tools).events}
            trap = example.type not in (None, entry.type)
            good = (entry.type not in found or example.type in found) if trap else entry.type in found
            for kind in ("traps" if trap else "examples", *(("traps left to the scorer",) if trap and example.text in left else ())):
                total[kind] += 1
                right[kind] += good
            if errors and not good:
                print(f"{place_of(FOLDER, entry.at, k)}: {entry.type} {example.type or ''} «{example.text}» {sorted(found)}")
    for kind, n in total.items():
        print(f"{kind}: {right[kind]} of {n} ({right[kind] / n:.3f})")


if __name__ == "__main__":
    main(errors="--errors" in sys.argv)
