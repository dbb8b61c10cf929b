"""Classes of parties that take their country from the article by a rule of their own.

Kurdish forces, the two Koreas, missions abroad, allies, gunmen of a group told before, the Brotherhood: each rule names the
words it is for, and applies only where the phrase itself tells no state.
"""

from __future__ import annotations

from waqai.text import fold
from waqai.types import Mention
from waqai.who.corefer import kingdom, owner
from waqai.who.find import ActorMention
from waqai.who.memory import FAR, Memory
from waqai.who.modify import NOT_THEIRS, POSTED

__all__ = ["MIGRANTS", "retold", "settled", "told"]

_KURDS = frozenset(("كردي", "كرديه", "اكراد", "كرديين", "كرديون", "كرديا"))
_KURDISH_LANDS = ("SYR", "IRQ", "TUR", "IRN")
_ARMED = frozenset(("REB", "PRM", "MIL", "COP", "UAF"))
_NORTH = frozenset(("الشمالي", "الشماليه", "الشماليين", "الشماليون"))
_SOUTH = frozenset(("الجنوبي", "الجنوبيه", "الجنوبيين", "الجنوبيون"))
_FIGHTERS = frozenset(("مسلح", "مهاجم", "متشدد", "متطرف", "ارهابيون", "جهاديون"))
_HIS_COUNTRY = {"بلاده": "ه", "بلادها": "ها", "بلاد": "ه"}
_ELECTORAL = ("IRQ", "LBY", "SDN", "ETH", "MYS", "PAK", "IND")
"""States whose own commissions are «المفوضية»."""
_BODIES = frozenset(("حلف", "مفوضيه"))
MIGRANTS = frozenset(("مهاجر", "مهاجر غير شرعي", "طالب لجوء"))
"""Heads of people on their way: what an article about them calls people, children and survivors is of no known country."""
_ABOARD = frozenset(("شخص", "طفل", "امراه", "ناج", "راكب", "غريق", "ناس"))
_OTHERS = frozenset(("اخري", "الاخري", "الباقيه", "معاديه", "الموقعه", "الضامنه", "الراعيه"))
_BROTHERS = "org:جماعة الإخوان المسلمين"
_CATHOLICS = "org:الكنيسة الكاثوليكية"
_LOCAL_BRANCHES = {
    _BROTHERS: frozenset(("EGY", "YEM", "JOR", "LBY", "TUN", "SYR", "SDN")),
    "org:أنصار الشريعة": frozenset(("LBY", "TUN", "YEM")),
}
"""Movements with a branch of their own in some states: in an article about one of those it is that branch."""


def told(s: Memory, m: ActorMention) -> bool:
    """Give `m` the country of its class's rule, or the reason for none; False where no rule is for it."""
    words = fold(m.text).split()
    if not _KURDS.isdisjoint(w.removeprefix("و").removeprefix("ال") for w in words):
        return _kurds(s, m)
    head = (m.head or "").split(" ")[0]
    if len(words) == 1 and words[0] in ("الشمال", "الجنوب") and {"KOR", "PRK"} <= s.named:
        m.country, m.sector = "PRK" if words[0] == "الشمال" else "KOR", "GOV"
        return True
    if s.home.code in ("KOR", "PRK") and words and (words[-1] in _NORTH or words[-1] in _SOUTH):
        m.country = "PRK" if words[-1] in _NORTH else "KOR"
        return True
    if s.migrants and not m.near and not m.suffix and (head in _ABOARD or head == "زورق"):
        if head == "زورق":
            m.sector = "REF"
        s.reasons[m.start] = "people or a boat of an article about migrants"
        return True
    if head == "طرف" and m.number == "p" and not _OTHERS.isdisjoint(words):
        s.reasons[m.start] = "other parties than the one named"
        return True
    if head in _BODIES and _body(s, m, head):
        return True
    if not {"الخزانه", "خزانه"}.isdisjoint(words) and s.home.code != "GBR" and "USA" in s.codes:
        m.country = "USA"  # a treasury, not a ministry of finance
        return True
    if m.complement == "المملكه":
        m.country = kingdom(s)
        if head == "قاءد":
            m.sector = "GOV"
        return m.country is not None
    if head in POSTED and m.near:
        pronoun = next((p for w, p in _HIS_COUNTRY.items() if w in words), "")
        whose = owner(s, m, pronoun) if pronoun else None
        m.country = whose.country if whose is not None else s.home.code if s.home.code not in m.near else None
        if m.country is None:
            s.reasons[m.start] = "the phrase says where it is posted, not whose it is"
        return True
    if head in NOT_THEIRS and head != "محام" and (m.suffix or m.complement):
        s.reasons[m.start] = "allies of a state, not that state"
        return True
    return _gunmen(s, m)


