"""When an event took place: the dates in reach of it, a row of numbers for each, from which one is chosen.

Options are the dated expressions of the sentence, the last two before it, the next after it, a date counted from publication
(«بعد ثلاثة أشهر على …»), publication itself, and none. They are scored twice: alone, then knowing what the first pass gave to
the article's other events.
"""

from __future__ import annotations

import datetime
import re

import msgspec
import numpy as np
from numpy.typing import NDArray

from waqai.says import Said
from waqai.text import fold
from waqai.types import Sentence, Time, Token
from waqai.what.candidates import Candidate
from waqai.what.links import days_between, trigger_row

__all__ = ["Beside", "DateOption", "Dated", "Told", "beside", "best", "coherence", "date_options"]

_QUOTES = frozenset('"«»“”')
_BREAK = frozenset("،؛:")
_THAT = frozenset(("ان", "بان", "انه", "انها", "بانه", "بانها", "انهم"))
_SINCE = frozenset(("منذ", "مند"))


class DateOption(msgspec.Struct):
    """A date that an event may have. `basis` as in the record; `time` the index of the expression."""

    date: str | None
    date_end: str | None
    basis: str
    time: int | None
    row: list[float]
    sure: bool = False
    """Grammar leaves no other: an act told after «بعد ثلاثة أشهر على …» is as long ago."""
    front: bool = False
    """The expression opens the sentence («وفي 10 مارس، أعلنت …») and no other clause begins before the act."""
    behind: bool = False
    """The expression stands after the act behind «بعد», «منذ», «التي»: likelier another act's."""


class Told(msgspec.Struct):
    """The date already given to an earlier event of the article."""

    sentence: int
    token: int
    type: str
    lexeme: str
    date: str | None


class Dated(msgspec.Struct):
    """A time of the article with the event date it gives and where it stands."""

    index: int
    time: Time
    date: str | None
    date_end: str | None
    sentence: int
    token: int


def date_options(
    c: Candidate,
    number: int,
    sentences: list[Sentence],
    said: list[Said],
    times: list[Dated],
    published: str | None,
    lexeme: list[float],
    acts: list[int],
    stems: list[list[str]],
) -> list[DateOption]:
    """Return the dates an event may have: each dated expression of its sentence, the last before it, publication, none."""
    sentence = sentences[number]
    toks = sentence.tokens
    cues = said[number].cues
    future = max((1.0 / (1 + max(0, c.token - q.last)) for q in cues if q.kind in ("future", "plan") and q.first <= c.token), default=0.0)
    here = [t for t in times if t.sentence == number]
    before = [t for t in times if t.sentence < number]
    dated_here = [t for t in here if t.date]
    undated = [t for t in here if not t.date]
    loose = min(undated, key=lambda t: abs(t.token - c.token), default=None)
    previous = toks[c.token - 1].norm if c.token else ""
    before_that = toks[c.token - 2].norm if c.token > 1 else ""
    base = [
        *trigger_row(c), float(number), c.token / len(toks), float(len(toks)), float(len(dated_here)), float(len(here)), future,
        float(len(sentences)), float(published is not None), *lexeme,
        float(any(t.norm in _SINCE for t in toks[max(0, c.token - 4) : c.token])),
        float(sum(1 for t in toks[: c.token] if t.norm in _QUOTES) % 2),
        min((abs(t.token - c.token) for t in dated_here), default=60.0),
        float(_BEFORE.get(previous, 0)), float(_BEFORE.get(before_that, 0)),
        float(any(t.norm in _WAS for t in toks[max(0, c.token - 7) : c.token])),
        float(_LOOSE.get(loose.time.value, 4) if loose else 0), float(abs(loose.token - c.token) if loose else 60),
        float(any(t.norm in _THAT for t in toks[max(0, c.token - 6) : c.token])),
        float(c.entry is not None and c.entry.verb is not None), float(sentence.headline),
        max((1.0 / (1 + abs(c.token - q.first)) for q in cues if q.kind in ("negated", "condition", "possibility", "call")), default=0.0),
        *_news(c, number, sentences, said, times, published, stems),
    ]  # fmt: skip
    out: list[DateOption] = []
    seen: set[str | None] = set()
    for t in dated_here:
        row = base + _time_row(t, c, toks, dated_here, published, 0, None, acts)
        behind = t.token >= c.last and any(x.norm in _TURNS for x in toks[c.last : t.token])
        front = t.token <= 2 < c.token and not any(x.norm in _TURNS for x in toks[t.token + 1 : c.token])
        out.append(DateOption(t.date, t.date_end, "expression", t.index, row, False, front, behind))
        seen.add(t.date)
    for t in undated:
        derived = _counted(t, toks, published)
        if derived is not None and derived not in seen:
            row = base + _time_row(t, c, toks, undated, published, 0, derived, acts)
            out.append(DateOption(derived, None, "expression", t.index, row, _counts_for(t, c, toks), False, t.token >= c.last))
            seen.add(derived)
    last = [t for t in before if t.date][-2:]
    for t in reversed(last):
        row = base + _time_row(t, c, sentences[t.sentence].tokens, [], published, number - t.sentence)
        out.append(DateOption(t.date, t.date_end, "passage", t.index, row))
        seen.add(t.date)
    after = next((t for t in times if t.sentence > number and t.date), None)
    if after is not None and after.date not in seen and after.sentence - number <= 3:
        row = base + _time_row(after, c, sentences[after.sentence].tokens, [], published, number - after.sentence)
        out.append(DateOption(after.date, after.date_end, "passage", after.index, row))
        seen.add(after.date)
    if published:
        row = base + _plain_row(2.0, bool(dated_here), published[:10] in seen)
        out.append(DateOption(published[:10], None, "published", None, row))
    out.append(DateOption(None, None, "none", None, base + _plain_row(3.0, bool(dated_here), False)))
    return out


