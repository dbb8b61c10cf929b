"""The linear scorers over hashed words, and the sets of words they read."""

from __future__ import annotations

import math

import numpy as np
import pytest

from waqai import text
from waqai.types import Mention, Time
from waqai.what import bags
from waqai.what.candidates import Candidate
from waqai.what.features import stems_of
from waqai.what.linear import Linear, Stored


def stored() -> Stored:
    weights = np.arange(16, dtype="<f2").reshape(8, 2) / 4
    return Stored(8, 2, weights.tobytes(), [0.5, -1.0])


def test_a_row_is_the_mean_weight_of_its_keys_by_the_root_of_their_number() -> None:
    got = Linear(stored()).score([{1, 2 + 8}])
    assert got.tolist() == [pytest.approx([0.5 + (0.5 + 1.0) / math.sqrt(2), -1.0 + (0.75 + 1.25) / math.sqrt(2)])]


def test_a_row_without_keys_has_the_intercept_and_moves_no_other_row() -> None:
    got = Linear(stored()).score([set(), {3}, set(), {4}])
    assert got.tolist() == [[0.5, -1.0], [2.0, 0.75], [0.5, -1.0], [2.5, 1.25]]


def test_no_rows_give_no_scores() -> None:
    assert Linear(stored()).score([]).shape == (0, 2)


def test_the_order_of_keys_changes_nothing() -> None:
    keys = list(range(0, 700, 7))
    backwards: set[int] = set()
    for k in keys[::-1]:
        backwards.add(k)
    assert Linear(stored()).score([set(keys)]).tolist() == Linear(stored()).score([backwards]).tolist()


def read(words: str) -> tuple[list, list[bags.Coded]]:
    sentences = text.sentences(words, [], None)
    return sentences, [bags.coded(s, stems_of(s)) for s in sentences]


def mention(words: str, phrase: str, first: int, last: int) -> Mention:
    at = words.index(phrase)
    return Mention(0, at, at + len(phrase), first, last, phrase, "phrase", "person", phrase, "TUN", "GOV")


def test_a_phrase_before_the_act_and_one_behind_it_have_other_keys() -> None:
    words = "استقبل الرئيس الوزير في القصر."
    _, coded = read(words)
    act, other = Candidate(0, 1, "CONSULT"), Candidate(4, 5, "CONSULT")
    behind = bags.party(act, "?", mention(words, "الوزير", 2, 3), 0, coded[0])
    before = bags.party(other, "?", mention(words, "الوزير", 2, 3), 0, coded[0])
    assert len(behind) > 15
    assert len(behind & before) < len(behind) / 4


def test_a_phrase_of_the_sentence_before_has_no_words_between() -> None:
    words = "استقبل الرئيس الوزير في القصر."
    _, coded = read(words)
    m = mention(words, "الوزير", 2, 3)
    assert len(bags.party(Candidate(0, 1, "CONSULT"), "?", m, 1, coded[0])) < len(bags.party(Candidate(0, 1, "CONSULT"), "?", m, 0, coded[0]))


def test_an_event_knows_the_sentences_beside_its_own() -> None:
    _, alone = read("هاجم مسلحون القرية.")
    _, beside = read("هاجم مسلحون القرية. وفر السكان إلى الجبل.")
    act = Candidate(0, 1, "ASSAULT")
    more = bags.event(act, 0, 2, beside.__getitem__) - bags.event(act, 0, 1, alone.__getitem__)
    assert len(more) == 5  # four stems and the full stop


def test_an_expression_of_the_sentence_tells_more_than_one_of_another() -> None:
    words = "هاجم مسلحون القرية يوم الخميس."
    sentences, coded = read(words)
    act = Candidate(0, 1, "ASSAULT")
    here = Time(start=19, end=29, text="يوم الخميس", type="DATE", value="2021-11-18")
    assert words[19:29] == here.text
    far = Time(start=190, end=200, text="يوم الخميس", type="DATE", value="2021-11-18")
    near_set = bags.dated(act, sentences[0], coded[0], "expression", "2021-11-18", here)
    assert len(near_set) > len(bags.dated(act, sentences[0], coded[0], "passage", "2021-11-18", far))
    assert len(bags.dated(act, sentences[0], coded[0], "none", None, None)) == 2
