"""The grammar of actor phrases: the longest phrase that names one party, read from left to right.

A phrase is (quantifier or number) + head + modifiers + name. The head noun fixes the sector, the modifiers fix the country:
demonyms («المغربي»), genitives («مصر»), organs («بوزارة الدفاع»), names («ترامب»). Evidence for the country is of two strengths:
`direct` (a demonym, a genitive, an organ) and `near` (where the party is or what it is sent to: «في باريس»، «لدى الأمم المتحدة»);
the first direct one counts. Nothing is looked up outside the sentence here: that is for `resolve`.
"""

from __future__ import annotations

from typing import NamedTuple

from waqai.text import Hit, tokens
from waqai.types import EntityKind, Token
from waqai.who.lexicon import Item, Lexicon, Reading, Word

__all__ = ["NameSpan", "Parser", "Phrase"]

_ARMED = frozenset(("REB", "PRM", "MIL", "COP", "UAF", "CRM", "SPY"))
_BODIES = frozenset(("organization", "group", "company"))
_LEFT_OFFICE = frozenset(("GOV", "LEG", "MIL", "PTY", "UNK", "JUD", None))
_QUOTES = frozenset("\"«»“”„'‘’")
_PARTICLES = frozenset(("لن", "لا", "لم", "ان", "انه", "انها", "قد", "ما", "كان", "كانت", "هو", "هي", "سوف", "ليس", "ليست", "في", "علي", "من"))
_WITH_AL = ("ال", "وال", "بال", "لل", "فال", "كال")
_OF_STATES = frozenset(("حكومه", "رءيس", "مواطن", "شعب", "سلطات", "لاعب", "جيش", "مسءول"))
_VERBS_IN_AL = frozenset(("التقي", "التقت", "القي", "القت", "الغي", "الغت", "التحق", "التزم", "الزم", "الحق", "الحقت", "الزمت"))
_AMOUNTS = frozenset(("الالاف", "المءات", "العشرات", "الملايين"))
_ABOUT = frozenset(("نحو", "حوالي", "زهاء", "قرابه"))
_POSTED = frozenset(("سفاره", "قنصليه", "ممثليه", "بعثه", "سفير", "قنصل"))
_PLACE_WORDS = frozenset(("العاصمه", "مدينه", "بلده", "محافظه", "ولايه", "اقليم", "منطقه", "قريه", "جزيره"))


class NameSpan(NamedTuple):
    """A name the tagger saw: tokens first:last, label PER, LOC or ORG; `strip` letters of the first word are proclitics."""

    first: int
    last: int
    label: str
    strip: int


class Phrase:
    """A phrase under construction, then found. `first`/`last` token indices, `strip` letters to leave out at the start."""

    __slots__ = (
        "absolute", "agent", "closed", "cls", "complement", "definite", "direct", "fallback", "first", "form", "foreign", "gender", "head",
        "kind", "last", "loaded", "name", "near", "number", "office_end", "office_start", "past", "ref", "sector", "strip", "suffix", "tagged",
        "transparent", "why",
    )  # fmt: skip

    def __init__(self, first: int, last: int, strip: int, form: str, kind: EntityKind) -> None:
        self.first, self.last, self.strip, self.form, self.kind = first, last, strip, form, kind
        self.cls = form
        self.head: str | None = None
        self.sector: str | None = None
        self.direct: list[str] = []
        self.near: list[str] = []
        self.number: str | None = None
        self.gender: str | None = None
        self.definite = True
        self.absolute = False
        self.closed = False
        self.name: str | None = None
        self.ref: str | None = None
        self.agent: Reading | None = None
        self.complement: str | None = None
        self.fallback: str | None = None
        self.past = False
        self.suffix = ""
        self.loaded = False
        self.foreign = False
        self.tagged = False
        self.transparent = False
        self.office_start, self.office_end = first, last
        self.why: str | None = None


