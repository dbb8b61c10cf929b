"""Runs words/time/corpus.toml: every phrase whole, with its value; and the texts in which there is no time."""

from __future__ import annotations

from typing import Any

import pytest

from waqai.when import find_times
from waqai.when.check import PUBLISHED, check_corpus, failure, load_corpus

CORPUS = load_corpus()
CASES = [(entry, phrase) for entry in CORPUS["time"] for phrase in entry["phrases"]]
NONE = [text for entry in CORPUS["none"] for text in entry["text"]]


@pytest.mark.parametrize(("entry", "phrase"), CASES)
def test_phrase(entry: dict[str, Any], phrase: str) -> None:
    assert failure(entry, phrase) is None


@pytest.mark.parametrize("text", NONE)
def test_no_time(text: str) -> None:
    assert [(t.text, t.value) for t in find_times(text, PUBLISHED)] == []


def test_corpus_is_large_enough() -> None:
    assert len({(e.get("before"), e.get("published"), p) for e, p in CASES}) >= 600
    assert len(set(NONE)) >= 120


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"value": "2018-03", "phrases": ["مارس"]}, "2018-03 expected"),
        ({"value": "2019", "phrases": ["كلمة"]}, "no time found"),
        ({"value": "2018", "phrases": ["العام الماضي كله"]}, "only"),
        ({"value": "2018", "phrases": ["العام الماضي"], "conflict": True}, "conflict"),
        ({"value": "P1Y", "phrases": ["العام الماضي"], "type": "DURATION"}, "DURATION P1Y expected"),
    ],
)
def test_a_wrong_example_is_told(entry: dict[str, Any], told: str) -> None:
    messages = check_corpus({"time": [entry], "none": []})
    assert len(messages) == 1
    assert told in messages[0]


def test_a_time_where_none_should_be_is_told() -> None:
    assert "no time expected" in check_corpus({"time": [], "none": [{"text": ["عام 2010"]}]})[0]
