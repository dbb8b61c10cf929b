"""Lines of the site are marked, the article never; offsets hold for any text."""

from hypothesis import given
from hypothesis import strategies as st

from waqai.intake.clean import check, mark, rules
from waqai.text import sentences

ARTICLE = "وصل الوفد إلى المدينة.\nوقال الوزير إن المحادثات جيدة.\nوعاد مساء.\n"


def marked(text):
    return [(text[r.start : r.end], r.kind) for r in mark(text)]


def test_every_example_of_the_word_file_holds():
    assert check() == []


def test_every_entry_has_a_trap_or_belongs_to_a_class_that_has_one():
    assert {r.place for r in rules() if any(not e.marked for e in r.example)} == {"opens", "ends", "whole", "holds"}


def test_an_article_alone_is_left_alone():
    assert marked(ARTICLE) == []


def test_the_headline_that_follows_is_marked_with_its_label():
    text = ARTICLE + "اقرأ أيضا:\n\nوزيرة البيئة تزور المحمية\nوغادر الوفد بعد يومين من المحادثات."
    assert marked(text) == [("اقرأ أيضا:", "related"), ("وزيرة البيئة تزور المحمية", "related")]


def test_bare_headlines_between_paragraphs_are_related():
    text = ARTICLE * 2 + "غرق قارب صيد قبالة سواحل جزيرة بعيدة\nوتستمر المحادثات غدا.\n"
    assert marked(text) == [("غرق قارب صيد قبالة سواحل جزيرة بعيدة", "related")]


def test_a_subhead_that_sums_up_the_article_stays():
    text = (
        ARTICLE * 2 + "الوفد يواصل المحادثات مع الوزير\nوتستمر المحادثات غدا بين الوفد وبين الوزير كما يواصل الخبراء.\n"
    )
    assert marked(text) == []


def test_buttons_glued_to_a_sentence_are_taken_off_alone():
    assert marked("وعاد الوفد مساء.شارك فيسبوك تويتر") == [("شارك فيسبوك تويتر", "share")]


def test_harakat_and_other_digits_do_not_hide_a_line():
    assert [k for _, k in marked("آخِر تَحديث: ١٢ أيّار ٢٠١٩\nقال الوزير.")] == ["other"]


def test_crlf_lines_are_marked_without_their_line_end():
    assert marked("قال الوزير.\r\nطباعة\r\nوأضاف.") == [("طباعة", "other")]


def test_marked_lines_make_no_sentences():
    text = "قال الوزير كلمة.\nالتعليقات (3)\n"
    assert [text[s.start : s.end] for s in sentences(text, mark(text))] == ["قال الوزير كلمة."]


PIECES = st.sampled_from(
    ["اقرأ أيضاً: ", "شارك", "فيسبوك ", "آخر تحديث: ", "12 مايو 2020", "\n", ". ", "للمزيد - ", "تابعونا على ",
     "الكوكيز ",
     "موقعنا ",     "ذات صلة\n", "قال الوزير ", "ﷺ", "ـــ", "\u200f", "\r\n", "إعلان", "ﻻ"]
)  # fmt: skip


@given(
    st.lists(st.one_of(PIECES, st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)), max_size=30)
)
def test_offsets_of_residue_and_sentences_hold_for_any_text(parts):
    text = "".join(parts)
    residue = mark(text)
    at = 0
    for r in residue:
        assert at <= r.start < r.end <= len(text)
        assert text[r.start : r.end].strip() == text[r.start : r.end]
        at = r.end
    for s in sentences(text, residue):
        assert not any(s.start < r.end and r.start < s.end for r in residue)
        for t in s.tokens:
            assert s.start <= t.start < t.end <= s.end
