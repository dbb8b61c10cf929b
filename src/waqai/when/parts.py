"""Builders for parts of the day, the clock, sets and references."""

from __future__ import annotations

from waqai.when.durations import duration_value
from waqai.when.grammar import Match
from waqai.when.spec import Spec

__all__ = [
    "clock", "clock_figures", "clock_midnight", "clock_ordinal", "last_night", "late_hour", "part_alone", "part_of",
    "reference", "reference_after_in", "reference_after_until",
    "set_adjective", "set_every", "set_weekday", "set_word", "that_time",
    "this_time", "tonight", "two_nights",
]  # fmt: skip

_PERIOD = {"day": "D", "week": "W", "month": "M", "year": "Y", "hour": "H", "minute": "M", "second": "S", "night": "NI"}


def _day_after(m: Match, i: int) -> Spec | None:
    """Parse a day that begins at token `i`, with «من» or a comma before it."""
    toks = m.toks
    for _ in range(2):
        if i < len(toks) and any(c in toks[i].vals for c in ("of", "comma", "lpar")) and "day" not in toks[i].vals:
            if toks[i].norm not in ("من", "،", ","):
                return None
            i += 1
    got = m.go_on(i)
    if isinstance(got, Spec) and got.kind in ("day", "sameday", "unit") and got.part is None and not got.also:
        return got if got.kind != "unit" or got.unit == "day" else None
    return None


def _with_part(m: Match, day: Spec, part: str) -> Spec:
    day.part = part
    day.first = m.first
    day.why.append(day.rule)
    day.rule = m.rule.name
    return day


def part_of(m: Match) -> Spec | None:
    """Build «مساء الأربعاء», «فجر اليوم الخميس», «الساعات الأولى من صباح الجمعة»."""
    day = _day_after(m, m.last)
    if day is None:
        if m.rule.name == "part-of-day":
            return None
        return None
    return _with_part(m, day, m.val("p", "part"))


def late_hour(m: Match) -> Spec | None:
    """Build «ساعة متأخرة من ليل الأحد»: the night of that day."""
    part: str = m.val("late", "late")
    i = m.last
    for _ in range(2):
        if i < len(m.toks) and m.toks[i].norm in ("من", "،"):
            i += 1
    if i < len(m.toks) and "part" in m.toks[i].vals:
        part = m.toks[i].vals["part"]
        i += 1
    day = _day_after(m, i)
    return None if day is None else _with_part(m, day, part)


def part_alone(m: Match) -> Spec | None:
    """Build «هذا الصباح», «بعد الظهر»: of the day that is being spoken of."""
    if m.rule.name == "part-alone" and "pa" not in m:
        return None
    part = m.val("p", "part") or m.val("pa", "partalone")
    day = _day_after(m, m.last)
    if day is not None:
        return _with_part(m, day, part)
    return Spec("part", m.first, m.last, m.rule.name, part=part, off=0 if "p_this" in m else None)


def tonight(m: Match) -> Spec | None:
    """Build «الليلة»."""
    if m.has_after("ord_d") or (m.toks[m.first].norm == "الليله" and m.before() in ("الف", "هذه", "في")):
        return None
    return Spec("day", m.first, m.last, m.rule.name, off=0, part="NI")


def last_night(m: Match) -> Spec | None:
    """Build «الليلة الماضية», «ليلة أمس»."""
    return Spec("day", m.first, m.last, m.rule.name, off=m.val("ln", "lastnight"), part="NI", wday=m.val("w", "wday"))


def two_nights(m: Match) -> Spec | None:
    """Build «ليل السبت الأحد»: the night of the first."""
    if m.val("p", "part") != "NI":
        return None
    return Spec("day", m.first, m.last, m.rule.name, part="NI", wday=m.val("w", "wday"), second_wday=m.val("w2", "wday"))


# --- the clock ------------------------------------------------------------------------------------------------------


