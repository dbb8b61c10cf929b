"""Builders for amounts of time: «ثلاث سنوات ونصف», «السنوات الثلاث الماضية», «قبل شهرين», «بعد ذلك بيومين»."""

from __future__ import annotations

from typing import NamedTuple

from waqai.when.grammar import UNKNOWN, Match, Tok
from waqai.when.spec import Amount, Spec

__all__ = ["ago", "amount_at", "consecutive", "counted", "definite", "duration_value", "later_by", "start"]

_LETTER = {"year": "Y", "month": "M", "week": "W", "day": "D", "hour": "H", "minute": "M", "second": "S"}
_UNKNOWN_COUNT = {"decade": "PXDE", "century": "PXCE", "night": "PXNI"}
_CLOCK = ("hour", "minute", "second")
_SMALLER = {"year": ("month", 12), "month": ("day", 30), "day": ("hour", 24), "hour": ("minute", 60),
            "minute": ("second", 60), "week": ("day", 7), "decade": ("year", 10), "century": ("year", 100)}  # fmt: skip


class Part(NamedTuple):
    """An amount read off tokens ``first:last``; `single` where it is one bare noun («عام»), which may be no amount."""

    amount: Amount
    last: int
    single: bool


def _has(toks: list[Tok], i: int, cls: str) -> bool:
    return 0 <= i < len(toks) and cls in toks[i].vals


def _component(toks: list[Tok], i: int) -> Part | None:
    """Read «15 عاما», «شهرين», «نصف قرن», «سنة»."""
    if _has(toks, i, "al"):
        i += 1
    if i >= len(toks):
        return None
    vals = toks[i].vals
    n: float | None = vals.get("num")
    if n is not None and "unit" in (toks[i + 1].vals if i + 1 < len(toks) else {}):
        unit, number = toks[i + 1].vals["unit"]
        if number == "c" or (number == "d" and n != 2):
            return None
        return Part({unit: n}, i + 2, False)
    for cls, share in (("half_i", 0.5), ("quart_i", 0.25), ("third_i", 1 / 3)):
        if cls in vals and _has(toks, i + 1, "unit") and toks[i + 1].vals["unit"][1] == "s":
            return Part({toks[i + 1].vals["unit"][0]: share}, i + 2, False)
    if "u_d_i" in vals or "u_d_d" in vals:
        return Part({vals["unit"][0]: 2}, i + 1, False)
    if "u_s_i" in vals:
        return Part({vals["unit"][0]: 1}, i + 1, True)
    return None


def _fraction(toks: list[Tok], part: Part) -> Part:
    """Add «ونصف», «ونصف العام», «وربع»."""
    i = part.last
    if not _has(toks, i, "and") or len(part.amount) != 1:
        return part
    for cls, share in (("half", 0.5), ("quart", 0.25), ("third", 1 / 3)):
        if _has(toks, i + 1, cls):
            unit, n = next(iter(part.amount.items()))
            end = i + 2
            if _has(toks, end, "u_s_d") or _has(toks, end, "u_s_i"):
                if toks[end].vals["unit"][0] != unit:
                    return part
                end += 1
            return Part({unit: n + share}, end, False)
    return part


def amount_at(toks: list[Tok], i: int) -> Part | None:
    """Read a sum of components: «سنتان وشهرين», «3 سنين ، 3 أسابيع ، 4 أيام». At most eight."""
    got = _component(toks, i)
    if got is None:
        return None
    got = _fraction(toks, _whole(toks, got))
    total, last, single = dict(got.amount), got.last, got.single
    for _ in range(7):
        k = last
        if _has(toks, k, "comma"):
            k += 1
        if _has(toks, k, "and"):
            k += 1
        if k == last:
            break
        more = _component(toks, k)
        if more is None or (more.single and set(more.amount) & set(total)):
            break
        if more.single and single and not _whole_step(total, more.amount):
            break
        more = _fraction(toks, _whole(toks, more))
        if not _compatible(total, more.amount):
            break
        for unit, n in more.amount.items():
            total[unit] = total.get(unit, 0) + n
        last, single = more.last, False
    return Part(total, last, single)


