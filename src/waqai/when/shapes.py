"""Builders for days, months, years and longer periods: from labels of a match to a `Spec`."""

from __future__ import annotations

import re

from waqai.when.grammar import Match, Tok
from waqai.when.spec import Spec

__all__ = [
    "bare_unit", "close", "day", "day_modified", "day_of_it", "days", "decade", "decade_digits", "century",
    "first_of_month", "fill", "month", "month_day", "month_numeric", "nth", "numeric", "numeric_short", "period",
    "same_day", "same_month", "season", "today_bare", "unit", "weekday_after", "weekday_day", "weekdays", "year",
    "year_bare", "year_edge", "year_range",
]  # fmt: skip

_RELS = ("past", "prev", "fut", "next", "now", "last", "same", "this")


def _relation(m: Match, prefix: str) -> str | None:
    for r in _RELS:
        if f"{prefix}_{r}" in m.found:
            return "now" if r == "this" else r
    return None


def fill(m: Match, kind: str) -> Spec | None:
    """Return a `Spec` with everything that the labels tell; None where the month word is not a month here."""
    s = Spec(kind, m.first, m.last, m.rule.name)
    s.day = m.val("d", "day")
    s.year = m.val("y", "year") or m.val("y", "hyear")
    if s.year is None and "y" in m:
        s.year = m.val("y", "yy")
        s.value = "yy"
    s.hijri = "h" in m
    s.wday = m.val("w", "wday")
    if "t" in m:
        s.off = m.val("t", "today")
    if "now" in m:
        s.off = 0
    s.explicit_today = s.off is not None
    s.rel = _relation(m, "rel")
    s.hop = 2 if "aft" in m or "bef" in m else 1
    s.year_rel = _relation(m, "y")
    s.year_hop = 2 if "yaft" in m or "ybef" in m else 1
    s.month_rel = _relation(m, "mr")
    s.month_hop = 2 if "maft" in m or "mbef" in m else 1
    s.week_rel = _relation(m, "wr")
    s.week_hop = 2 if "waft" in m or "wbef" in m else 1
    if s.rel is None:
        s.rel = _relation(m, "w")
    s.every = "every_y" in m
    if "ed" in m:
        s.edge = m.val("ed", "edge") or "end"
    return s if _month(m, s) else None


def _month(m: Match, s: Spec) -> bool:
    if "mn" in m:
        s.month = m.val("mn", "mon")
        return not (m.tok("mn") is not None and m.toks[m.found["mn"]].norm in ("واحد", "واحده", "واحدا"))
    if "hm" in m:
        s.hmonth, level = m.val("hm", "hmonth")
        s.hijri = True
        return _strong(m, s, level, "hm")
    if "m" not in m:
        return True
    s.month, level = m.val("m", "mname")
    if "m2" in m:
        twin = m.val("m2", "mname")[0]
        between = m.toks[m.found["m"] + 1]
        if twin != s.month:
            if "slash" not in between.vals and "lpar" not in between.vals:
                return False
            s.conflict = f"month names disagree: {m.toks[m.found['m']].norm} and {m.toks[m.found['m2']].norm}"
        return True
    return _strong(m, s, level, "m")


_IN = {"في", "خلال", "منذ", "مند", "حتي", "طوال", "طيله", "بحلول", "قبل", "بعد", "بين", "الي", "قبيل", "لغايه", "اوايل", "و"}
_IN_HIJRI = {"في", "خلال", "منذ", "طوال", "طيله", "نهار", "ليالي", "بحلول", "حلول", "قبل", "بعد", "من", "منتصف", "اوايل", "غره"}


