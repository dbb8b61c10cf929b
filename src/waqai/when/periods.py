"""Builders for months, years, units by relation, and longer periods: from labels of a match to a `Spec`."""

from __future__ import annotations

from waqai.when.grammar import Match, Tok
from waqai.when.shapes import fill, relation
from waqai.when.spec import Spec

__all__ = [
    "bare_unit",
    "century",
    "decade",
    "decade_digits",
    "edge_of_unit",
    "month",
    "period",
    "period_bare",
    "same_month",
    "season",
    "unit",
    "year",
    "year_bare",
    "year_range",
]

# --- months and years -----------------------------------------------------------------------------------------------


def month(m: Match) -> Spec | None:
    """Build a month from its name or number."""
    s = fill(m, "month")
    if s is None:
        return None
    named = m.near("no-day-after", m.before(2)) or m.near("no-day-after", m.before(2)[1:])
    if m.first == m.found.get("m") and m.has_before("dig") and named:
        return None  # «قوى 14 آذار»
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
    if s is None or m.has_after("bc"):
        return None
    if s.value == "yy":
        after = _following(m)
        counted = after is not None and (after.code == "\x01" and not after.norm.startswith(("ال", "ب", "في")))
        if counted or m.has_after("num") or m.has_after("unit") or m.toks[m.found["y"]].norm in ("10", "12", "15", "20"):
            return None
    return s


def year_bare(m: Match) -> Spec | None:
    """Build a year that stands alone, where neither what is before nor what follows makes it a count or a number."""
    s = fill(m, "year")
    if s is None or s.year is None or not 1700 <= s.year <= 2100:
        return None
    y = m.toks[m.found["y"]]
    if "dig" not in y.vals or m.has_before("guard") or (m.has_before("guard", 2) and m.before() in ("رقم", "(")):
        return None
    if m.before() in ("-", "+", "$", "/", ".", ":") and m.first > 1 and "year" not in m.toks[m.first - 2].vals:
        prev = m.toks[m.first - 1]
        if prev.end == y.start and m.toks[m.first - 2].end == prev.start:
            return None
    after = _following(m)
    if after is not None and (
        m.near("no-year-before", after.norm)
        or "unit" in after.vals
        or "monthname" in after.vals
        or ("dash" in after.vals and (after.start == y.end and m.has_after("dig", 1) and not m.has_after("year", 1)))
    ):
        return None
    compared = (m.before() == "مع" and m.before(2).startswith("مقارن")) or (m.before() == "من" and m.has_before("ord", 2))
    told = compared or s.edge is not None or m.near("year-after", m.before()) or (m.before() == "ل" and s.year >= 1900)
    follows_year = m.before() in ("و", "-", "–") and m.first > 1 and "year" in m.toks[m.first - 2].vals
    if told or follows_year:
        unsure = s.year % 100 == 0 and s.edge is None
        return s if not (unsure and after is not None and after.code == "\x01") else None
    if (
        any(m.has_before("guard", n) for n in (2, 3))
        or not 1900 <= s.year <= 2060
        or m.before() in ("نحو", "حوالي", "و", "اكثر من", "اقل من")
    ):
        return None
    listed = m.before() == "-" and (m.first == 1 or "line" in m.toks[m.first - 2].vals)
    if listed or m.has_before("yearnoun") or m.has_before("yearnoun", 2):
        return s
    if after is None or after.code != "\x01":
        return s if after is None or "num" not in after.vals or "dig" in after.vals else None
    return s if after.norm.startswith("ال") or m.near("year-before", after.norm) or not after.norm.isalpha() else None


def year_range(m: Match) -> Spec | None:
    """Build «1939-1945»: two years."""
    a, b = m.found["y"], m.found["y2"]
    two = m.rule.name == "years-two-digits"
    first, second = (m.toks[k].vals["yy" if two else "year"] for k in (a, b))
    if not (two or 1000 <= first < second <= 2100) or m.has_before("guard"):
        return None
    figures = "yy" if two else None
    s = Spec("year", m.first if two else a, a + 1, m.rule.name, year=first, value=figures, why=["pair" if two else "range"])
    s.also = [Spec("year", b, b + 1, m.rule.name, year=second, value=figures)]
    return s


# --- units by relation ----------------------------------------------------------------------------------------------


def unit(m: Match) -> Spec | None:
    """Build «العام الماضي», «هذا الأسبوع», «الشهر نفسه»."""
    s = fill(m, "unit")
    if s is None:
        return None
    s.unit = m.toks[m.found["unit_u"]].vals["unit"][0]
    s.rel = s.rel or relation(m, "u")
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


def edge_of_unit(m: Match) -> Spec | None:
    """Build «بداية السنة», «نهاية الأسبوع»: of this one."""
    if m.toks[m.first].norm == "وسط" or m.has_after("ord_d"):
        return None
    s = fill(m, "unit")
    if s is not None:
        s.unit, s.rel = m.toks[m.found["unit_u"]].vals["unit"][0], "now"
    return s


def period(m: Match) -> Spec | None:
    """Build «النصف الأول من 2018», «الربع الثالث من العام الجاري»."""
    s = fill(m, "period")
    if s is None:
        return None
    norm = m.toks[m.found["p"]].norm
    letter, most = ("H", 2) if "نص" in norm else ("Q", 4) if norm in ("الربع", "الفصل") else ("", 0)
    s.nth = most if "n_end" in m else m.val("n", "ord")
    if s.nth is None or not letter or s.nth > most:
        return None
    s.value = letter
    return s


def period_bare(m: Match) -> Spec | None:
    """Build «في الربع الأول»: the last one that has begun."""
    if m.toks[m.found["p"]].norm != "الربع" or m.has_after("of") or not (m.has_before("prep") or m.has_before("bi")):
        return None
    s = period(m)
    if s is not None:
        s.rel = "last"
    return s


def season(m: Match) -> Spec | None:
    """Build «صيف 2017», «الصيف الماضي»."""
    s = fill(m, "season")
    if s is None:
        return None
    s.value = m.val("s", "season")
    s.rel = s.rel or relation(m, "s")
    return s


def decade(m: Match) -> Spec | None:
    """Build «التسعينات», «ستينيات القرن الماضي»; not an age («في الثلاثينات من عمره»)."""
    s = fill(m, "decade")
    if s is None:
        return None
    tens = m.val("dec", "decname")
    century = m.val("n", "ord") or m.val("n", "num")
    if m.before() == "عقد" or (m.after() == "من" and m.after(1).startswith(("عمر", "العمر"))) or m.after().startswith("عمر"):
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
    if s is None or s.year is None or s.year % 10 or (m.has_after("and") and m.has_after("year", 1)):
        return None
    counted = m.near("years-one-by-one", m.toks[m.first].norm) and "dig" in m.toks[m.found["y"]].vals
    return s if not counted or m.has_before("al") or "al" in m.toks[m.found["y"] - 1].vals else None


def century(m: Match) -> Spec | None:
    """Build «القرن التاسع عشر»."""
    n = m.val("n", "ord") or m.val("n", "num") or m.val("n", "dig")
    if n is None or n > 21 or m.has_after("bc") or m.has_after("hijri"):
        return None
    return Spec("century", m.first, m.last, m.rule.name, year=(n - 1) * 100)
