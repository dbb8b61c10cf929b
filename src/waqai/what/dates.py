"""When an event took place: the dates in reach of it, a row of numbers for each, from which one is chosen.

Options are the dated expressions of the sentence, the last two before it, the next after it, dates counted from publication
(«بعد ثلاثة أشهر على …», «غداة …»), publication itself, and none. They are scored twice: alone, then knowing what the first pass
gave to the article's other events.
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

__all__ = ["Beside", "DateOption", "Dated", "Told", "beside", "best", "coherence", "date_options", "first_pass", "with_words"]

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


BASES = ("expression", "passage", "published", "none")


class Told(msgspec.Struct):
    """What the first pass gave to an event of the article."""

    sentence: int
    token: int
    type: str
    lexeme: str
    date: str | None
    dates: dict[str | None, float]
    """The share of the scores by date."""
    bases: list[float]
    """The best score by each of BASES."""


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
        out.append(DateOption(t.date, t.date_end, "expression", t.index, row))
        seen.add(t.date)
    for t in undated:
        derived = _counted(t, toks, published)
        if derived is not None and derived not in seen:
            row = base + _time_row(t, c, toks, undated, published, 0, derived, acts)
            out.append(DateOption(derived, None, "expression", t.index, row))
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
        for date, basis, index, kind in _about_publication(c, toks, here, published):
            if date not in seen:
                out.append(DateOption(date, None, basis, index, base + _plain_row(kind, bool(dated_here), False)))
                seen.add(date)
        row = base + _plain_row(2.0, bool(dated_here), published[:10] in seen)
        out.append(DateOption(published[:10], None, "published", None, row))
    out.append(DateOption(None, None, "none", None, base + _plain_row(3.0, bool(dated_here), False)))
    return out


_EVE = frozenset(("غداه", "وغداه"))


def _about_publication(
    c: Candidate, toks: list[Token], here: list[Dated], published: str
) -> list[tuple[str, str, int | None, float]]:
    """Dates counted from publication without an expression that gives one: date, basis, expression and kind.

    The month, or the year of a season, where the sentence speaks of days or weeks («خلال الأسابيع الأخيرة»); the day before, where
    the news comes «غداة» the act.
    """
    out: list[tuple[str, str, int | None, float]] = []
    loose = [t for t in here if t.time.value == "PAST_REF" or _SHORT.match(t.time.value)]
    if loose:
        nearest = min(loose, key=lambda t: abs(t.token - c.token))
        out.append((published[:7], "expression", nearest.index, 6.0))
    for t in here:
        if t.date and _SEASON.match(t.time.value):
            out.append((t.date[:4], "expression", t.index, 7.0))
    if any(t.norm in _EVE for t in toks[max(0, c.token - 3) : c.token]):
        day = datetime.date.fromisoformat(published[:10]) - datetime.timedelta(days=1)
        out.append((day.isoformat(), "published", None, 8.0))
    return out


_SHORT = re.compile(r"P(?:X|\d+)[DW]$|\d{4}-W\d\d$")
_SEASON = re.compile(r"\d{4}-(?:SP|SU|FA|WI)$")


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


def best(found: list[DateOption], p: NDArray[np.float64]) -> DateOption:
    """Return the option that scores highest; of options of one date, the one that is read off an expression."""
    top = found[int(p.argmax())].date
    return max((o for o in found if o.date == top), key=lambda o: (o.basis == "expression", o.time is not None))


def with_words(found: list[DateOption], event: NDArray[np.float32], own: NDArray[np.float32], published: str | None) -> None:
    """Put what the linear scorers say at the end of the options' rows.

    `event` (3): decision values of none, publication, another date; `own` (options): of each option being the date.
    """
    e = np.exp(event - event.max())
    shares = (e / e.sum()).tolist()
    for o, x in zip(found, own.tolist(), strict=True):
        kind = 0 if o.date is None else 1 if published is not None and o.date == published[:10] else 2
        o.row = [*o.row, *shares, shares[kind], x]


def first_pass(c: Candidate, number: int, name: str, found: list[DateOption], p: NDArray[np.float64]) -> Told:
    """Return what the first pass says of an event; `name` is its lexeme."""
    scores = p.tolist()
    total = sum(scores) + 1e-6
    dates: dict[str | None, float] = {}
    bases = [0.0] * len(BASES)
    for o, x in zip(found, scores, strict=True):
        dates[o.date] = max(dates.get(o.date, 0.0), x / total)
        k = BASES.index(o.basis)
        bases[k] = max(bases[k], x)
    return Told(number, c.token, c.type, name, best(found, p).date, dates, bases)


class Beside(msgspec.Struct):
    """What the first pass gave to the article's other events, seen from one event."""

    near: list[Told | None]
    """Nearest of the same word, of the same type, in the same sentence, the event before, and the article's first."""
    groups: list[list[Told]]
    """Those of the same sentence, the same word, the same type, the sentences beside, and all."""
    ends: list[Told | None]
    """The event before and the one after."""
    row: list[float]
    """How far the nearest of its type and of its sentence are, how many stand before, and the mean best score by basis in groups."""


def beside(c: Candidate, number: int, name: str, told: list[Told]) -> Beside:
    """Return the other events of `told` as seen from the event `c` of sentence `number`; `name` is its lexeme."""
    others = [x for x in told if not (x.sentence == number and x.token == c.token)]

    def gap(x: Told) -> float:
        return abs(x.sentence - number) * 30 + abs(x.token - c.token) * (x.sentence == number)

    word = [x for x in others if x.lexeme == name] if name != "?" else []
    kind = [x for x in others if x.type == c.type]
    here = [x for x in others if x.sentence == number]
    close = [x for x in others if -1 <= x.sentence - number <= 1]
    before = [x for x in others if (x.sentence, x.token) < (number, c.token)]
    same_type, same_sentence = min(kind, key=gap, default=None), min(here, key=gap, default=None)
    previous = before[-1] if before else None
    row = [
        float(abs(number - same_type.sentence)) if same_type else 30.0, float(abs(c.token - same_sentence.token)) if same_sentence else 60.0,
        float(len(before)),
    ]  # fmt: skip
    for group in (here, word, kind, others):
        row += [sum([x.bases[k] for x in group]) / len(group) if group else -1.0 for k in range(len(BASES))]
    return Beside(
        [min(word, key=gap, default=None), same_type, same_sentence, previous, others[0] if others else None],
        [here, word, kind, close, others], [previous, others[len(before)] if len(before) < len(others) else None], row,
    )  # fmt: skip


def coherence(b: Beside, option: str | None) -> list[float]:
    """How a date agrees with those of the article's other events."""
    every = b.groups[-1]
    return [
        *[-1.0 if x is None else float(x.date == option) for x in b.near],
        sum([x.date == option for x in every]) / max(1, len(every)),
        *[sum([x.dates.get(option, 0.0) for x in g]) / len(g) if g else -1.0 for g in b.groups],
        *[-1.0 if x is None else x.dates.get(option, 0.0) for x in b.ends],
        *b.row,
    ]


def _plain_row(kind: float, dated: bool, doubled: bool) -> list[float]:
    return [kind, 0.0, 0.0, 0.0, float(dated), 0.0, float(doubled), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]


_TURNS = frozenset(("بعد", "قبل", "منذ", "عقب", "اثر", "التي", "الذي", "الذين", "حيث", "فيما", "بينما", "خلال"))
_UNIT = re.compile(r"P(?:T?)(\d+)([DWMYH])$")


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