def _hour24(hour: int, part: str | None) -> int:
    if part in ("AF", "EV") and hour < 12:
        return hour + 12
    if part == "MI" and hour < 6:
        return hour + 12
    if part == "NI":
        return hour + 12 if 5 < hour < 12 else 24 if hour == 12 else hour
    if part in ("MO", "AM") and hour == 12:
        return 0
    return hour


def _clock_tail(m: Match, hour: int, minute: int, told: bool) -> Spec | None:
    """Take a part of the day, a day and a time zone after the hour; `told` where «الساعة» stood before it."""
    toks, i = m.toks, m.last
    part, zone, day = None, False, None
    for _ in range(4):
        if i >= len(toks):
            break
        vals = toks[i].vals
        if "tz" in vals and not zone:
            zone, i = True, i + 1
        elif part is None and ("partadv" in vals or "partalone" in vals):
            part, i = vals.get("partadv") or vals["partalone"], i + 1
            continue
        elif day is None:
            lead = 1 if toks[i].norm == "من" else 0
            if i + lead < len(toks) and "part" in toks[i + lead].vals and part is None:
                got = _day_after(m, i + lead + 1)
                if got is not None:
                    part, day, i = toks[i + lead].vals["part"], got, got.last
                    continue
            got = _day_after(m, i) if told or part or zone else None
            if got is None:
                break
            day, i = got, got.last
        else:
            break
    if not (told or part or zone):
        return None
    s = day if day is not None else Spec("clock", m.first, i, m.rule.name)
    if day is not None:
        s.why.append(s.rule)
        s.rule = m.rule.name
    s.first, s.last = m.first, i
    s.hour, s.minute = _hour24(hour, part), minute
    return s


def _minutes(m: Match) -> int:
    if "mi" in m:
        return int(m.val("mi", "minute"))
    if "q" in m:
        vals = m.toks[m.found["q"]].vals
        return 30 if "half" in vals else 15 if "quart" in vals else 20
    return 0


def clock(m: Match) -> Spec | None:
    """Build «الساعة العاشرة والنصف صباح الاثنين», «الساعة 19:59»."""
    if "hm" in m:
        hour, minute = m.val("hm", "hm")
    elif "zero_h" in m:
        hour, minute = 0, 0
    else:
        hour = m.val("hr", "hour")
        minute = _minutes(m)
        if hour is None:
            return None
    if "clockword_i" in m.toks[m.first].vals and "clockword_d" not in m.toks[m.first].vals and "zero_h" not in m:
        return None
    return _clock_tail(m, hour, minute, True)


def clock_midnight(m: Match) -> Spec | None:
    """Build «منتصف الليل», «قبيل منتصف ليل الجمعة»."""
    s = _clock_tail(m, 24, 0, True)
    if s is not None and s.last < len(m.toks) and "wday_d" in m.toks[s.last].vals and s.wday is not None:
        s.last += 1
    return s


def clock_figures(m: Match) -> Spec | None:
    """Build «16,00 ت غ السبت», «19:30 مساء»: figures with a zone or a part of the day."""
    hour, minute = m.val("hm", "hm")
    return _clock_tail(m, hour, minute, False)


def clock_ordinal(m: Match) -> Spec | None:
    """Build «السابعة مساء», «الأولى فجر الأحد»: only after a preposition, since «الثانية» is a second thing too."""
    hour = m.val("hr", "hour")
    if hour is None or not m.near("hour-after", m.before()) or not m.toks[m.first].norm.split()[0].endswith(("ه", "ي")):
        return None
    return _clock_tail(m, hour, _minutes(m), False)


# --- sets and references --------------------------------------------------------------------------------------------


def _set(m: Match, value: str, first: int | None = None) -> Spec:
    return Spec("set", m.first if first is None else first, m.last, m.rule.name, value=value)