def _whole_step(total: Amount, more: Amount) -> bool:
    # two bare nouns are an amount only as «عام وشهر»; «شهر ويوم» may be anything
    return set(total) == {"year"} and set(more) == {"month"}


def _compatible(total: Amount, more: Amount) -> bool:
    # «33 عاما و15 عاما» are two ages: one number a unit, but duals add (a schoolbook's «عام وعامين»)
    return not any(u in total and n not in (1, 2) for u, n in more.items())


def _whole(toks: list[Tok], part: Part) -> Part:
    if _has(toks, part.last, "whole") and not _has(toks, part.last, "approx"):
        return Part(part.amount, part.last + 1, False)
    return part


def duration_value(amount: Amount) -> str:
    """Return the TIMEX3 value of an amount: {"year": 1, "month": 3} is P1Y3M; a fraction goes down to smaller units."""
    plain: Amount = {}
    for unit, n in amount.items():
        _put(plain, unit, n)
    if list(plain) == ["night"]:
        return f"P{_figure(plain['night'])}NI"
    days = "".join(f"{_figure(plain[u])}{_LETTER[u]}" for u in ("year", "month", "week", "day") if u in plain)
    hours = "".join(f"{_figure(plain[u])}{_LETTER[u]}" for u in _CLOCK if u in plain)
    return "P" + days + ("T" + hours if hours else "")


def _put(plain: Amount, unit: str, n: float) -> None:
    if unit in ("decade", "century"):
        unit, n = "year", n * _SMALLER[unit][1]
    if n != int(n) and not (unit == "month" and n > 2) and unit in _SMALLER:
        # years and a half in months (P42M), a month and a half in days (P45D), months and a half stay (P2.5M)
        small, times = _SMALLER[unit]
        unit, n = small, round(n * times)
    plain[unit] = plain.get(unit, 0) + n


def _figure(n: float) -> str:
    return str(int(n)) if n == int(n) else f"{n:.1f}"


def _unknown(unit: str) -> str:
    if unit in _UNKNOWN_COUNT:
        return _UNKNOWN_COUNT[unit]
    return ("PTX" if unit in _CLOCK else "PX") + _LETTER[unit]


def _spec(m: Match, last: int, value: str, *, first: int | None = None, kind: str = "dur") -> Spec:
    return Spec(kind, m.first if first is None else first, last, m.rule.name, value=value)


def _reaching(s: Spec, amount: Amount, m: Match, rel: str | None) -> Spec:
    """Note what days the amount reaches over: up to the publication, or from it («الأيام الثلاثة المقبلة»)."""
    s.amount = amount
    s.rel = rel or ("past" if m.has_before("since") else None)
    if m.has_before("after") and s.last < len(m.toks) and m.toks[s.last].norm in ("من", "علي"):
        s.why.append("counted back")
    return s


def _tail(m: Match, last: int) -> int:
    toks = m.toks
    if last + 1 < len(toks) and toks[last].norm == "من" and m.near("of-time", toks[last + 1].norm):
        return last + 2
    return last


def _triggered(m: Match) -> bool:
    return any(m.has_before(c) for c in ("during", "since", "after", "ago", "approx", "before"))


def start(m: Match) -> Spec | None:
    """Build a duration that begins here, with «نحو» or «آخر» before it in the span where they stand."""
    toks, i = m.toks, m.first
    if any(c in toks[i].vals for c in ("approx", "finally", "first", "fewno")) and "unit" not in toks[i].vals:
        if m.tok("n") is None and m.tok("u") is None and m.tok("f") is None:
            return None
        if "fewno" in toks[i].vals:
            return _few(m)
        i += 1
    if m.rule.name == "duration-range":
        i = m.found["n"]
    part = amount_at(toks, i)
    if part is None:
        return _plural(m, i)
    last = _tail(m, part.last)
    if last > part.last:
        part = Part(part.amount, last, False)
    alone = m.first == 0 and part.last == len(toks)
    if part.single and not alone and not _single_ok(m, i, part):
        return None
    if m.toks[i].norm in ("المءه", "الماءه", "بالمءه", "بالماءه") and i == m.first:
        return None  # «12 في المائة عام 2017»
    if _guarded(m, part) or _day_after_day(m):
        return None
    rel = None
    for cls, way in (("past_d", "past"), ("last_d", "past"), ("fut_d", "fut")):
        if _has(toks, last, cls) and not part.single:
            last, rel = last + 1, way
            break
    return _reaching(_spec(m, last, duration_value(part.amount), first=_start_of(m)), part.amount, m, rel)


