"""Who speaks in a sentence, and which words take an act out of the told-as-done. Rules only."""

import pytest

from waqai.checks.base import Stage
from waqai.text import sentences
from waqai.types import Document
from waqai.what import quotes
from waqai.words import FOLDER, Words


@pytest.fixture(scope="module")
def read():
    return Stage(Words(), FOLDER).read


def sources(read, text):
    return [text[a.start : a.end] for said in read(text).said for a in said.attributions]


def cues(read, text):
    return {hit.kind for said in read(text).said for hit in said.cues}


def test_the_subject_after_the_verb_speaks(read):
    assert sources(read, "أكدت وزارة الصحة المصرية أن اللقاح متوفر.") == ["وزارة الصحة المصرية"]


def test_the_subject_before_the_verb_speaks(read):
    assert sources(read, "وزير الخارجية القطري يؤكد أن الوساطة مستمرة.") == ["وزير الخارجية القطري"]


@pytest.mark.parametrize("phrase", ["بحسب", "وفقا ل", "نقلا عن", "حسب"])
def test_a_phrase_names_a_source(read, phrase):
    joined = phrase + "وكالة رويترز" if phrase.endswith("ل") else phrase + " وكالة رويترز"
    assert any("رويترز" in found for found in sources(read, f"ارتفع عدد القتلى إلى عشرة {joined}."))


def test_a_verb_without_subject_goes_on_with_the_speaker_before(read):
    text = "قال وزير الطاقة العراقي إن المشروع بدأ.\nوأضاف أن العمل سينتهي قريبا."
    said = read(text).said
    assert [a.carried for a in said[1].attributions] == [True]
    assert text[said[1].attributions[0].start : said[1].attributions[0].end] == "وزير الطاقة العراقي"


def test_nobody_speaks_in_a_sentence_that_only_tells(read):
    assert sources(read, "سقط جسر على النهر مساء أمس.") == []


def test_an_unnamed_source_is_told_as_one(read):
    (attribution,) = [a for said in read("قالت مصادر مطلعة إن البيع تم.").said for a in said.attributions]
    assert attribution.source_kind == "anonymous"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("لم يوقع الوزير الاتفاق.", "negated"),
        ("سوف يزور الوزير بكين.", "future"),
        ("من المقرر أن يصل الوفد غدا.", "future"),
        ("إذا انسحبت القوات فستعود المفاوضات.", "condition"),
        ("نفى المتحدث قصف المدينة.", "denial"),
    ],
)
def test_a_cue_of_status_is_seen(read, text, kind):
    assert kind in cues(read, text)


def test_a_sentence_that_tells_has_no_cue(read):
    assert cues(read, "وقع الوزيران الاتفاق في القاهرة.") == set()


def test_a_light_verb_is_told_with_its_voice(read):
    (hit,) = [hit for said in read("أجرى الوزير محادثات مع نظيره.").said for hit in said.lights]
    assert hit.voice == "active"


def found_quotes(read, text):
    given = read(text)
    return quotes.find(text, given.sentences, given.said)


def test_a_direct_quote_has_its_words_and_speaker(read):
    (quote,) = found_quotes(read, "وقال وزير الدفاع التركي: «لن نسحب قواتنا من الشمال أبدا».")
    assert quote.text == "لن نسحب قواتنا من الشمال أبدا"
    assert (quote.direct, quote.source.text) == (True, "وزير الدفاع التركي")


def test_an_indirect_quote_begins_after_that(read):
    (quote,) = found_quotes(read, "قال وزير النقل الليبي إن المطار سيفتح أبوابه الشهر المقبل.")
    assert quote.text == "المطار سيفتح أبوابه الشهر المقبل"
    assert not quote.direct


def test_a_name_in_quotation_marks_is_no_quote(read):
    assert found_quotes(read, "أعلنت شركة «النيل» فتح فرع جديد.") == []


def test_no_speaker_no_quote():
    text = "«كلمات كثيرة بلا قائل معروف لها هنا»."
    assert quotes.find(text, sentences(text), Stage(Words(), FOLDER).read(text).said) == []


def test_nothing_is_said_in_an_empty_document(read):
    assert read(Document(id="", content_hash="", text="").text).said == []
