"""Fixed expressions and names in which no word names an act."""

import pytest

from waqai.text import sentences
from waqai.what import fixed, triggers
from waqai.what.candidates import ConditionTable, find_candidates
from waqai.what.features import TYPES
from waqai.what.fixed import Fixed, FixedEntry, blocks

EXAMPLES = [(e.against, x.text) for e in fixed.load() for x in e.example]


@pytest.fixture(scope="module")
def tables():
    found = triggers.default()
    return found, ConditionTable(found.entries)


@pytest.mark.parametrize(("against", "text"), EXAMPLES)
def test_no_word_of_an_expression_is_proposed(tables, against, text):
    (sentence,) = sentences(text)
    inside = fixed.default().scan(sentence.tokens)
    assert inside
    proposed = find_candidates(sentence, *tables, {})
    assert [c for c in proposed if c.token in inside and (not against or c.type in against)] == []


def test_the_same_word_outside_of_an_expression_is_proposed(tables):
    (sentence,) = sentences("أعلن الملك العفو عن السجناء.")
    assert "CONCEDE" in {c.type for c in find_candidates(sentence, *tables, {})}


def test_a_stem_that_is_known_is_kept_out_as_well(tables):
    (sentence,) = sentences("قال مكتب التحقيقات إن الرسالة مزورة.")
    assert [c for c in find_candidates(sentence, *tables, {"تحقيق": {"ACCUSE": 1.0}}) if c.token == 2] == []


def test_types_that_an_entry_does_not_name_stay():
    found = Fixed([FixedEntry(["وقف إطلاق النار"], ["ASSAULT"])]).scan(sentences("اتفقا على وقف إطلاق النار.")[0].tokens)
    assert sorted(found) == [2, 3, 4]
    assert (blocks(found, 3, "ASSAULT"), blocks(found, 3, "CONCEDE"), blocks(found, 0, "ASSAULT")) == (True, False, False)


def test_the_file_names_types_that_exist():
    assert {k for e in fixed.load() for k in e.against} <= set(TYPES)
