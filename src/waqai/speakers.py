"""Who speaks: the subject of a verb of saying, the source after «بحسب», the owner of a speech noun.

News Arabic puts the speaker right after the verb, with adverbials in between («قال، مساء الخميس، في بيان، المتحدث …»), before
it (headlines, «كان … قد قال», relative clauses), or leaves it out and goes on with the speaker before («وأضاف أن»). The source
is given as the whole phrase: «مسؤول في الوزارة», «مراسل "…"».
"""

from __future__ import annotations

import re

import msgspec

from waqai.types import Mention, Sentence, SourceKind, Token

__all__ = ["Attribution", "by_noun", "by_verb", "fill", "opens", "same_gender", "take"]

THAT = frozenset(("ان", "بان", "انه", "انها", "انهم", "بانه", "بانها", "بانهم", "انهما", "وان", "انني", "اننا", "باننا", "الا", "اني"))
QUOTES = frozenset("\"«»“”")
_OPENERS = {**dict.fromkeys(THAT, 1), **dict.fromkeys(QUOTES, 2), ":": 3, "الي": 4, "عن": 5, "علي": 6, "من": 7}
_TIME = frozenset(
    (
        "امس", "اليوم", "مساء", "صباح", "ظهر", "فجر", "ليل", "ليله", "السبت", "الاحد", "الاثنين", "الثلاثاء", "الاربعاء", "الخميس", "الجمعه",
        "يوم", "حينها", "الماضي", "الماضيه", "سابقا", "لاحقا", "الان", "مءخرا", "حينه", "وقتها", "انذاك", "قبل", "الاثنتين",
    )
)  # fmt: skip
_FILLERS = _TIME | frozenset(
    (
        "ايضا", "كذلك", "كما", "جانبه", "جهته", "جانبها", "جهتها", "بدوره", "بدورها", "،", "مجددا", "بوضوح", "صراحه", "حرفيا", "رسميا", "هنا",
        "من", "و", "-", "ناحيته", "ناحيتها", "سياق", "اخر", "متصل", "وقت", "ذاته", "نفسه", "السياق", "الصدد", "هذا", "غضون", "ذلك",
    )
)  # fmt: skip
_PLACES = frozenset(("في", "خلال", "عبر", "امام", "عقب", "بعد", "منذ", "ضمن", "اثناء", "لدي", "اثر", "علي هامش"))
_SPEECH = frozenset(
    (
        "بيان", "تصريح", "تصريحات", "موتمر", "مءتمر", "مقابله", "كلمه", "خطاب", "تغريده", "تغريدات", "حديث", "حديثه", "لقاء", "رساله", "تقرير",
        "منشور", "تدوينه", "تسجيل", "مقال", "اتصال", "كلمته", "خطابه", "وقت", "سياق", "هذا", "اطار", "مداخله", "بلاغ", "ايجاز", "احاطه", "سلسله",
    )
)  # fmt: skip
_HIS_WORDS = frozenset(("قوله", "قولها", "قولهم", "قولهما"))
_NO_SUBJECT = THAT | _HIS_WORDS | _FILLERS | _PLACES | _TIME | frozenset(
    (
        "الي", "علي", "عن", "مع", "بين", "حول", "بشان", "قائلا", "قائله", "قائلين", "مءكدا", "مءكده", "موضحا", "مشيرا", "لها", "له", "لهم", "به",
        "بها", "لا", "لم", "لن", "قد", "ما", "اذا", "هو", "هي", "هم", "اي", "كل", "بعض", "هناك", "التي", "الذي", "بشكل", "لكن", "او", "ثم", "بل",
        "هذه", "تلك", "ضروره", "اهميه", "عدم", "وجود", "استعداد", "رفض", "دعم", "ضد", "قبل", "كيف", "لماذا", "متي", "مدي", "بالقول", "القول",
    )
)  # fmt: skip
_BETWEEN = frozenset(("قد", "لم", "لن", "لا", "كان", "كانت", "سوف", "ايضا", "كانوا", "سبق", "لقد", "ثم"))
_RELATIVE = frozenset(("الذي", "التي", "الذين", "والذي", "والتي"))
_VERBAL = re.compile(r"[وف]?س?ي[ء-ي]{3,}")
_REACH = 12


