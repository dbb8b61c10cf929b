"""Resolve a document's mentions at once: one entity per referent; countries and sectors that only the document tells.

Unknown stays None, and the entity's `reason` says why. The order of evidence for a country, first that there is:
the phrase itself; where the party is («في باريس»); the same party said in full before; the pronoun's owner («جنوده»);
the article's country, for the kinds of party that an article names without theirs.
"""

from __future__ import annotations

from waqai.text import fold
from waqai.types import Document, Entity, Mention, Sentence, Span
from waqai.who.corefer import anaphor, owner
from waqai.who.find import ActorMention
from waqai.who.home import NO_ARMY, NOT_STATES, DocumentCountry, document_country
from waqai.who.lexicon import Lexicon
from waqai.who.memory import FAR, Known, Memory, key_of
from waqai.who.origin import origin
from waqai.who.special import MIGRANTS, retold, settled, told

__all__ = ["DocumentCountry", "document_country", "resolve"]

_SPEAKS_FOR_STATE = frozenset(("مصدر", "طرف", "جهه", "جانب", "وفد", "بعثه", "مسءول", "مفاوض", "رد", "دوله", "بلد"))
_RESCUE = ("المدني", "المدنيه", "الاطفاء", "الاسعاف", "الانقاذ", "الاغاثه")
_LOCAL = frozenset(("CVL", "COP", "MED", "JUD", "CRM", "LAB", "EDU", "REB", "BUS"))
_TORN, _SCATTERED = 0.45, 0.3
"""Below which part of an article's names the country it is about says less than the sentence."""
_SHARED = frozenset(("الحزب", "المجلس", "الجمعيه", "البرلمان", "المحكمه", "الحركه"))
_TAUGHT = frozenset(("طالب", "تلميذ", "معلم", "مدرس", "استاذ", "مدرسه", "جامعه", "كليه"))
_NATIONAL = frozenset(("الوطني", "الوطنيه", "القومي", "القوميه", "الاتحادي", "الاتحاديه", "الفيدرالي", "الفيدراليه"))
_OF_HERE = ("محلي", "رسمي", "حكومي")
_ANYWHERE = frozenset(("EDU", "JRN"))
_ARMED = frozenset(("REB", "PRM", "MIL", "COP", "UAF"))
_STRANGERS = frozenset(("لاجء", "مهاجر", "مهاجر غير شرعي", "طالب لجوء", "اجنبي", "قوات اجنبيه", "مقاتل اجنبي", "مانح"))
_STATE_HEADS = frozenset(("دوله", "بلد", "حكومه", "قوه", "كيان"))
_GENERIC_HEADS: dict[str, tuple[str, ...]] = {
    "PTY": ("حزب", "حركه", "جماعه", "تنظيم"),
    "REB": ("حركه", "تنظيم", "جماعه", "ميليشيا", "مليشيا", "متمرد", "فصيل", "منظمه"),
    "PRM": ("حزب", "حركه", "جماعه", "ميليشيا", "مليشيا", "منظمه"),
    "BUS": ("شركه", "مجموعه", "بنك", "مصرف"),
    "SOC": ("منظمه", "جمعيه", "موءسسه", "مركز", "مرصد", "شبكه"),
    "JRN": ("صحيفه", "قناه", "وكاله", "شبكه", "موقع", "مجله"),
    "JUD": ("محكمه",),
    "GOV": ("منظمه", "وزاره", "هيءه", "مجلس", "وكاله", "لجنه", "اداره"),
    "LEG": ("مجلس", "برلمان"),
    "MIL": ("جيش", "قوات"),
}


def resolve(mentions: list[Mention], document: Document, sentences: list[Sentence], lexicon: Lexicon) -> list[Entity]:
    """Return the document's entities and fill `entity`, `country`, `sector` and `office` of every mention."""
    home = document_country(document, sentences, lexicon, mentions)
    state = Memory(document, lexicon, home, sentences)
    for m in mentions:
        if isinstance(m, ActorMention) and m.place and m.country:
            state.placed.setdefault(m.sentence, set()).add(m.country)
    for m in mentions:
        if m.country in lexicon.states and m.form in ("state", "demonym", "phrase") and not _by_org(m):
            state.told_at.setdefault(m.sentence, []).append((m.start, m.country))
    state.named = {m.country for m in mentions if m.country and m.form in ("state", "demonym", "phrase") and not _by_org(m)}
    state.codes = {m.country for m in mentions}
    state.migrants = sum(m.head in MIGRANTS for m in mentions) > 2
    for m in mentions:
        _one(state, m)
    for m, key in state.late:
        _late(state, m, key)
    for m, whose in state.owned:
        m.country = whose.country or m.country or home.code
    return _entities(state, mentions)