def _strong(m: Match, s: Spec, level: int, label: str) -> bool:
    """Tell whether a month word that is also something else has enough beside it (see words.toml: prep, weak, rare)."""
    if level == 0:
        return not (m.toks[m.found[label]].norm == "مايو" and m.before() == "دي")
    at = m.found[label]
    shahr = at > 0 and "unit" in m.toks[at - 1].vals and m.toks[at - 1].vals["unit"] == ("month", "s")
    if shahr:
        return True
    if level == 3:
        return s.day is not None and s.year is not None
    beside = s.day is not None or s.year is not None or s.year_rel is not None or s.rel is not None or s.nth is not None
    if beside:
        return not (level == 2 and s.day is None and s.year is None and s.rel in ("prev", "last", "same"))
    if s.edge:
        return level == 1
    prev = m.toks[at - 1] if at > 0 else None
    if prev is None or level == 2:
        return level == 2 and m.toks[at].norm == "اب" and prev is not None and prev.norm in ("في", "منذ", "خلال")
    if label == "hm":
        return prev.norm in _IN_HIJRI
    if prev.norm == "و":
        return at > 1 and "monthname" in m.toks[at - 2].vals
    return prev.norm in _IN or "bi" in prev.vals or "li" in prev.vals


# --- what may follow a day ------------------------------------------------------------------------------------------


def close(m: Match, s: Spec) -> Spec:
    """Take a part of the day after the day («الجمعة مساء»), and a twin in the other calendar («الموافق …»)."""
    toks, i = m.toks, s.last
    if i < len(toks) and s.kind == "day":
        vals = toks[i].vals
        nxt = toks[i + 1].vals if i + 1 < len(toks) else {}
        if "partadv" in vals and not any(c in nxt for c in ("wday_d", "today", "day_s_i", "day_s_d")):
            s.part, s.last = vals["partadv"], i + 1
    if s.kind == "day" and s.twin is None and not s.why:
        _twin(m, s)
    return s


def _twin(m: Match, s: Spec) -> None:
    toks, i = m.toks, s.last
    n = len(toks)
    while i < n and ("comma" in toks[i].vals or "lpar" in toks[i].vals):
        i += 1
    opened = i > s.last and "lpar" in toks[i - 1].vals
    if i >= n or not ("corresp" in toks[i].vals or (opened and s.hijri)):
        return
    if "corresp" in toks[i].vals:
        i += 1
    if i < n and ("li" in toks[i].vals or "of" in toks[i].vals):
        i += 1
    if s.wday is not None and s.day is None:
        return
    other = m.go_on(i)
    if isinstance(other, Spec) and other.kind in ("day", "numeric") and other.hijri != s.hijri and other.twin is None:
        s.twin, s.last = other, other.last
        if opened and s.last < n and "rpar" in toks[s.last].vals:
            s.last += 1


# --- days -----------------------------------------------------------------------------------------------------------

_PRAYER = {"صلاه", "خطبه", "خطيب", "صلوات", "جمعه", "انصار", "بن", "ابن", "ال", "ابو", "اسواق", "سوق", "ليفربول"}
_PARTY = {"حزب", "صحيفه", "جريده", "تيار", "موقع", "قناه", "اذاعه"}
_MEDIA = {"روسيا", "المصري", "اليابان", "فلسطين", "السودان", "القدس", "قناه", "صحيفه", "جريده", "موقع", "يو"}


def day(m: Match) -> Spec | None:
    """Build a day from whatever labels it has."""
    s = fill(m, "day")
    if s is None:
        return None
    if m.rule.name in ("weekday", "weekday-modified") and not _weekday_ok(m, s):
        return None
    if m.rule.name.startswith("day-month") and not _number_ok(m, s):
        return None
    s.first = _trim_left(m)
    if "w" in m and s.day is not None and s.day <= 5 and m.found["d"] == m.found["w"] + 1 and m.val("d", "ord_d"):
        s.nth = s.day  # «الثلاثاء الثالث من أيلول»: the 3rd, or the third Tuesday
    return close(m, s)


def _trim_left(m: Match) -> int:
    """Leave «الموافق» and the like out where nothing stands before them."""
    i = m.first
    while i < m.last and any(c in m.toks[i].vals for c in ("corresp", "lpar", "comma", "of", "from", "between", "fi", "li")) and (
        "day" not in m.toks[i].vals
    ):
        i += 1
    return i


