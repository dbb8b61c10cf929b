"""The registers: agreements, changes of relations, visits and deals, drawn from coded events and the words around them."""

from __future__ import annotations

import functools

import msgspec

from waqai import words
from waqai.text import Phrases
from waqai.types import (
    Agreement,
    Area,
    Deal,
    Event,
    Mention,
    Money,
    Party,
    Relation,
    Sentence,
    Span,
    Token,
    Visit,
)
from waqai.what.numbers import money_at
from waqai.what.roles import preposition

__all__ = ["Registers", "default"]

_WORLD = frozenset(("IGO", "UNO", "EUR", "NGO", "MNC", "IMG", "ISM"))
_FOR = frozenset(("في", "بشان", "حول", "علي", "لتوريد", "لشراء", "لبيع", "لاستكشاف", "لتصدير", "لانشاء", "للتعاون", "لتعزيز", "تتعلق", "يتعلق"))
_STOP = frozenset((".", "،", "؛", ":", "(", ")", '"', "«", "»", "؟", "!"))
REACH = 12


class Found(msgspec.Struct):
    """What the registers hold of one article."""

    agreements: list[Agreement] = []
    relations: list[Relation] = []
    visits: list[Visit] = []
    deals: list[Deal] = []


class Registers:
    """Word lists of registers.toml, compiled."""

    def __init__(self) -> None:
        data = words.raw("registers.toml")
        self._kinds = _phrases(data["agreement"], "kind")
        self._states = _phrases(data["agreement_status"], "status")
        self._levels = _phrases(data["level"], "level")
        self._currency = _phrases(data["currency"], "code")
        self._relations = [
            (_phrases([r], "change"), _phrases([{"change": r["change"], "words": r["object"]}], "change"), r)
            for r in data["relation"]
        ]

    def draw(
        self, text: str, events: list[Event], sentences: list[Sentence], mentions: list[list[Mention]] | None = None
    ) -> Found:
        """Return the registers' rows for an article's events; `mentions` by sentence complete the pair of a relation."""
        found = Found()
        by_start = {s.start: s for s in sentences}
        for e in events:
            s = by_start.get(e.sentence.start)
            if s is None:
                continue
            at = next((i for i, t in enumerate(s.tokens) if t.end > e.trigger.start), 0)
            if e.record in ("agreement", "deal"):
                self._agreement(text, e, s.tokens, at, found, _with(s, at, mentions[s.index]) if mentions else [])
            if (e.type == "CONSULT" and "visit" in e.mode) or e.record == "visit":
                self._visit(e, found)
            relation = self._relation(e, s.tokens, at)
            if relation is not None:
                near = _near(e, s, at, mentions[s.index]) if mentions else []
                self._add_relation(e, relation, s.tokens, found, near)
        return found

    # --- agreements and deals ---------------------------------------------------------------------------------------

    def _agreement(self, text: str, e: Event, toks: list[Token], at: int, found: Found, more: list[str]) -> None:
        low, high = max(0, at - 8), min(len(toks), at + REACH)
        hits = list(self._kinds.scan(toks[low:high]))
        after = [h for h in hits if low + h.first >= at] or hits
        own = {p.country for p in [*e.actors, *e.recipients] if p.country}
        parties = sorted({*own, *more} - {"NGO", "MNC"})
        if e.record == "deal":
            self._deal(text, e, toks, at, parties, found)
        # «إبرام اتفاق …، ومذكرة تفاهم …»: each kind named with «و» after the first is an agreement of its own.
        named = after[:1] + [h for h in after[1:] if h.clitic.startswith("و") and low + h.first > at]
        for hit in named:
            self._one(text, e, toks, at, parties, low + hit.first, low + hit.last, hit.value, found)

    def _one(
        self, text: str, e: Event, toks: list[Token], at: int, parties: list[str], first_at: int, last_at: int, kind: str, found: Found
    ) -> None:
        states = self._states.scan(toks[max(0, at - 3) : at + 3])
        status = states[0].value if states else "announced"
        if e.status != "actual":
            status = "announced"
        for have in found.agreements:
            same_day = have.date == e.date or e.date is None or have.date is None
            if have.kind == kind and set(have.parties) == set(parties) and same_day:
                return
        first, last = toks[first_at], toks[last_at - 1]
        found.agreements.append(
            Agreement(
                id=f"a{len(found.agreements) + 1}", event=e.id, kind=kind,  # type: ignore[arg-type]
                title=_span(text, first.start, last.end), parties=parties,
                signatories=[p.entity for p in [*e.actors, *e.recipients] if p.entity and p.sector != "BUS"][:6],
                areas=_areas(text, toks, last_at), date=e.date, status=status,  # type: ignore[arg-type]
                value=self._money(text, toks, at),
            )
        )  # fmt: skip

    def _deal(self, text: str, e: Event, toks: list[Token], at: int, parties: list[str], found: Found) -> None:
        sides = [p.entity or p.country or "" for p in [*e.actors, *e.recipients]]
        value = self._money(text, toks, at)
        areas = _areas(text, toks, at + 1)
        status = "signed" if e.type == "SUPPORT" else "cancelled" if e.type == "SANCTION" else "announced" if e.type == "AGREE" else "executed"
        found.deals.append(
            Deal(
                id=f"d{len(found.deals) + 1}", event=e.id, parties=[s for s in sides if s] or parties,
                object=_span(text, areas[0].start, areas[0].end) if areas else None, value=value, date=e.date, status=status,
            )
        )  # fmt: skip

    def _money(self, text: str, toks: list[Token], at: int) -> Money | None:
        for h in self._currency.scan(toks):
            if abs(h.first - at) > 40:
                continue
            got = money_at(toks, h.first)
            if got is not None:
                amount, first = got
                a, b = toks[first].start, toks[h.last - 1].end
                return Money(start=a, end=b, text=text[a:b], amount=amount, currency=h.value)
        return None

    # --- visits -----------------------------------------------------------------------------------------------------

    def _visit(self, e: Event, found: Found) -> None:
        visitors = [p.entity for p in e.actors if p.entity]
        hosts = sorted({p.country for p in e.recipients if p.country})
        if not hosts and e.place is not None and e.place.country:
            home = {p.country for p in e.actors}
            hosts = [e.place.country] if e.place.country not in home else []
        for have in found.visits:
            if have.hosts == hosts and set(have.visitors) == set(visitors) and have.date == e.date:
                return
        found.visits.append(
            Visit(
                id=f"w{len(found.visits) + 1}", event=e.id, visitors=visitors, hosts=hosts, date=e.date, date_end=e.date_end,
                place=e.place, status=e.status,
            )
        )  # fmt: skip

    # --- relations --------------------------------------------------------------------------------------------------

    def _relation(self, e: Event, toks: list[Token], at: int) -> dict[str, object] | None:
        """The change that the words about the trigger name, None for none."""
        if e.type not in ("SANCTION", "SUPPORT", "AGREE", "RETREAT", "CONCEDE", "COERCE") or e.status == "negated":
            return None
        window = toks[max(0, at - 1) : at + 7]
        near = toks[max(0, at - 1) : at + 2]
        for verbs, objects, row in self._relations:
            if verbs.scan(near) and objects.scan(window):
                return dict(row)
            # «استئناف العلاقات بعد توقفها»: the pronoun stands for relations named just before.
            norm = toks[at].norm
            if norm.endswith("ها") and norm[:-2] in verbs and objects.scan(toks[max(0, at - 12) : at]):
                return dict(row)
        return None

    def _add_relation(self, e: Event, row: dict[str, object], toks: list[Token], found: Found, near: list[str]) -> None:
        countries: list[str] = []
        # Where there is no other side the actors are the sides, wherever they stand.
        told = _together(e) if e.recipients else e.actors
        for p in [*told, *e.recipients]:
            if p.country and p.country not in _WORLD and p.country not in countries:
                countries.append(p.country)
        # Relations have two sides: one that the coder left out is the state named nearest to the act.
        countries += [c for c in near if c not in countries][: max(0, 2 - len(countries))]
        if len(countries) < 2:
            return
        actors = [p.country for p in told if p.country in countries]
        others = [c for c in countries if c not in actors]
        pairs = [(countries[0], c) for c in countries[1:]] if not others or not actors else [(a, o) for a in dict.fromkeys(actors) for o in others]
        level = row.get("level") or self._level(str(row["change"]), toks)
        for a, b in pairs[:6]:
            pair = sorted((str(a), str(b)))
            # One change told twice, with the year here and the day there, is one row with the finer date.
            same = [r for r in found.relations if r.pair == pair and r.change == row["change"] and _agree(r.date, e.date)]
            if any(len(r.date or "") >= len(e.date or "") for r in same):
                continue
            found.relations = [r for r in found.relations if r not in same]
            found.relations.append(
                Relation(
                    id=f"r{_next(found.relations)}", event=e.id, pair=pair, change=row["change"],  # type: ignore[arg-type]
                    level=level, date=e.date,  # type: ignore[arg-type]
                )
            )  # fmt: skip

    def _level(self, change: str, toks: list[Token]) -> str | None:
        if change == "severed":
            return "none"
        if change not in ("upgraded", "downgraded", "restored", "opened"):
            return None
        hits = self._levels.scan(toks)
        # «من مكتبي اتصال إلى سفارتين»: the last named is where it ends.
        return hits[-1].value if hits else None