def _by_org(m: Mention) -> bool:
    """Whether only an organisation's name in the mention tells its country."""
    return (m.ref or "").startswith("org:") or (isinstance(m, ActorMention) and m.via_org)


def _one(s: Memory, m: Mention) -> None:
    retold(s, m)
    key = _keyed(s, m)
    if m.sector is None:
        _last_sector(s, m)
    settled(m)
    _register(s, m, key)


def _late(s: Memory, m: Mention, key: str) -> None:
    """A name whose country no mention of it told: now the article's country may."""
    if m.country is None:
        told: list[Mention] = s.entities[s.by_key[key]]["mentions"]  # type: ignore[assignment]
        m.country = next((e.country for e in told if e.country), None)
    if m.country is None:  # a family: «يوليا سكريبال» and «سيرغي سكريبال»
        m.country = s.surnames.get(_skeleton(fold(m.name).split()[-1])) if m.name.strip() else None
    if m.country is None:
        _country(s, m)
    if m.sector is None:
        # nobody says what the person is: a private one
        m.sector = next((e.sector for e in s.entities[s.by_key[key]]["mentions"] if e.sector), "CVL")  # type: ignore[attr-defined]


def _last_sector(s: Memory, m: Mention) -> None:
    """What a head that says nothing of its sector is by default: a side or a source of a state speaks for it."""
    if m.head == "اخر":
        group = next((k.mention for k in reversed(s.history[-6:]) if k.mention.number == "p"), None)
        m.sector, m.country = (group.sector, m.country or group.country) if group is not None else ("CVL", m.country)
    elif m.head in _SPEAKS_FOR_STATE or m.country in ("IGO", "UNO", "EUR"):
        m.sector = "GOV"
    elif m.head == "عنصر":
        m.sector = "GOV" if any(w in fold(m.text) for w in _RESCUE) else "REB"
    elif m.kind in ("person", "group") and m.form == "phrase":
        m.sector = "CVL"
    elif m.form == "name" and m.kind == "organization":  # «المعهد الوطني للرصد الجوي»، «شبكة كذا»
        words = fold(m.name).split()
        nouns = s.lexicon.word(words[0]).nouns if words else []
        m.sector = "GOV" if _NATIONAL.intersection(words[1:3]) else next((r.noun.sector for r in nouns if r.noun.kind != "person"), None)


def _keyed(s: Memory, m: Mention) -> str | None:
    key: str | None = None
    if m.form == "pronoun" or (isinstance(m, ActorMention) and m.closed and m.form == "anaphor"):
        key = anaphor(s, m)
        if key is None and m.head:  # no two parties for «الشخصان»: two of whoever the article is about
            _country(s, m)
    elif m.kind == "person":
        key = _person(s, m)
    else:
        key = _other(s, m)
    return key


# --- entities ---------------------------------------------------------------------------------------------------------


def _register(s: Memory, m: Mention, key: str | None) -> None:
    key = key or f"{m.kind}:{fold(m.text)}:{m.country}"
    at = s.by_key.get(key)
    if at is None:
        at = s.by_key[key] = len(s.entities)
        s.entities.append({"mention": m, "mentions": []})
    e = s.entities[at]
    e["mentions"].append(m)  # type: ignore[attr-defined]
    m.entity = f"e{at + 1}"
    known = Known(m, at)
    s.history.append(known)
    if m.head:
        s.by_head.setdefault(m.head, []).append(known)
    if m.form == "name" or (m.country and m.kind == "person" and m.name != m.text):
        words = fold(m.name).split()
        if m.kind == "person" and len(words) > 1:
            s.fullnames.setdefault(_skeleton(words[-1]), known)
            s.firstnames.setdefault(_skeleton(words[0]), known)
        if m.country and len(words) > 1:
            s.surnames.setdefault(_skeleton(words[-1]), m.country)
    if m.form in ("name", "state"):
        first = fold(m.name).split(" ")[0].removeprefix("ال")
        own_body = m.sector == "GOV" and m.country not in ("IGO", "UNO", "EUR")
        generic = _GENERIC_HEADS.get(m.sector or "", ()) if m.form == "name" and not own_body else ()
        if m.kind != "person":
            s.by_head.setdefault(first, []).append(known)
            for h in generic:
                s.by_generic.setdefault(h, []).append(known)


