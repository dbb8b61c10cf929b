"""Which cue of stance governs an event: the shallow structure between a cue and the word that names the act.

Arabic marks what is planned, asked for, feared or denied by what stands before the act: a verb or noun that takes it through
a preposition («طالب … بالانسحاب»، «دعوات … لإغلاق»), through «أن» with a verb, or directly as its object or second term
(«اعتزام زيارة»). A cue governs strongly where only words without an act of their own stand between, or where the phrase of
the act carries the cue's preposition; weakly where it merely stands in the same clause.
"""

from __future__ import annotations

import re

from waqai.says import CueHit, Said
from waqai.types import Token
from waqai.what.candidates import Candidate

__all__ = ["CLASSES", "NAMES", "stance_row"]

CLASSES = ("future", "plan", "attempt", "condition", "possibility", "call", "negated", "denial", "hypothetical")
_INDEX = {c: i for i, c in enumerate(CLASSES)}
_REACH = 16
_THAT = frozenset(("ان", "بان", "انه", "انها", "بانه", "بانها", "انهم", "الا", "وان"))
_BREAK = frozenset("؛:.،؟!")
_QUOTES = frozenset("\"«»“”")
# Words that open a clause of their own: a cue before them says nothing of what follows.
_OPENERS = frozenset(
    (
        "التي", "الذي", "الذين", "اللذين", "حيث", "بعد", "بعدما", "عندما", "حين", "لكن", "ولكن", "لان", "لانه", "لانها", "كما", "منذ", "عقب",
        "اثر", "بسبب", "رغم", "فيما", "بينما", "مما", "اذ", "والتي", "والذي", "وكانت", "وكان", "قائلا", "مضيفا", "مءكدا", "مشيرا", "غداه",
        "وذلك", "خلال", "ردا", "نتيجه", "وقد", "وقال", "واضاف",
    )
)  # fmt: skip
# Words without an act of their own between a cue and the act: support verbs and nouns, determiners.
_LIGHT = frozenset(
    (
        "ان", "بان", "يتم", "تتم", "يجري", "تجري", "يكون", "تكون", "يقوم", "تقوم", "يقوموا", "قيام", "القيام", "اي", "كل", "هذا", "هذه", "هناك",
        "من", "الي", "علي", "في", "عن", "ثمه", "مثل", "تلك", "ذلك", "جميع", "شن", "عقد", "اجراء", "تنفيذ", "تنظيم", "فرض", "بدء", "اعاده",
        "ارتكاب", "توجيه", "تقديم", "اتخاذ", "اطلاق", "مواصله", "استمرار", "فتح", "وقوع", "اندلاع", "حدوث", "انعقاد", "تشكيل", "عمليه", "عمليات",
        "مزيد", "المزيد", "حصول", "صدور", "اصدار", "وجود", "دخول", "قرب", "بعض", "ايضا", "مجددا", "فورا", "بدوره", "يوجد", "توجد", "يعد",
        "سيتم", "ستتم", "سيجري", "ستجري", "سيكون", "ستكون", "سيقوم", "ستقوم", "تقع", "يقع", "يحدث", "تحدث", "ضروره", "اهميه", "وجوب", "امكانيه",
        "قد", "لا", "يزال", "تزال", "لها", "له", "عليها", "عليه", "يشن", "تشن", "تنفذ", "ينفذ", "تجد", "هي", "هو", "نيته", "نيتها", "اجراءات",
    )
)  # fmt: skip
_LEADS = {
    w: k
    for k, group in enumerate(
        (
            ("ب",), ("ل", "للـ"), ("الي",), ("علي",), ("من",), ("عن",), ("في",), ("ان", "بان", "انه", "انها", "انهم", "بانه", "الا"),
            ("بعد", "عقب", "اثر", "منذ"), ("قبل", "قبيل"), ("خلال", "اثناء"), ("لم", "لن", "لا", "ولم", "ولن", "ولا"), ("قد", "وقد", "لقد"),
            ("كان", "كانت", "وكان", "وكانت"), ("التي", "الذي", "الذين"), ("دون", "عدم", "غير", "بدون"), ("حتي", "كي", "لكي"),
            ("اذا", "لو", "ان"), ("تم", "وتم", "جري", "جرت", "تمت"), ("ضد", "تجاه"), ("يوم", "امس"), ("او", "ثم"),
        ),
        start=1,
    )
    for w in group
}  # fmt: skip
_FUTURE = re.compile(r"[وف]?س[يتنا][ء-ي]{2,}")
_IMPERFECT = re.compile(r"[وف]?ي[ء-ي]{3,}")
_NOT_FUTURE = frozenset(
    ("سياسه", "سياسي", "سياسيه", "سيطره", "سياره", "سيارات", "سيناء", "ستين", "سنوات", "سيناريو", "سيده", "سنويا", "ستار", "سياق")
)  # fmt: skip
_NEGATIONS = frozenset(
    ("لم", "لن", "لا", "ليس", "ليست", "عدم", "دون", "بدون", "الا", "غير", "ولم", "ولن", "ولا", "بعدم", "لعدم", "وعدم", "فلم", "فلن")
)  # fmt: skip
NAMES = (*("governs_" + c for c in CLASSES), "best", "strength", "second", "lead", "phrase", "letter", "future", "future_before", "not_before",
         "was", "coordinated", "whether", "supported", "gap", "others")  # fmt: skip