def _body(s: Memory, m: ActorMention, head: str) -> bool:
    """«المفوضية»، «الحلف»: a body of many states, the one of that name that the document has named."""
    known = next((k.mention for k in reversed(s.by_head.get(head, [])[-FAR:]) if k.mention.country is not None), None)
    if known is not None:
        m.country, m.sector = known.country, known.sector
    elif head == "حلف":
        m.country = "IGO"
    elif "ساميه" in fold(m.text):
        m.country = "UNO"
    elif m.bare and s.home.code not in _ELECTORAL:
        m.country = "UNO" if "UNO" in s.codes and "EUR" not in s.codes else "EUR" if "EUR" in s.codes else None
    return m.country is not None


def _kurds(s: Memory, m: ActorMention) -> bool:
    """Of the Kurds' four countries the article's, else the first that it names."""
    if m.near and m.near[0] in _KURDISH_LANDS:
        m.country = m.near[0]
    elif s.home.code in ("SYR", "IRQ", "IRN"):
        m.country = s.home.code
    else:
        m.country = next((c for c in _KURDISH_LANDS if c in s.named), None)
    if m.country in ("SYR", "TUR") and (m.sector in _ARMED or (m.head == "اكراد" and m.bare and m.definite)):
        m.sector = "REB"
    return m.country is not None


def _gunmen(s: Memory, m: ActorMention) -> bool:
    """«المسلحون» after a rebel group told before are its men."""
    if m.sector != "UAF" or not m.definite or m.number != "p" or m.head not in _FIGHTERS:
        return False
    for known in reversed(s.history[-FAR:]):
        k = known.mention
        if k.sector in ("REB", "PRM") and k.country is not None:
            m.country, m.sector = k.country, k.sector
            return True
    return False


def settled(m: Mention) -> None:
    """Sectors that hold in one country alone: the United Nations' bodies are GOV; Syria's opposition is told of as armed."""
    if m.country == "UNO" and m.kind == "organization" and m.sector in ("JUD", "SOC", "LEG"):
        m.sector = "GOV"
    elif m.country == "SYR" and m.head == "معارضه" and m.sector == "OPP":
        m.sector = "REB"


def retold(s: Memory, m: Mention) -> None:
    """Names that mean another party in the article's country: the Brotherhood in Egypt, «الميليشيات الإيرانية» in Yemen."""
    if m.ref == _BROTHERS and m.country == "ISM" and (s.home.code == "EGY" or "EGY" in s.named):
        m.country = "EGY"
    elif (m.ref in _LOCAL_BRANCHES and s.home.code in _LOCAL_BRANCHES[m.ref]) or (m.ref == _CATHOLICS and s.home.code is not None):
        m.country = s.home.code
    elif m.country == "BEL" and s.home.code != "BEL" and "EUR" in s.codes and fold(m.text).endswith("بروكسل") and m.form == "state":
        if isinstance(m, ActorMention) and not m.place:
            m.country = "EUR"
    elif m.country == "IRN" and s.home.code == "YEM" and m.head in ("ميليشيا", "مليشيا"):
        m.country, m.sector = "YEM", "REB"