def _news(
    c: Candidate,
    number: int,
    sentences: list[Sentence],
    said: list[Said],
    times: list[Dated],
    published: str | None,
    stems: list[list[str]],
) -> list[float]:
    """How much the event is the article's own news: words it shares with the opening, and how old the dates around are."""
    lead = next((s.index for s in sentences if not s.headline), 0)
    opening = {w for k in range(lead + 1) for w in stems[k] if len(w) > 2} if number > lead else set()
    own = [w for w in stems[number] if len(w) > 2]
    first = [days_between(t.date, published) for t in times if t.sentence <= lead and t.date and len(t.date) == 10]
    near = [days_between(t.date, published) for t in times if number - 2 <= t.sentence <= number and t.date]
    old = min((t.sentence for t in times if t.sentence <= number and t.date and days_between(t.date, published) < -60), default=None)
    return [
        float(stems[number][c.token] in opening), sum(w in opening for w in own) / max(1, len(own)), float(number <= lead),
        max((d for d in first if d <= 1), default=-99.0), max(near, default=99.0), min(near, default=99.0),
        float(number - old) if old is not None else 99.0,
        float(any(not a.carried and a.mention is not None for a in said[number].attributions)), float(len(said[number].attributions)),
    ]  # fmt: skip


_BEFORE = {
    w: k
    for k, group in enumerate(
        (
            ("بعد", "عقب", "اثر", "غداه"), ("منذ",), ("خلال", "اثناء"), ("قبل",), ("التي", "الذي", "الذين"), ("قد", "وقد"), ("في",), ("من",),
            ("علي",), ("الي",), ("ان", "بان"), ("بسبب", "جراء", "نتيجه"), ("تم", "جري", "يتم"), ("،",), ("او", "ثم"), ("عن",), ("مع",), ("ضد",),
            ("كان", "كانت", "وكان", "وكانت"),
        ),
        start=1,
    )
    for w in group
}  # fmt: skip
_WAS = frozenset(("كان", "كانت", "وكان", "وكانت", "كانوا", "وكانوا", "سبق"))
_LOOSE = {"PAST_REF": 1, "FUTURE_REF": 2, "PRESENT_REF": 3}


WEIGHTS = {"expression": 1.0, "passage": 1.0, "published": 1.1, "none": 1.0}
"""Any weight of publication from 0.8 to 1.2 is as good in cross-validation: this one finds more of the dates that there are."""
SECOND = 0.2
"""What a date's other options add to its best («الخميس» in the opening, and publication on that Thursday)."""


FRONT = 2.0
BEHIND = (0.6, 0.2)
"""What an expression behind another act weighs: alone in its sentence, and beside one that is not."""


def best(found: list[DateOption], p: NDArray[np.float64]) -> DateOption:
    """Return the option of the date that scores highest; among options of one date, the one read off an expression.

    A date of the passage stands back where the event's own sentence has a date that may be its own.
    """
    own = max((float(x) for o, x in zip(found, p, strict=True) if o.basis == "expression" and not o.behind), default=0.0)
    weighed = [
        2.0 if o.sure else
        0.0 if o.basis == "passage" and own >= 0.1 else
        float(x) * (BEHIND[own >= 0.1] if o.behind else FRONT if o.front else WEIGHTS[o.basis])
        for o, x in zip(found, p, strict=True)
    ]  # fmt: skip
    total: dict[str | None, float] = {}
    for o, x in sorted(zip(found, weighed, strict=True), key=lambda pair: -pair[1]):
        total[o.date] = total[o.date] + SECOND * x if o.date in total else x
    top = max(total, key=lambda date: total[date])
    return max((o for o in found if o.date == top), key=lambda o: (o.basis == "expression", o.time is not None))


class Beside(msgspec.Struct):
    """What the first pass gave to the article's other events, seen from one event."""

    others: list[Told]
    near: list[Told | None]
    """Nearest of the same word, of the same type, in the same sentence, the event before, and the article's first."""
    places: list[float]
    """How far the nearest of its type and of its sentence are."""
    before: float


