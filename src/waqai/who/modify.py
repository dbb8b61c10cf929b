"""What belongs to a phrase on its right: genitives, adjectives, prepositional links, names, and what they say of the party."""

from __future__ import annotations

from waqai.text import Hit
from waqai.who.lexicon import Item
from waqai.who.links import ARMED, BODIES, PLACE_WORDS, POSTED, Links
from waqai.who.parts import Phrase

__all__ = ["NOT_THEIRS", "POSTED", "Modifiers"]

_LEFT_OFFICE = frozenset(("GOV", "LEG", "MIL", "PTY", "UNK", "JUD", None))
_NISBA = ("ي", "يه", "يين", "يون")
_PRIVATE = frozenset(("CVL", "LAB", "EDU", "MED", "BUS", "COP", "JRN", "UNK", None))
_ANYBODY = frozenset(("شخص", "رجل", "شاب", "فتي", "فرد", "امراه"))
_WORKERS = frozenset(("عامل", "طاقم", "خبير", "شريك"))
_CIVIL = frozenset(("PTY", "LEG", "GOV"))
_OF_OUTLETS = frozenset(("مراسل", "صحفي", "موفد", "محرر", "مذيع"))
_UNKNOWN = frozenset(("مسلح", "ملثم", "مجهول"))
_QUOTES = frozenset("\"«»“”„'‘’")
_PARTICLES = frozenset(
    ("لن", "لا", "لم", "ان", "انه", "انها", "قد", "ما", "كان", "كانت", "هو", "هي", "سوف", "ليس", "ليست", "في", "علي", "من")
)
_OF_STATES = frozenset(("حكومه", "رءيس", "مواطن", "شعب", "سلطات", "لاعب", "جيش", "مسءول"))
NOT_THEIRS = frozenset(("محام", "حليف", "حلفاء", "شريك", "شركاء"))
"""Heads whose complement or pronoun tells another party than their own country: «حلفاؤها»."""
_WORLDWIDE = frozenset(("IGO", "UNO", "EUR", "IMG", "ISM"))
SUPPORTERS = frozenset(("نصير", "مءيد", "مناصر"))
"""Heads of people who are not what they stand for: «أنصار الرئيس»."""


