"""The grammar of actor phrases: the longest phrase that names one party, read from left to right.

A phrase is (quantifier or number) + head + modifiers + name. The head noun fixes the sector, the modifiers fix the country:
demonyms («المغربي»), genitives («مصر»), organs («بوزارة الدفاع»), names («ترامب»). Evidence for the country is of two strengths:
`direct` (a demonym, a genitive, an organ) and `near` (where the party is or what it is sent to: «في باريس»، «لدى الأمم المتحدة»);
the first direct one counts. Nothing is looked up outside the sentence here: that is for `resolve`.
"""

from __future__ import annotations

from waqai.text import Hit, fold, proclitics, tokens
from waqai.who.lexicon import Item, Reading
from waqai.who.modify import Modifiers
from waqai.who.parts import NameSpan, Phrase

__all__ = ["NameSpan", "Parser", "Phrase"]

_QUOTES = frozenset("\"«»“”„'‘’")
_WITH_AL = ("ال", "وال", "بال", "لل", "فال", "كال")
_NISBA_ENDS = ("ي", "يه", "يا", "يين", "يان", "يتين")
_VERBS_IN_AL = frozenset(("التقي", "التقت", "القي", "القت", "الغي", "الغت", "التحق", "التزم", "الزم", "الحق", "الحقت", "الزمت"))
_AMOUNTS = frozenset(("الالاف", "المءات", "العشرات", "الملايين"))
_PLACED_OFFICE = frozenset(("ولايه", "مدينه", "جهه", "الجهه", "اماره", "محافظه", "اقليم"))
_SCHOOLS = ("مدرس", "جامع", "كلي", "معهد", "ثانوي", "الصف")
_BODY_SECTORS = frozenset(("MIL", "LAB", "BUS", "CVL"))
_ARMED_OR_PARTY = frozenset(("REB", "PTY", "PRM", "MIL", "UAF"))
_THESE = frozenset(("هءلاء", "هوءلاء", "هذه", "هذا", "تلك", "اولءك"))
_ABOUT = frozenset(("نحو", "حوالي", "زهاء", "قرابه"))