def beside(c: Candidate, number: int, name: str, told: list[Told]) -> Beside:
    """Return the other events of `told` as seen from the event `c` of sentence `number`; `name` is its lexeme."""
    others = [x for x in told if not (x.sentence == number and x.token == c.token)]

    def gap(x: Told) -> float:
        return abs(x.sentence - number) * 30 + abs(x.token - c.token) * (x.sentence == number)

    same_word = min([x for x in others if x.lexeme == name], key=gap, default=None) if name != "?" else None
    same_type = min([x for x in others if x.type == c.type], key=gap, default=None)
    same_sentence = min([x for x in others if x.sentence == number], key=gap, default=None)
    before = [x for x in others if (x.sentence, x.token) < (number, c.token)]
    return Beside(
        others, [same_word, same_type, same_sentence, before[-1] if before else None, others[0] if others else None],
        [float(abs(number - same_type.sentence)) if same_type else 30.0, float(abs(c.token - same_sentence.token)) if same_sentence else 60.0],
        float(len(before)),
    )  # fmt: skip


def coherence(b: Beside, option: str | None) -> list[float]:
    """How a date agrees with those of the article's other events."""
    out = [-1.0 if x is None else float(x.date == option) for x in b.near]
    return [*out, *b.places, sum([x.date == option for x in b.others]) / max(1, len(b.others)), b.before]


def _plain_row(kind: float, dated: bool, doubled: bool) -> list[float]:
    return [kind, 0.0, 0.0, 0.0, float(dated), 0.0, float(doubled), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]


_TURNS = frozenset(("بعد", "قبل", "منذ", "عقب", "اثر", "التي", "الذي", "الذين", "حيث", "فيما", "بينما", "خلال"))
_UNIT = re.compile(r"P(?:T?)(\d+)([DWMYH])$")


def _counts_for(t: Dated, c: Candidate, toks: list[Token]) -> bool:
    """Whether «بعد <duration> على/من» stands before the act, in its clause."""
    end = t.token + len(t.time.text.split())
    return (
        t.time.value != "PAST_REF"
        and end <= c.token
        and end < len(toks)
        and toks[end].norm in ("علي", "من")
        and not any(x.norm in (".", "؛") for x in toks[end : c.token])
    )


def _counted(t: Dated, toks: list[Token], published: str | None) -> str | None:
    """The date that «بعد ثلاثة أشهر على/من …» counts back to from publication, and the month of «منذ أيام»."""
    if published is None:
        return None
    previous = toks[t.token - 1].norm if t.token else ""
    day = datetime.date.fromisoformat(published[:10])
    if t.time.value == "PAST_REF" and fold(t.time.text).split()[-1:] in (["ايام"], ["الايام"], ["اخيره"]):
        return published[:7]
    m = _UNIT.match(t.time.value)
    if m is None or previous.lstrip("و") not in ("بعد", "منذ", "عقب"):
        return None
    n, unit = int(m.group(1)), m.group(2)
    if unit == "Y" and n < 2000:
        return str(day.year - n)
    if unit == "M" and n < 1200:
        months = day.year * 12 + day.month - 1 - n
        return f"{months // 12}-{months % 12 + 1:02d}"
    if unit in "DW" and n < 1000:
        return (day - datetime.timedelta(days=n * (7 if unit == "W" else 1))).isoformat()
    return None


def _time_row(
    t: Dated,
    c: Candidate,
    toks: list[Token],
    rivals: list[Dated],
    published: str | None,
    back: int,
    derived: str | None = None,
    acts: list[int] | None = None,
) -> list[float]:
    date = derived or t.date or ""
    days = days_between(date, published)
    if back:
        order, distance, commas, nearest = 0.0, float(back), 0.0, 0.0
        crossed, turns = 0.0, 0.0
    else:
        low, high = (c.last, t.token) if t.token >= c.last else (t.token, c.token)
        between = [x.norm for x in toks[low:high]]
        commas = float(sum(1 for w in between if w in _BREAK)) + 5.0 * any(w in _THAT for w in between)
        order, distance = (1.0 if t.token >= c.last else 2.0), float(abs(t.token - c.token))
        # Another act between the two, or «بعد», «التي»: the date is likelier that one's («استئنافها، بعد توقفها عام …»).
        crossed = float(sum(1 for k in acts or () if low <= k < high))
        turns = float(sum(1 for w in between if w in _TURNS))
        nearest = float(all(abs(r.token - c.token) >= abs(t.token - c.token) for r in rivals))
    previous = toks[t.token - 1].norm if t.token else ""
    return [
        0.0 if not back else 1.0, order, distance, commas, nearest, float(len(date)), max(-9999.0, min(9999.0, days)),
        float(back), float(t.time.type == "TIME"), float(previous in _SINCE), float(previous in ("(", "بين")),
        float(t.token <= 2), float(previous in ("قبل", "بعد", "خلال", "حتي")), float(derived is not None), crossed, turns,
    ]  # fmt: skip
