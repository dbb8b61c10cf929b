"""Builders for days, and the reader of labels that all builders share: from a match to a `Spec`."""

from __future__ import annotations

import re

from waqai.when.grammar import Match
from waqai.when.spec import Spec

__all__ = [
    "close",
    "day",
    "day_modified",
    "day_of_it",
    "days",
    "fill",
    "first_of_month",
    "month_day",
    "month_numeric",
    "nth",
    "numeric",
    "numeric_short",
    "relation",
    "same_day",
    "today_bare",
    "weekday_after",
    "weekday_day",
    "weekdays",
]

_RELS = ("past", "prev", "fut", "next", "now", "last", "same", "this")


def relation(m: Match, prefix: str) -> str | None:
    """Return which relation (past, fut, now, …) a label with this prefix tells, None where none does."""
    for r in _RELS:
        if f"{prefix}_{r}" in m.found:
            return "now" if r == "this" else r
    return None


def fill(m: Match, kind: str) -> Spec | None:
    """Return a `Spec` with everything that the labels tell; None where the month word is not a month here."""
    s = Spec(kind, m.first, m.last, m.rule.name)
    s.day = 1 if m.rule.name == "first-of-month" else m.val("d", "day")
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
    s.rel = relation(m, "rel")
    s.hop = 2 if "aft" in m or "bef" in m else 1
    s.year_rel = relation(m, "y")
    s.year_hop = 2 if "yaft" in m or "ybef" in m else 1
    s.month_rel = relation(m, "mr")
    s.month_hop = 2 if "maft" in m or "mbef" in m else 1
    s.week_rel = relation(m, "wr")
    s.week_hop = 2 if "waft" in m or "wbef" in m else 1
    if s.rel is None:
        s.rel = relation(m, "w")
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
    alone = m.first == 0 and m.last == len(m.toks)
    if s.edge or alone:
        return level == 1
    prev = m.toks[at - 1] if at > 0 else None
    if prev is None or level == 2:
        return level == 2 and m.toks[at].norm == "اب" and prev is not None and prev.norm in ("في", "منذ", "خلال")
    if label == "hm":
        return m.near("hijri-month-after", prev.norm)
    if prev.norm == "و":
        return at > 1 and "monthname" in m.toks[at - 2].vals
    return m.near("month-after", prev.norm) or "bi" in prev.vals or "li" in prev.vals


# --- what may follow a day ------------------------------------------------------------------------------------------


def close(m: Match, s: Spec) -> Spec:
    """Take a part of the day after the day («الجمعة مساء»), and a twin in the other calendar («الموافق …»)."""
    toks, i = m.toks, s.last
    if i < len(toks) and s.kind == "day":
        vals = toks[i].vals
        nxt = toks[i + 1].vals if i + 1 < len(toks) else {}
        if "partadv" in vals and not any(c in nxt for c in ("wday_d", "today", "day_s_i", "day_s_d")):
            s.part, s.last = vals["partadv"], i + 1
    if s.kind == "day" and s.last + 2 < len(toks) and "lpar" in toks[s.last].vals and "rpar" in toks[s.last + 2].vals:
        gloss = toks[s.last + 1].vals
        if "today" in gloss or "day_s_d" in gloss:
            # «فجر اليوم (أمس)»: a newspaper tells on its own day what the quoted day was
            s.off, s.last = gloss.get("today", 0), s.last + 3
    if s.last < len(toks) and "rpar" in toks[s.last].vals:
        opened = sum(("lpar" in t.vals) - ("rpar" in t.vals) for t in toks[s.first : s.last])
        s.last += opened > 0
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
    while (
        i < m.last
        and any(c in m.toks[i].vals for c in ("corresp", "lpar", "comma", "of", "from", "between", "fi", "li"))
        and ("day" not in m.toks[i].vals)
    ):
        i += 1
    return i


def _number_ok(m: Match, s: Spec) -> bool:
    if s.day is None:
        return False
    t = m.toks[m.found["d"]]
    if "unit" in t.vals and "dig" not in t.vals and "ord" not in t.vals:
        return False
    if m.found["d"] == m.first and s.year is None and s.rel is None and s.year_rel is None:
        if m.has_before("guard") or m.near("no-day-after", m.before()) or m.near("no-day-after", m.before()[1:]):
            return False
        if "m" in m and (s.day, m.toks[m.found["m"]].norm) in m.grammar.camps and not _dated(m):
            return False
        named = m.grammar.named
        nouns = (m.before(), m.before()[1:], m.before(2), m.before(2)[1:])
        s.year = next((named[n, s.day, s.month] for n in nouns if (n, s.day, s.month) in named), None)
    return not (m.has_before("slash") and m.found["d"] == m.first)


def _weekday_ok(m: Match, s: Spec) -> bool:
    if s.wday is None and m.has_after("nameday"):
        return False
    if "w" in m and m.found["w"] == m.first:
        if m.near("no-weekday-after", m.before()) and not m.has_before("day_s_i"):
            return False
        if m.has_after("blackday"):
            return False
    if "t" in m and m.toks[m.found["t"]].norm == "الغد" and m.near("no-tomorrow-after", m.before()):
        return False
    if m.toks[m.first].norm == "اليوم" and _is_medium(m) and s.wday is None:
        return False
    if "t" in m and m.toks[m.found["t"]].norm == "غد":
        return m.first != m.found["t"] or m.has_before("li") or m.has_before("part") or m.before() in ("بعد", "ليوم") or s.wday is not None
    return True