class Attribution(msgspec.Struct):
    """Somebody speaks in a sentence.

    `cue` is the token of the verb or phrase; `start`, `end`, `text` the source's words (offsets in the text), None where the
    subject is not named here (`carried`: taken from the sentence before). `by` "verb" | "phrase" | "chain" | "noun" |
    "anonymous" | "thread" (who was speaking before); `kind` of the verb. `governs` is the first token of what is said; what
    stands before it is said too where `by` is "phrase". `opens` tells what follows (1 «أن», 2 a quotation, 3 a colon, 4 «إلى»,
    5 «عن», 6 «على», 7 «من», 0 nothing of these); `solid`: a speaker to go on with; `relative`: in a relative clause.
    `side` 1 the source stands after the cue, 2 before, 0 not here. `votes`: how many cues name the same source.
    """

    sentence: int
    cue: int
    by: str
    kind: str
    governs: int
    start: int | None = None
    end: int | None = None
    text: str | None = None
    source_kind: SourceKind = "person"
    mention: Mention | None = None
    carried: bool = False
    opens: int = 0
    solid: bool = False
    relative: bool = False
    side: int = 0
    votes: int = 1


def take(a: Attribution, m: Mention, toks: list[Token]) -> int:
    """Make the mention the source, as long as its phrase goes; returns the token after it."""
    stop = _extended(toks, m)
    a.mention, a.start, a.end, a.text = m, m.start, toks[stop - 1].end, m.text
    if stop == m.last:
        a.end = m.end
    a.source_kind = _kind_of(m)
    return stop


def _kind_of(m: Mention) -> SourceKind:
    if m.sector == "JRN" and m.kind != "person":
        return "outlet"
    if m.kind == "person":
        return "person"
    return "anonymous" if m.head in ("مصدر", "مصادر", "شهود", "شاهد") else "organization"


def _extended(toks: list[Token], m: Mention) -> int:
    """The end of the source's phrase: a quoted name, a hashtag's words, or what narrows an indefinite noun («مسؤول في …»)."""
    k, n = m.last, len(toks)
    while k < n and (toks[k].norm in "#_" or toks[k - 1].norm in "#_"):
        k += 1
    if k + 1 < n and toks[k].norm in QUOTES:
        close = next((j for j in range(k + 1, min(n, k + 6)) if toks[j].norm in QUOTES), None)
        if close is not None and close > k + 1:
            return close + 1
        return k
    if k >= n or k > m.last or toks[m.first].norm.lstrip("ولبف").startswith("ال") or m.last - m.first > 3:
        return k
    for j in range(k, min(n, k + 9)):
        w = toks[j].norm
        if w in THAT or w in QUOTES or w in ":،.(" or w in ("الي", "عن", "علي") or w in _TIME:
            return j
        if w in _RELATIVE or _VERBAL.fullmatch(w) or (w in _PLACES and (w != "في" or (j + 1 < n and toks[j + 1].norm in _SPEECH))):
            return j
        if j == k and w not in ("في", "من", "باسم") and not (w[0] == "و" and len(w) > 3):
            return k
    return k


def opens(toks: list[Token], at: int) -> int:
    """What introduces the words said, within reach of token `at`."""
    for j in range(at, min(len(toks), at + _REACH)):
        w = toks[j].norm
        if w in _OPENERS and (w not in ("من", "علي", "عن", "الي") or j <= at + 1):
            return _OPENERS[w]
        if w in ".؛":
            return 0
    return 0


def _object(m: Mention, toks: list[Token]) -> bool:
    """The mention carries a preposition letter: whom it is said to, not who says it."""
    word = toks[m.first].norm.lstrip("وف")
    return word.startswith("لل") or (m.start > toks[m.first].start and word[:1] in "لبك")


