"""Runs the examples of words/time/corpus.toml; for `waqai check` and for the tests."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from waqai.when.find import find_times

__all__ = ["check_corpus", "failure", "load_corpus"]

PUBLISHED = "2019-04-17"  # a Wednesday; what corpus.toml counts from unless an entry says otherwise


def load_corpus() -> dict[str, Any]:
    """Return the parsed corpus that ships."""
    return tomllib.loads((files("waqai") / "words" / "time" / "corpus.toml").read_text(encoding="utf-8"))


def failure(entry: Mapping[str, Any], phrase: str) -> str | None:
    """Return what is wrong with how `phrase` of a [[time]] entry is read, None where it is read whole and right."""
    before = entry.get("before", "")
    text = f"{before} {phrase}" if before else phrase
    at = len(text) - len(phrase)
    times = [t for t in find_times(text, entry.get("published", PUBLISHED) or None) if t.end > at]
    if not times:
        return f"«{text}»: no time found"
    wanted = entry["value"] if isinstance(entry["value"], list) else [entry["value"]]
    kind = entry.get("type", "DATE")
    got = [t.value for t in times]
    if got != wanted or any(t.type != kind for t in times):
        return f"«{text}»: {kind} {' '.join(wanted)} expected, {times[0].type} {' '.join(got)} found ({times[0].why})"
    if (times[0].start, times[-1].end) != (at, len(text)):
        return f"«{text}»: only «{text[times[0].start : times[-1].end]}» was found"
    if any(t.conflict for t in times) != entry.get("conflict", False):
        return f"«{text}»: conflict {'not ' if entry.get('conflict') else ''}told: {times[0].conflict}"
    return None


def check_corpus(corpus: Mapping[str, Any] | None = None) -> list[str]:
    """Return one message for each example that fails; [] where all are right."""
    data = load_corpus() if corpus is None else corpus
    out = [m for e in data["time"] for p in e["phrases"] if (m := failure(e, p)) is not None]
    for entry in data["none"]:
        for text in entry["text"]:
            for t in find_times(text, PUBLISHED):
                out.append(f"«{text}»: no time expected, {t.value} «{t.text}» found ({t.why})")
    return out