def _number_ok(m: Match, s: Spec) -> bool:
    if s.day is None:
        return False
    t = m.toks[m.found["d"]]
    if "unit" in t.vals and "dig" not in t.vals and "ord" not in t.vals:
        return False
    if m.has_before("guard") and m.found["d"] == m.first:
        return s.year is not None or s.rel is not None
    return not (m.has_before("slash") and m.found["d"] == m.first)


def _weekday_ok(m: Match, s: Spec) -> bool:
    if s.wday is None and m.has_after("nameday"):
        return False
    if "w" in m and m.found["w"] == m.first:
        if m.before() in _PRAYER and not m.has_before("day_s_i"):
            return False
        if m.has_after("blackday"):
            return False
    if "t" in m and m.toks[m.found["t"]].norm == "الغد" and m.before() in _PARTY:
        return False
    if m.toks[m.first].norm == "اليوم" and m.before() in _MEDIA and s.wday is None:
        return False
    if "t" in m and m.toks[m.found["t"]].norm == "غد":
        return m.first != m.found["t"] or m.has_before("li") or m.before() in ("بعد", "ليوم") or s.wday is not None
    return True


def today_bare(m: Match) -> Spec | None:
    """Build «اليوم», «هذا اليوم»; not the name of a newspaper, nor a day that has a name («اليوم الوطني»)."""
    if m.has_after("nameday") or m.has_after("ord_d"):
        return None
    if m.rule.name == "bare-today" and m.before() in _MEDIA:
        return None
    if m.rule.name == "bare-today" and m.before() in ("الي", "حتي") and not m.has_after("wday_d"):
        return Spec("ref", m.first, m.last, m.rule.name, value="PRESENT_REF")
    s = Spec("day", m.first, m.last, m.rule.name, off=0)
    return close(m, s)


def day_modified(m: Match) -> Spec | None:
    """Build «اليوم التالي», «اليوم السابق»."""
    s = fill(m, "unit")
    if s is None or s.rel in ("last", "now"):
        return None
    s.unit = "day"
    return s


def same_day(m: Match) -> Spec | None:
    """Build «نفس اليوم», «اليوم ذاته», «نفس اليوم من عام 1990»."""
    s = fill(m, "sameday")
    return s


def day_of_it(m: Match) -> Spec | None:
    """Build «في الـ22 منه»: of the month last spoken of."""
    if "al" not in m.toks[m.first].vals and not m.has_before("al") and m.val("d", "ord_d") is None and "w" not in m:
        return None
    s = fill(m, "day")
    if s is not None:
        s.month_rel = "same"
        s.first = _trim_left(m)
    return s


def month_day(m: Match) -> Spec | None:
    """Build «شباط 13», «مايو 5، 2020»; only where nothing follows that the number could count."""
    s = fill(m, "day")
    if s is None:
        return None
    if s.year is None:
        level = m.val("m", "mname")[1] if "m" in m else 1
        if level > 0 and "ord" not in m.toks[m.found["d"]].vals:
            return None
        end = m.last >= len(m.toks) or m.toks[m.last].code != "\x01" and not m.has_after("unit") and not m.has_after("dash")
        if not end or m.has_after("year") or m.has_after("monthname") or m.has_after("of"):
            return None
    return s


def first_of_month(m: Match) -> Spec | None:
    """Build «أول سبتمبر»: the first day."""
    s = fill(m, "day")
    if s is None:
        return None
    s.day = 1
    s.first = _trim_left(m)
    return s


def weekday_day(m: Match) -> Spec | None:
    """Build «السبت السادس عشر»: a weekday with the number of the day in this month."""
    s = fill(m, "day")
    if s is None or s.wday is None or s.day is None or s.day < 3 and m.val("d", "ord") != s.day:
        return None
    if s.day <= 5:
        return None  # «الثلاثاء الأول» waits for «من الشهر»
    s.month_rel = "now"
    return s


def _int_year(raw: str) -> int:
    n = int(raw)
    return n if len(raw) == 4 else 2000 + n if n < 50 else 1900 + n