def _after(toks: list[Token], i: int, first_of: dict[int, Mention]) -> Mention | None:
    """The mention after the verb, over adverbials, phrases of place and occasion, and whom it is said to."""
    j, stop = i + 1, min(len(toks), i + 11)
    while j < stop:
        m = first_of.get(j)
        w = toks[j].norm
        if m is not None:
            if not _object(m, toks):
                return m
            j = m.last
        elif w in THAT or w in QUOTES or w == ":":
            return None
        elif w in _PLACES:
            inner = first_of.get(j + 1)
            j = inner.last if inner is not None else j + (3 if j + 2 < stop and toks[j + 2].norm not in _NO_SUBJECT else 2)
        elif w in _FILLERS or toks[j].kind != "w" or (w.startswith("ل") and j == i + 1):
            j += 1
        else:
            return None
    return None


def _before(toks: list[Token], i: int, mentions: list[Mention]) -> tuple[Mention | None, bool]:
    """The subject before the verb, and whether the verb stands in its relative clause."""
    here = [m for m in mentions if m.last <= i and m.form != "pronoun"]
    if not here:
        return None, False
    m = here[-1]
    between = [t.norm for t in toks[m.last : i]]
    bare = [w for w in between if w not in _BETWEEN]
    if not bare:
        return m, False
    if bare in (["الذي"], ["التي"], ["الذين"], ["ما"], ["،", "الذي"], ["،", "التي"]):
        return m, True
    if len(bare) <= 3 and not any(w in "،.:" for w in bare) and not any(w in THAT for w in bare):
        return m, False
    lead = next((x for x in here if x.first <= 2), None)
    if lead is not None and i - lead.last <= 14 and toks[i - 1].norm == "،" and not any(t.norm in THAT for t in toks[lead.last : i]):
        return lead, False
    return None, False


def by_verb(sentence: Sentence, i: int, kind: str, first_of: dict[int, Mention], mentions: list[Mention]) -> list[Attribution]:
    """The attribution of a verb of saying: its subject after it, before it, or left open for the speaker before."""
    toks = sentence.tokens
    a = Attribution(sentence.index, i, "verb", kind, i + 1)
    a.relative = i > 0 and toks[i - 1].norm in _RELATIVE
    m = _after(toks, i, first_of)
    if m is not None:
        a.governs = take(a, m, toks)
        a.opens, a.side = opens(toks, a.governs), 1
        a.solid = not a.relative and a.opens > 0
        return [a, *_chain(sentence, a, m.last, first_of)]
    m, relative = _before(toks, i, mentions)
    a.opens = opens(toks, i + 1)
    if m is not None and not _object(m, toks):
        take(a, m, toks)
        a.side, a.relative = 2, relative
        a.solid = not relative and a.opens in (1, 2, 3)
        return [a]
    return _unlisted(a, toks, i)


def _unlisted(a: Attribution, toks: list[Token], i: int) -> list[Attribution]:
    """A subject that no lexicon knows, where the words said follow; else the speaker before goes on, or both are kept."""
    subject = toks[i + 1] if i + 1 < len(toks) else None
    if subject is None or subject.kind != "w" or subject.norm in _NO_SUBJECT or subject.norm.startswith(("لل", "بال")):
        return [a]
    stop = _phrase_end(toks, i + 1)
    said = opens(toks, stop)
    if said in (5, 6, 7) and not (stop + 1 < len(toks) and toks[stop + 1].norm in THAT):
        said = 8
    if said not in (1, 2, 3, 7) and not subject.norm.startswith("ال"):
        return [a]
    b = msgspec.structs.replace(a, start=subject.start, end=toks[stop - 1].end, governs=stop, opens=said, side=1)
    b.solid = said in (1, 2, 3, 7) and not a.relative
    return [b] if b.solid else [b, a]


def _phrase_end(toks: list[Token], first: int) -> int:
    """The end of an unlisted source: at most five words, up to punctuation, a preposition of the saying or a new clause."""
    stop = first + 1
    while stop < min(len(toks), first + 5) and toks[stop].kind == "w" and toks[stop].norm not in _NO_SUBJECT:
        stop += 1
    return stop