class Parser:
    """Reads the phrases of one sentence."""

    def __init__(self, toks: list[Token], lexicon: Lexicon, names: list[NameSpan]) -> None:
        self.toks = toks
        self.lexicon = lexicon
        self.words: list[Word] = [lexicon.word(t.norm) for t in toks]
        self.tagged = {s.first: s for s in names}
        self._hits: dict[int, list[Hit[Item]]] = {}
        self._depth = 0

    # --- look-ups -----------------------------------------------------------------------------------------------

    def hits(self, i: int) -> list[Hit[Item]]:
        """Names that start at token `i`, longest first; readings that take off ال are left out."""
        got = self._hits.get(i)
        if got is None:
            got = [h for h in self.lexicon.names.at(self.toks, i) if not h.clitic.endswith(("ال", "لل"))] if self.words[i].starts else []
            self._hits[i] = got
        return got

    def item(self, i: int, classes: tuple[str, ...], bare: bool = True) -> Hit[Item] | None:
        """The longest name of one of `classes` at `i`; `bare`: without proclitics."""
        if i >= len(self.toks):
            return None
        for h in self.hits(i):
            if h.value.cls in classes and not (bare and h.clitic):
                return h
        return None

    def strip_of(self, h: Hit[Item]) -> int:
        """How many letters to leave out before a name; «للسعودية» stays whole."""
        n = len(h.clitic)
        return n - 1 if h.clitic.endswith("ل") and self.norm(h.first)[n - 1 : n + 1] == "لل" else n

    def norm(self, i: int) -> str:
        return self.toks[i].norm if i < len(self.toks) else ""

    def has(self, i: int, closed: str) -> bool:
        return i < len(self.words) and closed in self.words[i].closed

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
        p = Parser(parts, self.lexicon, []).at(0) if parts else None
        if p is None or p.last < len(parts):
            return None
        p.first, p.last, p.office_start, p.office_end = i, i + 1, i, i + 1
        return p

    def _better(self, p: Phrase, best: Phrase) -> bool:
        """The longer phrase wins; a state's name wins over its first noun, a noun over a name that only the tagger sees."""
        if best.cls == "state" and p.form == "phrase" and not p.direct:
            return False
        if best.ref and best.cls == "org" and p.form == "phrase" and p.last > best.last:
            # the noun reads on («تنظيم القاعدة في مديرية …»), but who it is the name has said
            p.direct, p.sector, p.ref, p.name = best.direct[:1] + p.direct, best.sector, best.ref, p.name or best.name
            return True
        if best.tagged and not best.ref and p.form == "phrase" and p.last == best.last:
            return True
        return p.last > best.last

    # --- quantifiers and numbers --------------------------------------------------------------------------------

    def counted(self, i: int) -> Phrase | None:
        """«50 ألف شخص»، «عدد من المحتجين»، «بعض المسؤولين»، «22 من عناصره»."""
        tok = self.toks[i]
        w = self.words[i]
        if tok.kind != "n" and (not w.closed or "stop" in w.closed):
            return None
        if tok.kind == "w" and self.lexicon.word(tok.norm).closed and tok.norm.lstrip("وبل") in _ABOUT and i + 1 < len(self.toks):
            after = self.words[i + 1].closed
            if self.toks[i + 1].kind != "n" and not any(c.startswith("quantifier") for c in after):
                return None
        if tok.kind == "n" and len(tok.norm) == 4 and tok.norm[:2] in ("19", "20"):
            return None
        j, n = i, len(self.toks)
        seen = False
        of = False
        while j < n and j - i < 7:
            c = self.words[j].closed
            if self.toks[j].kind == "n" or "quantifier.number" in c or "quantifier.direct" in c or (seen and self.norm(j)[:1] == "و" and self._number_after_and(j)):
                seen = True
                j += 1
            elif "quantifier.with_of" in c and self.norm(j + 1) == "من":
                seen = of = True
                j += 2
            elif seen and self.norm(j) == "من":
                of = True
                j += 1
                break
            else:
                break
        if not seen or j >= n or j == i:
            return None
        inner = self.noun(j, True) or self.demonym(j) or (self.named(j) if of or self.norm(j).endswith("يا") else None)
        if inner is None or inner.strip:
            return self._others(i, j)
        if tok.kind == "w":
            inner.strip = self.lexicon.closed_strip.get(tok.norm, 0)
        if inner.sector == "REL" and inner.kind == "group":
            inner.sector = "CVL"
        if (inner.form == "demonym" and inner.sector in ("GOV", "CVL")) or (inner.form == "state" and not of):
            inner.sector, inner.kind, inner.ref = "CVL", "group", None
        inner.first, inner.number, inner.office_start = i, "p", i
        inner.form = "phrase" if inner.form in ("name", "demonym", "state") else inner.form
        return inner

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
        if p is None:
            return None
        p.first, p.strip, p.office_start = i, self.strip_of(h), i
        p.sector = p.sector or sector
        return self.apposed(p)

    def person(self, i: int) -> Phrase | None:
        """A person's name at `i`, by lexicon or tagger, nothing before it."""
        while i < len(self.toks) and self.toks[i].norm in ("#", "\"", "«"):
            i += 1
        h = self.item(i, ("person",))
        t = self.tagged.get(i)
        if t is not None and t.label == "PER" and t.strip == 0 and (h is None or t.last > h.last):
            p = Phrase(i, t.last, 0, "name", "person")
            p.tagged = True
        elif h is not None:
            p = Phrase(i, h.last, 0, "name", "person")
        else:
            return None
        if h is not None:
            self._fill(p, h.value)
        p.number = "s"
        p.name = p.name or self.surface(i, p.last)
        return p

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
        if t is not None and (best is None or (t.last > best.last and best.kind not in ("state",))):
            if t.label == "LOC" and best is None:
                return None
            if t.label != "LOC":
                fresh = Phrase(i, t.last, t.strip, "name", "person" if t.label == "PER" else "organization")
                fresh.tagged = True
                if best is not None and best.kind == fresh.kind:
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
        return i == 0 or self.toks[i - 1].kind != "w" or "function" in self.words[i - 1].closed or self.norm(i - 1) in ("في", "من", "لدي", "قادة")

    def _common(self, i: int) -> bool:
        """Whether a one-word name stands where it is rather a noun: bare «مواطنة» and no quotation marks around it."""
        r = self.words[i].nouns
        quoted = i > 0 and self.norm(i - 1) in _QUOTES
        if not quoted and self.norm(i).removeprefix("و") in self.lexicon.not_names:
            return True
        return bool(r) and not r[0].definite and not r[0].clitic and not quoted

    def _fill(self, p: Phrase, item: Item) -> None:
        p.name, p.ref, p.sector, p.loaded = item.name, item.ref, item.sector, item.loaded
        p.number = p.number or item.number
        if item.country:
            p.direct.append(item.country)

    def surface(self, first: int, last: int) -> str:
        """The folded words of a stretch."""
        return " ".join(t.norm for t in self.toks[first:last])

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
        people = h.value.number == "p" or (h.value.absolute and h.value.number == "s")
        p.kind = "group" if people else "state"
        p.sector = "CVL" if people else "GOV"
        p.ref = None if people else h.value.ref
        p.name = h.value.name
        if p.number == "p":
            self.modify(p, False)
        return p

    # --- agent nouns --------------------------------------------------------------------------------------------

    def noun(self, i: int, counted: bool = False) -> Phrase | None:
        """An agent noun with all that belongs to it. `counted`: a number stands before it."""
        p = self._head(i)
        if p is None or (p.last == i + 1 and not counted and self._qualifies(i)):
            return None
        opened = not p.definite and not p.absolute and not p.suffix
        self.modify(p, opened)
        if p.kind == "person" and p.number == "s":
            self._own_name(p)
        self._settle(p)
        return p

    def _head(self, i: int) -> Phrase | None:
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
            if self._another_word(i, r):
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
        p.fallback = noun.near
        if p.number == "p" and p.kind == "person":
            p.kind = "group"
        return p

    def _qualifies(self, i: int) -> bool:
        """Whether the word is rather an adjective of the noun before it: «التدخل العسكري»، «مؤتمر صحفي»، «عسكريا»."""
        norm = self.norm(i)
        r = self.words[i].nouns[0] if self.words[i].nouns else None
        a = self.words[i].adjective
        if r is None or r.suffix or norm[:1] == "و":
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
        return i + 1 >= len(self.toks) or self.item(i + 1, ("demonym",)) is None

    def _another_word(self, i: int, r: Reading) -> bool:
        """Whether the word is one of those that are a noun only with ال or before a name («حاكم فلوريدا»)."""
        norm = self.norm(i)
        bare = norm[r.strip :]
        if norm in self.lexicon.not_nouns and r.definite:
            return True
        if bare not in self.lexicon.not_nouns or r.definite:
            return False
        return self.item(i + 1, ("state", "city", "capital")) is None

    def _reading(self, i: int) -> Reading:
        """The reading of a noun: «وزيرا» is a dual before «الدفاع», else an accusative."""
        readings = self.words[i].nouns
        first = readings[0]
        if first.state == "absolute" and len(readings) > 1 and i + 1 < len(self.toks):
            norm = self.norm(i + 1)
            complement = norm.startswith("ال") and not self.item(i + 1, ("demonym",)) and self.words[i + 1].adjective is None
            if complement or self.item(i + 1, ("state", "capital", "org")) or (first.noun.ministry and norm in ("خارجيه", "دفاع", "داخليه", "ماليه")):
                return next((r for r in readings if r.state == "construct" and r.noun is first.noun), first)
        return first

    # --- modifiers ----------------------------------------------------------------------------------------------

    def modify(self, p: Phrase, opened: bool) -> None:
        """Take in what belongs to the phrase on its right."""
        n = len(self.toks)
        for _ in range(14):
            j = p.last
            if j >= n:
                return
            if self.toks[j].kind == "p":
                if not self._quoted(p):
                    return
                opened = False
                continue
            if opened and self._genitive(p):
                opened = False
                continue
            if self._adjective(p) or self._link(p):
                opened = False
                continue
            return

    def _quoted(self, p: Phrase) -> bool:
        """«حركة "طالبان"»، «النظام (السوري)»."""
        j = p.last
        mark = self.norm(j)
        if mark == "(":
            h = self.item(j + 1, ("demonym",))
            if h is not None and self.norm(h.last) == ")":
                p.direct.append(h.value.country or "")
                p.last = h.last + 1
                return True
            return False
        if mark == "#" and j + 1 < len(self.toks):
            h = self.item(j + 1, ("demonym", "person", "org", "state"))
            if h is not None and p.form == "phrase" and not (p.direct and h.value.cls != "person"):
                p.last = j + 1
                return True
            return False
        if mark not in _QUOTES or p.form != "phrase" or p.kind not in _BODIES:
            return False
        if p.direct or self.norm(j + 1) in _PARTICLES or (j + 1 < len(self.toks) and "function" in self.words[j + 1].closed):
            return False
        for k in range(j + 1, min(j + 6, len(self.toks))):
            if self.norm(k) in _QUOTES:
                if k == j + 1:
                    return False
                self._take_name(p, j + 1, k)
                p.last = k + 1
                return True
        return False

    def _take_name(self, p: Phrase, first: int, last: int) -> None:
        inner = self.item(first, ("org", "state", "person"))
        p.name = p.name or self.surface(first, last)
        if inner is not None and inner.last == last:
            self._complement(p, self._as_phrase(inner, first))

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
        if not (p.transparent or p.closed) or self.toks[j].kind != "w" or len(self.norm(j)) < 3 or j + 1 >= len(self.toks):
            return False
        if self.words[j].adjective is not None or self.item(j, ("demonym",)) is not None:
            return False
        norm = self.norm(j)
        if p.closed and p.kind in ("person", "group") and norm.endswith(("ه", "ها", "هم")) and len(norm) > 5 and norm[-2:-1] != "ي":
            pronoun = next(x for x in ("ها", "هم", "ه") if norm.endswith(x))
            if norm[: -len(pronoun)].endswith("ت") or norm[: -len(pronoun)] in ("دفاع", "داخل"):
                p.last, p.suffix = j + 1, pronoun
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
            if norm.endswith(("ين", "ون")) or (rest.nouns and rest.nouns[0].noun.kind == "person") or self.item(j, ("state", "org", "demonym", "person", "capital"), bare=False):
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
        if p.head != "محام":  # a lawyer is not of his client's country
            p.direct += q.direct
            p.near += q.near
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
        if p.head in self.lexicon.force and sector not in _ARMED:
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
            p.direct.append(h.value.country or "")
            p.last = h.last
            p.cls = "several"

    # --- adjectives ---------------------------------------------------------------------------------------------

    def _adjective(self, p: Phrase) -> bool:
        j = p.last
        h = self.item(j, ("demonym",), bare=False)
        if h is not None and h.clitic in ("", "و"):
            return self._demonym_modifier(p, h)
        w = self.words[j]
        if "stop" in w.closed or "function" in w.closed:
            return False
        if self.norm(j) == "عام" and j + 1 < len(self.toks) and self.toks[j + 1].kind == "n":
            return False
        a = w.adjective
        norm = self.norm(j)
        if a is not None and a.lemma != "تابع" and not norm.startswith("وال"):
            agrees = not (p.gender == "m" and p.number == "s" and a.gender == "f" and p.complement is None and p.form == "phrase")
            if agrees and (a.definite == p.definite or (a.definite and p.complement is not None)):
                p.last = j + 1
                self._adjective_sector(p, a.sector, a.strong)
                nowhere = self.lexicon.transnational.get((p.head or "", a.lemma))
                p.fallback = p.fallback or nowhere
                p.foreign = p.foreign or a.lemma in self.lexicon.foreign
                if a.country:
                    p.direct.append(a.country)
                return True
            return False
        if p.complement and norm.startswith("ال") and not w.nouns and not w.starts and j + 1 < len(self.toks):
            after = self.item(j + 1, ("demonym",))
            if after is not None and after.value.definite and self.toks[j].kind == "w":
                p.last = j + 1  # «لجنة الإفراج المبكر الإسرائيلية»
                return True
        nisba = norm.startswith("ال") and len(norm) > 5 and norm.endswith(("ي", "يه", "يين", "يون"))
        if nisba and not w.nouns and not w.starts and (p.definite or p.complement):
            if p.gender == "m" and p.number == "s" and norm.endswith("يه") and not p.complement:
                return False
            p.last = j + 1
            return True
        return False

    def _demonym_modifier(self, p: Phrase, h: Hit[Item]) -> bool:
        d = h.value
        if "ambiguous_demonym" in self.words[h.first].closed and not (p.sector in _ARMED or p.head in _OF_STATES):
            return False
        if d.absolute and d.number == "s" and not p.absolute and p.number != "p":
            return False
        if h.clitic == "و":
            if p.cls != "adjectives" or p.number not in ("d", "p"):
                return False
            p.cls = "several"
        elif d.definite and not p.definite and p.complement is None and p.form == "phrase":
            return False
        elif not d.definite and p.definite and p.form == "phrase":
            return False
        elif p.cls not in ("several", "adjectives") and p.form == "phrase":
            p.cls = "adjectives"
        p.direct.append(d.country or "")
        if d.sector and p.transparent:
            p.sector = d.sector
        p.last = h.last
        return True

    def _adjective_sector(self, p: Phrase, sector: str | None, strong: bool) -> None:
        if sector is None:
            return
        if sector == "ELI":
            p.past = True
        elif strong or (p.transparent and p.complement is None):
            if not (p.head in self.lexicon.force and sector not in _ARMED and sector != "GOV") and not (sector == "GOV" and p.sector in _ARMED):
                p.sector = sector

    # --- prepositions -------------------------------------------------------------------------------------------

    def _link(self, p: Phrase) -> bool:
        """«باسم X»، «بوزارة X»، «في/لدى X»، «ل + X»، «من X»."""
        j = p.last
        norm = self.norm(j)
        if p.form not in ("phrase",):
            return False
        if norm in ("باسم", "بلسان"):
            return self._linked(p, j + 1, True)
        if norm == "في" or norm == "لدي":
            return self._in(p, j, norm)
        if norm == "من":
            return self._of(p, j)
        first = norm[:1]
        if first == "ب" and p.transparent | p.closed:
            q = self.at(j)
            if q is not None and q.strip == 1 and q.form != "demonym" and (q.kind in _BODIES or q.cls in ("state", "city")) and q.kind != "person":
                if q.cls in ("state", "city") and p.kind in ("person", "group") and not p.complement:
                    return False
                self._take(p, q)
                return True
        if first == "ل" and (p.transparent or p.closed) and p.kind != "group":
            return self._for(p, j)
        if norm in ("التابعه", "التابع", "تابعه", "تابع"):
            return self._participle(p, j)
        return False

    def _linked(self, p: Phrase, j: int, direct: bool) -> bool:
        if j >= len(self.toks):
            return False
        q = self.at(j, bare=True)
        if q is None:
            if self.toks[j].kind == "w" and direct:
                p.last = j + 1
                p.complement = p.complement or self.norm(j)
                return True
            return False
        if direct:
            self._take(p, q)
        else:
            p.last = q.last
            p.near += q.direct + q.near
        return True

    def _in(self, p: Phrase, j: int, norm: str) -> bool:
        if norm == "لدي" and (p.sector in ("CVL", "CRM", "REF") or p.kind == "group"):
            return False
        if norm == "في" and not (p.transparent or p.head in _POSTED or (p.kind in _BODIES and not p.direct)):
            return False
        if p.number == "d" and not p.complement:
            return False
        if self.norm(j + 1) in _PLACE_WORDS and j + 2 < len(self.toks):
            return self._in_place(p, j + 2)
        q = self.at(j + 1, bare=True) if j + 1 < len(self.toks) else None
        if q is None or q.kind == "person" or q.form == "demonym":
            return False
        if q.cls in ("state", "city", "capital"):
            if p.direct and p.head not in _POSTED and norm != "لدي":
                return False
            if p.kind == "organization" or norm == "لدي" or p.complement or p.head in _POSTED or (p.kind == "group" and p.sector in _ARMED):
                p.last = q.last
                p.near += q.direct
                return True
            return False
        if q.kind not in _BODIES or q.number == "p":
            return False
        if norm == "لدي" or p.direct:
            p.last = q.last
            p.near += q.direct
            return True
        self._take(p, q)
        return True

    def _in_place(self, p: Phrase, j: int) -> bool:
        """«في العاصمة البحرينية المنامة»، «في مدينة سوسة»: tells where the party is."""
        h = self.item(j, ("demonym", "city", "capital", "state"))
        if h is None or p.direct or (p.kind != "organization" and not p.complement):
            return False
        p.near.append(h.value.country or "")
        p.last = h.last
        more = self.item(h.last, ("capital", "city"))
        if more is not None:
            p.last = more.last
        return True

    def _of(self, p: Phrase, j: int) -> bool:
        if p.definite or j + 1 >= len(self.toks):
            return False
        home = self.item(j + 1, ("state",))
        if home is not None and p.kind in ("person", "group") and not p.direct:
            p.direct.append(home.value.country or "")
            p.last = home.last
            return True
        q = self.at(j + 1, bare=True) if p.transparent else None
        if q is None or q.form == "state" or q.kind == "person":
            return False
        self._take(p, q)
        return True

    def _for(self, p: Phrase, j: int) -> bool:
        norm = self.norm(j)
        if norm in ("لشءون", "لشوءون", "للشءون"):
            p.last = j + 1
            while p.last < len(self.toks) and self.norm(p.last).startswith(("ال", "وال")) and not self.hits(p.last) and p.last < j + 4:
                p.last += 1
            return True
        if p.direct or (p.complement and p.kind == "group"):
            return False
        q = self.at(j)
        if q is None and norm.startswith("لل") and len(norm) > 5 and not self.words[j].closed and p.definite and not p.complement:
            p.last, p.complement = j + 1, norm
            return True
        if q is None or q.kind in ("person",) or q.form == "demonym" or (q.strip == 0 and not self.norm(j).startswith("لل")):
            return False
        if q.kind == "group" and q.form == "phrase":
            return False
        if not p.definite and q.cls in ("state", "capital"):
            return False
        self._take(p, q)
        return True

    def _participle(self, p: Phrase, j: int) -> bool:
        """«التابعة لوزارة الداخلية»."""
        k = j + 1
        if self.norm(k) in ("من", "علي"):
            k += 1
        if k >= len(self.toks):
            return False
        q = self.at(k)
        if q is None:
            return False
        self._take(p, q)
        return True

    # --- names after an office ----------------------------------------------------------------------------------

    def _own_name(self, p: Phrase) -> None:
        """«وزير الدفاع المغربي، عبد اللطيف لوديي»، «رئيس دائرة … اللواء فلان»."""
        j = p.last
        comma = self.norm(j) in ("،", ",", ":")
        if comma and self.norm(j) == ":":
            return
        if comma:
            j += 1
        while self.norm(j) in ("(", "#", "\""):
            j += 1
        titles = j
        while True:
            h = self.item(j, ("title",))
            if h is None:
                break
            j = h.last
        q = self.person(j)
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