def numeric(m: Match) -> Spec | None:
    """Build «7/3/2018», «2018-03-07», «21-11-2010»."""
    parts = re.split(r"[/.\-]", m.toks[m.found["nd"]].norm)
    if len(parts[0]) == 4:
        year, mo, d = int(parts[0]), int(parts[1]), int(parts[2])
    else:
        d, mo, year = int(parts[0]), int(parts[1]), _int_year(parts[2])
    if mo > 12 and d <= 12:
        d, mo = mo, d
    if not (1 <= mo <= 12 and 1 <= d <= 31 and 1200 <= year <= 2200):
        return None
    s = fill(m, "day")
    if s is None:
        return None
    s.day, s.year = d, year
    s.hijri = s.hijri or 1300 <= year <= 1500
    s.month, s.hmonth = (None, mo) if s.hijri else (mo, None)
    s.first = _trim_left(m)
    return close(m, s)


def numeric_short(m: Match) -> Spec | None:
    """Build «الجمعة 6/8», «بتاريخ 1/9»: day and month where a weekday or «بتاريخ» says so, or nothing else is there."""
    a, _, b = m.toks[m.found["dm"]].norm.partition("/")
    alone = m.first == 0 and m.last == len(m.toks)
    told = "w" in m or "t" in m or "now" in m or m.before() in ("تاريخ", "يوم", "الموافق", "بتاريخ")
    if len(b) > 2 or not (1 <= int(a) <= 31 and 1 <= int(b) <= 12) or not (alone or told):
        return None
    s = fill(m, "day")
    if s is None:
        return None
    s.day, s.month, s.first = int(a), int(b), _trim_left(m)
    return s


def month_numeric(m: Match) -> Spec | None:
    """Build «9/2021»."""
    a, _, b = m.toks[m.found["dm"]].norm.partition("/")
    if len(b) != 4 or not 1 <= int(a) <= 12 or not 1900 <= int(b) <= 2100 or m.has_before("guard"):
        return None
    return Spec("month", m.first, m.last, m.rule.name, month=int(a), year=int(b))


def days(m: Match) -> Spec | None:
    """Build «27 و28 مارس 2019», «من 3 إلى 7 أيار»: one expression for each day named, the month shared."""
    s = fill(m, "day")
    if s is None or not _number_ok(m, s):
        return None
    numbers = [m.found["d"], m.found["d2"], *([m.found["d3"]] if "d3" in m else [])]
    if any("unit" in m.toks[k].vals and "ord" not in m.toks[k].vals for k in numbers):
        return None
    s.first = m.found["w"] if "w" in m else numbers[0]
    s.last = numbers[0] + 1
    for k in numbers[1:]:
        other = Spec("day", k, k + 1, m.rule.name, day=m.toks[k].vals["day"])
        for name in ("month", "hmonth", "year", "hijri", "rel", "hop", "year_rel", "year_hop", "month_rel", "month_hop"):
            setattr(other, name, getattr(s, name))
        s.also.append(other)
    s.also[-1].last = m.last
    ranged = any(c in m.toks[numbers[1] - 1].vals for c in ("to", "dash")) or "between" in m.toks[m.first].vals
    s.why.append("range" if ranged else "pair")
    return s


def weekdays(m: Match) -> Spec | None:
    """Build «يومي السبت والأحد»: two days."""
    s = fill(m, "day")
    if s is None:
        return None
    k, k2 = m.found["w"], m.found["w2"]
    s.first, s.last = k, k + 1
    s.also = [Spec("day", k2, m.last, m.rule.name, wday=m.toks[k2].vals["wday"], rel=s.rel, hop=s.hop)]
    s.why.append("pair")
    return s


def weekday_after(m: Match) -> Spec | None:
    """Build «الخميس بعد أسبوعين»."""
    s = fill(m, "day")
    if s is not None:
        s.week_rel, s.week_hop = "fut", 2
    return s


