"""Exact-span F1 of the name tagger on a CoNLL file (PERS, LOC, ORG): python evals/names.py ANERcorp/test.conll"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from waqai import words
from waqai.text import fold
from waqai.types import Sentence, Token
from waqai.who import build
from waqai.who.tagger import load

KINDS = ("PER", "LOC", "ORG")


def read(path: Path) -> tuple[list[Sentence], list[list[str]]]:
    """Return the sentences of a CoNLL file and the labels of their tokens; MISC counts as no name."""
    cut: list[Sentence] = []
    labels: list[list[str]] = []
    toks: list[Token] = []
    row: list[str] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        parts = line.split()
        if len(parts) >= 2:
            norm = fold(parts[0]) or parts[0]
            toks.append(Token(0, len(parts[0]), norm, "n" if norm[0].isdigit() else "w" if norm[0].isalpha() else "p"))
            row.append("O" if parts[1].endswith("MISC") else parts[1].replace("PERS", "PER"))
        elif toks:
            cut.append(Sentence(len(cut), 0, 0, toks))
            labels.append(row)
            toks, row = [], []
    return cut, labels


def spans(labels: list[str]) -> set[tuple[int, int, str]]:
    """Return (first, last, kind) of each name; a name goes on while its kind does."""
    out = set()
    i = 0
    while i < len(labels):
        j = i + 1
        if labels[i] != "O":
            while j < len(labels) and labels[j] == "I-" + labels[i][2:]:
                j += 1
            out.add((i, j, labels[i][2:]))
        i = j
    return out


def score(path: Path) -> dict[str, float]:
    """Return F1 of each kind and of all."""
    cut, labels = read(path)
    found = load().spans(cut, build(words.default()))
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for row, names in zip(labels, found, strict=True):
        gold, got = spans(row), {(n.first, n.last, n.label) for n in names}
        right.update(kind for _, _, kind in gold & got)
        wrong.update(kind for _, _, kind in gold ^ got)
    out = {k: 2 * right[k] / (2 * right[k] + wrong[k]) for k in KINDS}
    return out | {"all": 2 * right.total() / (2 * right.total() + wrong.total())}


if __name__ == "__main__":
    print({k: round(v, 4) for k, v in score(Path(sys.argv[1])).items()})