def _merge(s: Memory, key: str, other: str) -> None:
    """Make `other` another name of the entity of `key`."""
    if key in s.by_key:
        s.by_key.setdefault(other, s.by_key[key])


# --- persons ----------------------------------------------------------------------------------------------------------


def _person(s: Memory, m: Mention) -> str | None:
    named = m.form == "name" or (m.name != m.text)
    full = _in_full(s, m) if named else None
    if full is not None:
        k = full.mention
        m.ref, m.country = k.ref, k.country or m.country
        m.sector = k.sector if m.form == "name" else m.sector or k.sector
        m.office = m.office or k.office
        key = key_of(s, full.entity)
        if m.country is None or m.sector is None:
            s.late.append((m, key))
        return key
    if m.ref and m.ref in s.lexicon.people:
        _office_of(s, m)
        key = m.ref
        _share(s, m, key)
        _link_office(s, m, key)
        return key
    if named:
        if m.country is None:
            m.country = origin(s.sentences[m.sentence], m, s.lexicon)
        key = _same_name(s, m)
        _share(s, m, key)
        if m.country is None or m.sector is None:
            s.late.append((m, key))
        _link_office(s, m, key)
        return key
    _country(s, m)
    if m.number == "s" and m.head:
        return _office_key(s, m)
    return None


def _in_full(s: Memory, m: Mention) -> Known | None:
    """The person whom the document has named in full with this one word as surname, else as first name."""
    words = fold(m.name if m.ref is None else m.text).split()
    if m.form == "phrase" and m.ref is not None:
        words = fold(s.lexicon.people[m.ref].name).split() if m.ref in s.lexicon.people else words
    if len(words) != 1:
        return None
    key = _skeleton(words[0])
    found = s.fullnames.get(key) or (s.firstnames.get(key) if m.ref is None else None)
    return found if found is None or found.mention.ref != m.ref or m.ref is None else None


def _office_of(s: Memory, m: Mention) -> None:
    """The lexicon's office at the article's date, for a person named without one."""
    p = s.lexicon.people[m.ref or ""]
    date = s.document.published
    if m.country is None:
        m.country = p.country
    if m.form == "phrase" and m.sector not in (None, "UNK", "CVL"):
        return
    held = [
        o
        for o in p.office
        if date and (o.from_ or o.to) and (not o.from_ or o.from_ <= date[: len(o.from_)]) and (not o.to or date[: len(o.to)] <= o.to)
    ]
    if held:
        m.sector = held[-1].sector or p.sector or "GOV"
        if held[-1].country and m.country == p.country:
            m.country = held[-1].country
        m.office = m.office or held[-1].title
    elif date and p.office and all(o.to and o.to < date[: len(o.to)] for o in p.office):
        m.sector = "ELI"
    else:
        m.sector = p.sector or (p.office[-1].sector if p.office else m.sector)


def _same_name(s: Memory, m: Mention) -> str:
    """The key of the person with this name: an earlier fuller name that ends or starts with it, else a new one."""
    parts = [_skeleton(w) for w in fold(m.name).split()]
    name = " ".join(parts)
    at = s.names.get(name)
    if at is not None:
        return f"#{at}"
    number = len(s.names)
    s.names[name] = number
    if len(parts) > 1:
        s.names.setdefault(parts[-1], number)
        if len(parts) > 2:
            s.names.setdefault(" ".join(parts[-2:]), number)
            s.names.setdefault(" ".join(parts[:2]), number)
    return f"#{number}"


def _skeleton(word: str) -> str:
    """A word of a foreign name without its long vowels, which are spelt at will: «برانسون»، «برونسون». Short words stay."""
    bare = word[:1] + "".join(c for c in word[1:] if c not in "اويء").replace("غ", "ج").replace("ك", "ج")
    return bare if len(bare) >= 4 else word


def _share(s: Memory, m: Mention, key: str) -> None:
    """One referent, one country and sector: take over what an earlier mention told, or tell it to the earlier ones."""
    at = s.by_key.get(key)
    if at is None:
        return
    earlier: list[Mention] = s.entities[at]["mentions"]  # type: ignore[assignment]
    told = next((e for e in reversed(earlier) if e.form == "phrase" and e.sector), None)
    if m.form != "phrase" and told is not None:
        m.sector = told.sector
        m.office = m.office or told.office
    if m.country is None or (m.form == "name" and not m.ref):
        m.country = next((e.country for e in reversed(earlier) if e.country), m.country)
    if m.sector is None:
        m.sector = next((e.sector for e in reversed(earlier) if e.sector), None)
    for e in earlier:
        if e.country is None:
            e.country = m.country
        if e.sector is None:
            e.sector = m.sector


