"""A text of one sentence is judged by a scorer of its own; articles and whoever asks for it are not."""

import hashlib
import tomllib

import msgspec
import pytest

from waqai import text
from waqai.annotate import Tools, annotate
from waqai.errors import ModelError
from waqai.types import Document
from waqai.what import lone

ATTACK = "قتل سبعة جنود وأصيب عشرة آخرون أمس في هجوم شنه مسلحون على نقطة تفتيش جنوب المدينة."
MARCH = "تظاهر مئات الطلاب أمس أمام مبنى البرلمان احتجاجا على رفع الرسوم ورددوا هتافات ضد الحكومة."
PASSING = "وتدرس اللجنة طلبات تعويض قدمتها أسر ضحايا هجوم وقع قبل عشرين عاما."


class Fixed(lone.Judge):
    """Gives every sentence the same probability, against the package's thresholds."""

    def __init__(self, p):
        super().__init__()
        self.p = p
        self.asked = 0

    def probability(self, v, kind):
        self.asked += 1
        return self.p


def document(body, title=None):
    return Document(id="x", content_hash="x", text=body, title=title, published="2024-03-05")


def read(body, judge, title=None):
    return annotate(document(body, title), msgspec.structs.replace(Tools.default(), lone=judge)).events


def types(events):
    return [e.type for e in events]


@pytest.mark.parametrize(("body", "kind"), [(ATTACK, "ASSAULT"), (MARCH, "PROTEST")])
def test_a_sentence_that_reports_the_act_keeps_it(body, kind):
    assert kind in types(annotate(document(body)).events)


def test_an_act_named_in_passing_falls():
    assert "ASSAULT" in types(read(PASSING, None))
    assert "ASSAULT" not in types(annotate(document(PASSING)).events)


def test_a_sure_no_takes_the_events_of_both_types_and_no_other():
    before = types(read(ATTACK, None))
    assert types(read(ATTACK, Fixed(0.0))) == [t for t in before if t not in lone.KINDS]


def test_the_score_is_the_confidence_and_stands_in_why():
    events = [e for e in read(ATTACK, Fixed(0.875)) if e.type == "ASSAULT"]
    assert [e.confidence for e in events] == [0.875] * len(events)
    assert all("ASSAULT of a lone sentence, score 0.88" in e.why for e in events)


def test_a_sure_yes_makes_the_best_candidate_an_event():
    reader = Tools.default().reader
    seen = {}

    class Keep(lone.Judge):
        def judge(self, reader, reading, body, drafts):
            seen["reading"] = reading
            return drafts, {}

    read(ATTACK, Keep())
    drafts, _ = Fixed(1.0).judge(reader, seen["reading"], ATTACK, [])
    assert "ASSAULT" in [d.candidate.type for d in drafts]


@pytest.mark.parametrize(("body", "title"), [(ATTACK, "هجوم"), (f"{ATTACK}\n\n{MARCH}", None), (f"{ATTACK} {MARCH} {PASSING}", None)])
def test_an_article_is_not_asked_about(body, title):
    judge = Fixed(0.0)
    read(body, judge, title)
    assert judge.asked == 0


def test_an_empty_text_is_no_lone_sentence():
    assert not lone.is_lone(document(""), text.sentences("", [], None))


def test_the_weights_are_small_and_those_of_models_toml():
    folder = lone._FOLDER
    entry = tomllib.loads((folder / "models.toml").read_text(encoding="utf-8"))["lone"]
    data = (folder / entry["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    assert len(data) < 1_500_000


def test_broken_weights_are_named():
    with pytest.raises(ModelError, match=r"lone\.bin cannot be decoded"):
        lone.decode(b"x", "lone.bin")
