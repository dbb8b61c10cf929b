"""Loaded wording: what is marked, where, and for whom."""

import pytest

from waqai.text import sentences
from waqai.types import Mention
from waqai.wording import Table
from waqai.words import Loaded

TABLE = Table([Loaded(words=["العصابة الحاكمة", "عصابة"], refers_to="EGY"), Loaded(words=["المرتدين", "تطهير"])])


def found(text, *mentions):
    return [(w.text, w.refers_to) for w in TABLE.find(text, sentences(text), list(mentions))]


def loaded(text, words, country):
    start = text.index(words)
    return Mention(
        sentence=0, start=start, end=start + len(words), first=0, last=0, text=words, form="name", kind="state", name=words, country=country,
        loaded=True,
    )  # fmt: skip


@pytest.mark.parametrize("written", ["العصابة الحاكمة", "والعصابة الحاكمة", "بالعصابة الحاكمة"])
def test_a_wording_is_marked_without_what_is_glued_before_it(written):
    assert found(f"وصف الحزب {written} بالفاسدة.") == [("العصابة الحاكمة", "EGY")]


def test_a_wording_that_means_no_party_by_itself_has_none():
    assert found("هاجم البيان المرتدين.") == [("المرتدين", None)]


def test_a_text_in_neutral_words_has_no_wording():
    assert found("اجتمعت الحكومة المصرية أمس.") == []


def test_the_longer_of_two_that_overlap_counts():
    text = "هاجم العصابة الحاكمة في البلاد."
    assert found(text, loaded(text, "العصابة الحاكمة في البلاد", "SYR")) == [("العصابة الحاكمة في البلاد", "SYR")]


def test_a_loaded_name_is_a_wording():
    text = "ندد بالكيان الغريب."
    assert found(text, loaded(text, "الكيان الغريب", "ISR")) == [("الكيان الغريب", "ISR")]


def test_harakat_do_not_shift_what_is_marked():
    assert found("وَبِالعِصابة الحاكمة.") == [("العِصابة الحاكمة", "EGY")]