def _chain(sentence: Sentence, a: Attribution, last: int, first_of: dict[int, Mention]) -> list[Attribution]:
    """«نقلت رويترز عن المتحدث»: the second source is the one who says it."""
    toks = sentence.tokens
    for j in range(last, min(len(toks) - 1, last + 8)):
        if toks[j].norm in THAT:
            break
        if toks[j].norm == "عن" and j + 1 not in first_of and j + 1 < len(toks) and toks[j + 1].kind == "w":
            stop = _phrase_end(toks, j + 1)
            if stop < len(toks) and (toks[stop].norm in THAT or toks[stop].norm in _HIS_WORDS):
                return [
                    Attribution(
                        sentence.index, a.cue, "chain", a.kind, stop, toks[j + 1].start, toks[stop - 1].end, "",
                        opens=1, solid=True, side=1,
                    )
                ]  # fmt: skip
        if toks[j].norm == "عن" and j + 1 in first_of:
            b = Attribution(sentence.index, a.cue, "chain", a.kind, first_of[j + 1].last)
            b.governs = take(b, first_of[j + 1], toks)
            b.opens, b.side = opens(toks, b.governs), 1
            b.solid = b.opens in (1, 2, 3) or a.kind == "report"
            return [b]
    return []


def fill(a: Attribution, sentence: Sentence, last: int, side: str, first_of: dict[int, Mention]) -> bool:
    """Find the source of an attribution phrase that ends before token `last`; False where none stands there."""
    toks = sentence.tokens
    if side == "none":
        return _author(a, toks, last, first_of)
    steps = range(last, min(last + 5, len(toks))) if side == "after" else range(max(0, a.cue - 1), max(-1, a.cue - 14), -1)
    for j in steps:
        m = first_of.get(j)
        if m is not None and (side == "after" or m.last >= a.cue - 1 or not _object(m, toks)):
            stop = take(a, m, toks)
            if side == "after":
                a.governs = stop
            a.side = 1 if side == "after" else 2
            return True
        if side == "after" and toks[j].norm in QUOTES:
            break
    if side == "after" and last < len(toks) and toks[last].kind == "w":
        stop = _phrase_end(toks, last)
        a.start, a.end, a.source_kind = toks[last].start, toks[stop - 1].end, "document"
        a.side = 1
        return True
    return False


def _author(a: Attribution, toks: list[Token], last: int, first_of: dict[int, Mention]) -> bool:
    """«في كلمة للوزير», «في بيان صادر عن الوزارة», «في تقرير الأمم المتحدة»: the owner speaks; an outlet after ل only listens."""
    for j in range(last, min(last + 6, len(toks))):
        m = first_of.get(j)
        if m is not None:
            letter = toks[j].norm.lstrip("وف")[:1] if _object(m, toks) else ""
            owner = (j == last and letter in ("", "ل")) or (letter == "ل" and j - last <= 2) or (j > last and toks[j - 1].norm == "عن")
            if owner and not (letter == "ل" and m.sector == "JRN"):
                a.governs, a.side = take(a, m, toks), 1
                return True
            return False
        if toks[j].kind != "w":
            return False
    return False


def by_noun(sentence: Sentence, i: int, first_of: dict[int, Mention]) -> Attribution | None:
    """«اتهامات موسكو»، «التصريحات التي أدلى بها الوزير»: the owner of a speech noun, or the subject of its relative clause."""
    toks = sentence.tokens
    m = first_of.get(i + 1)
    if m is None and i + 1 < len(toks) and toks[i + 1].norm in _RELATIVE:
        m = next((first_of[j] for j in range(i + 3, min(len(toks), i + 8)) if j in first_of and not _object(first_of[j], toks)), None)
    if m is None or _object(m, toks):
        return None
    a = Attribution(sentence.index, i, "noun", "say", i + 1)
    a.governs = take(a, m, toks)
    a.opens, a.side = opens(toks, a.governs), 1
    return a


def same_gender(verb: str, a: Attribution) -> bool:
    """Whether a verb without a subject can go on with this speaker; True where either gender is not told."""
    m = a.mention
    bare = verb[1:] if verb[:1] in "وف" and len(verb) > 3 else verb
    feminine = bare.endswith("ت") or bare[:1] == "ت"
    if m is None or m.gender is None:
        return True
    return (m.gender == "f") == feminine or m.number == "p"
