"""Whom anaphors and pronouns mean: «الجانبان»، «نظيره»، «المملكة»، «بينهما»، and the owner of an attached pronoun.

By gender, number and recency, in the sentence and the one before; nothing that agrees means nobody, with the reason kept.
"""

from __future__ import annotations

from waqai.text import fold
from waqai.types import Mention
from waqai.who.find import ActorMention
from waqai.who.memory import FAR, Known, Memory, key_of

__all__ = ["KINGDOMS", "anaphor", "kingdom", "owner"]

KIN = frozenset(("والد", "نجل", "زوج", "اخت", "قرين", "ابن", "شقيق", "محام", "صديق", "عاءله", "اسره", "زميل", "قريب"))
"""Heads whose attached pronoun means a person: «والدها»."""
KINGDOMS = ("SAU", "MAR", "BHR", "JOR", "GBR")


def owner(s: Memory, m: Mention, pronoun: str) -> Mention | None:
    """Whom an attached pronoun means: the last party before it that agrees, in this sentence or the one before."""
    back = 4 if pronoun == "نا" else 1
    for known in reversed(s.history[-30:]):
        k = known.mention
        if k.sentence < m.sentence - back:
            break
        if (
            (k.country or (k.kind == "person" and k.form == "name"))
            and (k.kind in ("person", "group") or m.head not in KIN)
            and k.form not in ("demonym", "pronoun")
            and k.end <= m.start
            and not (m.sector == "MIL" and k.sector == "SOC")
            and _agrees(k, pronoun)
        ):
            return k
    return None


def _agrees(k: Mention, pronoun: str) -> bool:
    """Whether a party can be what a pronoun stands for: persons by gender, groups plural, states and bodies feminine or not."""
    if pronoun in ("هم", "هن", "هما", "كم"):
        return k.number in ("p", "d") or k.kind in ("group", "organization")
    if pronoun == "ه":
        if k.kind == "person":
            return k.gender != "f" and k.number != "p"
        return k.number != "p" and not (k.head or fold(k.name).split(" ")[0]).endswith("ه") and k.kind != "state"
    if pronoun == "ها":
        if k.kind == "person":
            return k.gender == "f"
        return True
    return k.kind == "person"


def anaphor(s: Memory, m: Mention) -> str | None:
    closed = m.closed if isinstance(m, ActorMention) else ""
    if closed in ("pair", "country_pair", "d"):
        return _pair(s, m, closed == "country_pair")
    if closed.startswith("states "):
        return _states(s, m, int(closed[7:]))
    if closed == "kingdom":
        m.country = kingdom(s)
        m.sector = "GOV"
        return f"state:{m.country}" if m.country else None
    if closed == "country":
        pronoun = next((x for x in ("ها", "هم", "نا", "ه") if m.text.endswith(x)), "")
        whose = owner(s, m, pronoun) if pronoun else None
        m.country = (whose.country if whose is not None else None) or s.home.code
        m.sector = "GOV"
        return f"state:{m.country}" if m.country else None
    if closed == "counterpart":
        return _counterpart(s, m)
    return _pronoun(s, m, closed)


def kingdom(s: Memory) -> str | None:
    """Which kingdom «المملكة» is: the article's, else the last one named; the United Kingdom only where no other is."""
    if s.home.code in KINGDOMS and s.home.code != "GBR":
        return s.home.code
    named = [k.mention.country for k in reversed(s.history[-FAR:]) if k.mention.country in KINGDOMS]
    return next((c for c in named if c != "GBR"), named[0] if named else s.home.code if s.home.code == "GBR" else None)


def _counterpart(s: Memory, m: Mention) -> str | None:
    for known in reversed(s.history[-8:]):
        k = known.mention
        if k.kind == "person" and k.sector and k.country != m.country:
            m.sector, m.head = k.sector, k.head
            break
    m.sector = m.sector or "GOV"
    return f"office:{m.head}:{m.country}:{m.sector}"


