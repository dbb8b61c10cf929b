"""Runs words/time/corpus.toml: every phrase whole, with its value; and the texts in which there is no time."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from waqai.when import find_times

CORPUS = tomllib.loads((files("waqai") / "words" / "time" / "corpus.toml").read_text(encoding="utf-8"))
PUBLISHED = "2019-04-17"
CASES = [(entry, phrase) for entry in CORPUS["time"] for phrase in entry["phrases"]]
NONE = [text for entry in CORPUS["none"] for text in entry["text"]]


def _case_id(case: tuple[dict[str, Any], str]) -> str:
    entry, phrase = case
    return f"{phrase} [{entry.get('published', PUBLISHED)}]"


@pytest.mark.parametrize("case", CASES, ids=map(_case_id, CASES))
def test_phrase(case: tuple[dict[str, Any], str]) -> None:
    entry, phrase = case
    before = entry.get("before", "")
    text = f"{before} {phrase}" if before else phrase
    at = len(text) - len(phrase)
    times = [t for t in find_times(text, entry.get("published", PUBLISHED) or None) if t.end > at]
    value = entry["value"]
    assert [t.value for t in times] == (value if isinstance(value, list) else [value])
    assert (times[0].start, times[-1].end) == (at, len(text)), "only a part was found"
    assert {t.type for t in times} == {entry.get("type", "DATE")}
    assert any(t.conflict for t in times) == entry.get("conflict", False)


@pytest.mark.parametrize("text", NONE)
def test_no_time(text: str) -> None:
    assert [(t.text, t.value) for t in find_times(text, PUBLISHED)] == []


def test_corpus_is_large_enough() -> None:
    assert len({(e.get("before"), p) for e, p in CASES}) >= 600
    assert len(set(NONE)) >= 120