def _link_office(s: Memory, m: Mention, key: str) -> None:
    if m.head and m.country and m.form == "phrase":
        at = s.by_key.get(key)
        if at is None:
            at = s.by_key[key] = len(s.entities)
            s.entities.append({"mention": m, "mentions": []})
        s.by_key[f"office:{m.head}:{m.country}:{m.sector}"] = at


def _office_key(s: Memory, m: Mention) -> str | None:
    full = f"office:{m.head}:{m.country}:{m.sector}"
    if isinstance(m, ActorMention) and m.bare and m.definite:
        for known in reversed(s.by_head.get(m.head or "", [])[-FAR:]):
            if known.mention.number == "s" and known.mention.country == m.country:
                return key_of(s, known.entity)
    if isinstance(m, ActorMention) and not m.definite:
        return f"new:{m.start}"
    return full


# --- bodies, groups, states -------------------------------------------------------------------------------------------


def _other(s: Memory, m: Mention) -> str | None:
    if m.form in ("state", "demonym") and m.ref and m.number != "p":
        return f"state:{m.country}"
    if m.ref and m.ref.startswith("org:"):
        if (
            len(m.country or "") == 3
            and m.country not in NOT_STATES
            and s.home.code
            and m.country not in s.named
            and m.country != s.home.code
            and fold(m.ref[4:]).split(" ")[0] in _SHARED
        ):
            # «الحزب الجمهوري» in an article that never names the United States is another country's
            m.country, m.ref = s.home.code, None
            return f"org:{fold(m.text)}:{m.country}"
        return m.ref
    _country(s, m)
    if isinstance(m, ActorMention) and m.definite and m.head and m.number != "d":
        known = _antecedent(s, m)
        if known is not None and m.bare:
            return key_of(s, known.entity)
        return f"{m.kind}:{m.head}:{m.country}:{m.sector}:{'' if m.bare or not m.complement else fold(m.text)}"
    return f"new:{m.start}" if isinstance(m, ActorMention) and not m.definite and m.form == "phrase" else None


def _said(s: Memory, head: str) -> Known | None:
    """The last party with this head that has a country."""
    return next((k for k in reversed(s.by_head.get(head, [])[-FAR:]) if k.mention.country is not None), None)


def _antecedent(s: Memory, m: ActorMention) -> Known | None:
    """The last party said in full with the same head: «الحكومة السورية … الحكومة»، «حركة حماس … الحركة».

    One whose own first word is the head comes before one of its kind only («حماس … الحركة»).
    """
    for table in (s.by_head, s.by_generic):
        for known in reversed(table.get(m.head or "", [])[-FAR:]):
            if known.mention.country is not None and (known.mention.number or "s") == (m.number or "s"):
                return known
    return None


def _country(s: Memory, m: Mention) -> None:
    """Give the mention its country, by the order of evidence in the module's docstring, or keep why there is none."""
    if m.country is not None or not isinstance(m, ActorMention) or told(s, m):
        return
    if m.near and (m.kind in ("organization", "company") or m.sector in ("CVL", "COP", "JUD", "MED", "EDU")):
        m.country = m.near[0]
    elif _by_antecedent(s, m) or _by_owner(s, m):
        return
    elif m.near and m.sector != "UAF":
        m.country = m.near[0]
    elif m.head == "منظمه" and m.number == "p" and m.sector == "SOC" and not s.local:
        m.country = "NGO"
    elif _of_no_state(m):
        s.reasons[m.start] = "the phrase names no country"
    elif _anywhere(s, m):
        s.reasons[m.start] = "people of this kind are named without their country in any article"
    elif len(s.placed.get(m.sentence, ())) == 1 and m.sector in _LOCAL:
        m.country = next(iter(s.placed[m.sentence]))
        m.why = f"{m.why}; the place that the sentence names"
    elif passage := _passage(s, m):
        m.country = passage
        m.why = f"{m.why}; the state named before it"
    elif m.sector == "MIL" and s.home.code in NO_ARMY:
        m.country = s.home.armed
        m.why = f"{m.why}; the state with an army that the article names most"
    else:
        m.country = s.home.code
        m.why = f"{m.why}; {s.home.reason}"