def nth(m: Match) -> Spec | None:
    """Build «ثالث ثلاثاء من أيلول», «آخر يوم من الشهر الحالي», «الأسبوع الأول من مايو»."""
    s = fill(m, "nth")
    if s is None:
        return None
    s.nth = -1 if "n_end" in m else m.val("n", "ord")
    s.unit = "day" if "n_day" in m else "week" if "n_week" in m else None
    return s


# --- months and years -----------------------------------------------------------------------------------------------


def month(m: Match) -> Spec | None:
    """Build a month from its name or number."""
    s = fill(m, "month")
    if s is None:
        return None
    if m.rule.name == "month-number" and s.year is None and s.rel is None and s.year_rel is None:
        after = m.toks[m.last] if m.last < len(m.toks) else None
        if after is not None and (after.code == "\x01" or "unit" in after.vals or "num" in after.vals):
            return None
    if s.year is None and m.has_before("dig") and not m.has_before("year") and s.rel is None and m.has_before("guard", 2):
        return None
    return s


def same_month(m: Match) -> Spec | None:
    """Build «نفس الشهر من 2016»."""
    s = fill(m, "month")
    if s is not None:
        s.month_rel = "same"
    return s


def _following(m: Match) -> Tok | None:
    return m.toks[m.last] if m.last < len(m.toks) else None


def year(m: Match) -> Spec | None:
    """Build «عام 2019», «سنة 67», «١٤٤١هـ»."""
    s = fill(m, "year")
    if s is None:
        return None
    if s.value == "yy":
        after = _following(m)
        counted = after is not None and (after.code == "\x01" and not after.norm.startswith(("ال", "ب", "في")))
        if counted or m.has_after("num") or m.has_after("unit") or m.toks[m.found["y"]].norm in ("10", "12", "15", "20"):
            return None
    return s


_ROUND = {"الف", "مليون", "%", "دولار", "يورو", "ليره", "ريال", "درهم", "جنيه", "دينار", "متر", "كيلومتر", "كلم", "كلغ", "طن"}
_OPEN = {"في", "منذ", "مند", "بين", "حتي", "بحلول", "لغايه", "خلال", "سنوات", "مونديال", "دستور", "الي", "قبل", "بعد", "قبيل"}
_GIVEN = {"عن", "من", "علي", "الي", "ان", "في", "بعد", "قبل", "حتي", "مع", "ضد", "بين", "ب", "و", "ل", "الذي", "التي", "لكن"}


def year_bare(m: Match) -> Spec | None:
    """Build a year that stands alone, where neither what is before nor what follows makes it a count or a number."""
    s = fill(m, "year")
    if s is None or s.year is None or not 1700 <= s.year <= 2100:
        return None
    y = m.toks[m.found["y"]]
    if "dig" not in y.vals or m.has_before("guard") or m.has_before("guard", 2) and m.before() in ("رقم", "("):
        return None
    if m.before() in ("-", "+", "$", "/", ".", ":") and m.first > 1 and "year" not in m.toks[m.first - 2].vals:
        prev = m.toks[m.first - 1]
        if prev.end == y.start and m.toks[m.first - 2].end == prev.start:
            return None
    after = _following(m)
    if after is not None and (after.norm in _ROUND or "unit" in after.vals or "monthname" in after.vals or "dash" in after.vals and (
        after.start == y.end and m.has_after("dig", 1) and not m.has_after("year", 1))):
        return None
    told = s.edge is not None or m.before() in _OPEN or (m.before() == "ل" and s.year >= 1900)
    follows_year = m.before() in ("و", "-", "–") and m.first > 1 and "year" in m.toks[m.first - 2].vals
    if told or follows_year:
        unsure = s.year % 100 == 0 and s.edge is None
        return s if not (unsure and after is not None and after.code == "\x01") else None
    if not 1900 <= s.year <= 2060 or m.before() in ("نحو", "حوالي", "و", "اكثر من", "اقل من"):
        return None
    listed = m.before() == "-" and (m.first == 1 or "line" in m.toks[m.first - 2].vals)
    if listed or m.has_before("yearnoun") or m.has_before("yearnoun", 2):
        return s
    if after is None or after.code != "\x01":
        return s if after is None or "num" not in after.vals or "dig" in after.vals else None
    return s if after.norm.startswith("ال") or after.norm in _GIVEN or not after.norm.isalpha() else None