def _is_future(norm: str) -> bool:
    return norm[:1] in "وفس" and _FUTURE.fullmatch(norm) is not None and norm.lstrip("وف") not in _NOT_FUTURE


def _lead(toks: list[Token], c: Candidate) -> tuple[int, str]:
    """The first token of the act's phrase, support nouns included, and the letter or word that leads it."""
    i = c.token
    clitic = c.reading.clitic if c.reading is not None else _letter(toks[i].norm)
    start = i
    for _ in range(3):
        letter = clitic.replace("ال", "").replace("و", "").replace("ف", "")
        if letter in ("ب", "ل", "لل"):
            return start, letter[0]
        if start == 0:
            return start, ""
        previous = toks[start - 1].norm
        if previous in _LEADS:
            return start, previous
        clitic = _letter(previous)
        bare = previous[len(clitic) :]
        if bare not in _LIGHT:
            return start, ""
        start -= 1
    return start, ""


def _letter(norm: str) -> str:
    """The preposition letter of a word that no entry reads, where its article shows it («بالانسحاب»، «للقمة»)."""
    if norm.startswith(("بال", "وبال")) and len(norm) > 5:
        return "ب"
    if norm.startswith(("لل", "ولل")) and len(norm) > 4:
        return "ل"
    for letter in "بل":
        if norm[0] == letter and norm[1:] in _LIGHT:
            return letter
    return ""


def _strength(cue: CueHit, toks: list[Token], start: int, lead: str, verbs: frozenset[int] | set[int], coordinated: bool) -> float:
    """How closely the cue governs the phrase that begins at `start`: 0 not at all … 3 directly."""
    gap = start - cue.last
    if gap > _REACH:
        return 0.0
    between = [t.norm for t in toks[cue.last : start]]
    if all(w in _LIGHT or w[1:] in _LIGHT for w in between):
        return 3.0
    if any((w in _BREAK and w != "،") or w in _OPENERS for w in between):
        return 0.0
    acts = sum(1 for j in range(cue.last, start) if j in verbs or _IMPERFECT.fullmatch(toks[j].norm))
    commas = between.count("،")
    if lead and lead in cue.preps.split() and acts == 0 and commas <= 1:
        return 2.5
    if cue.loose:
        return 0.0
    if lead in _THAT and acts == 0 and not commas:
        return 2.5
    if any(w in _THAT for w in between):
        at = next(j for j in range(cue.last, start) if toks[j].norm in _THAT)
        inside = sum(1 for j in range(at, start) if j in verbs or _IMPERFECT.fullmatch(toks[j].norm))
        return 2.0 if at - cue.last <= 6 and inside == 0 and not commas else 1.0 if inside <= 1 and not commas else 0.3
    if acts == 0 and not commas:
        return 1.5 if gap <= 4 else 1.0
    if coordinated and not commas:
        return 1.0
    return 0.5 if not commas else 0.2


def stance_row(c: Candidate, toks: list[Token], said: Said, acts: list[int]) -> list[float]:
    """Return the numbers of NAMES. `acts` are the tokens that trigger entries read as acts."""
    start, lead = _lead(toks, c)
    norm = toks[c.token].norm
    coordinated = norm[0] == "و" and c.reading is not None and c.reading.clitic.startswith("و")
    verbs = {a.cue for a in said.attributions if a.by == "verb"}
    governs = [0.0] * len(CLASSES)
    best: tuple[float, float, int, int] = (0.0, 0.0, 0, 0)
    second = 0
    for cue in (*said.cues, *said.loose):
        k = _INDEX.get(cue.kind)
        if k is None or cue.last > start or cue.first == c.token:
            continue
        s = _strength(cue, toks, start, lead, verbs - {cue.first}, coordinated)
        if s <= 0:
            continue
        governs[k] = max(governs[k], s)
        rank = (s, float(cue.last), k + 1, start - cue.last)
        if rank > best:
            if best[2] and best[2] != rank[2]:
                second = best[2]
            best = rank
    before = [t.norm for t in toks[max(0, c.token - 5) : c.token]]
    verbal = c.reading is None or c.reading.part == "v"
    window = toks[max(0, c.token - 8) : c.token]
    return [
        *governs, float(best[2]), best[0], float(second), float(_LEADS.get(lead, 0)), float(c.token - start),
        {"ب": 1.0, "ل": 2.0}.get(lead, 0.0), float(verbal and _is_future(norm)), float(any(_is_future(w) for w in before)),
        float(any(w in _NEGATIONS for w in before[-2:])), float(any(w in ("كان", "كانت", "وكان", "وكانت") for w in before[-3:])),
        float(coordinated), float(any(t.norm in ("اذا", "ان") and k and window[k - 1].norm in ("ما", "عما", "فيما") for k, t in enumerate(window))),
        float(any(w in _LIGHT for w in before[-1:])), float(best[3]), float(sum(1 for j in acts if best[2] and start - best[3] <= j < start)),
    ]  # fmt: skip