def _passage(s: Memory, m: ActorMention) -> str | None:
    """The state named before in the sentence, for those who are its own rather than the article's.

    Soldiers and arms told for the first time («نشرت بريطانيا أربع طائرات»), names that nobody explains, and any party where the
    article is about several states and none of them much more than the others.
    """
    before = next((code for start, code in reversed(s.told_at.get(m.sentence, [])) if start < m.start), None)
    if m.form == "name":
        return before or next((code for _, code in s.told_at.get(m.sentence, [])), None) if s.home.share < _TORN else before
    soldiers = m.sector == "MIL" and not m.definite
    torn = s.home.share < (_TORN if m.definite and m.sector in ("GOV", "CVL") else _SCATTERED)
    return before if soldiers or torn else None


def _by_antecedent(s: Memory, m: ActorMention) -> bool:
    """«الحكومة السورية … الحكومة»; and by the complement, «حركة حماس … عناصر الحركة»."""
    if m.suffix:
        return False
    known = _antecedent(s, m) if m.definite and m.head else None
    if known is not None:
        m.country = known.mention.country
        same = m.sector and known.mention.head == m.head
        if m.bare and known.mention.sector and (not same or m.kind != "person"):
            m.sector = known.mention.sector
        return True
    known = _said(s, m.complement) if m.complement else None
    if known is not None:
        m.country = known.mention.country
        if m.transparent and known.mention.sector and not (m.sector in _ARMED and known.mention.sector not in _ARMED):
            m.sector = known.mention.sector
    return known is not None


def _by_owner(s: Memory, m: ActorMention) -> bool:
    """«جنوده»، «عناصرها»: the country, and for heads that say little the sector, of whom the pronoun means."""
    whose = owner(s, m, m.suffix) if m.suffix else None
    if whose is None:
        return False
    m.country = whose.country
    if m.country is None:  # the owner's is told later
        s.owned.append((m, whose))
    if m.suffix == "نا" and m.head is None:
        m.sector = whose.sector
    theirs = whose.kind != "person" or (m.sector is not None and whose.sector not in ("GOV", "CVL"))
    kept = m.sector in _ARMED and whose.sector not in _ARMED
    if (m.sector is None or m.transparent) and whose.sector and theirs and not kept:
        m.sector = whose.sector
    return True


def _of_no_state(m: ActorMention) -> bool:
    """Foreigners, unknown gunmen, refugees and migrants, «دول أخرى»."""
    states = m.number == "p" and m.head in _STATE_HEADS and not fold(m.text).endswith("بلاد")
    return m.foreign or m.sector in ("UNK", "UAF") or m.head in _STRANGERS or states


def _anywhere(s: Memory, m: ActorMention) -> bool:
    """Experts and journalists, whom articles name without their country; a local outlet's are local."""
    if m.head in _TAUGHT or any(w in fold(m.text) for w in _OF_HERE):
        return False
    titled = m.kind == "organization" and m.name != m.text  # «قناة "كذا"»
    return bool(m.sector in _ANYWHERE and (m.kind in ("person", "group") or titled) and m.head and not s.local)


# --- output -----------------------------------------------------------------------------------------------------------


def _entities(s: Memory, mentions: list[Mention]) -> list[Entity]:
    out: list[Entity] = []
    for k, e in enumerate(s.entities):
        group: list[Mention] = e["mentions"]  # type: ignore[assignment]
        named = [m for m in group if m.form in ("name", "state")] or [m for m in group if m.name != m.text] or group
        best = max(named, key=lambda m: len(m.name) if m.form == "name" else 0)
        lead = next((m for m in group if m.form == "phrase" and m.sector), group[0])
        country = next((m.country for m in group if m.country), None)
        sector = lead.sector or next((m.sector for m in group if m.sector), None)
        ref = next((m.ref for m in group if m.ref), None)
        person, org = s.lexicon.people.get(ref or ""), s.lexicon.orgs.get(ref or "")
        listed = person or org
        st = s.lexicon.states.get(ref or "")
        out.append(
            Entity(
                id=f"e{k + 1}", name=listed.name if listed else st.name if st else best.name, kind=best.kind,
                name_en=listed.en if listed else st.en if st else None, country=country, sector=sector,
                office=next((m.office for m in group if m.office), None), wikidata=listed.wikidata if listed else None,
                mentions=[Span(start=m.start, end=m.end, text=m.text) for m in group],
                reason=None if country else next((s.reasons[m.start] for m in group if m.start in s.reasons), "the text does not say"),
            )
        )  # fmt: skip
    return out
