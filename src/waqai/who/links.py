"""What is tied to a phrase by a preposition: «باسم الحكومة»، «بوزارة الدفاع»، «لدى الأمم المتحدة»، «التابعة لوزارة»."""

from __future__ import annotations

from waqai.who.parts import Phrase, Reader

__all__ = ["ARMED", "BODIES", "PLACE_WORDS", "POSTED", "Links"]

ARMED = frozenset(("REB", "PRM", "MIL", "COP", "UAF", "CRM", "SPY"))
BODIES = frozenset(("organization", "group", "company"))
POSTED = frozenset(("سفاره", "قنصليه", "ممثليه", "بعثه", "سفير", "قنصل"))
_BACKED = ("مدعوم", "ممول", "مقرب", "موءلف", "مكون", "معين", "مكلف")
PLACE_WORDS = frozenset(("العاصمه", "مدينه", "بلده", "محافظه", "ولايه", "اقليم", "منطقه", "قريه", "جزيره"))


class Links(Reader):
    """Reads the prepositional links of phrases. `at` and `_take` are the whole grammar's."""

    def at(self, i: int, bare: bool = False) -> Phrase | None:
        """The longest phrase that starts at token `i`, or None. `bare`: no proclitic may stand before it."""
        raise NotImplementedError

    def _take(self, p: Phrase, q: Phrase) -> None:
        raise NotImplementedError

    def _link(self, p: Phrase) -> bool:
        """«باسم X»، «بوزارة X»، «في/لدى X»، «ل + X»، «من X»."""
        j = p.last
        norm = self.norm(j)
        if p.form not in ("phrase",):
            return False
        if norm in ("باسم", "بلسان"):
            return self._linked(p, j + 1, True)
        if norm in ("في", "لدي"):
            return self._in(p, j, norm)
        if norm == "من":
            return self._of(p, j)
        first = norm[:1]
        if first == "ب" and (p.transparent or p.closed or (p.kind in BODIES and p.number == "s")):
            q = self.at(j)
            if (
                q is not None
                and q.strip == 1
                and q.form != "demonym"
                and (q.kind in BODIES or q.cls in ("state", "city"))
                and q.kind != "person"
            ):
                if p.complement and q.kind == "group" and q.form == "phrase":
                    return False  # «اجتمع زعيم كوريا بقادة الجيش»
                if self.doubtful(q.first, q.last) or self.surface(q.first, q.last)[q.strip :] in self.lexicon.doubtful:
                    return False
                office = p.closed and " " in (p.head or "")  # «وزير الخارجية بسلطنة عمان»
                if q.cls in ("state", "city") and ((p.kind in ("person", "group") and not p.complement and not office) or not p.definite):
                    return False
                if not p.transparent and not p.closed and q.cls in ("state", "city"):
                    return False
                self._take(p, q)
                return True
        if first == "ل" and (p.transparent or p.closed or p.sector == "BUS") and p.kind != "group":
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
        if norm == "في" and not (
            p.transparent
            or p.past
            or "سابق" in (p.head or "").split(" ")
            or p.head in POSTED
            or (p.kind in BODIES and not p.direct)
            or (p.closed and p.kind == "person")
        ):
            return False
        if p.number == "d" and not p.complement:
            return False
        if self.norm(j + 1) in PLACE_WORDS and j + 2 < len(self.toks):
            return self._in_place(p, j + 2)
        q = self.at(j + 1, bare=True) if j + 1 < len(self.toks) else None
        if q is None or q.kind == "person" or q.form == "demonym" or self.doubtful(q.first, q.first + 1):
            return False
        if q.cls in ("state", "city", "capital"):
            if p.direct and p.head not in POSTED and norm != "لدي":
                return False
            if p.kind == "person" and (p.past or "سابق" in (p.head or "").split(" ")):
                p.last = q.last  # «وزير سابق في تونس»
                p.near += q.direct
                return True
            if p.head in POSTED and q.cls == "state":
                p.near += q.direct  # the host is a party of its own: «السفير … لدى بولندا»
                return False
            minister = p.closed and p.kind == "person" and q.cls == "state"  # «وزير الداخلية في إيطاليا»
            if (
                minister
                or p.kind == "organization"
                or norm == "لدي"
                or p.complement
                or p.head in POSTED
                or (p.kind == "group" and p.sector in ARMED)
            ):
                p.last = q.last
                p.near += q.direct
                return True
            return False
        if q.kind not in BODIES or q.number == "p":
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
        if self.norm(j - 1).startswith(_BACKED):
            return False  # «قوات مدعومة من إيران»: the backer is another party
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
        if (
            q is None
            and norm.startswith("لل")
            and len(norm) > 5
            and not self.words[j].closed
            and p.definite
            and not p.complement
            and p.number == "s"
        ):
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