def _start_of(m: Match) -> int:
    """Leave «من» and «بين» of a range of amounts out of the span."""
    if m.rule.name == "duration-range" and "approx" not in m.toks[m.first].vals:
        return m.found["n2"]
    return m.first


def _day_after_day(m: Match) -> bool:
    """Tell whether this is the second half of «يوما بعد يوم»."""
    return m.has_before("after") and m.has_before("unit", 2) and m.toks[m.first - 2].vals["unit"] == m.toks[m.first].vals.get("unit")


def _guarded(m: Match, part: Part) -> bool:
    """Tell whether the number belongs to a name («المادة 5»), or the hour is a rate («كلم في الساعة»)."""
    return "n" in m and m.has_before("guard") and m.toks[m.first].vals.get("dig") is not None


def _single_ok(m: Match, i: int, part: Part) -> bool:
    toks = m.toks
    unit = next(iter(part.amount))
    if part.last < len(toks):
        after = toks[part.last].vals
        if any(c in after for c in ("monthname", "dig", "wday", "ord", "year", "today", "fiscal", "card", "hijri", "every")):
            return False
        if unit == "month" and toks[part.last].norm.startswith("ال"):
            return False
        if unit == "day" and toks[part.last].norm.startswith("ال") and not (i > 0 and "after" in toks[i - 1].vals):
            return False
        if any(c in after for c in ("fut", "past", "now", "next")) and "past_d" not in after:
            return False
    if i > m.first:
        return "approx" in toks[m.first].vals or "finally" not in toks[m.first].vals
    if unit in ("decade", "second", "minute", "night") and not _triggered(m):
        return False
    if _triggered(m):
        return True
    return m.has_before("li") and unit in ("week", "month", "year", "hour") and not _construct(m, part)


def _construct(m: Match, part: Part) -> bool:
    return part.last < len(m.toks) and m.toks[part.last].norm.startswith("ال")


def _few(m: Match) -> Spec | None:
    """Build «بضع دقائق», «عدة سنوات», «مئات السنين»."""
    t = m.tok("u")
    if t is None or t.vals["unit"][1] != "p":
        return None
    return _spec(m, _tail(m, m.last), _unknown(t.vals["unit"][0]))


def _plural(m: Match, i: int) -> Spec | None:
    """Build a plural without a number: «أيام», «سنوات عدة», «عقود»."""
    toks = m.toks
    if not _has(toks, i, "u_p_i"):
        return None
    unit = toks[i].vals["unit"][0]
    last = i + 1
    if _has(toks, last, "fewadj"):
        last += 1
    elif (
        m.has_before("ord")
        or m.has_before("first")
        or (m.near("also-adjective", toks[i].norm) and i == m.first and not _amount_here(m, last))
        or (last < len(toks) and toks[last].norm.startswith("ال") and not _triggered(m))
    ):
        return None
    elif unit in ("decade", "century") and not (_triggered(m) or m.has_before("li") or toks[i].norm.endswith("ا")):
        return None  # «عقود» are contracts too
    first = m.first if i == m.first or "approx" in toks[m.first].vals else i
    return _spec(m, _tail(m, last), _unknown(unit), first=first)


def _amount_here(m: Match, last: int) -> bool:
    """Tell whether «أشهر» is months here and not "most famous": a preposition before it, or no noun after it."""
    lead = _triggered(m) or m.has_before("li") or m.has_before("bi")
    return lead or last >= len(m.toks) or m.toks[last].code != UNKNOWN