def _together(e: Event) -> list[Party]:
    """The actor named nearest to the act, and those told in one breath with it: «السعودية والإمارات والبحرين».

    One that stands elsewhere in the sentence does not break relations of its own.
    """
    found = sorted(e.actors, key=lambda p: p.start)
    if not found:
        return []
    nearest = min(range(len(found)), key=lambda k: min(abs(found[k].start - e.trigger.end), abs(e.trigger.start - found[k].end)))
    low = high = nearest
    while low and found[low].start - found[low - 1].end <= _BREATH:
        low -= 1
    while high + 1 < len(found) and found[high + 1].start - found[high].end <= _BREATH:
        high += 1
    return found[low : high + 1]


_BREATH = 10
"""Characters between two names of a list: « و», «، و», « وكل من »."""


def _next(rows: list[Relation]) -> int:
    return max((int(r.id[1:]) for r in rows), default=0) + 1


def _agree(a: str | None, b: str | None) -> bool:
    return not a or not b or a.startswith(b) or b.startswith(a)


def _with(s: Sentence, at: int, mentions: list[Mention]) -> list[str]:
    """The countries that «مع …» and «بين … و…» name after the trigger: sides of an agreement, whoever signed it."""
    out: list[str] = []
    inside = False
    for k, m in enumerate(mentions):
        if m.first <= at or m.first - at > 22:
            continue
        governed = preposition(m, s.tokens) in (6, 7)
        joined = inside and k > 0 and m.first - mentions[k - 1].last <= 3 and s.tokens[m.first].norm.startswith("و")
        inside = governed or joined
        if inside and m.country and m.country not in out:
            out.append(m.country)
    return out