def set_word(m: Match) -> Spec | None:
    """Build «يوميا», «كل عام»."""
    if m.near("greeting", m.after()):
        return None
    if m.val("sv", "setadv") == "P1D" and m.has_after("wday_i"):
        return Spec("set", m.first, m.last + 1, m.rule.name, value=f"XXXX-WXX-{m.toks[m.last].vals['wday']}")
    return _set(m, m.val("sv", "setadv"))


def set_adjective(m: Match) -> Spec | None:
    """Build «السنوي», «اليومية»."""
    t = m.toks[m.first]
    if m.before() in ("ذكري", "الذكري") or m.has_after("monthname") or m.has_after("wday_d"):
        return None
    if "unit" in t.vals and (m.has_after("num") or m.has_after("wday") or m.has_after("ord") or m.has_after("today")):
        return None
    if t.norm in ("حولي", "حوليه"):
        return None
    return _set(m, t.vals["setadj"])


def set_weekday(m: Match) -> Spec | None:
    """Build «كل جمعة»."""
    return _set(m, f"XXXX-WXX-{m.val('w', 'wday')}")


def set_every(m: Match) -> Spec | None:
    """Build «كل سنتين», «كل ثلاثة أشهر»."""
    t = m.tok("u")
    if t is None:
        return None
    unit, number = t.vals["unit"]
    if number == "c" or (unit not in _PERIOD and unit not in ("decade", "century")):
        return None
    if unit == "decade" and m.after() == "من":
        return None  # «كل عقد من عقود الخدمات»: contracts
    n = m.val("n", "num") or (2 if number == "d" else 1)
    return _set(m, duration_value({unit: n}))


def this_time(m: Match) -> Spec | None:
    """Build «هذا الوقت من كل عام»."""
    return Spec("set", m.first, m.last, m.rule.name, value="this-month")


def reference(m: Match) -> Spec | None:
    """Build «حاليا», «مؤخرا», «في وقت سابق اليوم»."""
    norm = m.toks[m.first].norm
    after = m.toks[m.last] if m.last < len(m.toks) else None
    if norm == "من قبل" and not m.near("clause", m.after()):
        return None  # mostly «by»
    if norm == "اخيرا" and m.has_before("and"):
        return None  # «and finally», the end of a list
    if m.has_before("of") and m.near("her-time", norm):
        return None
    if (norm == "يومها" and m.after().startswith("ال")) or (norm == "وقت ما" and m.after().startswith("زال")):
        return None
    if norm == "سابقا" and m.first > 0 and m.toks[m.first - 1].code == "\x01" and m.before().endswith("ا") and len(m.before()) > 4:
        return None
    if norm.endswith(("وقت سابق", "وقت لاحق", "وقت مبكر", "وقت متاخر")):
        day = m.go_on(m.last + (1 if after is not None and after.norm in ("من", "،") else 0))
        if isinstance(day, Spec) and ((day.kind == "day" and (day.wday or day.off is not None)) or day.kind == "unit"):
            day.first = m.first
            day.why.append(day.rule)
            day.rule = m.rule.name
            return day
    first, last = m.first, m.last
    return Spec("ref", first, last, m.rule.name, value=m.val("r", "ref"))


def reference_after_in(m: Match) -> Spec | None:
    """Build «في السابق», «في المستقبل»."""
    if m.before() != "في":
        return None
    after = m.toks[m.last] if m.last < len(m.toks) else None
    if after is not None and after.code == "\x01" and after.norm.startswith("ال"):
        return None
    return Spec("ref", m.first, m.last, m.rule.name, value=m.val("r", "refprep"))


def reference_after_until(m: Match) -> Spec | None:
    """Build «حتى الساعة», «إلى يومنا هذا»."""
    if not m.has_before("to") or m.has_after("ord_d") or m.has_after("hour"):
        return None
    return Spec("ref", m.first, m.last, m.rule.name, value=m.val("r", "refuntil"))


def that_time(m: Match) -> Spec | None:
    """Build «ذلك الحين»: the time last spoken of."""
    if "samewhile" in m.toks[m.first].vals:
        return None
    return Spec("focus", m.first, m.last, m.rule.name)