def consecutive(m: Match) -> Spec | None:
    """Build «للعام الثاني على التوالي»: it has lasted two years."""
    if m.after() != "تواليا" and (m.after(0) != "علي" or m.after(1) != "التوالي"):
        return None
    t, n = m.tok("u"), m.val("n", "ord")
    return None if t is None else _spec(m, m.last, duration_value({t.vals["unit"][0]: n}))


def definite(m: Match) -> Spec | None:
    """Build «السنوات الثلاث الماضية» (P3Y), «اليومين الماضيين» (P2D), «السنوات الأخيرة» (PAST_REF)."""
    t = m.tok("u")
    if t is None:
        return None
    unit, number = t.vals["unit"]
    n = m.val("n", "num")
    n = 2 if number == "d" else n
    if n is not None:
        rel = "fut" if "df" in m else "past"
        return _reaching(_spec(m, m.last, duration_value({unit: n})), {unit: n}, m, rel)
    if number != "p":
        return None
    return _spec(m, m.last, "FUTURE_REF" if "df" in m else "PAST_REF", kind="ref")


def counted(m: Match) -> Spec | None:
    """Build «الأيام الثلاثة», «الأشهر التسعة الأولى»."""
    t, n = m.tok("u"), m.val("n", "num")
    if t is None or n is None or not 3 <= n <= 999 or ("o" in m and m.val("o", "ord") != 1) or m.before() == "حرب":
        return None
    return _spec(m, m.last, duration_value({t.vals["unit"][0]: n}))


def ago(m: Match) -> Spec | None:
    """Build «قبل شهرين» (a date counted from today); «قبل يومين من …» leaves the preposition out and is a duration."""
    toks, i = m.toks, m.last
    approx = 0
    while _has(toks, i, "approx") and approx < 2:
        i, approx = i + 1, approx + 1
    more = approx and toks[i - 1].norm in ("اكثر من", "ازيد من")
    part = amount_at(toks, i)
    if part is not None:
        last = _tail(m, part.last)
        if last < len(toks) and toks[last].norm == "من" and _date_from(toks, last):
            return Spec("ago", m.first, last + 2, m.rule.name, amount=part.amount)
        if part.single and not _single_ok(m, m.first, Part(part.amount, last, True)) and not _ago_single(toks, part):
            return None
        if last < len(toks) and toks[last].norm in ("من", "علي") and not _date_from(toks, last):
            return _spec(m, last, duration_value(part.amount), first=m.last)
        return Spec("ago", m.first, last, m.rule.name, amount=part.amount, edge="more" if more else None)
    few = _has(toks, i, "fewno")
    if few:
        i += 1
    if not _has(toks, i, "u_p_i") and not (few and _has(toks, i, "u_p_d")):
        return None
    last = i + 1
    if _has(toks, last, "fewadj"):
        last += 1
    elif last < len(toks) and toks[last].norm == "من":
        return _spec(m, last, _unknown(toks[i].vals["unit"][0]), first=m.last)
    elif last < len(toks) and toks[last].norm.startswith("ال") and not few and toks[i].norm.startswith("ا"):
        return None
    return _spec(m, last, "PAST_REF", kind="ref")


def _date_from(toks: list[Tok], last: int) -> bool:
    return last + 1 < len(toks) and toks[last + 1].norm in ("الان", "اليوم")


def _ago_single(toks: list[Tok], part: Part) -> bool:
    """Tell whether «قبل عام» stands alone: no year, day, month or name follows that the noun would belong to."""
    if part.last >= len(toks):
        return True
    t = toks[part.last]
    belongs = ("monthname", "dig", "wday", "ord", "year", "card", "today", "fiscal")
    return not any(c in t.vals for c in belongs) and not t.norm.startswith("ال")


def later_by(m: Match) -> Spec | None:
    """Build «بعد ذلك بيومين»: counted from the time last spoken of."""
    part = amount_at(m.toks, m.last)
    if part is None:
        return None
    return Spec("later", m.first, part.last, m.rule.name, amount=part.amount)