class Modifiers(Links):
    """The right-hand side of phrases. What stands there may be a phrase again: `at` and `person` are the whole grammar's."""

    def at(self, i: int, bare: bool = False) -> Phrase | None:
        """The longest phrase that starts at token `i`, or None. `bare`: no proclitic may stand before it."""
        raise NotImplementedError

    def person(self, i: int) -> Phrase | None:
        """A person's name at `i`."""
        raise NotImplementedError

    # --- modifiers ----------------------------------------------------------------------------------------------

    def modify(self, p: Phrase, opened: bool) -> None:
        """Take in what belongs to the phrase on its right."""
        n = len(self.toks)
        for _ in range(14):
            j = p.last
            if j >= n:
                return
            if self.toks[j].kind == "p":
                tag = self.norm(j) == "#"
                if not self._quoted(p, opened):
                    return
                opened = opened and tag  # «زعيم #القاعدة» goes on
                continue
            if opened and self._genitive(p):
                opened = False
                continue
            if self._adjective(p) or self._link(p):
                opened = False
                continue
            return

    def _quoted(self, p: Phrase, opened: bool) -> bool:
        """«حركة "طالبان"»، «النظام (السوري)», and a hashtag that the phrase goes on with."""
        j = p.last
        mark = self.norm(j)
        if mark == "(":
            h = self.item(j + 1, ("demonym",))
            if h is not None and self.norm(h.last) == ")":
                p.direct.append(h.value.country or "")
                p.last = h.last + 1
                return True
            return False
        if mark == "#" and "_" in self.norm(j + 1) and p.form == "phrase" and not p.direct:
            q = self.at(j + 1)
            if q is not None:  # «ميليشيات #حزب_الله»
                self._take(p, q)
            return q is not None
        if mark == "#" and j + 1 < len(self.toks):
            h = self.item(j + 1, ("demonym", "person", "org", "state"))
            goes_on = h is not None and (opened or h.value.cls in ("demonym", "person") or self._people(p, h))
            if h is not None and goes_on and p.form == "phrase" and not (p.direct and h.value.cls != "person"):
                p.last = j + 1
                return True
            return False
        if mark in _QUOTES and p.head in _OF_OUTLETS and not p.direct:
            return self._outlet(p)
        if mark not in _QUOTES or p.form != "phrase" or p.kind not in BODIES:
            return False
        if p.direct or self.norm(j + 1) in _PARTICLES or (j + 1 < len(self.toks) and "function" in self.words[j + 1].closed):
            return False
        for k in range(j + 1, min(j + 6, len(self.toks))):
            if self.norm(k) in _QUOTES:
                if k == j + 1:
                    return False
                self._take_name(p, j + 1, k)
                if p.head == "تحالف" and p.fallback:
                    p.sector, p.fallback = "PTY", None  # «تحالف "كذا"» of a list's candidates
                if p.head == "مجموعه" and p.sector in (None, "CVL", "UNK"):
                    p.sector, p.kind = "BUS", "company"  # «مجموعة "كذا"»
                p.last = k + 1
                return True
        return False

    def _outlet(self, p: Phrase) -> bool:
        """«مراسلة "الجوهرة أف أم"»: the outlet tells whose the journalist is."""
        j = p.last
        h = self.item(j + 1, ("org",)) if j + 1 < len(self.toks) else None
        if h is None or h.value.sector != "JRN" or self.norm(h.last) not in _QUOTES:
            return False
        self._take(p, self._as_phrase(h, j + 1))
        p.last += 1
        return True

    def _take_name(self, p: Phrase, first: int, last: int) -> None:
        inner = self.item(first, ("org", "state", "person"))
        if inner is None or inner.last != last:
            inner = self._joined(p, first, last) or inner
        p.name = p.name or self.surface(first, last)
        if inner is not None and inner.last == last:
            self._complement(p, self._as_phrase(inner, first))

    def _joined(self, p: Phrase, first: int, last: int) -> Hit[Item] | None:
        """A listed name whose first word stands before the quotation mark: «صحيفة "الشرق الأوسط"»."""
        words = self.toks[p.first : p.last] + self.toks[first:last]
        whole = (h for h in self.lexicon.names.at(words, 0) if h.last == len(words) and h.value.cls == "org")
        return next((h._replace(first=first, last=last, clitic="") for h in whole), None)

    def _as_phrase(self, h: Hit[Item], first: int) -> Phrase:
        q = Phrase(first, h.last, len(h.clitic), "name", h.value.kind)
        q.cls = h.value.cls
        self._fill(q, h.value)
        return q

    def _genitive(self, p: Phrase) -> bool:
        """What the head is "of": another phrase, a name, or the field of an office («الدفاع»، «الشؤون الخارجية والتعاون»)."""
        j = p.last
        w = self.words[j]
        norm = self.norm(j)
        if "stop" in w.closed or "function" in w.closed:
            return False
        h = self.item(j, ("state", "capital", "city", "metonym", "org", "person"))
        t = self.tagged.get(j)
        if h is not None and "ambiguous_state" in w.closed and h.last == j + 1 and not (p.sector in ARMED or p.head in _OF_STATES):
            h = None  # «مدير مالي»
        if h is not None or (t is not None and t.strip == 0 and p.number != "s") or (t is not None and t.strip == 0 and t.label != "PER"):
            q = self.at(j, bare=True) or (self._as_phrase(h, j) if h else None)
            if q is not None and q.kind == "person" and p.kind == "person" and p.number == "s":
                return False
            if q is not None:
                if q.form != "phrase" and q.kind == "state" and (p.number in ("p", "d")):
                    self._take(p, q)
                    self._and_states(p)
                    return True
                self._take(p, q)
                return True
        adjective = w.adjective
        if w.nouns and not w.nouns[0].strip and not (adjective is not None and not norm.startswith("ال")):
            q = self.at(j, bare=True)
            if q is not None and (q.definite or q.complement or q.direct or q.last - q.first > 1):
                self._take(p, q)
                return True
        if norm.startswith("ال") and len(norm) > 3 and "demonym" not in [x.value.cls for x in self.hits(j)[:1]]:
            p.last = j + 1
            p.complement = p.complement or norm
            p.foreign = p.foreign or "everywhere" in w.closed
            self._field(p)
            return True
        return self._bare_field(p)

    def _bare_field(self, p: Phrase) -> bool:
        """«وزير خارجية تركيا»: a bare noun between the head and the definite end of the chain."""
        j = p.last
        placed = self.norm(j) in PLACE_WORDS
        if not (p.transparent or p.closed or placed) or self.toks[j].kind != "w" or len(self.norm(j)) < 3 or j + 1 >= len(self.toks):
            return False
        if self.words[j].adjective is not None or self.item(j, ("demonym",)) is not None:
            return False
        norm = self.norm(j)
        if norm[0] in "لب" and not placed and not self.words[j].nouns:
            return False  # «منظمات غير حكومية لانتقاد روما»
        if p.closed and p.kind in ("person", "group") and norm.endswith(("ه", "ها", "هم")) and len(norm) > 5 and norm[-2:-1] != "ي":
            pronoun = next(x for x in ("ها", "هم", "ه") if norm.endswith(x))
            if norm[: -len(pronoun)].endswith("ت") or norm[: -len(pronoun)] in ("دفاع", "داخل"):
                p.last, p.suffix = j + 1, pronoun
                return True
        q = self.item(j + 1, ("demonym",))
        if q is not None and norm in PLACE_WORDS and not q.value.definite:  # «أهالي قرية لبنانية»
            p.direct.append(q.value.country or "")
            p.last = q.last
            return True
        q = self.item(j + 1, ("state", "capital", "org", "city"))
        if q is not None:
            p.last = j + 1
            self._take(p, self._as_phrase(q, j + 1))
            if p.number in ("d", "p"):
                self._and_states(p)
            return True
        return False

    def _field(self, p: Phrase) -> None:
        """The rest of an office's field: adjectives, and «و + noun» for ministries and the like."""
        for _ in range(6):
            while p.closed and p.last < len(self.toks) and self._plain_adjective(p.last):
                p.last += 1
            j = p.last
            norm = self.norm(j)
            if not norm.startswith("وال") or not p.closed or len(norm) < 5 or "stop" in self.lexicon.word(norm[1:]).closed:
                break
            rest = self.lexicon.word(norm[1:])
            if (
                norm.endswith(("ين", "ون"))
                or (rest.nouns and rest.nouns[0].noun.kind == "person")
                or self.item(j, ("state", "org", "demonym", "person", "capital"), bare=False)
            ):
                break
            p.last = j + 1

    def _plain_adjective(self, j: int) -> bool:
        norm, w = self.norm(j), self.words[j]
        if not norm.startswith("ال") or "stop" in w.closed or self.item(j, ("demonym", "state", "org", "person")):
            return False
        if w.adjective is not None:
            return w.adjective.sector != "ELI"
        return norm.endswith(("ي", "يه")) and not w.nouns

    def _take(self, p: Phrase, q: Phrase) -> None:
        p.last = q.last
        self._complement(p, q)

    def _complement(self, p: Phrase, q: Phrase) -> None:
        """Let the complement speak for country and sector."""
        if p.head == "قاءد" and p.number == "p" and q.cls in ("state", "capital", "metonym") and p.sector == "MIL":
            p.sector = "GOV"  # «قادة الدوحة»: of a state, not of troops
        if p.head not in NOT_THEIRS:  # a lawyer is not of his client's country
            p.direct += q.direct
            if q.cls == "several" and q.form == "state" and p.number == "p":
                p.cls = "several"
            p.near += q.near
        p.via_org = p.via_org or q.cls == "org" or q.via_org
        if "everywhere" in self.words[q.first].closed:
            p.foreign = True
        p.complement = p.complement or q.head or q.name or "x"
        p.suffix = p.suffix or q.suffix
        p.loaded = p.loaded or q.loaded
        sector = q.sector if q.cls not in ("capital", "city") else None
        if p.transparent and sector and q.form != "demonym" and not (q.kind == "person" and q.form == "name"):
            self._sector_from(p, sector, q)
        if p.ref is None and q.ref and q.cls == "org" and p.kind in ("group", "organization"):
            p.ref = q.ref
            p.name = p.name or q.name

    def _sector_from(self, p: Phrase, sector: str, q: Phrase) -> None:
        if p.head in SUPPORTERS and sector not in ARMED:
            return
        if p.head in self.lexicon.force and sector not in ARMED:
            if sector in ("OPP",) and p.sector in ("MIL", "UAF", None):
                p.sector = "REB"
            return
        if q.kind == "state" and p.sector:
            if p.head == "قاءد":  # «قادة الدوحة»: leaders of a state, not of troops
                p.sector = "GOV"
            return
        p.sector = sector

    def _and_states(self, p: Phrase) -> None:
        """«رؤساء مصر والسودان وإثيوبيا»."""
        while p.last < len(self.toks):
            h = self.item(p.last, ("state", "capital"), bare=False)
            if h is None or h.clitic != "و":
                return
            p.direct += (h.value.country or "").split(" ")
            p.last = h.last
            p.cls = "several"

    # --- adjectives ---------------------------------------------------------------------------------------------

    def _adjective(self, p: Phrase) -> bool:
        j = p.last
        h = self.item(j, ("demonym",), bare=False)
        if h is not None and h.clitic in ("", "و"):
            return self._demonym_modifier(p, h)
        people = self.item(j, ("org",))
        if people is not None and self._people(p, people):
            p.direct.append(people.value.country or "")
            p.last = people.last
            return True
        w = self.words[j]
        if "stop" in w.closed or "function" in w.closed:
            return False
        if self.norm(j) == "عام" and j + 1 < len(self.toks) and self.toks[j + 1].kind == "n":
            return False
        a = w.adjective
        norm = self.norm(j)
        if a is not None and a.lemma != "تابع" and not norm.startswith("وال"):
            agrees = p.agent is None or p.complement is not None or not (p.gender == "m" and p.number == "s" and a.gender == "f")
            inner = self.item(j - 1, ("demonym",)) if p.form == "name" else None
            agrees = agrees and not (inner is not None and a.gender == "f" and inner.value.gender == "m" and inner.value.number == "s")
            if agrees and (a.definite == p.definite or (a.definite and p.complement is not None)):
                p.last = j + 1
                if a.country is None or p.sector is None:
                    self._adjective_sector(p, a.sector, a.strong)
                if p.head in _ANYBODY and a.lemma in _UNKNOWN:
                    p.sector = "UAF"
                nowhere = self.lexicon.transnational.get((p.head or "", a.lemma))
                p.fallback = p.fallback or nowhere
                p.foreign = p.foreign or a.lemma in self.lexicon.foreign
                if a.country:
                    p.direct.append(a.country)
                return True
            return False
        between = (p.complement and not w.nouns and not w.starts) or (norm.endswith(_NISBA) and p.form == "phrase" and h is None)
        if between and norm.startswith("ال") and j + 1 < len(self.toks):
            after = self.item(j + 1, ("demonym",))
            if after is not None and after.value.definite and self.toks[j].kind == "w":
                p.last = j + 1  # «لجنة الإفراج المبكر الإسرائيلية»، «جهاز المخابرات الداخلية البريطاني»
                return True
        if p.cls in ("adjectives", "several") or (p.form == "name" and p.last - p.first > 1):
            return False  # behind a demonym an unknown word is the next noun: «الشرطة المصرية القضية»
        nisba = norm.startswith("ال") and len(norm) > 5 and norm.endswith(("ي", "يه", "يين", "يون"))
        if nisba and not w.nouns and not w.starts and (p.definite or p.complement):
            if p.gender == "m" and p.number == "s" and norm.endswith("يه") and not p.complement:
                return False
            p.last = j + 1
            return True
        return False

    def _people(self, p: Phrase, h: Hit[Item]) -> bool:
        """Whether a people's name stands behind its members: «اللاجئون الروهينغا»."""
        v = h.value
        return p.form == "phrase" and p.kind == "group" and p.definite and v.kind == "group" and v.sector in ("CVL", "REL")

    def _demonym_modifier(self, p: Phrase, h: Hit[Item]) -> bool:
        d = h.value
        if "ambiguous_demonym" in self.words[h.first].closed and not (p.sector in ARMED or (p.head or "").split(" ")[0] in _OF_STATES):
            return False
        backed = self.norm(h.first - 1).removeprefix("ال").startswith(("مدعوم", "ممول"))
        if d.absolute and d.number == "s" and (p.definite or backed):
            return False  # «المدعومة إيرانيا»
        if h.clitic == "و":
            if not self._shared(p):
                return False
            p.cls, p.ref = "several", None
        elif p.form == "phrase" and d.definite != p.definite and not (d.definite and (p.complement is not None or p.name)):
            return False
        elif p.cls not in ("several", "adjectives") and p.form == "phrase":
            p.cls = "adjectives"
        if not h.clitic and self._other_noun(p.last - 1, d):
            return False  # «الشرطة العراقية السوري فلان»
        if self._another_states(p, d):
            p.direct, p.ref = [d.country or ""], None  # «حزب الله العراقي»، «الصليب الأحمر الكيني»
        else:
            p.direct.append(d.country or "")
        if d.sector and p.transparent:
            p.sector = d.sector
        p.last = h.last
        return True

    def _other_noun(self, i: int, d: Item) -> bool:
        """Whether the demonym at `i` is of another gender than `d` behind it, which then belongs to something else."""
        inner = self.item(i, ("demonym",))
        if inner is None or "ambiguous_demonym" in self.words[i].closed:
            return False
        return inner.value.sector is None and inner.value.gender != d.gender

    def _another_states(self, p: Phrase, d: Item) -> bool:
        """Whether a demonym tells that a listed name is here its namesake of another state: not of gangs and bodies of many.

        Rebels' demonym is their backer's in loaded wording, and «الإيراني» any armed group's.
        """
        if p.sector == "REB" or (p.sector in ARMED and d.country == "IRN"):
            return False
        listed = p.form == "name" and p.cls == "org" and p.direct and d.sector is None and d.country != p.direct[0]
        return bool(listed) and p.direct[0] not in _WORLDWIDE and p.sector != "JRN" and "several" not in p.cls

    def _shared(self, p: Phrase) -> bool:
        """Whether a demonym with «و» tells another country of the same noun: «قوات أمريكية وفرنسية»، «القوات الأميركية والصومالية»."""
        many = p.number in ("d", "p") or self.norm(p.first)[p.strip :].endswith("ات")
        named = p.cls == "org" and self.item(p.last - 1, ("demonym",)) is not None
        return many and (p.cls in ("adjectives", "several") or named)

    def _adjective_sector(self, p: Phrase, sector: str | None, strong: bool) -> None:
        if sector is None:
            return
        if sector == "ELI":
            p.past = True
        elif (strong and sector == "REB" and p.sector in _CIVIL) or (sector == "GOV" and p.head in _WORKERS):
            return  # «الحزب الانفصالي»، «عمال محليون»
        elif strong or (p.transparent and p.complement is None):
            force = p.head in self.lexicon.force and sector not in ARMED and sector != "GOV"
            official = sector == "GOV" and p.sector in ARMED
            if not force and not official:
                p.sector = sector

    # --- names after an office ----------------------------------------------------------------------------------

    def _own_name(self, p: Phrase) -> None:
        """«وزير الدفاع المغربي، عبد اللطيف لوديي»، «رئيس دائرة … اللواء فلان»."""
        j = p.last
        comma = self.norm(j) in ("،", ",", ":")
        if comma and self.norm(j) == ":":
            return
        if comma:
            j += 1
        while self.norm(j) in ("(", "#", '"'):
            j += 1
        while True:
            h = self.item(j, ("title",))
            if h is None:
                break
            j = h.last
        q = self.person(j)
        if q is not None and p.sector in _PRIVATE and self.doubtful(q.first, q.last):
            return
        if q is None or (comma and not p.definite and not p.complement and not p.direct):
            return
        p.office_end = p.last
        if p.head == "ممثل" and not p.complement and not p.direct and not comma:
            p.sector = "CVL"
        p.last = q.last
        if self.norm(q.last) in (")", '"') and self.norm(q.first - 1) in ("(", '"'):
            p.last += 1
        p.name, p.ref, p.tagged = q.name, q.ref, q.tagged
        if not p.direct:
            p.direct = list(q.direct)
        p.loaded = p.loaded or q.loaded

    def _settle(self, p: Phrase) -> None:
        if p.fallback and not p.direct:
            p.direct.append(p.fallback)
        if p.past and p.sector in _LEFT_OFFICE and p.kind in ("person", "group"):
            p.sector = "ELI"

    def _fill(self, p: Phrase, item: Item) -> None:
        p.name, p.ref, p.sector, p.loaded = item.name, item.ref, item.sector, item.loaded
        p.number = p.number or item.number
        if item.country:
            p.direct += item.country.split(" ")
            if len(p.direct) > 1:
                p.cls = "several"
