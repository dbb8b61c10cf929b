"""Trigger forms, clitics, the conditions of an entry, candidates. On entries made here, not on the files that ship."""

import pytest

from waqai.text import fold, sentences
from waqai.types import Token
from waqai.what import triggers
from waqai.what.candidates import ConditionTable, find_candidates
from waqai.what.stems import stem
from waqai.what.triggers import Triggers, _bases, noun_forms
from waqai.words import Trigger, Words


def entry(**keys):
    return Trigger(**{"type": "ACCUSE", "prior": 0.8, **keys})


def table(*entries):
    return Triggers(triggers.build(Words(triggers=list(entries))))


CONDEMN = {"verb": "أدان", "root": "دين", "pattern": "IV", "noun": ["إدانة"], "also": ["مدين"]}


def readings(found, text, word=0):
    return found.at(sentences(text)[0].tokens, word)


@pytest.mark.parametrize("word", ["أدان", "أدانت", "تدين", "أدانوا", "وأدانت", "فأدان", "ستدين", "ليدين", "أدانته", "أُدين", "نُدين"])
def test_a_form_of_the_verb_is_read(word):
    assert [r.part for r in readings(table(entry(**CONDEMN)), word)][:1] == ["v"]


@pytest.mark.parametrize("word", ["إدانة", "إدانات", "الإدانة", "بإدانة", "وإدانتها", "للإدانة", "إدانتين"])
def test_a_form_of_the_noun_is_read(word):
    assert "n" in [r.part for r in readings(table(entry(**CONDEMN)), word)]


@pytest.mark.parametrize("word", ["المدينة", "بأدان", "دان", "أدانتك" * 3, "سأدان"])
def test_what_is_no_form_is_not_read(word):
    assert "v" not in [r.part for r in readings(table(entry(**CONDEMN)), word)]


def test_a_passive_is_told():
    found = [r for r in readings(table(entry(verb="اعتقل", root="عقل", pattern="VIII")), "اعتقل الصحفي.") if r.passive]
    assert found


def test_an_enclitic_is_read_off():
    (found,) = [r for r in readings(table(entry(**CONDEMN)), "أدانها") if r.enclitic]
    assert found.enclitic == "ها"


def test_the_clitic_before_is_told():
    assert readings(table(entry(**CONDEMN)), "وستدين")[0].clitic == "وس"


def test_an_idiom_spans_its_words():
    found = table(entry(phrase=["مد يد العون"], type="AID"))
    (reading,) = readings(found, "ومد يد العون إلى جيرانه", 0)
    assert (reading.part, reading.last, reading.clitic) == ("p", 2, "و")


def test_an_idiom_broken_by_a_word_is_none():
    assert readings(table(entry(phrase=["مد يد العون"])), "مد رجل يد العون") == ()


def test_a_final_ta_marbuta_is_no_pronoun():
    assert readings(table(entry(noun=["رحل"])), "رحلة") == ()


def test_a_noun_in_ta_marbuta_has_its_plural_and_dual_forms():
    assert {"اتفاقيه", "اتفاقيات", "اتفاقيتين"} <= noun_forms("اتفاقية")


def test_a_noun_in_ta_marbuta_has_no_bare_form_in_ta():
    # «ضربت» is the verb; before a pronoun («ضربتها») the pronoun is taken off first.
    assert "ضربت" not in noun_forms("ضربة")
    assert ("ضربه", "ها") in _bases("ضربتها")


# --- conditions -----------------------------------------------------------------------------------------------------------


def met(text, **keys):
    toks = sentences(text)[0].tokens
    return ConditionTable([entry(**keys)]).check(0, toks, 0, 1)


@pytest.mark.parametrize(
    ("keys", "text", "wanted"),
    [
        ({}, "أطلق سراح الأسير.", 0),
        ({"with_": ["سراح"]}, "أطلق سراح الأسير.", 1),
        ({"with_": ["سراح"]}, "أطلق القمر الصناعي.", -1),
        ({"with_": ["سراح"]}, "أطلقت قواته السراح.", 1),
        ({"not_with": ["النار"]}, "أطلق النار على الحشد.", None),
        ({"not_with": ["النار"]}, "أطلق سراح الأسير.", 0),
        ({"subject": ["المحكمة"]}, "حكمت المحكمة بسجنه.", 1),
        ({"subject": ["المحكمة"]}, "حكمت العائلة البلاد.", -1),
        ({"with_": ["وقف إطلاق"]}, "أعلن الطرفان وقف إطلاق النار.", 1),
        ({"with_": ["سراح"]}, "أطلق النداء. سراح الأسير قريب.", -1),
        ({"with_": ["سراح"]}, "أطلق في مساء يوم أمس وبعد جدل طويل جدا استمر سراح.", -1),
    ],
)
def test_conditions(keys, text, wanted):
    assert met(text, **keys) == wanted


# --- candidates -----------------------------------------------------------------------------------------------------------


def candidates(text, *entries, stems=None):
    found = table(*entries)
    return find_candidates(sentences(text)[0], found, ConditionTable(found.entries), stems or {})


def test_a_condition_that_is_met_makes_an_entry_likelier():
    (c,) = candidates("أدانت مصر الهجوم.", entry(**CONDEMN), entry(**CONDEMN, with_=["هجوم"]))
    assert (c.met, round(c.prior, 2)) == (1, 0.9)


def test_a_condition_that_is_not_met_leaves_a_weak_sign():
    (c,) = candidates("أدانت مصر التصريح.", entry(**CONDEMN, with_=["هجوم"]))
    assert (c.met, c.prior) == (-1, 0.2)


def test_a_forbidden_word_takes_the_reading_out():
    assert candidates("أدانت المحكمة المتهم بالسرقة.", entry(**CONDEMN, not_with=["بالسرقة"])) == []


def test_a_token_may_be_of_two_types():
    found = candidates("أدانت المحكمة المتهم.", entry(**CONDEMN), entry(**CONDEMN, type="SANCTION"))
    assert {c.type for c in found} == {"ACCUSE", "SANCTION"}


def test_a_meeting_may_be_one_still_to_come():
    found = candidates("التقى الوزيران.", entry(verb="التقى", root="لقي", pattern="VIII", type="CONSULT"))
    assert {(c.type, c.reduced) for c in found} == {("CONSULT", None), ("AGREE", "CONSULT")}


def test_the_learned_stems_add_what_no_entry_has():
    (c,) = candidates("انتكاسة خطيرة.", stems={stem(fold("انتكاسة")): {"REJECT": 1.0}})
    assert (c.type, c.entry, c.prior) == ("REJECT", None, 0.0)


@pytest.mark.parametrize(("one", "other"), [("والاجتماعات", "اجتماعه"), ("بالاتفاق", "اتفاقا"), ("سيلتقون", "يلتقون")])
def test_inflected_forms_have_one_stem(one, other):
    assert stem(fold(one)) == stem(fold(other))


def test_a_stem_keeps_three_letters():
    assert stem("وقع") == "وقع"


def test_a_token_of_invisible_marks_alone_names_nothing() -> None:
    found = table(entry(noun=["قصف"]))
    toks = [Token(0, 1, "", "w"), Token(1, 4, "قصف", "w")]
    readings = found.all(toks, [t.norm for t in toks])
    assert readings[0] == ()
    assert readings[1] == found.at(toks, 1)