def year_range(m: Match) -> Spec | None:
    """Build «1939-1945»: two years."""
    a, b = m.found["y"], m.found["y2"]
    first, second = m.toks[a].vals["year"], m.toks[b].vals["year"]
    if not 1000 <= first < second <= 2100 or m.has_before("guard"):
        return None
    s = Spec("year", a, a + 1, m.rule.name, year=first, why=["range"])
    s.also = [Spec("year", b, b + 1, m.rule.name, year=second)]
    return s


# --- units by relation ----------------------------------------------------------------------------------------------


def unit(m: Match) -> Spec | None:
    """Build «العام الماضي», «هذا الأسبوع», «الشهر نفسه»."""
    s = fill(m, "unit")
    if s is None:
        return None
    s.unit = m.toks[m.found["unit_u"]].vals["unit"][0]
    s.rel = s.rel or _relation(m, "u")
    general = m.toks[m.found["unit_u"]].norm == "العام" and m.found["unit_u"] == m.first and m.has_before("general")
    if general and s.rel not in ("past", "fut"):
        return None
    if s.rel == "last" and s.unit not in ("decade", "century"):
        return None
    return s


def bare_unit(m: Match) -> Spec | None:
    """Build «العام» where it is all that was asked."""
    if m.first != 0 or m.last != len(m.toks):
        return None
    s = fill(m, "unit")
    if s is not None:
        s.unit, s.rel = m.toks[m.first].vals["unit"][0], "now"
    return s


def year_edge(m: Match) -> Spec | None:
    """Build «بداية السنة»: of this year."""
    if m.toks[m.first].norm == "وسط" or m.has_after("ord_d"):
        return None
    s = fill(m, "unit")
    if s is not None:
        s.unit, s.rel = "year", "now"
    return s


def period(m: Match) -> Spec | None:
    """Build «النصف الأول من 2018», «الربع الثالث من العام الجاري»."""
    s = fill(m, "period")
    if s is None:
        return None
    norm = m.toks[m.found["p"]].norm
    letter, most = ("H", 2) if "نص" in norm else ("Q", 4) if norm in ("الربع", "الفصل") else ("", 0)
    s.nth = m.val("n", "ord")
    if s.nth is None or not letter or s.nth > most:
        return None
    s.value = letter
    return s


def season(m: Match) -> Spec | None:
    """Build «صيف 2017», «الصيف الماضي»."""
    s = fill(m, "season")
    if s is None:
        return None
    s.value = m.val("s", "season")
    s.rel = s.rel or _relation(m, "s")
    return s


def decade(m: Match) -> Spec | None:
    """Build «التسعينات», «ستينيات القرن الماضي»; not an age («في الثلاثينات من عمره»)."""
    s = fill(m, "decade")
    if s is None:
        return None
    tens = m.val("dec", "decname")
    century = m.val("n", "ord")
    if m.before() == "عقد" or m.after() == "من" and m.after(1).startswith(("عمر", "العمر")) or m.after().startswith("عمر"):
        return None
    if tens < 30 and century is None and "c_past" not in m:
        return None  # «في العشرينيات»: an age more often than not
    if "dec" in m and "decname_i" in m.toks[m.found["dec"]].vals and century is None and "c_past" not in m:
        return None
    s.year = ((century - 1) * 100 if century else 1900) + tens
    return s


def decade_digits(m: Match) -> Spec | None:
    """Build «سنوات الـ2020»."""
    s = fill(m, "decade")
    return s if s is not None and s.year is not None and s.year % 10 == 0 else None


def century(m: Match) -> Spec | None:
    """Build «القرن التاسع عشر»."""
    n = m.val("n", "ord")
    if n is None or n > 21 or m.has_after("bc"):
        return None
    return Spec("century", m.first, m.last, m.rule.name, year=(n - 1) * 100)