def _is_medium(m: Match) -> bool:
    """Tell whether «اليوم» ends the name of a newspaper or channel: «روسيا اليوم», or two words in quotation marks."""
    return m.near("media-before-today", m.before()) or (m.has_after("quote") and m.has_before("quote", 2))


def _is_rate(m: Match) -> bool:
    """Tell whether «في اليوم» is a rate: «مليون برميل في اليوم»."""
    return m.has_before("bi") or (m.before() == "في" and (m.near("rate", m.before(2)) or m.has_before("unit", 2)))


def _dated(m: Match) -> bool:
    """Tell whether «في», «يوم» or the like stands before a day that is also the name of a political camp («14 آذار»)."""
    return m.first == 0 or m.has_before("prep") or m.has_before("day_s_i") or "w" in m or m.first < m.found["d"] - 1


def today_bare(m: Match) -> Spec | None:
    """Build «اليوم», «هذا اليوم»; not the name of a newspaper, nor a day that has a name («اليوم الوطني»)."""
    if m.has_after("nameday") or m.has_after("ord_d"):
        return None
    if m.rule.name == "bare-today" and (_is_medium(m) or _is_rate(m)):
        return None
    if m.rule.name == "bare-today" and m.has_before("to") and not m.has_after("wday_d"):
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
    if s is not None and "w_this" in m:
        s.off = 0
    if s is not None and "ds" in m and "that" in m.toks[m.found["ds"]].vals:
        s.rel = "same"
    return s


def day_of_current(m: Match) -> Spec | None:
    """Build «15 الجاري», «الـ18 من الجاري»: of this month."""
    if not m.near("current", m.toks[m.found["mr_now"]].norm) or not _figure(m):
        return None
    s = fill(m, "day")
    if s is not None:
        s.first = _trim_left(m)
    return s


def _figure(m: Match) -> bool:
    return "dig" in m.toks[m.found["d"]].vals and not m.has_before("guard")


def feast_day(m: Match) -> Spec | None:
    """Build «ثاني أيام عيد الفطر», «اليوم الخامس من عيد الأضحى»: Hijri days; the feast alone is a holiday's name."""
    s = fill(m, "day")
    n = m.val("n", "ord") or 1
    if s is None:
        return None
    month, first = divmod(int(m.val("f", "feast")), 100)
    s.hmonth, s.hijri, s.day = month, True, first + n - 1
    return s


def day_of_it(m: Match) -> Spec | None:
    """Build «في الـ22 منه»: of the month last spoken of."""
    if "al" not in m.toks[m.first].vals and "w" not in m and m.before() not in ("في", "يوم", "حتي", "منذ"):
        return None  # «القسط الثاني منه»
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
        end = m.last >= len(m.toks) or (m.toks[m.last].code != "\x01" and not m.has_after("unit") and not m.has_after("dash"))
        if not end or m.has_after("year") or m.has_after("monthname") or m.has_after("of"):
            return None
    return s


def first_of_month(m: Match) -> Spec | None:
    """Build «أول سبتمبر»: the first day."""
    s = fill(m, "day")
    if s is None:
        return None
    s.first = _trim_left(m)
    return s


def weekday_day(m: Match) -> Spec | None:
    """Build «السبت السادس عشر»: a weekday with the number of the day in this month."""
    s = fill(m, "day")
    if s is None or s.wday is None or s.day is None or (s.day < 3 and m.val("d", "ord") != s.day):
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
    if m.toks[m.found["dm"]].norm == "24/7" or len(b) > 2 or not (1 <= int(a) <= 31 and 1 <= int(b) <= 12) or not (alone or told):
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
        for name in (
            "month",
            "hmonth",
            "year",
            "hijri",
            "rel",
            "hop",
            "year_rel",
            "year_hop",
            "month_rel",
            "month_hop",
            "value",
        ):
            setattr(other, name, getattr(s, name))
        if k == numbers[1]:
            other.wday = m.val("w2", "wday")
            other.first = m.found.get("w2", k)
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
    s.also = [Spec("day", k2, m.last, m.rule.name, wday=m.toks[k2].vals["wday"], rel="next")]
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
    month = m.go_on(m.last)
    if s is None or not isinstance(month, Spec):
        return None
    if month.kind == "unit" and month.unit == "month":
        s.month_rel, s.month_hop = month.rel, month.hop
    elif month.kind != "month":
        return None
    else:
        s.month, s.hmonth, s.year, s.hijri, s.rel, s.hop = (
            month.month, month.hmonth, month.year, month.hijri, month.rel, month.hop,
        )  # fmt: skip
        s.year_rel, s.year_hop, s.month_rel, s.month_hop = (
            month.year_rel, month.year_hop, month.month_rel, month.month_hop,
        )  # fmt: skip
    s.last = month.last
    s.why.append(month.rule)
    s.nth = -1 if "n_end" in m else m.val("n", "ord") or 1
    s.unit = "day" if "n_day" in m else "week" if "n_week" in m else None
    return s
