"""Texts without a full stop: cut, so that no later stage pays the square of their length."""

from __future__ import annotations

from waqai.text import LONGEST, sentences, tokens


def test_an_endless_sentence_is_cut_and_no_word_is_lost() -> None:
    text = "قال وزير الخارجية " * 1_000
    found = sentences(text)
    assert all(len(s.tokens) <= LONGEST for s in found)
    assert [t.start for s in found for t in s.tokens] == [t.start for t in tokens(text)]
    assert [s.index for s in found] == list(range(len(found)))


def test_it_is_cut_at_a_comma_where_there_is_one() -> None:
    text = "كلمة " * (LONGEST - 20) + "، " + "كلمة " * 100
    found = sentences(text)
    assert found[0].tokens[-1].norm == "،"
    assert len(found) == 2


def test_a_sentence_as_long_as_any_stays_whole() -> None:
    assert len(sentences("كلمة " * LONGEST)) == 1