def _pair(s: Memory, m: Mention, states: bool) -> str | None:
    """The two last different parties: of the same head where the word has one, else of different countries."""
    found: list[Known] = []
    pool = (s.by_head.get(m.head or "", []) if m.head else s.history)[-FAR:]
    recent = [k for k in pool if k.mention.sentence >= m.sentence - 3]
    if m.head and len({k.mention.country for k in recent if k.mention.country and k.mention.number == "s"}) < 2:
        pool = [k for k in s.history[-FAR:] if k.mention.kind == m.kind or m.kind != "person"]
    seen: set[object] = set()
    for known in reversed(pool):
        k = known.mention
        if k.form == "pronoun" or k.number == "p" or not k.country or k.country in seen or k.start == m.start or k.sector == "JRN":
            continue
        if isinstance(k, ActorMention) and k.closed not in ("", "pair", "country_pair", "counterpart"):
            continue
        seen.add(k.country)
        found.append(known)
        if len(found) == 2:
            break
    found.reverse()
    nth = m.nth if isinstance(m, ActorMention) else 0
    if len(found) <= nth or len(found) < 2:
        s.reasons[m.start] = "no two parties stand before it"
        return None
    k = found[nth].mention
    m.country = k.country
    m.sector = "GOV" if states else k.sector or m.sector
    return f"state:{m.country}" if states else key_of(s, found[nth].entity)


_STATES = 500
"""How many parties back «البلدان» may look: more than an article of news has, so that a very long one costs no square of its length."""


def _states(s: Memory, m: Mention, number: int) -> str | None:
    """The states that «الدول الثلاث» or «مسؤولي البلدين» mean: the last that are named side by side in this number, else the last."""
    runs: list[list[str]] = [[]]
    end = -9
    recent: list[str] = []
    for known in s.history[-_STATES:]:
        k = known.mention
        if (
            k.country is None
            or len(k.country) != 3
            or k.country in _NO_STATES
            or k.form == "pronoun"
            or k.sector == "JRN"
            or k.start >= m.start
        ):
            continue
        if k.start - end > 3 and k.start != end:
            runs.append([])
        if k.country not in runs[-1]:
            runs[-1].append(k.country)
        end = k.end
        recent = [c for c in recent if c != k.country] + [k.country]
    found = next((r for r in reversed(runs) if len(r) == number), recent[-number:] if number == 2 or len(recent) == number else [])
    nth = m.nth if isinstance(m, ActorMention) else 0
    if len(found) < number:
        s.reasons[m.start] = "no such number of states stands before it"
        if number == 2:
            m.country = s.home.code
        return f"new:{m.start}:{nth}"
    m.country = found[nth]
    if m.sector is None or m.head in ("دوله", "بلد"):
        m.sector = "GOV"
    return f"state:{m.country}" if m.head in ("دوله", "بلد") else f"new:{m.start}:{nth}"


_NO_STATES = frozenset(("IGO", "UNO", "EUR", "NGO", "MNC", "IMG", "ISM"))


def _pronoun(s: Memory, m: Mention, closed: str) -> str | None:
    if closed == "first":
        speaker = owner(s, m, "نا")
        if speaker is None:
            s.reasons[m.start] = "no speaker stands before it"
            return None
        m.country, m.sector = speaker.country, speaker.sector
        return None
    number = {"ms": "s", "fs": "s", "last": "s"}.get(closed, "p")
    for known in reversed(s.history[-10:]):
        k = known.mention
        if k.sentence < m.sentence - 1:
            break
        if k.form in ("pronoun", "demonym"):
            continue
        plural = k.number == "p"
        if (number == "p") != plural:
            continue
        if closed == "ms" and (k.gender == "f" or k.kind == "state"):
            continue
        if closed == "fs" and not (k.gender == "f" or k.kind in ("state", "organization")):
            continue
        m.country, m.sector = k.country, k.sector
        return key_of(s, known.entity)
    s.reasons[m.start] = "no party before it agrees with the pronoun"
    return None
