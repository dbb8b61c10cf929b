"""The dates an event may have, and the choice among them."""

from __future__ import annotations

import numpy as np

from waqai import text, when
from waqai.says import Said
from waqai.what import dates as D
from waqai.what.candidates import Candidate
from waqai.what.features import stems_of

PUBLISHED = "2021-11-24"


def options(words: str, act: str) -> dict[str | None, D.DateOption]:
    """The options of the act at the word `act` of one sentence."""
    sentences = text.sentences(words, [], None)
    times = when.find_times(words, PUBLISHED)
    toks = sentences[0].tokens
    dated = []
    for index, t in enumerate(times):
        date, end = when.event_date(t, times)
        dated.append(D.Dated(index, t, date, end, 0, next(i for i, k in enumerate(toks) if k.end > t.start)))
    at = next(i for i, t in enumerate(toks) if words[t.start : t.end] == act)
    c = Candidate(at, at + 1, "ASSAULT")
    found = D.date_options(c, 0, sentences, [Said([], [], [])], dated, PUBLISHED, [0.1] * 10, [], [stems_of(s) for s in sentences])
    return {o.date: o for o in found}


def test_publication_and_none_are_always_there() -> None:
    found = options("هاجم مسلحون القرية.", "هاجم")
    assert {o.basis for o in found.values()} == {"published", "none"}
    assert found[PUBLISHED].basis == "published"


def test_an_expression_gives_its_date() -> None:
    assert options("هاجم مسلحون القرية يوم 12 أكتوبر 2021.", "هاجم")["2021-10-12"].basis == "expression"


def test_the_eve_is_the_day_before_publication() -> None:
    assert options("يأتي التصريح غداة هجوم على القرية.", "هجوم")["2021-11-23"].basis == "published"


def test_days_without_a_number_give_the_month() -> None:
    assert options("هاجم مسلحون القرية مرات خلال الأيام الأخيرة.", "هاجم")["2021-11"].time is not None


def test_every_row_is_as_long_as_the_others() -> None:
    found = options("بعد ثلاثة أشهر على الهدنة هاجم مسلحون القرية غداة هجوم وقع خلال الأيام الأخيرة و12 أكتوبر 2021.", "هاجم")
    assert len({len(o.row) for o in found.values()}) == 1
    assert len(found) > 4


def test_the_best_option_is_the_likeliest() -> None:
    found = list(options("هاجم مسلحون القرية يوم 12 أكتوبر 2021.", "هاجم").values())
    scores = np.array([0.2 if o.date == PUBLISHED else 0.1 for o in found])
    assert D.best(found, scores).date == PUBLISHED


def test_what_the_words_say_ends_each_row() -> None:
    found = list(options("هاجم مسلحون القرية.", "هاجم").values())
    width = len(found[0].row)
    D.with_words(found, np.array([0.0, 0.0, 0.0], np.float32), np.array([0.5, -0.5], np.float32), PUBLISHED)
    assert [len(o.row) for o in found] == [width + 5, width + 5]
    assert [round(x, 3) for x in found[0].row[width:]] == [0.333, 0.333, 0.333, 0.333, 0.5]