def _near(e: Event, s: Sentence, at: int, mentions: list[Mention]) -> list[str]:
    """The countries of states and their organs named in the sentence, nearest to the trigger first."""
    found = [
        (abs(m.first - at), m.country)
        for m in mentions
        if m.country and m.country not in _WORLD and (m.form in ("state", "anaphor", "demonym", "pronoun") or m.sector == "GOV")
    ]
    return [c for _, c in sorted(found)]


def _phrases(rows: list[dict[str, object]], key: str) -> Phrases[str]:
    table: Phrases[str] = Phrases()
    for row in rows:
        given = row["words"]
        assert isinstance(given, list)
        for w in given:
            table.add(str(w), str(row[key]))
    return table


def _span(text: str, a: int, b: int) -> Span:
    return Span(start=a, end=b, text=text[a:b])


def _areas(text: str, toks: list[Token], start: int) -> list[Area]:
    """The field after «في مجال …», «بشأن …», «للتعاون في …»: up to eight words or a stop."""
    for i in range(start, min(len(toks), start + 10)):
        if toks[i].norm in _STOP and i > start + 1:
            break
        w = toks[i].norm
        follows = i + 1 < len(toks) and toks[i + 1].norm in ("مجال", "مجالات", "مجالي", "قطاع", "ميدان", "ميادين")
        if w in ("بشان", "حول", "تتعلق", "يتعلق") or (w == "في" and follows) or w in _FOR - {"في", "علي"} or (w.startswith("لل") and len(w) > 4):
            first = i + 1 if w in ("بشان", "حول", "تتعلق", "يتعلق", "في") else i
            last = first
            while last < min(len(toks), first + 8) and toks[last].norm not in _STOP:
                last += 1
            if last > first:
                a, b = toks[first].start, toks[last - 1].end
                return [Area(start=a, end=b, text=text[a:b], label=None)]
    return []


@functools.lru_cache(maxsize=1)
def default() -> Registers:
    """Return the package's registers."""
    return Registers()