class Parser(Modifiers):
    """Reads the phrases of one sentence."""

    _depth = 0

    # --- entry --------------------------------------------------------------------------------------------------

    def at(self, i: int, bare: bool = False) -> Phrase | None:
        """The longest phrase that starts at token `i`, or None. `bare`: no proclitic may stand before it."""
        if self._depth > 5:
            return None
        if "_" in self.norm(i):
            return self._hashtag(i)
        self._depth += 1
        try:
            best: Phrase | None = None
            for make in (self.counted, self.titled, self.named, self.noun, self.demonym):
                p = make(i)
                if p is not None and not (bare and p.strip) and (best is None or self._better(p, best)):
                    best = p
            return best
        finally:
            self._depth -= 1

    def _hashtag(self, i: int) -> Phrase | None:
        """«#ميليشيات_الحوثي»: one token, read as the words it joins."""
        parts = tokens(self.norm(i).replace("_", " "))
        p = Parser(parts, self.lexicon, [], self.meant).at(0) if parts else None
        if p is None or p.last < len(parts):
            return None
        p.first, p.last, p.office_start, p.office_end = i, i + 1, i, i + 1
        return p

    def _better(self, p: Phrase, best: Phrase) -> bool:
        """The longer phrase wins; a state's name wins over its first noun, a noun over a name that only the tagger sees."""
        if best.cls == "state" and p.form == "phrase" and (not p.direct or best.last - best.first > 1):
            return False  # «الولايات المتحدة في الأمم المتحدة» are no «ولايات»
        if best.ref and best.cls == "org" and p.form == "phrase" and p.last > best.last:
            # the noun reads on («تنظيم القاعدة في مديرية …»), but who it is the name has said
            p.direct, p.sector, p.ref, p.name = best.direct[:1] + p.direct, best.sector, best.ref, p.name or best.name
            return True
        if best.tagged and not best.ref and p.last == best.last and (p.form == "phrase" or p.ref):
            return True
        return p.last > best.last

    # --- quantifiers and numbers --------------------------------------------------------------------------------

    def counted(self, i: int) -> Phrase | None:
        """«50 ألف شخص»، «عدد من المحتجين»، «بعض المسؤولين»، «22 من عناصره»."""
        if not self._may_count(i):
            return None
        j, of = self._count_end(i)
        if j > i and (self.norm(j) in _THESE or self.norm(j) in _QUOTES):
            j += 1  # «60 من هؤلاء المهاجرين»، «13 "إرهابيا"»
        if j >= len(self.toks) or j == i:
            return None
        state = self.item(j, ("state",)) if of else None
        inner = (
            (self.noun(j, True) if state is None else None)
            or self.demonym(j)
            or (self.named(j) if of or self.norm(j).endswith("يا") else None)
        )
        if inner is None or inner.strip:
            return self._others(i, j)
        if self.toks[i].kind == "w":
            inner.strip = self.lexicon.closed_strip.get(self.norm(i), 0)
        if inner.sector == "REL" and inner.kind == "group":
            inner.sector = "CVL"
        if (inner.form == "demonym" and inner.sector in ("GOV", "CVL")) or (inner.form == "state" and not of):
            inner.sector, inner.kind, inner.ref = "CVL", "group", None
        inner.first, inner.number, inner.office_start = i, "p", i
        inner.form = "phrase" if inner.form in ("name", "demonym", "state") else inner.form
        return inner

    def _may_count(self, i: int) -> bool:
        """Whether a number or quantifier stands at `i`; a year is none, and «نحو» only before a number."""
        tok, closed = self.toks[i], self.words[i].closed
        if tok.kind == "n":
            return not (len(tok.norm) == 4 and tok.norm[:2] in ("19", "20"))
        if not closed or "stop" in closed:
            return False
        if tok.norm.lstrip("وبل") in _ABOUT and i + 1 < len(self.toks):
            return self.toks[i + 1].kind == "n" or any(c.startswith("quantifier") for c in self.words[i + 1].closed)
        return True

    def _count_end(self, i: int) -> tuple[int, bool]:
        """Where the number ends, and whether «من» ends it; (i, False) for none."""
        j, n, of = i, len(self.toks), False
        while j < n and j - i < 7:
            c = self.words[j].closed
            seen = j > i
            number = self.toks[j].kind == "n" or "quantifier.number" in c or "quantifier.direct" in c
            if number or (seen and self.norm(j)[:1] == "و" and self._number_after_and(j)):
                j += 1
            elif "quantifier.with_of" in c and self.norm(j + 1) == "من":
                of = True
                j += 2
            elif seen and self.norm(j) == "من":
                return j + 1, True
            else:
                break
        return j, of

    def _number_after_and(self, j: int) -> bool:
        return "quantifier.number" in self.lexicon.word(self.norm(j)[1:]).closed

    def _others(self, i: int, j: int) -> Phrase | None:
        if self.norm(j - 1) in _AMOUNTS and self.norm(j) != "من":
            p = Phrase(i, j, 0, "phrase", "group")
            p.number, p.sector, p.head = "p", "CVL", "ناس"
            return p
        if self.norm(j) in ("اخرين", "اخرون", "اخر", "اخري", "منهم"):
            p = Phrase(i, j + 1, 0, "anaphor", "group")
            p.number, p.head = "p", "اخر"
            return p
        return None

    # --- names --------------------------------------------------------------------------------------------------

    def titled(self, i: int) -> Phrase | None:
        """«اللواء فلان»، «الشيخ تميم بن حمد»: titles, then a name."""
        h = self.item(i, ("title",), bare=False)
        if h is None:
            return None
        sector, j = h.value.sector, h.last
        while True:
            more = self.item(j, ("title",))
            if more is None:
                break
            sector, j = sector or more.value.sector, more.last
        p = self.person(j)
        if p is None or (sector == "CVL" and self.doubtful(p.first, p.last)):
            return None
        whole = self.item(i, ("person",), bare=False)
        if whole is not None and whole.last >= p.last:
            return None  # listed with its rank: «العقيد المالكي» is another than the politician
        p.first, p.strip, p.office_start = i, self.strip_of(h), i
        p.sector = p.sector or sector
        return self.apposed(p)

    def person(self, i: int) -> Phrase | None:
        """A person's name at `i`, by lexicon or tagger, nothing before it."""
        while i < len(self.toks) and self.toks[i].norm in ("#", '"', "«"):
            i += 1
        h = self.item(i, ("person",))
        t = self.tagged.get(i)
        if t is not None and t.label == "PER" and t.strip == 0 and (h is None or t.last > h.last) and not self._two_people(h, t.last):
            p = Phrase(i, t.last, 0, "name", "person")
            p.tagged = True
        elif h is not None:
            p = Phrase(i, h.last, 0, "name", "person")
        else:
            return None
        if h is not None and not self._namesake(h, p.last):
            self._fill(p, h.value)
        p.number = "s"
        p.name = p.name or self.surface(i, p.last)
        return p

    def _namesake(self, h: Hit[Item] | None, last: int) -> bool:
        """Whether a listed first name goes on with a name that its bearer has not: «كيم سانغ» is not «كيم جونغ أون»."""
        if h is None or last <= h.last or h.last - h.first > 1 or h.value.cls != "person":
            return False
        full = fold(h.value.name).split()
        return len(full) > 1 and full[0] == self.norm(h.first)[len(h.clitic) :] and self.norm(h.last) not in full

    def _two_people(self, h: Hit[Item] | None, last: int) -> bool:
        """Whether a listed name and another's stand side by side: «التقت ميركل ترامب»."""
        other = self.item(h.last, ("person",)) if h is not None and h.last < last else None
        return h is not None and other is not None and other.value.ref != h.value.ref and other.last >= last

    def named(self, i: int) -> Phrase | None:
        """A name of the lexicon or the tagger, with what may follow it."""
        best: Phrase | None = None
        for h in self.hits(i):
            if h.value.cls in ("demonym", "title", "agent"):
                continue
            form = "state" if h.value.cls in ("state", "capital", "metonym", "city") else "name"
            if "ambiguous_state" in self.words[i].closed and h.last == i + 1 and not self._free(i):
                continue
            if h.value.cls == "city" and h.clitic.endswith(("ب", "ك")):
                continue
            if h.last == i + 1 and h.value.cls in ("org", "person") and self._common(i):
                continue
            best = Phrase(i, h.last, self.strip_of(h), form, h.value.kind)
            best.cls = h.value.cls
            self._fill(best, h.value)
            break
        t = self.tagged.get(i)
        if t is not None and t.label == "PER" and self._two_people(self.item(i, ("person",), bare=False), t.last):
            t = None
        if t is not None and (best is None or (t.last > best.last and best.kind != "state" and best.last - best.first < 2)):
            if t.label == "LOC" and best is None:
                return None
            if t.label != "LOC":
                fresh = Phrase(i, t.last, t.strip, "name", "person" if t.label == "PER" else "organization")
                fresh.tagged = True
                if best is not None and best.kind == fresh.kind and not self._namesake(self.item(i, ("person",), bare=False), t.last):
                    fresh.ref, fresh.sector, fresh.direct, fresh.name = best.ref, best.sector, best.direct, best.name
                fresh.name = fresh.name or self.surface(i, t.last)
                best = fresh
        if best is None:
            return None
        if best.kind == "person":
            best.number = "s"
            return self.apposed(best)
        if best.form == "name":
            self.modify(best, False)
        return best

    def _free(self, i: int) -> bool:
        """Whether no noun stands before the word that it could be an adjective of."""
        return (
            i == 0
            or self.toks[i - 1].kind != "w"
            or "function" in self.words[i - 1].closed
            or self.norm(i - 1) in ("في", "من", "لدي", "قادة")
        )

    def _common(self, i: int) -> bool:
        """Whether a one-word name stands where it is rather a noun: bare «مواطنة» and no quotation marks around it."""
        r = self.words[i].nouns
        if self.norm(i).removeprefix("و") in self.lexicon.name_first:
            return self.norm(i + 1) in ("من", "في") and any(x in self.norm(i + 2) for x in _SCHOOLS)
        quoted = i > 0 and self.norm(i - 1) in _QUOTES
        if not quoted and self.norm(i).removeprefix("و") in self.lexicon.not_names:
            return True
        return bool(r) and not r[0].definite and not r[0].clitic and not quoted

    def apposed(self, p: Phrase) -> Phrase:
        """A name followed by its bearer's office: «فلان، نائب رئيس شرطة دبي»، «فلان المتحدث باسم الحكومة»."""
        j = p.last
        comma = self.norm(j) in ("،", ",")
        if comma:
            j += 1
        if j >= len(self.toks) or not (self.words[j].nouns or self.words[j].starts or self.words[j].closed):
            return p
        q = self.noun(j)
        if q is None and self.norm(j) in ("احد", "احدي"):
            q = self.counted(j)
            if q is not None:
                q.kind, q.number, q.definite = "person", "s", True
        if q is None or q.strip or q.kind != "person" or q.number != "s" or q.suffix or q.name:
            return p
        if not q.definite and not q.complement:
            return p
        if p.ref and p.direct and q.direct and not comma and q.direct[0] != p.direct[0]:
            return p  # «التقى شكري وزير الخارجية السوداني»
        if comma and not (q.complement or q.direct or q.last - q.first > 1):
            return p
        if comma and self.norm(q.last) not in ("،", ",", ".", "", "(", ":", "»", '"') and not self._opens_clause(q.last):
            return p
        p.last = q.last
        p.office_start, p.office_end = q.first, q.last
        p.head, p.sector = q.head, q.sector or p.sector
        p.direct, p.near = q.direct + p.direct, q.near
        p.past = q.past
        return p

    def _opens_clause(self, i: int) -> bool:
        w = self.norm(i)
        return w in ("ان", "انه", "انها", "في", "من", "الي", "علي", "عن", "خلال", "بعد", "قبل", "الذي", "التي") or w[:1] == "و"

    # --- demonyms as nouns --------------------------------------------------------------------------------------

    def demonym(self, i: int) -> Phrase | None:
        """«المصريون»، «الأميركية» (with its noun unsaid or elsewhere)، «70 حوثيا»."""
        h = self.item(i, ("demonym",), bare=False)
        if h is None or "ambiguous_demonym" in self.words[i].closed:
            return None
        p = Phrase(i, h.last, self.strip_of(h), "demonym", "group" if h.value.number == "p" else "state")
        p.direct, p.number, p.gender, p.definite = [h.value.country or ""], h.value.number, h.value.gender, h.value.definite
        if h.value.sector:
            p.kind, p.sector, p.name = "group", h.value.sector, h.value.name
            self.modify(p, False)
            return p
        bearer = self._of_that_country(p, h)
        if bearer is not None:
            return bearer
        people = h.value.number == "p" or (h.value.absolute and h.value.number == "s")
        p.kind = "group" if people else "state"
        p.sector = "CVL" if people else "MIL" if self._of_arms(i) else "GOV"
        p.ref = None if people else h.value.ref
        p.name = h.value.name
        if p.number == "p":
            self.modify(p, False)
        return p

    def _of_that_country(self, p: Phrase, h: Hit[Item]) -> Phrase | None:
        """«السوري فلان»: a person told by the demonym before the name; not where a noun that it belongs to stands before it."""
        joined = h.first == 0 or h.clitic == "و" or self.item(h.first - 1, ("demonym",), bare=False) is not None
        after_noun = not joined and self.norm(h.first - 1).startswith(_WITH_AL)
        if h.value.number != "s" or not h.value.definite or after_noun:
            return None
        q = self.person(h.last)
        if q is None or q.ref:
            return None
        q.first, q.strip, q.office_start, q.direct = p.first, p.strip, p.first, list(p.direct)
        return self.apposed(q)

    def _of_arms(self, i: int) -> bool:
        """Whether the demonym at `i` belongs to a strike or to arms: «الغارات الجوية الروسية»، «قصف إسرائيلي»."""
        for j in range(i - 1, max(i - 4, -1), -1):
            if self.toks[j].kind != "w":
                return False
            if any(rest in self.lexicon.strikes for _, rest in proclitics(self.norm(j))):
                return True
            if not self.norm(j).endswith(_NISBA_ENDS):
                return False
        return False

    # --- agent nouns --------------------------------------------------------------------------------------------

    def noun(self, i: int, counted: bool = False, given: bool = False) -> Phrase | None:
        """An agent noun with all that belongs to it. `counted`: a number stands before it; `given`: it is known to be a party."""
        p = self._head(i, counted, given)
        if p is None or (p.last == i + 1 and not counted and self._qualifies(i)):
            return None
        opened = not p.definite and not p.absolute and not p.suffix
        self.modify(p, opened)
        if p.kind == "person" and p.number == "s":
            self._own_name(p)
        self._settle(p)
        return p

    def _head(self, i: int, counted: bool = False, given: bool = False) -> Phrase | None:
        if i >= len(self.toks):
            return None
        h = self.item(i, ("agent",), bare=False)
        if h is not None and h.value.noun is not None:
            p = Phrase(i, h.last, self.strip_of(h), "phrase", h.value.kind)
            p.number, p.gender, p.definite = h.value.number, h.value.gender, h.value.definite
            noun = h.value.noun
        elif self.words[i].nouns:
            r = self._reading(i)
            noun = r.noun
            if not given and self._another_word(i, r, counted):
                return None
            p = Phrase(i, i + 1, r.strip, "phrase", noun.kind)
            p.number, p.gender, p.definite, p.suffix, p.agent = r.number, r.gender, r.definite, r.suffix, r
            p.absolute = r.state == "absolute"
        else:
            return None
        p.head, p.sector, p.transparent, p.foreign = noun.lemma, noun.sector, noun.transparent, noun.foreign
        p.closed = noun.ministry
        if noun.country:
            p.direct.append(noun.country)
        elif p.last - i > 2:  # «السيدة الأميركية الأولى»: the list's form holds the demonym
            inside = (self.item(j, ("demonym",)) for j in range(i + 1, p.last - 1))
            p.direct += [d.value.country or "" for d in inside if d is not None]
        body = self.item(i + 1, ("org",)) if p.last - i > 1 else None
        if (
            body is not None and body.last >= p.last and body.value.country in ("IGO", "UNO", "EUR") and not p.direct
        ):  # «رئيس البرلمان العربي»
            p.direct.append(body.value.country)
            p.last = body.last
        p.fallback = noun.near
        if p.number == "p" and p.kind == "person":
            p.kind = "group"
        return p

    def _qualifies(self, i: int) -> bool:
        """Whether the word is rather an adjective of the noun before it: «التدخل العسكري»، «مؤتمر صحفي»، «عسكريا»."""
        norm = self.norm(i)
        r = self.words[i].nouns[0] if self.words[i].nouns else None
        a = self.words[i].adjective
        if r is None or r.suffix or norm[:1] == "و" or r.noun.lemma == "اهالي":
            return False
        nisba = r.noun.lemma.endswith(("ي", "يون")) or a is not None or norm == "الامن"
        if i and self.norm(i - 1) == "غير":
            return True
        if r.definite:
            before = self.norm(i - 1) if i else ""
            after_noun = before.startswith(_WITH_AL) and self.toks[i - 1].kind == "w" and "stop" not in self.words[i - 1].closed
            if before in _VERBS_IN_AL:
                return False
            return after_noun and ((nisba and r.number == "s") or (r.number == "d" and before.endswith(("ان", "ين"))))
        if not nisba or r.number != "s" or r.gender != "m":
            return False
        if i + 1 >= len(self.toks):
            return True
        after = self.words[i + 1].adjective
        if self.norm(i).endswith("يا") and r.noun.sector in _ARMED_OR_PARTY and i and self.norm(i - 1).startswith("ال"):
            return False  # «اعتقلت الشرطة إخوانيا»
        return self.item(i + 1, ("demonym", "state")) is None and (after is None or (after.country is None and after.sector != "ELI"))

    def _another_word(self, i: int, r: Reading, counted: bool) -> bool:
        """Whether the word is one of those that are a noun only with ال or before a name («حاكم فلوريدا»), or counted («34 نائبا»)."""
        norm = self.norm(i)
        if self.norm(i + 1) in self.lexicon.not_before.get(r.noun.lemma, ()):
            return True  # «حركة المرور»، «القضاء على»
        if counted and norm.endswith("ا"):
            return False
        bare = norm[r.strip :]
        listed = norm if r.definite else bare
        if listed not in self.lexicon.not_nouns:
            return False
        h = self.item(i + 1, ("state", "city", "capital", "demonym"))
        person = r.noun.kind == "person" and r.gender == "m" and r.number == "s"
        after = self.words[i + 1].adjective if i + 1 < len(self.toks) else None
        if person and not r.definite and after is not None and after.sector == "ELI" and not after.definite:
            return False  # «نائبا سابقا»
        if h is not None:
            d = h.value
            if d.cls == "demonym" and not d.definite and not r.definite and not r.suffix:
                invariable = r.noun.kind == "person" and norm.endswith("ه") and d.gender == "m"  # «داعية سعوديا»
                body = r.noun.kind == "group" or r.noun.sector in _BODY_SECTORS
                if invariable or (body and (d.gender == "f" or r.number == "p")):  # «ناقلة كورية»
                    return False
            return h.value.cls == "demonym" and not (person and h.value.definite == r.definite)
        return not (person and not r.definite and self.norm(i + 1) in _PLACED_OFFICE)

    def _reading(self, i: int) -> Reading:
        """The reading of a noun: «وزيرا» is a dual before «الدفاع», else an accusative."""
        readings = self.words[i].nouns
        first = readings[0]
        if first.state == "absolute" and len(readings) > 1 and i + 1 < len(self.toks):
            norm = self.norm(i + 1)
            complement = norm.startswith("ال") and not self.item(i + 1, ("demonym",)) and self.words[i + 1].adjective is None
            if (
                complement
                or self.item(i + 1, ("state", "capital", "org"))
                or (first.noun.ministry and norm in ("خارجيه", "دفاع", "داخليه", "ماليه"))
            ):
                return next((r for r in readings if r.state == "construct" and r.noun is first.noun), first)
        return first
