"""Numbers in words and digits: people dead, injured or arrested, and sums of money."""

from __future__ import annotations

from waqai.types import Count, CountKind, Token

__all__ = ["count_at", "money_at", "number_at"]

_UNITS = {
    "واحد": 1, "واحده": 1, "اثنان": 2, "اثنين": 2, "اثنتان": 2, "اثنتين": 2, "ثلاث": 3, "ثلاثه": 3, "اربع": 4, "اربعه": 4, "خمس": 5,
    "خمسه": 5, "ست": 6, "سته": 6, "سبع": 7, "سبعه": 7, "ثمان": 8, "ثماني": 8, "ثمانيه": 8, "تسع": 9, "تسعه": 9, "عشر": 10,
    "عشره": 10, "احد": 1, "احدي": 1, "اثنا": 2, "اثني": 2, "اثنتا": 2, "عشرون": 20, "عشرين": 20, "ثلاثون": 30, "ثلاثين": 30,
    "اربعون": 40, "اربعين": 40, "خمسون": 50, "خمسين": 50, "ستون": 60, "ستين": 60, "سبعون": 70, "سبعين": 70, "ثمانون": 80,
    "ثمانين": 80, "تسعون": 90, "تسعين": 90, "مءه": 100, "ماءه": 100, "مءتي": 200, "مءتين": 200, "مءتا": 200, "ماءتي": 200,
    "ماءتين": 200, "ثلاثمءه": 300, "اربعمءه": 400, "خمسمءه": 500, "ستمءه": 600, "سبعمءه": 700, "ثمانمءه": 800, "تسعمءه": 900,
}  # fmt: skip
_SCALES = {
    "الف": 1000, "الاف": 1000, "الفا": 1000, "الفي": 2000, "الفين": 2000, "مليون": 10**6, "ملايين": 10**6, "مليونا": 10**6,
    "مليوني": 2 * 10**6, "مليار": 10**9, "مليارا": 10**9, "مليارات": 10**9, "ملياري": 2 * 10**9, "بليون": 10**9, "تريليون": 10**12,
}  # fmt: skip
_DEAD = (
    "قتل", "مقتل", "قتيل", "قتلا", "قتلي", "قتيلا", "قتلت", "قتلوا", "مصرع", "لقي", "شهيد", "شهداء", "استشهد",
    "استشهاد", "ضحيه", "ضحايا", "حتفهم", "وفاه", "اغتيال",
)  # fmt: skip
_HURT = ("اصيب", "اصابه", "جريح", "جرحي", "جرح", "مصاب", "مصابين", "اصابات", "جريحا", "مصابا", "اصيبوا", "جرحوا")
_HELD = ("اعتقل", "اعتقال", "اعتقلت", "توقيف", "اوقف", "اوقفت", "معتقل", "موقوف", "القبض", "احتجاز", "ايقاف", "موقوفا", "معتقلا")
_ABOUT = frozenset(("نحو", "حوالي", "قرابه", "زهاء", "قريب"))
_MIN = frozenset(("اكثر", "لا", "ما", "علي", "فوق"))
_NOUNS_DUAL = {"شخصان": 2, "شخصين": 2, "مدنيان": 2, "مدنيين": 0, "جنديان": 2, "جنديين": 2, "شرطيان": 2, "شرطيين": 2, "قتيلان": 2, "قتيلين": 2}


def number_at(toks: list[Token], i: int) -> tuple[float, int] | None:
    """Read the number that starts at token `i`: (value, token after it), or None. Digits with scales, or words."""
    tok = toks[i]
    value: float | None = None
    j = i
    if tok.kind == "n":
        value = _digits(tok.norm)
        j = i + 1
    else:
        total, any_word = 0.0, False
        while j < len(toks) and j < i + 8:
            w = toks[j].norm
            unit = _UNITS.get(w) or (_UNITS.get(w[1:]) if any_word and w.startswith("و") else None)
            if unit is None:
                break
            total += unit
            any_word = True
            j += 1
        if any_word:
            value = total
    if value is None and tok.norm in _SCALES and tok.norm not in ("الاف", "ملايين", "مليارات"):
        return float(_SCALES[tok.norm]), i + 1
    if value is None:
        return None
    while j < len(toks) and toks[j].norm in _SCALES:
        value *= _SCALES[toks[j].norm]
        j += 1
    return value, j


def _digits(norm: str) -> float | None:
    plain = norm.replace(",", "") if norm.count(",") and len(norm.rsplit(",", 1)[1]) == 3 else norm.replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        return None


def money_at(toks: list[Token], currency: int) -> tuple[float, int] | None:
    """Read the sum that ends right before the currency word: (amount, first token)."""
    for start in range(max(0, currency - 6), currency):
        got = number_at(toks, start)
        if got is not None and currency - 1 <= got[1] <= currency:
            return got[0], start
    return None


def count_at(text: str, toks: list[Token], at: int) -> list[Count]:
    """Return the numbers of people near the trigger, each with what befell them.

    A number counts for the nearest of the words of death, injury or arrest within four tokens; «أكثر من» leaves the upper
    end open, «نحو» both as given.
    """
    out: list[Count] = []
    i = max(0, at - 12)
    stop = min(len(toks), at + 16)
    while i < stop:
        got = number_at(toks, i) if toks[i].kind in ("n", "w") else None
        if got is None:
            dual = _NOUNS_DUAL.get(toks[i].norm)
            if dual:
                _count(text, toks, i, i + 1, float(dual), out)
            i += 1
            continue
        value, j = got
        if value == int(value) and 0 < value < 10**7:
            _count(text, toks, i, j, value, out)
        i = max(j, i + 1)
    return out


def _count(text: str, toks: list[Token], i: int, j: int, value: float, out: list[Count]) -> None:
    what = _fate(toks, i, j)
    if what is None:
        return
    low: int | None = int(value)
    high: int | None = int(value)
    before = [t.norm for t in toks[max(0, i - 3) : i]]
    if "اكثر" in before or "فوق" in before or ("الاقل" in [t.norm for t in toks[j : j + 4]]):
        high = None
    elif "اقل" in before:
        low = None
    a, b = toks[i].start, toks[j - 1].end
    if not any(c.start == a for c in out):
        out.append(Count(start=a, end=b, text=text[a:b], what=what, low=low, high=high))


def _fate(toks: list[Token], i: int, j: int) -> CountKind | None:
    best: tuple[int, CountKind] | None = None
    for k in range(max(0, i - 4), min(len(toks), j + 4)):
        if i <= k < j:
            continue
        gap = i - k if k < i else k - j + 1
        w = toks[k].norm
        bare = w[1:] if w[:1] in "وب" else w
        kinds: tuple[tuple[CountKind, tuple[str, ...]], ...] = (("dead", _DEAD), ("injured", _HURT), ("arrested", _HELD))
        for kind, group in kinds:
            if (w in group or bare in group) and (best is None or gap < best[0]):
                best = (gap, kind)
        if any(t.norm in (".", "؛") for t in toks[min(k, i) : max(k, j)]):
            continue
    return best[1] if best else None
